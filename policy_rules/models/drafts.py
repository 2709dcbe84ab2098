"""A draft's sections as they are being written. They bind nobody and may be edited; adoption publishes them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from audit.canonical import canonical
from policy_rules.canonical import SectionText, digest
from policy_rules.models.manual import ChapterVersion
from policy_rules.models.sections import Kind, Lineage, said_by


class DraftSection(models.Model):
    """What one section is to say in the version being drafted, and why it is to say something else than now.

    A section that stays as it is has no reason. One that is retired stays here, marked so, with the reason.
    """

    version = models.ForeignKey(ChapterVersion, on_delete=models.CASCADE, related_name="draft_sections")
    code = models.CharField(max_length=60)
    order = models.PositiveIntegerField()
    number = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=20, choices=Kind)
    allegable = models.BooleanField()
    discipline_class = models.CharField(max_length=20, blank=True)
    standard_of_proof = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    elements = models.JSONField(default=list, help_text="Pairs of permanent code and text, in order.")
    links = ArrayField(models.CharField(max_length=60), default=list)
    deadlines = models.JSONField(default=dict)
    details = models.JSONField(default=dict)
    evidence_hints = ArrayField(models.CharField(max_length=60), default=list)
    is_retired = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    source = models.TextField(
        blank=True, help_text="What the change follows: a case, a comment, a law, a model policy."
    )
    how = models.CharField(max_length=12, choices=Lineage.How, blank=True)
    came_from = ArrayField(models.CharField(max_length=60), default=list)

    class Meta:
        ordering: ClassVar[list[str]] = ["order", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "code"], name="policy_rules_draft_section_once"),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="policy_rules_draft_known_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.code} in {self.version}"

    @property
    def is_changed(self) -> bool:
        """Whether the draft says something else here than the text in force."""
        return bool(self.reason)

    @property
    def wording_digest(self) -> str:
        """Digest of what the draft says here: the same as that of the text once it is adopted."""
        return digest(canonical(self.stated.wording()))

    @property
    def stated(self) -> SectionText:
        """Return what the draft says here, in the form that is hashed once it is adopted."""
        return said_by(self, self.elements, self.links)


class DraftTranslation(models.Model):
    """A drafted section in another language, and the digest of the words that it translates.

    It is published with the draft where the section still says these words; where they have changed since, it is not.
    """

    section = models.ForeignKey(DraftSection, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(max_length=8)
    title = models.CharField(max_length=300)
    text = models.TextField()
    elements = models.JSONField(default=list, help_text="Texts of the elements, in the order of the section.")
    wording_digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["section", "language"], name="policy_rules_draft_translation_once")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"

    @property
    def is_stale(self) -> bool:
        """Whether the section says something else since it was translated."""
        return self.wording_digest != self.section.wording_digest


class DraftRule(models.Model):
    """What one rule kept as data is to be from the day on which the draft comes into force, and why.

    `path` is the rule's place in the data of a rule set. Without a value the rule ends.
    """

    version = models.ForeignKey(ChapterVersion, on_delete=models.CASCADE, related_name="draft_rules")
    path = models.CharField(max_length=150)
    value = models.JSONField(null=True)
    reason = models.TextField()
    source = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["path"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "path"], name="policy_rules_draft_rule_once"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="policy_rules_draft_rule_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.path} in {self.version}"
