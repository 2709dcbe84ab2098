"""How time is counted (CH-3.11): every limit gives its days in full, and no pause moves its end."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from casework import clocks
from casework.clocks import add_business_days, add_months, due_on, is_business_day, next_business_day
from casework.models import CaseClock
from casework.vocabulary import Clock
from policy_rules.rules import ClockRule
from tests import walk

DAYS = st.dates(date(2015, 1, 1), date(2040, 12, 31))
COUNTS = st.integers(0, 120)
UNITS = st.sampled_from(["days", "business_days", "hours", "months", "years"])


def limit(duration: int, unit: str) -> ClockRule:
    return ClockRule(code="any", section="CH-3.11", duration=duration, unit=unit)


def working_days(first: date, last: date) -> int:
    """Count the working days after `first` up to and with `last`."""
    return sum(is_business_day(first + timedelta(days=step)) for step in range(1, (last - first).days + 1))


@given(DAYS, st.integers(1, 120))
def test_a_limit_in_working_days_gives_exactly_that_many_and_ends_on_one(day, count):
    due = add_business_days(day, count)
    assert is_business_day(due)
    assert working_days(day, due) == count


@given(DAYS, COUNTS, COUNTS)
def test_counting_on_from_where_one_stopped_comes_to_the_same_day(day, first, second):
    assert add_business_days(add_business_days(day, first), second) == add_business_days(day, first + second)


@given(DAYS)
def test_the_next_working_day_is_the_first_one_not_before_the_day(day):
    found = next_business_day(day)
    assert is_business_day(found)
    assert working_days(day - timedelta(days=1), found) == 1


@given(DAYS)
def test_nobody_works_at_weekends_or_on_the_fourth_of_july(day):
    assert not (is_business_day(day) and day.weekday() in {5, 6})
    assert not is_business_day(date(day.year, 7, 4))


@given(DAYS, DAYS, COUNTS, UNITS)
def test_whoever_begins_later_is_not_due_earlier(one, other, duration, unit):
    earlier, later = sorted([one, other])
    assert earlier <= due_on(limit(duration, unit), earlier) <= due_on(limit(duration, unit), later)


@given(DAYS, COUNTS, COUNTS, UNITS)
def test_a_longer_limit_is_not_due_earlier(day, one, other, unit):
    shorter, longer = sorted([one, other])
    assert due_on(limit(shorter, unit), day) <= due_on(limit(longer, unit), day)


@given(DAYS, st.integers(1, 2000))
def test_hours_are_rounded_up_to_whole_days(day, hours):
    days = (due_on(limit(hours, "hours"), day) - day).days
    assert 24 * (days - 1) < hours <= 24 * days


@given(DAYS, st.integers(-240, 240))
def test_a_month_ends_on_the_same_day_or_on_the_last_of_a_shorter_month(day, count):
    due = add_months(day, count)
    assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == count
    assert due.day == day.day or (due.day < day.day and (due + timedelta(days=1)).day == 1)


@given(DAYS, st.integers(0, 20))
def test_a_year_is_twelve_months(day, count):
    assert due_on(limit(count, "years"), day) == due_on(limit(12 * count, "months"), day)


@pytest.mark.django_db
def test_however_often_a_clock_is_paused_its_limit_stays_and_only_one_runs():
    case = walk.file()
    began = case.received_on

    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(st.booleans(), st.integers(0, 9)), max_size=12))
    def paused(acts):
        case.clocks.filter(code=Clock.INVESTIGATION).delete()
        clocks.start(case, [Clock.INVESTIGATION], began)
        first, day = case.clocks.get(code=Clock.INVESTIGATION), began
        for stops, later in acts:
            day += timedelta(days=later)
            (clocks.stop if stops else clocks.resume)(case, [Clock.INVESTIGATION], day)
            runs = CaseClock.objects.filter(case=case, code=Clock.INVESTIGATION)
            assert {run.due_on for run in runs} == {first.due_on}
            assert {(run.duration, run.unit, run.authority) for run in runs} == {
                (first.duration, first.unit, first.authority)
            }
            assert runs.running().count() == int(not stops)
            assert all(run.stopped_on is None or run.started_on <= run.stopped_on for run in runs)

    paused()


@pytest.mark.django_db
def test_a_clock_that_runs_is_not_started_again():
    case = walk.file()
    running = case.clocks.running().get(code=Clock.OVERALL)
    clocks.start(case, [Clock.OVERALL], case.received_on + timedelta(days=30))
    assert case.clocks.get(code=Clock.OVERALL) == running


@given(DAYS, st.integers(1, 60), st.integers(0, 400))
def test_a_clock_is_late_from_the_day_after_its_last_day(day, duration, later):
    due = due_on(limit(duration, "business_days"), day)
    reading = clocks.reading(CaseClock(started_on=day, due_on=due), day + timedelta(days=later))
    assume(reading.length)
    assert reading.is_late == (reading.today > due)
    assert reading.day + reading.days_left == reading.length
