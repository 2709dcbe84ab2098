"""Clocks: when a limit starts, when it is due, and what today is. Lengths and units come from the rules in force.

Days are dates in the agency's time zone (settings.TIME_ZONE). Business days leave out weekends and the public holidays
of settings.HOLIDAYS (CH-3.11: how time is counted).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays
from django.conf import settings
from django.utils import timezone

from casework.models import Case, CaseClock
from casework.vocabulary import Clock
from policy_rules.models.dates import add_months
from policy_rules.rules import ClockRule, Rules, rules_on

SATURDAY = 5


def today() -> date:
    """Return today's date in the agency's time zone."""
    return timezone.localdate()


@lru_cache(maxsize=16)
def _calendar(country: str, subdivision: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country, subdiv=subdivision or None)


def is_business_day(day: date) -> bool:
    """Say whether the office works on that day."""
    return day.weekday() < SATURDAY and day not in _calendar(settings.HOLIDAYS["country"], settings.HOLIDAYS["state"])


def next_business_day(day: date) -> date:
    """Return the day itself if the office works then, or the next day on which it does."""
    while not is_business_day(day):
        day += timedelta(days=1)
    return day


def add_business_days(day: date, count: int) -> date:
    """Return the day that lies `count` business days after `day`; the day itself does not count."""
    for _ in range(count):
        day = next_business_day(day + timedelta(days=1))
    return day


def due_on(rule: ClockRule, start: date) -> date:
    """Return the last day of a limit that starts on `start`."""
    return due_in(rule.duration, rule.unit, start)


def due_in(duration: int, unit: str, start: date) -> date:
    """Return the last day of so many units from `start`.

    Units are days, business_days, hours (rounded up to whole days), months and years.
    """
    match unit:
        case "business_days":
            return add_business_days(start, duration)
        case "hours":
            return start + timedelta(days=-(-duration // 24))
        case "months":
            return add_months(start, duration)
        case "years":
            return add_months(start, 12 * duration)
        case _:
            return start + timedelta(days=duration)


def rule_of(code: str, rules: Rules) -> ClockRule | None:
    """Return what rules say of a clock, None where they have none: the legal limit is the clock the profile names."""
    return rules.clocks.get(rules.profile.legal_deadline if code == Clock.DISCIPLINE_LIMIT else code)


def start(case: Case, codes: Iterable[str], on: date) -> None:
    """Start the clocks that the rules in force on that day have a length for; a running one is left alone."""
    rules = rules_on(on)
    running = set(case.clocks.running().values_list("code", flat=True))
    for code in codes:
        rule = rule_of(code, rules)
        if code in running or rule is None:
            continue
        due = due_on(rule, on)
        CaseClock.objects.create(
            case=case, code=code, started_on=on, due_on=due, duration=rule.duration, unit=rule.unit,
            authority=rule.section,
        )  # fmt: skip
        if code == Clock.DISCIPLINE_LIMIT:
            case.legal_limit_on = due


def stop(case: Case, codes: Iterable[str], on: date) -> None:
    """Stop the running clocks of these codes."""
    case.clocks.running().filter(code__in=list(codes)).update(stopped_on=on)


def resume(case: Case, codes: Iterable[str], on: date) -> None:
    """Run again, with their old due dates, the clocks that had stopped: a due date is never edited."""
    for code in codes:
        last = case.clocks.filter(code=code).order_by("-id").first()
        if last is not None and last.stopped_on is not None:
            CaseClock.objects.create(
                case=case, code=code, started_on=on, due_on=last.due_on, duration=last.duration, unit=last.unit,
                authority=last.authority,
            )  # fmt: skip


WHOLE = 100
"""The percentage of a limit that has passed on its last day."""


def warnings_on(day: date) -> tuple[int, ...]:
    """Return the percentages of a limit at which people are warned (CH-3.11), its last day being the last of them."""
    return (*rules_on(day).limit_warnings, WHOLE)


@dataclass(frozen=True)
class ClockReading:
    """A clock as a page shows it: the day it is at, its length in calendar days, and what is left."""

    clock: CaseClock
    today: date

    @property
    def day(self) -> int:
        """The day the clock is at, counted in calendar days from its start."""
        end = self.clock.stopped_on or self.today
        return (end - self.clock.started_on).days

    @property
    def length(self) -> int:
        """Calendar days from start to due date."""
        return (self.clock.due_on - self.clock.started_on).days

    @property
    def days_left(self) -> int:
        """Calendar days until the due date; negative when it has passed."""
        return self.clock.days_left(self.today)

    @property
    def is_late(self) -> bool:
        """Whether the due date has passed while the clock runs."""
        return self.clock.stopped_on is None and self.days_left < 0

    @property
    def share(self) -> int:
        """Percentage of the limit that has passed."""
        return WHOLE * self.day // self.length if self.length else WHOLE


def reading(clock: CaseClock, on: date | None = None) -> ClockReading:
    """Return the clock as it stands on a day, today by default."""
    return ClockReading(clock, on or today())


STAGE_CLOCKS = (
    Clock.INTAKE_REVIEW,
    Clock.PRELIMINARY_INQUIRY,
    Clock.INVESTIGATION,
    Clock.REMAND,
    Clock.QUALITY_REVIEW,
    Clock.BOARD,
    Clock.CHIEF_ANSWER,
    Clock.CLOSING_LETTERS,
)
"""The clocks of the present step, in the order of the process; the last one running is the step's."""


def stage_clock(case: Case) -> CaseClock | None:
    """Return the clock of the present step; reads the prefetched clocks."""
    running = {clock.code: clock for clock in case.clocks.all() if clock.stopped_on is None}
    return next((running[code] for code in reversed(STAGE_CLOCKS) if code in running), None)
