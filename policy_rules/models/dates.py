"""Days on which a text or a rule is in force."""

from __future__ import annotations

import calendar
import datetime
from typing import Any

from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange


class Effective(models.Model):
    """In force from the first day of a range to its last. The range has a first day; without a last day it goes on."""

    effective = DateRangeField()

    class Meta:
        abstract = True

    @property
    def effective_from(self) -> datetime.date:
        """The first day in force."""
        return self.effective.lower

    @property
    def effective_to(self) -> datetime.date | None:
        """The last day in force; None while no end has been set."""
        return self.effective.upper and self.effective.upper - datetime.timedelta(days=1)

    def in_force_on(self, day: datetime.date) -> bool:
        """Say whether the day is one of those in force."""
        return day in self.effective


def date_range(first: datetime.date, last: datetime.date | None) -> DateRange:
    """Return the range that holds both days and all between; without a last day it does not end."""
    return DateRange(first, last and last + datetime.timedelta(days=1), "[)")


class SameRow(models.Func):
    """The range that holds one whole number only: equality in an exclusion constraint without an extension."""

    function = "int8range"
    template = "%(function)s(%(expressions)s, %(expressions)s, '[]')"

    def __init__(self, column: str, **extra: Any) -> None:
        super().__init__(models.F(column), **extra)


def no_overlap(column: str) -> list[tuple[Any, str]]:
    """Return the expressions of a constraint by which rows of one parent are never in force on the same day."""
    return [(SameRow(column), RangeOperators.OVERLAPS), ("effective", RangeOperators.OVERLAPS)]


def has_first_day(name: str) -> models.CheckConstraint:
    """Return the constraint that a range is not empty and has a first day."""
    return models.CheckConstraint(condition=models.Q(effective__isempty=False, effective__lower_inf=False), name=name)


def add_months(day: datetime.date, count: int) -> datetime.date:
    """Return the same day of the month `count` months later, or earlier; the last day where the month is shorter."""
    index = day.year * 12 + day.month - 1 + count
    year, month = divmod(index, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
