"""The checks of the log: who asked for each, how far it is, and what it found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

SILENCE = timedelta(minutes=10)
"""A check that has not told its progress for so long was broken off."""


class VerificationQuerySet(models.QuerySet["LogVerification"]):
    def under_way(self) -> VerificationQuerySet:
        """Keep the checks that wait or run; one that fell silent is neither."""
        return self.filter(finished_at=None, told_at__gt=timezone.now() - SILENCE)

    def finished(self) -> VerificationQuerySet:
        """Keep the checks that came to an end, the newest first."""
        return self.filter(finished_at__isnull=False, error="").order_by("-finished_at", "-pk")


class LogVerification(models.Model):
    """One check of the whole log. Without `asked_by` it is the daily one.

    `doing`, `done` and `total` tell the progress in the words of `audit.verify`. `entries`, `size`, `root` (in
    hexadecimal), `pending` and `faults` are those of its report. `error` says why it could not be finished.
    """

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    doing = models.CharField(max_length=100, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    entries = models.BigIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    root = models.CharField(max_length=64, blank=True)
    pending = models.BigIntegerField(default=0)
    faults: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    error = models.TextField(blank=True)
    objects = VerificationQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(started_at__isnull=False), name="casework_logverification_order"
            )
        ]

    def __str__(self) -> str:
        return f"check of {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def is_silent(self) -> bool:
        """Whether it was broken off: not finished, and nothing was heard of it for long."""
        return self.finished_at is None and self.told_at <= timezone.now() - SILENCE

    @property
    def found_nothing(self) -> bool:
        """Whether it came to its end and nothing was wrong."""
        return self.finished_at is not None and not self.error and not self.faults

    @property
    def seconds(self) -> float | None:
        """How long it took; None before its end."""
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()
