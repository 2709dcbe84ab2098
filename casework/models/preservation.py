"""Requests to those who hold recordings that they keep them (CH-2.8)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from casework.models.case import Case
from casework.vocabulary import PreservationAnswer


class PreservationRequest(models.Model):
    """That the holder of a recording was asked to keep it, by when an answer is due, and what was answered."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="preservation_requests")
    holder = models.CharField(max_length=200)
    what = models.CharField(max_length=500)
    asked_on = models.DateField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    answer = models.CharField(max_length=20, choices=PreservationAnswer.choices, blank=True)
    answer_note = models.CharField(max_length=500, blank=True)
    answered_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["due_on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(due_on__gte=models.F("asked_on")), name="casework_preservation_order"),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, answer="") | (Q(answered_on__isnull=False) & ~Q(answer="")),
                name="casework_preservation_answered_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder}: {self.what}"
