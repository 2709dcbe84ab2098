"""Letters: drafted from the case, checked by a second person, kept exactly as sent (CH-8.1)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from casework.models.case import Case
from casework.models.people import CaseOfficer, Party
from casework.vocabulary import LetterCode


class Letter(models.Model):
    """One letter to one reader. `sha256` is the digest of the bytes kept under MEDIA_ROOT once it is sent."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letters")
    code = models.CharField(max_length=10, choices=LetterCode.choices)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="letters")
    officer = models.ForeignKey(CaseOfficer, on_delete=models.PROTECT, null=True, blank=True, related_name="letters")
    language = models.CharField(max_length=8, default="en")
    disclosure_level = models.CharField(max_length=4, blank=True)
    drafted_on = models.DateField()
    drafted_by = models.CharField(max_length=80, help_text="The actor's reference.")
    drafted_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_on = models.DateField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sent_on = models.DateField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(sent_on__isnull=True) | (Q(approved_on__isnull=False) & ~Q(sha256="")),
                name="casework_letter_sent_is_checked_and_kept",
            ),
            models.CheckConstraint(
                condition=Q(party__isnull=False) | Q(officer__isnull=False), name="casework_letter_has_reader"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.case_id}"

    @property
    def is_sent(self) -> bool:
        """Whether the letter has gone out."""
        return self.sent_on is not None
