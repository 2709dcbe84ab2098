"""What came of training, for the report of a grant: in its period, and in as many days before it.

Allegations and complaints are counted here, small figures withheld (CH-12.2). Calls, arrests, uses of force and
injuries are kept by the department elsewhere: whoever reports states them, and they are set in proportion.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casework.models import Allegation, Case
from casework.reporting.answers import threshold_on
from casework.reporting.suppression import unless_small
from policy_rules.models import TaughtSection
from policy_rules.outcomes import violation
from policy_rules.rules import NoRulesInForce, rules_on

A_THOUSAND = 1_000


@dataclass(frozen=True)
class Asked:
    """Which sessions are counted: those of a grant (all if empty) or of a course, held from one day to another."""

    first: date
    last: date
    award: str = ""
    course: str = ""

    @property
    def before(self) -> tuple[date, date]:
        """The first and the last day of as many days before it, with which outcomes are compared."""
        first = self.first.toordinal()
        length = max(0, self.last.toordinal() - first)
        return date.fromordinal(max(1, first - length - 1)), date.fromordinal(max(1, first - 1))


@dataclass(frozen=True)
class Pair:
    """A figure of the period and the same of as many days before; None where one is withheld or not stated."""

    now: float | None
    before: float | None


@dataclass(frozen=True)
class SectionLine:
    """Allegations of one section taught, by the day of the event."""

    code: str
    alleged: Pair
    sustained: Pair


class Elsewhere(models.TextChoices):
    """Figures that the department keeps elsewhere, stated by whoever reports."""

    CALLS = "calls", _("Calls for service")
    ARRESTS = "arrests", _("Arrests")
    FORCE = "force", _("Incidents in which force was used")
    INJURIES = "injuries", _("People injured in them, members and others")


COMPLAINTS = "complaints"
RATES: tuple[tuple[str, str, str | Promise], ...] = (
    (Elsewhere.FORCE, Elsewhere.CALLS, _("Incidents with force for each 1,000 calls")),
    (Elsewhere.FORCE, Elsewhere.ARRESTS, _("Incidents with force for each 1,000 arrests")),
    (Elsewhere.INJURIES, Elsewhere.FORCE, _("People injured for each 1,000 incidents with force")),
    (COMPLAINTS, Elsewhere.CALLS, _("Complaints received for each 1,000 calls")),
)
"""What is set in proportion to what."""


@dataclass(frozen=True)
class OutcomeLine:
    """One outcome: its code, its words, and the figures."""

    code: str
    label: str | Promise
    figures: Pair


def outcomes(asked: Asked, stated: Mapping[str, int | None]) -> tuple[OutcomeLine, ...]:
    """Return complaints, what was stated, and the rates that follow.

    `stated` has the values of `Elsewhere`, and the same with `_before` for the days before; None for what is not known.
    """
    windows = ((asked.first, asked.last), asked.before)
    known: dict[str, Pair] = {COMPLAINTS: Pair(*(_complaints(first, last) for first, last in windows))}
    known |= {code: Pair(stated.get(code), stated.get(f"{code}_before")) for code in Elsewhere.values}
    lines = [OutcomeLine(COMPLAINTS, _("Complaints received"), known[COMPLAINTS])]
    lines += [OutcomeLine(item.value, item.label, known[item.value]) for item in Elsewhere]
    for upper, lower, label in RATES:
        pair = Pair(_rate(known[upper].now, known[lower].now), _rate(known[upper].before, known[lower].before))
        lines.append(OutcomeLine(f"{upper}_per_1000_{lower}", label, pair))
    return tuple(lines)


def _rate(number: float | None, of: float | None) -> float | None:
    return round(A_THOUSAND * number / of, 2) if number is not None and of else None


def _complaints(first: date, last: date) -> int | None:
    number = Case.objects.filter(source=None, received_on__range=(first, last)).count()
    return unless_small(number, threshold_on(last))


def section_lines(curricula: Iterable[int], asked: Asked) -> tuple[SectionLine, ...]:
    """Count the allegations of the sections that these curricula teach."""
    codes = sorted(set(TaughtSection.objects.filter(curriculum__in=curricula).values_list("section__code", flat=True)))
    now, before = (_alleged(codes, first, last) for first, last in ((asked.first, asked.last), asked.before))
    return tuple(
        SectionLine(
            code,
            alleged=Pair(now[code, "alleged"], before[code, "alleged"]),
            sustained=Pair(now[code, "broken"], before[code, "broken"]),
        )
        for code in codes
    )


def _alleged(codes: list[str], first: date, last: date) -> dict[tuple[str, str], int | None]:
    found = Allegation.objects.filter(
        source=None, section_version__section__code__in=codes, incident_on__range=(first, last)
    ).values_list("section_version__section__code", "finding_code")
    least, broken = threshold_on(last), _violation_on(last)
    counted: Counter[tuple[str, str]] = Counter()
    for code, finding in found:
        counted[code, "alleged"] += 1
        counted[code, "broken"] += finding == broken
    return {(code, what): unless_small(counted[code, what], least) for code in codes for what in ("alleged", "broken")}


def _violation_on(day: date) -> str:
    try:
        return violation(rules_on(day))
    except NoRulesInForce:
        return ""
