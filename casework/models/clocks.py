"""Clocks: a due date is set once, from the rules in force on the day it starts, and never edited."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from casework.models.case import Case
from casework.vocabulary import Clock


class ClockQuerySet(models.QuerySet["CaseClock"]):
    def running(self) -> ClockQuerySet:
        """Keep the clocks that have not stopped."""
        return self.filter(stopped_on=None)


class CaseClock(models.Model):
    """One run of a clock on a case, with the limit, its unit and the section it rests on."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="clocks")
    code = models.CharField(max_length=40, choices=Clock.choices)
    started_on = models.DateField()
    due_on = models.DateField()
    duration = models.PositiveIntegerField()
    unit = models.CharField(max_length=20)
    authority = models.CharField(max_length=120)
    stopped_on = models.DateField(null=True, blank=True)
    warned_at = models.PositiveSmallIntegerField(
        default=0, help_text="Percentage of the limit at which the office was last warned."
    )
    objects = ClockQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["due_on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "code"], condition=Q(stopped_on=None), name="casework_clock_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_on"], condition=Q(stopped_on=None), name="casework_clock_due")
        ]

    def __str__(self) -> str:
        return f"{self.code} due {self.due_on}"

    def days_left(self, today: date) -> int:
        """Return the calendar days until the due date; negative when it has passed."""
        return (self.due_on - today).days
