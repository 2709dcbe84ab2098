"""What is taught of the manual: courses, the versions of their curricula, and the panel that reviews them (DE-8.3).

Who attended is a record of the department's members and lives above, in casework.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policy_rules.answers import Answer
from policy_rules.canonical import canonical_curriculum, digest
from policy_rules.models.dates import Effective, has_first_day, no_overlap
from policy_rules.models.manual import Manual
from policy_rules.models.sections import Section

MINUTES_OF_AN_HOUR = 60


class Course(models.Model):
    """A course of a manual. Its code is permanent; what it teaches is in its curricula."""

    manual = models.ForeignKey(Manual, on_delete=models.PROTECT, related_name="courses")
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar[list[str]] = ["code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["manual", "code"], name="policy_rules_course_code")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def reference(self) -> str:
        """The subject of the log's entries about the course, for example ``course:DE-INIT``."""
        return f"course:{self.code}"

    def curriculum_on(self, day: datetime.date) -> Curriculum | None:
        """Return the version taught on a day; reads the prefetched curricula."""
        return next((row for row in self.curricula.all() if row.in_force_on(day)), None)


class RequiredOf(models.TextChoices):
    """Of whom a course is required."""

    SWORN = "sworn", _("Every sworn member")
    MEMBERS = "members", _("Every member")
    HANDLERS = "handlers", _("Everyone in the office who handles complaints")
    BOARD = "board", _("Every member of the review board")
    NOBODY = "nobody", _("Nobody; it is offered")


class Curriculum(Effective):
    """One version of what a course teaches: outline, length, sections, and of whom it is required by when.

    Published once and never edited; the database refuses a change of anything but an open end of its days.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="curricula")
    version = models.CharField(max_length=20)
    minutes = models.PositiveIntegerField()
    outline = models.TextField(help_text="What is taught and how, in the manual's language.")
    sections = models.ManyToManyField(Section, through="TaughtSection", related_name="curricula")
    required_of = models.CharField(max_length=12, choices=RequiredOf)
    within_days = models.PositiveIntegerField(
        null=True, blank=True, help_text="Days from appointment, or from the first day of the course if that is later."
    )
    renewed_after_years = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Calendar years after which it must be taken again; none: once is enough."
    )
    certifies_trainers = models.BooleanField(default=False)
    text_digest = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar[list[str]] = ["course__code", "effective"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["course", "version"], name="policy_rules_curriculum_version"),
            ExclusionConstraint(name="policy_rules_one_curriculum_in_force", expressions=no_overlap("course_id")),
            has_first_day("policy_rules_curriculum_from_a_day"),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="policy_rules_curriculum_has_a_length"),
            models.CheckConstraint(
                condition=Q(required_of__in=RequiredOf.values), name="policy_rules_curriculum_of_known_people"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course.code} {self.version}"

    @property
    def reference(self) -> str:
        """The version's code in the audit log, for example ``course:DE-INIT@1.0``."""
        return f"{self.course.reference}@{self.version}"

    @property
    def hours(self) -> float:
        """Its length in hours."""
        return self.minutes / MINUTES_OF_AN_HOUR

    @property
    def section_codes(self) -> list[str]:
        """The permanent codes of the sections it teaches, in its own order; reads the prefetched rows."""
        return [row.section.code for row in self.taught.all()]

    def canonical(self) -> bytes:
        """Return the text that `text_digest` is made of, recomputed from the rows."""
        return self.canonical_with(self.section_codes)

    def canonical_with(self, sections: Sequence[str]) -> bytes:
        """Return the text that is hashed, given the codes of the sections taught, in order."""
        return canonical_curriculum(
            course=self.course.code,
            version=self.version,
            minutes=self.minutes,
            outline=self.outline,
            sections=sections,
            required_of=self.required_of,
            within_days=self.within_days,
            renewed_after_years=self.renewed_after_years,
            certifies_trainers=self.certifies_trainers,
        )

    @property
    def is_unaltered(self) -> bool:
        """Whether the rows still say what was published."""
        return digest(self.canonical()) == self.text_digest


class TaughtSection(models.Model):
    """That a curriculum teaches a section, by its permanent identity."""

    curriculum = models.ForeignKey(Curriculum, on_delete=models.PROTECT, related_name="taught")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="taught_in")
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["order"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["curriculum", "section"], name="policy_rules_taught_once")
        ]

    def __str__(self) -> str:
        return f"{self.curriculum} teaches {self.section}"


class PanelMember(models.Model):
    """Someone who sits on the curriculum panel, named as the public is told: an organisation or an office."""

    manual = models.ForeignKey(Manual, on_delete=models.PROTECT, related_name="panel_members")
    name = models.CharField(max_length=200)
    is_outside = models.BooleanField(help_text="Not of the department.")
    perspective = models.CharField(max_length=200, blank=True, help_text="What they bring to the panel.")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-is_outside", "name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["manual", "name"], condition=Q(until=None), name="policy_rules_panel_member_once"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")), name="policy_rules_panel_member_days"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PanelRecommendation(models.Model):
    """What a member of the panel recommends for a course, and the department's answer with its reasons."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="recommendations")
    number = models.PositiveIntegerField()
    member = models.ForeignKey(PanelMember, on_delete=models.PROTECT, related_name="recommendations")
    text = models.TextField()
    made_on = models.DateField()
    answer_due_on = models.DateField()
    answer = models.CharField(max_length=30, blank=True, choices=Answer)
    rationale = models.TextField(blank=True)
    led_to = models.ForeignKey(Curriculum, on_delete=models.PROTECT, null=True, blank=True, related_name="follows")
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["course__code", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["course", "number"], name="policy_rules_recommendation_number"),
            models.CheckConstraint(
                condition=Q(answer="", answered_on=None)
                | ~Q(answer="") & ~Q(rationale="") & Q(answered_on__isnull=False),
                name="policy_rules_answer_has_reasons",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The recommendation's code, for example ``course:DE-INIT/R2``."""
        return f"{self.course.reference}/R{self.number}"
