"""Proposals to erase what is kept behind an entry of the log, and how a second person answered them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from audit.models import Entry
from casework.vocabulary import ErasureGround


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def open(self) -> ErasureQuerySet:
        """Keep the proposals that wait for a second person."""
        return self.filter(answered_at=None)


class Erasure(models.Model):
    """That the details behind an entry are to be erased, by what order, and the answer of a second person.

    `root` and `size` are those of the newest checkpoint just before the erasure; the log must lead to them after it.
    """

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    ground = models.CharField(max_length=20, choices=ErasureGround.choices)
    order = models.CharField(max_length=200, help_text="Which order or schedule: its court, number and day.")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(default=False)
    size = models.BigIntegerField(default=0)
    root = models.CharField(max_length=64, blank=True)
    objects = ErasureQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(answered_at=None), name="casework_erasure_one_open_of_an_entry"
            ),
            models.CheckConstraint(
                condition=Q(agreed=False) | (Q(answered_by__isnull=False) & ~Q(answered_by=F("proposed_by"))),
                name="casework_erasure_takes_two",
            ),
        ]

    def __str__(self) -> str:
        return f"erasure of what lies behind entry {self.entry_id}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for a second person."""
        return self.answered_at is None
