"""A draft begins as a copy of the texts in force."""

from __future__ import annotations

from policy_rules.models import ChapterVersion, DraftSection, SectionVersion


def copy_texts(version: ChapterVersion) -> None:
    """Give a new draft the sections of the newest adopted version of its chapter."""
    newest = version.chapter.versions.filter(effective__isnull=False).order_by("effective").last()
    if newest is None:
        return
    rows = newest.sections.select_related("section").prefetch_related("elements", "links__section")
    texts = rows.order_by("section__order")
    DraftSection.objects.bulk_create(_draft_of(version, text) for text in texts)


def _draft_of(version: ChapterVersion, text: SectionVersion) -> DraftSection:
    stated = text.stated
    return DraftSection(
        version=version,
        code=text.section.code,
        order=text.section.order,
        number=stated.number,
        title=stated.title,
        kind=stated.kind,
        allegable=stated.allegable,
        discipline_class=stated.discipline_class,
        standard_of_proof=stated.standard_of_proof,
        text=stated.text,
        elements=[list(element) for element in stated.elements],
        links=[*stated.exceptions, *stated.applies_to],
        deadlines=stated.deadlines,
        details=stated.details,
        evidence_hints=list(stated.evidence_hints),
    )
