"""A manual, its chapters, and the versions in which a chapter was adopted."""

from __future__ import annotations

import datetime
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.db import models

from policy_rules.lifecycle import ChapterLifecycle
from policy_rules.models.dates import no_overlap
from policy_rules.roles import ADOPTERS
from policy_rules.states import UNPUBLISHED, State


class Manual(models.Model):
    """A body of rules: a department's conduct manual, or a code of law kept for reference."""

    code = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    agency = models.CharField(max_length=300, blank=True)
    jurisdiction = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=8)
    governs = models.BooleanField(
        default=False, help_text="Its sections empower the acts of this office. At most one manual does."
    )
    annexes = models.JSONField(
        default=dict, help_text="What the manual states besides its text: kinds, comments, courses; kept as stated."
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["governs"], condition=models.Q(governs=True), name="policy_rules_one_governing_manual"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def reference(self) -> str:
        """The manual's code in the audit log, for example ``manual:HBPD-MANUAL``."""
        return f"manual:{self.code}"

    @property
    def rules_reference(self) -> str:
        """The subject of the log's entries about this manual's rule sets."""
        return f"rules:{self.code}"


class Chapter(models.Model):
    """A chapter of a manual: what is drafted, adopted and reviewed as a whole."""

    manual = models.ForeignKey(Manual, on_delete=models.PROTECT, related_name="chapters")
    code = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    order = models.PositiveIntegerField()
    earlier_rule = models.TextField(blank=True, help_text="What applied before the first version of the chapter.")
    annexes = models.JSONField(default=dict, help_text="Reviews and training, kept as stated.")

    class Meta:
        ordering: ClassVar[list[str]] = ["order"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["manual", "code"], name="policy_rules_chapter_code")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def reference(self) -> str:
        """The subject of the log's entries about this chapter, for example ``chapter:HBPD-MANUAL/DE``."""
        return f"chapter:{self.manual.code}/{self.code}"

    @property
    def adopter(self) -> str:
        """The office role that adopts the chapter and can rescind it, as the manual states it."""
        return str(self.annexes.get("review", {}).get("adopts") or ADOPTERS[0])


class ChapterVersion(ChapterLifecycle):
    """A chapter as it was drafted or adopted. A draft has no days in force; adopted versions never overlap.

    Which text binds on a day follows from `effective` alone; `state` says where the version stands in its life.
    """

    chapter = models.ForeignKey(Chapter, on_delete=models.PROTECT, related_name="versions")
    version = models.CharField(max_length=20)
    effective = DateRangeField(null=True, blank=True)
    published_on = models.DateField(null=True, blank=True)
    adopted_on = models.DateField(null=True, blank=True)
    adopted_by = models.CharField(max_length=200, blank=True)
    docket = models.CharField(max_length=60, blank=True)
    change_note = models.TextField(blank=True)
    comment_closes_on = models.DateField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar[tuple] = (models.F("effective").asc(nulls_first=True), "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["chapter", "version"], name="policy_rules_chapter_version"),
            ExclusionConstraint(name="policy_rules_one_chapter_in_force", expressions=no_overlap("chapter_id")),
            models.CheckConstraint(
                condition=models.Q(effective__isnull=True)
                | models.Q(effective__isempty=False, effective__lower_inf=False, adopted_on__isnull=False),
                name="policy_rules_adopted_from_a_day",
            ),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="policy_rules_known_state"),
        ]

    def __str__(self) -> str:
        return f"{self.chapter} ({self.version})"

    @property
    def reference(self) -> str:
        """The version's code in the audit log, for example ``HBPD-MANUAL/DE@1.1``."""
        return f"{self.chapter.manual.code}/{self.chapter.code}@{self.version}"

    @property
    def is_draft(self) -> bool:
        """Whether the version has not been adopted."""
        return self.effective is None

    @property
    def is_published(self) -> bool:
        """Whether everyone may read it: a draft from the day on which it is opened for comment."""
        return self.state not in UNPUBLISHED

    @property
    def effective_from(self) -> datetime.date | None:
        """The first day in force; None for a draft."""
        return self.effective and self.effective.lower

    @property
    def effective_to(self) -> datetime.date | None:
        """The last day in force; None for a draft and while no end has been set."""
        return self.effective and self.effective.upper and self.effective.upper - datetime.timedelta(days=1)
