"""A complaint that someone is still writing. It is kept for some days, opened by a code, and gone once it is sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from casework.models.case import Case

KEPT = timedelta(days=settings.DRAFTS_KEPT_DAYS)
"""How long a draft is kept after it was last changed; the pages say so."""


class DraftQuerySet(models.QuerySet["Draft"]):
    def alive(self) -> DraftQuerySet:
        """Keep the drafts that have not run out."""
        return self.filter(changed_at__gt=timezone.now() - KEPT)


class Draft(models.Model):
    """Answers given so far, by question. No address of the person's machine and no identity is kept beside them.

    `code_digest` is an HMAC of the code to come back, which is shown once and not kept. `case` is set once the
    complaint was sent, so that sending twice files it once.
    """

    code_digest = models.CharField(max_length=64, unique=True)
    answers = models.JSONField(default=dict)
    files = models.JSONField(default=list)
    language = models.CharField(max_length=8, default="en")
    begun_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(default=timezone.now)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    objects = DraftQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["changed_at"], name="casework_draft_changed")]

    def __str__(self) -> str:
        return f"draft {self.pk}"

    @property
    def kept_until(self) -> datetime:
        """The moment at which the draft runs out unless it is changed before."""
        return self.changed_at + KEPT
