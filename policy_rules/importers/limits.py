"""Whether every name in a manual is short enough to be kept. Texts have no limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import models

from policy_rules.importers.document import ManualDocument, SectionDocument, TranslationDocument
from policy_rules.importers.nodes import Node
from policy_rules.importers.problems import Problem
from policy_rules.models import (
    Annotation,
    Chapter,
    ChapterVersion,
    Container,
    Element,
    Lineage,
    Manual,
    ManualTranslation,
    Paragraph,
    SectionTranslation,
    SectionVersion,
)
from policy_rules.rule_reading import cited_sections

LONGEST_NAME = 60
"""Letters of a hint to evidence, and of the name of an act or a rule."""


def too_long(manual: ManualDocument, translations: Sequence[TranslationDocument]) -> Iterator[Problem]:
    """Yield a problem for each name that is longer than the register keeps."""
    yield from _fits(manual.where.get("manual"), Manual, "title", "agency", "jurisdiction", "language")
    for container in manual.containers:
        yield from _fits(container.where, Container, "prefix", "number", "heading")
    for chapter in manual.chapters:
        yield from _fits(chapter.where, Chapter, "code", "number", "title")
        for version in chapter.versions:
            yield from _fits(version.where, ChapterVersion, "version", "adopted_by", "docket")
        for section in chapter.sections:
            yield from _section(section)
    for line in manual.lineage:
        yield from _fits(line.where, Lineage, "from_number", "to_number")
    for rules in manual.rule_sets:
        for _kind, name, _code in cited_sections(rules.data):
            yield from _name(rules.where, name)
    for translation in translations:
        yield from _fits(translation.where.get("translation"), ManualTranslation, "title", "language", "prevails")
        for translated in translation.sections:
            yield from _fits(translated.where, SectionTranslation, "title")


def _section(section: SectionDocument) -> Iterator[Problem]:
    for where in (section.where, *section.where.items("history")):
        yield from _fits(where, SectionVersion, "number", "title", "discipline_class", "standard_of_proof")
        for element in where.items("elements"):
            yield from _fits(element, Element, "code", key="id")
        for paragraph in where.items("paragraphs"):
            yield from _fits(paragraph, Paragraph, "label")
        for annotation in where.items("annotations"):
            yield from _fits(annotation, Annotation, "kind", "document")
        for hint in where.texts("evidence_hints"):
            yield from _name(where.get("evidence_hints"), hint)


def _fits(where: Node, model: type[models.Model], *names: str, key: str = "") -> Iterator[Problem]:
    for name in names:
        node = where.get(key or name)
        most: Any = getattr(model._meta.get_field(name), "max_length", None)
        if isinstance(node.value, str) and most and len(node.value) > most:
            message = f"has {len(node.value)} letters; at most {most} are kept"
            yield Problem(node.file, node.line, node.path, message)


def _name(where: Node, name: str) -> Iterator[Problem]:
    if len(name) > LONGEST_NAME:
        yield Problem(where.file, where.line, where.path, f"{name[:20]}… has more than {LONGEST_NAME} letters")
