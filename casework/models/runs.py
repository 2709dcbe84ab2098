"""Long work that somebody asked for: how far it is, and whether it came to its end."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

SILENCE = timedelta(minutes=10)
"""A run that has not told its progress for so long was broken off."""


class RunQuerySet(models.QuerySet["Run"]):
    def under_way(self) -> Self:
        """Keep the runs that wait or go on; one that fell silent is neither."""
        return self.filter(finished_at=None, told_at__gt=timezone.now() - SILENCE)

    def finished(self) -> Self:
        """Keep the runs that came to an end, the newest first."""
        return self.filter(finished_at__isnull=False, error="").order_by("-finished_at", "-pk")


class Run(models.Model):
    """One run of the worker. `doing`, `done` and `total` tell its progress, `error` why it could not be finished."""

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    doing = models.CharField(max_length=100, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        abstract = True
        default_permissions = ()

    @property
    def is_finished(self) -> bool:
        """Whether it came to its end and did not break off."""
        return self.finished_at is not None and not self.error

    @property
    def is_silent(self) -> bool:
        """Whether it was broken off: not finished, and nothing was heard of it for long."""
        return self.finished_at is None and self.told_at <= timezone.now() - SILENCE

    @property
    def seconds(self) -> float | None:
        """How long it took; None before its end."""
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()


def begun_before_its_end(name: str) -> models.CheckConstraint:
    """Return the constraint that what is finished had begun."""
    return models.CheckConstraint(condition=models.Q(finished_at=None) | models.Q(started_at__isnull=False), name=name)
