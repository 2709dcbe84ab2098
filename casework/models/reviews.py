"""The figures of a chapter as a file for its review: for which review or who asked, and the file once it is made."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from policy_rules.models import Chapter

SILENCE = timedelta(minutes=10)
"""A file that was not made in so long is not being made any more."""


class ReviewPackQuerySet(models.QuerySet["ReviewPack"]):
    def ready(self) -> ReviewPackQuerySet:
        """Keep those whose file is there."""
        return self.exclude(sha256="")

    def public(self) -> ReviewPackQuerySet:
        """Keep those of them that were made because a review was due: everyone reads these."""
        return self.ready().filter(due_on__isnull=False)


class ReviewPack(models.Model):
    """One file, in one language. `error` says why it could not be made; a file is never made anew.

    Those that Redress makes by itself for a review that is due name its day, and are public; others name who asked.
    """

    chapter = models.ForeignKey(Chapter, on_delete=models.PROTECT, related_name="review_packs")
    language = models.CharField(max_length=10)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField(null=True, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    pdf = models.BinaryField(default=bytes)
    sha256 = models.CharField(max_length=64, blank=True)
    objects = ReviewPackQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(asked_by__isnull=True, due_on__isnull=False) | Q(asked_by__isnull=False, due_on=None),
                name="casework_review_pack_asked_or_due",
            ),
            models.UniqueConstraint(
                fields=["chapter", "due_on", "language"], name="casework_review_pack_once_for_a_review"
            ),
        ]

    def __str__(self) -> str:
        return f"figures of {self.chapter_id}, {self.asked_at:%Y-%m-%d}"

    @property
    def is_ready(self) -> bool:
        """Whether the file is there."""
        return bool(self.sha256)

    @property
    def is_silent(self) -> bool:
        """Whether nothing was heard of it for so long that it must be asked for again."""
        return self.finished_at is None and self.asked_at <= timezone.now() - SILENCE
