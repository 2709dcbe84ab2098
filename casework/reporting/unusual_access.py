"""Unusual access to sealed data: without a task in the case, about a colleague, or often (CH-10.2).

Beside it stand those who were often refused, and sworn members who searched for a complainant. From when on a number is
unusual is data of the rules in force: `rules.unusual_access` of the manual.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.models import User
from audit.models import EntryQuerySet
from casework.models import CaseOfficer, Officer
from casework.vocabulary import OfficerPart
from policy_rules.rules import NoRulesInForce, rules_on

OPENINGS = frozenset({"evidence.viewed", "identity.opened", "log.detail_opened"})
"""Openings of what is sealed or apart."""
REFUSALS = frozenset({"act.refused", "case.refused", "policy.refused", "recommendation.refused", "training.refused"})
"""Acts that somebody signed in tried and was not allowed."""
SEARCH = "search.for_complainant"
"""That a sworn member searched the cases for what is the name of a complainant; no search finds by it."""


@dataclass(frozen=True)
class Limits:
    """From when on access is unusual: the window in days, and how many openings and refusals within it."""

    section: str
    window_days: int
    openings: int
    refusals: int


def limits_on(day: date) -> Limits | None:
    """Return the limits that apply on a day; None where the rules state none."""
    try:
        stated = rules_on(day).raw["rules"].get("unusual_access")
    except NoRulesInForce:
        return None
    return Limits(**stated) if stated else None


@dataclass(frozen=True)
class Unusual:
    """Why somebody's access is listed: "openings", "refusals" or "searches", and how many there were.

    In the case `subject` it is "no_task", or "same_unit" as an officer whom the complaint is about.
    """

    actor: str
    why: str
    number: int
    subject: str = ""


def unusual(entries: EntryQuerySet, limits: Limits, *, now: datetime) -> list[Unusual]:
    """Return what is unusual among these entries within the window that ends now, the most frequent first."""
    recent = entries.filter(occurred_at__gte=now - timedelta(days=limits.window_days), actor__startswith="user:")
    opened = Counter(recent.filter(action__in=OPENINGS).values_list("actor", "subject"))
    found = [*_refusals(recent, limits), *_searches(recent)]
    if opened:
        found += [*_openings(opened, recent, limits), *_same_unit(opened)]
    return sorted(found, key=lambda one: (-one.number, one.actor))


def _openings(opened: Counter[tuple[str, str]], recent: EntryQuerySet, limits: Limits) -> Iterator[Unusual]:
    subjects = {subject for _actor, subject in opened}
    others = recent.exclude(action__in=OPENINGS | REFUSALS).filter(subject__in=subjects)
    worked = set(others.values_list("actor", "subject").distinct())
    by_person: Counter[str] = Counter()
    for (actor, subject), number in opened.items():
        by_person[actor] += number
        if (actor, subject) not in worked:
            yield Unusual(actor, "no_task", number, subject)
    yield from (Unusual(who, "openings", n) for who, n in by_person.items() if n >= limits.openings)


def _refusals(recent: EntryQuerySet, limits: Limits) -> Iterator[Unusual]:
    refused = Counter(recent.filter(action__in=REFUSALS).values_list("actor", flat=True))
    yield from (Unusual(who, "refusals", n) for who, n in refused.items() if n >= limits.refusals)


def _searches(recent: EntryQuerySet) -> Iterator[Unusual]:
    searched = Counter(recent.filter(action=SEARCH).values_list("actor", flat=True))
    yield from (Unusual(who, "searches", n) for who, n in searched.items())


def _same_unit(opened: Counter[tuple[str, str]]) -> Iterator[Unusual]:
    """Yield who opened sealed data of a complaint about an officer of the unit that they belong to themselves."""
    keys = {int(actor.removeprefix("user:")) for actor, _subject in opened}
    badges = {user.badge: user.reference for user in User.objects.filter(pk__in=keys).exclude(badge="")}
    members = Officer.objects.filter(badge__in=badges).exclude(unit="").values_list("badge", "unit")
    units = {badges[badge]: unit for badge, unit in members}
    numbers = {subject.removeprefix("case:") for _actor, subject in opened}
    about = CaseOfficer.objects.filter(case__number__in=numbers, part=OfficerPart.SUBJECT, unit__in=units.values())
    concerned = {(f"case:{number}", unit) for number, unit in about.values_list("case__number", "unit")}
    for (actor, subject), number in opened.items():
        if (subject, units.get(actor)) in concerned:
            yield Unusual(actor, "same_unit", number, subject)
