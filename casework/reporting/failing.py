"""Sections that keep failing: those whose findings reach the numbers of the rules within their window (CH-13.6)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum
from django.utils.functional import Promise

from casework.clocks import today
from casework.models import SectionTally
from casework.reporting.answers import threshold_on
from casework.reporting.section_figures import public_tables
from casework.reporting.tallies import STANDING, measure_of
from casework.vocabulary import FINDING_LABELS
from policy_rules.models.dates import add_months
from policy_rules.rule_data import RepeatFailuresRule
from policy_rules.rules import NoRulesInForce, rules_on


@dataclass(frozen=True)
class Reason:
    """Why a section is listed: so many findings of a kind, at least `least`; without a number where it is withheld."""

    code: str
    label: str | Promise
    count: int | None
    least: int


@dataclass(frozen=True)
class Failing:
    """A section that keeps failing, with every reason."""

    section: str
    reasons: tuple[Reason, ...]

    @property
    def weight(self) -> int:
        """What the list is sorted by: nothing of what is withheld."""
        return sum(reason.count or reason.least for reason in self.reasons)


@dataclass(frozen=True)
class FailingList:
    """The list, the rule behind it (None where the rules have none) and the first day of its window."""

    rule: RepeatFailuresRule | None
    since: date | None
    rows: tuple[Failing, ...]


def failing_sections(*, exact: bool) -> FailingList:
    """Return the sections that keep failing by the rules in force today, the most findings first.

    The window is of whole months and of the days of receipt, as all figures are. A number that may not be published is
    left out; that a section is listed says no more than that the rule's number was reached.
    """
    day = today()
    try:
        rule = rules_on(day).repeat_failures
    except NoRulesInForce:
        rule = None
    if rule is None:
        return FailingList(None, None, ())
    since = add_months(day.replace(day=1), 1 - rule.window_months)
    counted = _standing(since)
    shown = counted if exact else public_tables(counted, {}, threshold_on(day)).measures
    rows = []
    for section in sorted({code for code, _measure in counted}):
        reasons = tuple(
            Reason(code, FINDING_LABELS.get(code, code), shown[section, measure_of(STANDING, code)], least)
            for code, least in rule.least.items()
            if counted[section, measure_of(STANDING, code)] >= least
        )
        if reasons:
            rows.append(Failing(section, reasons))
    return FailingList(rule, since, tuple(sorted(rows, key=lambda row: (-row.weight, row.section))))


def _standing(since: date) -> Counter[tuple[str, ...]]:
    rows = SectionTally.objects.filter(
        section__manual__governs=True, month__gte=since, measure__startswith=f"{STANDING}."
    )
    grouped = rows.values_list("section__code", "measure").annotate(n=Sum("count"))
    return Counter({(code, measure): number for code, measure, number in grouped})
