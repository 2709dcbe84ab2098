"""Unusual access: who opened sealed data without a task in the case, or often, or was often refused (CH-10.2).

What counts as unusual is data of the rules in force: `rules.unusual_access` of the manual.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from audit.models import EntryQuerySet
from policy_rules.rules import NoRulesInForce, rules_on

OPENINGS = frozenset({"evidence.viewed", "identity.opened", "log.detail_opened"})
"""Openings of what is sealed or apart."""
REFUSALS = frozenset({"act.refused"})
"""Acts that somebody signed in tried and was not allowed."""


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
    """Why somebody's access is listed: "no_task" in `subject`, "openings" or "refusals"; and how many there were."""

    actor: str
    why: str
    number: int
    subject: str = ""


def unusual(entries: EntryQuerySet, limits: Limits, *, now: datetime) -> list[Unusual]:
    """Return what is unusual among these entries within the window that ends now, the most frequent first."""
    recent = entries.filter(occurred_at__gte=now - timedelta(days=limits.window_days), actor__startswith="user:")
    return sorted([*_openings(recent, limits), *_refusals(recent, limits)], key=lambda one: (-one.number, one.actor))


def _openings(recent: EntryQuerySet, limits: Limits) -> Iterator[Unusual]:
    opened = Counter(recent.filter(action__in=OPENINGS).values_list("actor", "subject"))
    if not opened:
        return
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
