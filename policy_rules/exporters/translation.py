"""A manual in another language as plain values in the project's own format (docs/reference/policy-yaml.md)."""

from __future__ import annotations

from typing import Any

from policy_rules.exporters.plain import in_order
from policy_rules.importers.yaml_format import SCHEMA_VERSIONS
from policy_rules.models import Manual, SectionTranslation


def plain_translation(manual: Manual, language: str) -> dict[str, Any] | None:
    """Return everything that the register holds of a manual in another language; None where it holds nothing."""
    known = manual.translations.filter(language=language).first()
    if known is None:
        return None
    head: dict[str, Any] = {"manual": manual.code, "language": language, "title": known.title}
    head |= {"rule": known.rule} if known.rule else {}
    head |= {"prevails": known.prevails, "human_checked": known.human_checked}
    chapters = [chapter.code for chapter in manual.chapters.all() if chapter.code in known.chapters]
    head["chapters"] = [{"code": code, "title": known.chapters[code]} for code in chapters]
    rows = (
        SectionTranslation.objects.filter(version__section__manual=manual, language=language)
        .select_related("version__section")
        .prefetch_related("elements__element")
        .order_by("version__section__chapter__order", "version__section__order", "version__effective")
    )
    plain = {"schema_version": SCHEMA_VERSIONS[-1], "translation": head} | in_order(known.terms)
    return plain | {"sections": [_translated(row) for row in rows]}


def _translated(row: SectionTranslation) -> dict[str, Any]:
    parts = sorted(row.elements.all(), key=lambda part: part.element.order)
    elements = [{"id": part.element.code, "text": part.text} for part in parts]
    stated: dict[str, Any] = {"id": row.version.section.code, "translation_of": row.version.version}
    return stated | {"title": row.title, "text": row.text} | ({"elements": elements} if elements else {})
