"""People in a case: civilians, whose identity is kept apart, and officers, as they were when they were added."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from casework.models.case import Case
from casework.vocabulary import Confidentiality, OfficerPart, PartyKind


class Party(models.Model):
    """A civilian in a case. Everyone but those who may open the identity sees the alias."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parties")
    kind = models.CharField(max_length=20, choices=PartyKind.choices)
    alias = models.CharField(max_length=60)
    confidentiality = models.CharField(max_length=20, choices=Confidentiality.choices)
    language = models.CharField(max_length=8, default="en")
    needs = models.CharField(max_length=300, blank=True, help_text="Interpreter, large print, relay, or other help.")

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "alias"], name="casework_party_alias")
        ]

    def __str__(self) -> str:
        return self.alias


class Identity(models.Model):
    """Who a party is and how to reach them safely: a sealed panel, whose every opening is recorded (CH-2.9)."""

    party = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="identity")
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=300, blank=True)
    safe_contact = models.CharField(max_length=300, blank=True, help_text="How and when contact is safe.")
    wants_contact = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"identity of {self.party_id}"


class Officer(models.Model):
    """The register of the department's members; cases keep their own copy of what was true on the day."""

    badge = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    rank = models.CharField(max_length=60)
    unit = models.CharField(max_length=120, blank=True)
    supervisor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="members")
    appointed_on = models.DateField(null=True, blank=True)
    is_sworn = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return f"{self.rank} {self.name}"

    @property
    def reference(self) -> str:
        """The member's code in the audit log; neither a name nor a badge."""
        return f"officer:{self.pk}"


def officer_label(index: int) -> str:
    """Return the name of the n-th officer of a case, counted from 0: ``Officer A`` to ``Officer Z``, ``Officer AA``."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"Officer {letters}"


class CaseOfficer(models.Model):
    """An officer in a case: the details as they were when added, or a description of someone not yet identified."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="officers")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, blank=True, related_name="in_cases")
    label = models.CharField(max_length=60)
    part = models.CharField(max_length=20, choices=OfficerPart.choices)
    badge = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=200, blank=True)
    rank = models.CharField(max_length=60, blank=True)
    unit = models.CharField(max_length=120, blank=True)
    description = models.CharField(max_length=500, blank=True)
    source_values = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "label"], name="casework_caseofficer_label"),
            models.UniqueConstraint(
                fields=["case", "officer"], condition=Q(officer__isnull=False), name="casework_caseofficer_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rank} {self.name}".strip() if self.name else self.label

    @property
    def is_identified(self) -> bool:
        """Whether the officer is known to the register."""
        return self.officer_id is not None
