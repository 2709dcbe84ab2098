"""Sections, what each says at each version, the elements to be proved, and the exceptions that excuse."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from policy_rules.canonical import SectionText
from policy_rules.models.dates import Effective, date_range, has_first_day, no_overlap
from policy_rules.models.manual import Chapter, ChapterVersion, Manual
from policy_rules.models.words import words_of


class Kind(models.TextChoices):
    """What a section does. Only a duty or a prohibition can be alleged against a person."""

    DUTY = "duty", _("Duty")
    PROHIBITION = "prohibition", _("Prohibition")
    EXCEPTION = "exception", _("Exception")
    DEFINITION = "definition", _("Definition")
    ADMINISTRATIVE = "administrative", _("Administrative provision")


class Container(models.Model):
    """A heading that holds sections or other headings, in a body of rules of more levels than chapter and section."""

    manual = models.ForeignKey(Manual, on_delete=models.PROTECT, related_name="containers")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="inside")
    code = models.CharField(max_length=40)
    prefix = models.CharField(max_length=40, blank=True)
    number = models.CharField(max_length=40)
    heading = models.CharField(max_length=300)
    order = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["order"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["manual", "code"], name="policy_rules_container_code")
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.number} {self.heading}".strip()


class Section(models.Model):
    """A place in a manual whose code is permanent: its number, title and text may change, its code never does."""

    manual = models.ForeignKey(Manual, on_delete=models.PROTECT, related_name="sections")
    chapter = models.ForeignKey(Chapter, on_delete=models.PROTECT, related_name="sections")
    code = models.CharField(max_length=60)
    order = models.PositiveIntegerField()
    container = models.ForeignKey(Container, on_delete=models.PROTECT, null=True, blank=True, related_name="sections")

    class Meta:
        ordering: ClassVar[list[str]] = ["chapter__order", "order"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["manual", "code"], name="policy_rules_section_code")
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def lineage(self) -> models.QuerySet[Lineage]:
        """Where its text came from and where it went, oldest first."""
        lines = Lineage.objects.filter(models.Q(earlier=self) | models.Q(later=self))
        return (
            lines.select_related("chapter_version")
            .prefetch_related("earlier", "later")
            .distinct()
            .order_by("chapter_version__effective", "order")
        )


def said_by(row: Any, elements: Iterable[tuple[str, str]], named: Iterable[str]) -> SectionText:
    """Return what a version of a section says, or a draft of one, in the form that is hashed.

    `elements` are pairs of code and text, `named` the codes of the sections that it names, both in order.
    """
    is_exception = row.kind == Kind.EXCEPTION
    return SectionText(
        number=row.number,
        title=row.title,
        kind=row.kind,
        allegable=row.allegable,
        text=row.text,
        discipline_class=row.discipline_class,
        standard_of_proof=row.standard_of_proof,
        elements=tuple((code, text) for code, text in elements),
        exceptions=() if is_exception else tuple(named),
        applies_to=tuple(named) if is_exception else (),
        deadlines=row.deadlines,
        details=row.details,
        evidence_hints=tuple(row.evidence_hints),
    )


class SectionVersionQuerySet(models.QuerySet["SectionVersion"]):
    def on(self, day: datetime.date) -> SectionVersionQuerySet:
        """Keep the texts in force on the day."""
        return self.filter(effective__contains=day)

    def during(self, start: datetime.date, end: datetime.date) -> SectionVersionQuerySet:
        """Keep the texts in force on any of the days from start to end."""
        return self.filter(effective__overlap=date_range(start, end))

    def in_order(self) -> SectionVersionQuerySet:
        """Sort as the manual does, and the versions of one section by their first day."""
        return self.order_by("section__chapter__order", "section__order", "effective")


class SectionVersion(Effective):
    """What a section says in one adopted version of its chapter, and the days on which that binds.

    There is a row for each adopted version of the chapter, also where the text did not change, so that a row names
    exactly one version in force and one digest (ADR 0040). The database refuses any change of a text (ADR 0041).
    """

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="versions")
    chapter_version = models.ForeignKey(ChapterVersion, on_delete=models.PROTECT, related_name="sections")
    reference = models.CharField(max_length=150, unique=True)
    number = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=20, choices=Kind)
    allegable = models.BooleanField()
    discipline_class = models.CharField(max_length=20, blank=True)
    standard_of_proof = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    deadlines = models.JSONField(default=dict)
    details = models.JSONField(default=dict)
    evidence_hints = ArrayField(models.CharField(max_length=60), default=list)
    text_digest = models.CharField(max_length=64)
    wording_digest = models.CharField(
        max_length=64, help_text="Equal for two versions that say the same, whatever their number."
    )
    words = words_of("en")
    objects = SectionVersionQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [GinIndex(fields=["words"], name="policy_rules_text_words")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["section", "chapter_version"], name="policy_rules_section_version"),
            ExclusionConstraint(name="policy_rules_one_text_in_force", expressions=no_overlap("section_id")),
            has_first_day("policy_rules_text_from_a_day"),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="policy_rules_known_kind"),
            models.CheckConstraint(
                condition=models.Q(allegable=False)
                | models.Q(kind__in=[Kind.DUTY, Kind.PROHIBITION, Kind.ADMINISTRATIVE]),
                name="policy_rules_only_rules_are_alleged",
            ),
            models.CheckConstraint(
                condition=models.Q(text_digest__regex=r"^[0-9a-f]{64}$", wording_digest__regex=r"^[0-9a-f]{64}$"),
                name="policy_rules_digests",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title} ({self.version})"

    @property
    def version(self) -> str:
        """The version of the chapter, for example ``1.1``."""
        return self.reference.rpartition("@")[2]

    @property
    def exceptions(self) -> list[SectionVersion]:
        """The texts that may excuse this duty on some day of its own days in force, as the duty lists them."""
        return self._linked(SectionVersion.objects.filter(effective__overlap=self.effective), Kind.EXCEPTION)

    def exceptions_on(self, day: datetime.date) -> list[SectionVersion]:
        """Return the texts that may excuse this duty on one day, as the duty lists them."""
        return self._linked(SectionVersion.objects.on(day), Kind.EXCEPTION)

    @property
    def excuses(self) -> list[SectionVersion]:
        """The duties that this exception may excuse on some day of its own days in force, in the order it gives."""
        return self._linked(
            SectionVersion.objects.filter(effective__overlap=self.effective), Kind.DUTY, Kind.PROHIBITION
        )

    def _linked(self, versions: SectionVersionQuerySet, *kinds: Kind) -> list[SectionVersion]:
        return list(
            versions.filter(kind__in=kinds, section__named_by__version=self)
            .select_related("section")
            .order_by("section__named_by__order", "effective")
        )

    @cached_property
    def stated(self) -> SectionText:
        """Return what the row, its elements and its links say, in the form that is hashed."""
        links = models.Prefetch("links", ExceptionLink.objects.select_related("section"))
        models.prefetch_related_objects([self], links)
        named = [link.section.code for link in sorted(self.links.all(), key=lambda link: link.order)]
        return said_by(self, [(element.code, element.text) for element in self.elements.all()], named)

    def canonical(self) -> bytes:
        """Return the canonical text, recomputed from the rows; its SHA-256 is `text_digest` unless someone meddled."""
        manual, _slash, _rest = self.reference.partition("/")
        return self.stated.canonical(manual=manual, section=self.section.code, version=self.version)


class Element(models.Model):
    """One of the facts that must be proved for a rule to be found broken, or for an exception to be established."""

    version = models.ForeignKey(SectionVersion, on_delete=models.PROTECT, related_name="elements")
    code = models.CharField(max_length=60)
    text = models.TextField()
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["order"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "code"], name="policy_rules_element_code"),
            models.UniqueConstraint(fields=["version", "order"], name="policy_rules_element_order"),
        ]

    def __str__(self) -> str:
        return self.code


class ExceptionLink(models.Model):
    """That a version names a section: a duty the exceptions that excuse it, an exception the duties that it excuses.

    Both ends state the link and the importer holds them to each other. The end that is named is a section, not a
    version: which of its texts applies follows from the day of the event.
    """

    version = models.ForeignKey(SectionVersion, on_delete=models.PROTECT, related_name="links")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="named_by")
    order = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "section"], name="policy_rules_link_once")
        ]

    def __str__(self) -> str:
        return f"{self.version.reference} - {self.section.code}"


class Lineage(models.Model):
    """Where the text of a section came from or went in a version of its chapter."""

    class How(models.TextChoices):
        ADDED = "added", _("Added")
        REMOVED = "removed", _("Removed")
        RENUMBERED = "renumbered", _("Renumbered")
        SPLIT = "split", _("Split")
        MERGED = "merged", _("Merged")

    chapter_version = models.ForeignKey(ChapterVersion, on_delete=models.PROTECT, related_name="lineage")
    how = models.CharField(max_length=12, choices=How)
    earlier = models.ManyToManyField(Section, related_name="became")
    later = models.ManyToManyField(Section, related_name="came_from")
    from_number = models.CharField(max_length=60, blank=True)
    to_number = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    order = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["order"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(how__in=["added", "removed", "renumbered", "split", "merged"]),
                name="policy_rules_known_lineage",
            )
        ]

    def __str__(self) -> str:
        return f"{self.how} in {self.chapter_version}"

    def goes_on(self, code: str) -> bool:
        """Say whether the section of that code is one of those after the change."""
        return any(section.code == code for section in self.later.all())


class Paragraph(models.Model):
    """A labelled part of a text, for its own address; its words are those of the text."""

    version = models.ForeignKey(SectionVersion, on_delete=models.PROTECT, related_name="paragraphs")
    label = models.CharField(max_length=40)
    heading = models.TextField(blank=True)
    text = models.TextField(blank=True)
    depth = models.PositiveSmallIntegerField(default=0)
    order = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["order"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "order"], name="policy_rules_paragraph_order")
        ]

    def __str__(self) -> str:
        return f"{self.version.reference} {self.label}"


class Annotation(models.Model):
    """What is told beside a text of law, with its date where it has one. It binds nobody."""

    version = models.ForeignKey(SectionVersion, on_delete=models.PROTECT, related_name="annotations")
    kind = models.CharField(max_length=60)
    text = models.TextField()
    document = models.CharField(max_length=200, blank=True)
    date = models.DateField(null=True, blank=True)
    is_note = models.BooleanField(default=False)
    order = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["order"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "order"], name="policy_rules_annotation_order")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text[:60]}"
