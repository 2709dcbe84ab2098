"""Translations, which inform and do not bind: where they differ, the text in the manual's own language decides."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from policy_rules.models.manual import Manual
from policy_rules.models.sections import Element, SectionVersion
from policy_rules.models.words import words_of


class ManualTranslation(models.Model):
    """A manual's title, the titles of its chapters and its fixed terms in another language."""

    manual = models.ForeignKey(Manual, on_delete=models.PROTECT, related_name="translations")
    language = models.CharField(max_length=8)
    title = models.CharField(max_length=300)
    rule = models.TextField(blank=True)
    prevails = models.CharField(max_length=8)
    human_checked = models.BooleanField(default=False)
    chapters = models.JSONField(default=dict)
    terms = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["manual", "language"], name="policy_rules_manual_translation")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"


class SectionTranslation(models.Model):
    """A section as it stood in one version, in another language."""

    version = models.ForeignKey(SectionVersion, on_delete=models.PROTECT, related_name="translations")
    language = models.CharField(max_length=8)
    title = models.CharField(max_length=300)
    text = models.TextField()
    words_es = words_of("es")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [GinIndex(fields=["words_es"], name="policy_rules_translation_words")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "language"], name="policy_rules_section_translation")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"


class ElementTranslation(models.Model):
    """An element in the language of the translated section that it belongs to."""

    translation = models.ForeignKey(SectionTranslation, on_delete=models.CASCADE, related_name="elements")
    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="translations")
    text = models.TextField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["translation", "element"], name="policy_rules_element_translation")
        ]

    def __str__(self) -> str:
        return self.element.code
