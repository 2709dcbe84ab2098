"""Allegations, the conclusions on their elements and exceptions, and the findings of each stage."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.exceptions import Invalid
from casework.models.case import Case, ImportSource
from casework.models.evidence import Evidence
from casework.models.people import CaseOfficer
from casework.vocabulary import RaisedBy, Stage
from policy_rules.models import Element, SectionVersion


class Allegation(models.Model):
    """That one officer broke one section, in the version in force on the day of the event.

    The text's digest is copied, so that a later change of the manual shows. Only a record of another system may lack
    section, officer or day; then `category` and the source's own words stand in their place.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="allegations")
    number = models.PositiveSmallIntegerField()
    officer = models.ForeignKey(
        CaseOfficer, on_delete=models.PROTECT, null=True, blank=True, related_name="allegations"
    )
    section_version = models.ForeignKey(
        SectionVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="allegations"
    )
    text_digest = models.CharField(max_length=64, blank=True)
    incident_on = models.DateField(null=True, blank=True)
    version_reason = models.CharField(
        max_length=500, blank=True, help_text="Why this version, where the day is not known and two could apply."
    )
    summary = models.CharField(max_length=500, blank=True)
    framed_on = models.DateField(null=True, blank=True)

    source = models.ForeignKey(ImportSource, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    category = models.CharField(max_length=120, blank=True)
    source_category = models.CharField(max_length=200, blank=True)
    source_finding = models.CharField(max_length=200, blank=True)
    finding_code = models.CharField(
        max_length=40, blank=True, help_text="The finding of the latest stage, kept for counting."
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "number"], name="casework_allegation_number"),
            models.CheckConstraint(
                condition=Q(source__isnull=False)
                | Q(section_version__isnull=False, officer__isnull=False, incident_on__isnull=False),
                name="casework_allegation_complete_unless_imported",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["source", "category"], name="casework_allegation_category"),
            models.Index(fields=["section_version"], name="casework_allegation_section"),
        ]

    def __str__(self) -> str:
        return f"A{self.number}"

    @property
    def code(self) -> str:
        """The allegation's short name in its case, for example ``A1``."""
        return f"A{self.number}"

    @property
    def reference(self) -> str:
        """The allegation's code in the audit log."""
        return f"{self.case.reference}/{self.code}"

    @property
    def cited(self) -> tuple[SectionVersion, date]:
        """The section version alleged and the day of the event; raises Invalid for a record of another system."""
        if self.section_version is None or self.incident_on is None:
            raise Invalid(_("This allegation was entered from another system and cites no section of the manual."))
        return self.section_version, self.incident_on

    @property
    def alleged(self) -> list[SectionVersion]:
        """The section version alleged, as what an act on this allegation cites; none for a record that has none."""
        return [self.section_version] if self.section_version is not None else []

    def conclusions_stated(self) -> tuple[list[str], list[str]]:
        """Return the conclusions on the elements of the section, "" for an open one, and on the exceptions raised."""
        concluded = {row.element_id: row.code for row in self.conclusions.all() if row.exception_id is None}
        elements = [concluded.get(element.pk, "") for element in self.cited[0].elements.all()]
        return elements, [raised.result for raised in self.exceptions.all()]

    def finding_at(self, stage: str) -> Finding | None:
        """Return the newest finding of that stage; reads the prefetched findings."""
        return max(
            (finding for finding in self.findings.all() if finding.stage == stage), key=lambda f: f.pk, default=None
        )

    @property
    def current_finding(self) -> Finding | None:
        """The finding of the latest stage that has one."""
        for stage in (Stage.CHIEF, Stage.BOARD, Stage.INVESTIGATOR):
            if (finding := self.finding_at(stage)) is not None:
                return finding
        return None


class RaisedException(models.Model):
    """An exception that someone raised against a duty, with its own conclusion."""

    allegation = models.ForeignKey(Allegation, on_delete=models.PROTECT, related_name="exceptions")
    section_version = models.ForeignKey(SectionVersion, on_delete=models.PROTECT, related_name="+")
    raised_by = models.CharField(max_length=20, choices=RaisedBy.choices)
    result = models.CharField(max_length=20, blank=True, help_text="A code of the rules' exception conclusions.")

    class Meta:
        ordering: ClassVar[list[str]] = ["section_version__section__code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["allegation", "section_version"], name="casework_exception_once")
        ]

    def __str__(self) -> str:
        return f"{self.allegation}: {self.section_version}"


class ElementConclusion(models.Model):
    """What the evidence shows of one element of the duty, or of one element of a raised exception."""

    allegation = models.ForeignKey(Allegation, on_delete=models.PROTECT, related_name="conclusions")
    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="+")
    exception = models.ForeignKey(
        RaisedException, on_delete=models.PROTECT, null=True, blank=True, related_name="conclusions"
    )
    code = models.CharField(max_length=20, help_text="A code of the rules' element conclusions.")
    sentence = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["element__order"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["allegation", "element"], name="casework_conclusion_once")
        ]

    def __str__(self) -> str:
        return f"{self.element}: {self.code}"


class EvidenceCite(models.Model):
    """That a conclusion rests on an item of evidence, and where in it."""

    conclusion = models.ForeignKey(ElementConclusion, on_delete=models.CASCADE, related_name="cites")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="cited_by")
    place = models.CharField(max_length=120, blank=True, help_text="Page, line or time code.")

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return f"{self.evidence} {self.place}".strip()


class Finding(models.Model):
    """The finding of one stage on one allegation: insert-only; a change is a new row, and the newest counts."""

    allegation = models.ForeignKey(Allegation, on_delete=models.PROTECT, related_name="findings")
    stage = models.CharField(max_length=20, choices=Stage.choices)
    code = models.CharField(max_length=40, help_text="A finding code of the rules in force.")
    implied = models.CharField(max_length=40, blank=True, help_text="What the element table implies.")
    reason = models.TextField(blank=True, help_text="Why it departs from the table or from the stage before.")
    standard_of_proof = models.CharField(max_length=40)
    round = models.PositiveSmallIntegerField(default=1, help_text="One more than the times the case was returned.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    on = models.DateField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="casework_finding_stage_known")
        ]

    def __str__(self) -> str:
        return f"{self.allegation} {self.stage}: {self.code}"


class InvestigationReport(models.Model):
    """One version of the investigator's report; a change is a new version."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reports")
    version = models.PositiveSmallIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "version"], name="casework_report_version")
        ]

    def __str__(self) -> str:
        return f"report {self.version}"
