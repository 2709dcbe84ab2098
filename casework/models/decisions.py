"""What the chief decided about discipline; the findings themselves are in `allegations`."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from casework.models.allegations import Allegation


class Discipline(models.Model):
    """One coded outcome for one sustained allegation, inside the range of the matrix or with a reason (CH-7.5)."""

    allegation = models.OneToOneField(Allegation, on_delete=models.PROTECT, related_name="discipline")
    discipline_class = models.CharField(max_length=1)
    prior_in_look_back = models.PositiveSmallIntegerField(default=0)
    range_from = models.CharField(max_length=40)
    range_to = models.CharField(max_length=40)
    outcome = models.CharField(max_length=40, help_text="A code of the matrix, or suspension.")
    days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Days without pay, for a suspension.")
    is_departure = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(is_departure=False) | ~models.Q(reason=""),
                name="casework_discipline_departure_has_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.allegation}: {self.outcome}"
