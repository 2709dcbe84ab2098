"""Evidence, its custody, and the frozen packet that goes to the board."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from casework.models.case import Case
from casework.models.people import Party
from casework.vocabulary import CustodyAct, EvidenceKind


class Evidence(models.Model):
    """An item of evidence: a file whose SHA-256 is kept, a reference to a recording, or an item that was not to be had.

    The file lies under its digest in MEDIA_ROOT and is never altered.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evidence")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=40, choices=EvidenceKind.choices)
    title = models.CharField(max_length=300)
    source = models.CharField(max_length=200, blank=True)
    locator = models.CharField(max_length=200, blank=True, help_text="Where the recording system keeps it.")
    obtained_on = models.DateField()
    obtained_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    given_by = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence")
    is_compelled = models.BooleanField(default=False)
    is_collected = models.BooleanField(default=True)
    not_collected_reason = models.CharField(max_length=300, blank=True)
    filename = models.CharField(max_length=255, blank=True)
    media_type = models.CharField(max_length=120, blank=True)
    size = models.PositiveBigIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "number"], name="casework_evidence_number"),
            models.CheckConstraint(
                condition=Q(is_collected=True) | ~Q(not_collected_reason=""),
                name="casework_evidence_absence_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"E{self.number}"

    @property
    def code(self) -> str:
        """The item's short name in its case, for example ``E4``."""
        return f"E{self.number}"

    @property
    def has_file(self) -> bool:
        """Whether a file is kept."""
        return bool(self.sha256)


class CustodyEvent(models.Model):
    """One link in an item's chain of custody."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="custody")
    act = models.CharField(max_length=20, choices=CustodyAct.choices)
    by = models.CharField(max_length=80, help_text="The actor's reference.")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return f"{self.evidence}: {self.act}"


class Packet(models.Model):
    """The file as the board gets it: a frozen list of items and digests, built by one person and checked by another."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="packets")
    version = models.PositiveSmallIntegerField()
    manifest = models.JSONField()
    digest = models.CharField(max_length=64)
    built_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    built_on = models.DateField()
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    checked_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "version"], name="casework_packet_version"),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=models.F("built_by")),
                name="casework_packet_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"packet {self.version}"
