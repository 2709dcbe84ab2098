"""What the manual says in another language; it does not bind, so it can be corrected."""

from __future__ import annotations

from typing import Any

from policy_rules.importers.document import TranslationDocument
from policy_rules.models import Element, ElementTranslation, ManualTranslation, SectionTranslation, SectionVersion
from policy_rules.publishing.work import BATCH, Work


def publish_translation(work: Work, stated: TranslationDocument) -> None:
    """Bring one language to what its file states; a translation does not bind, so it can be corrected."""
    if work.problems:
        return
    values = {
        "title": stated.title,
        "rule": stated.rule,
        "prevails": stated.prevails,
        "human_checked": stated.human_checked,
        "chapters": dict(stated.chapters),
        "terms": dict(stated.terms),
    }
    work.put(ManualTranslation, {"manual": work.manual, "language": stated.language}, values, "manual_translations")
    wanted = {f"{work.manual.code}/{item.section}@{item.version}": item for item in stated.sections}
    versions = SectionVersion.objects.in_bulk(list(wanted), field_name="reference")
    known = {
        row.version_id: row
        for row in SectionTranslation.objects.filter(version__section__manual=work.manual, language=stated.language)
    }
    new, changed = [], []
    for reference, item in wanted.items():
        row = known.get(versions[reference].pk)
        if row is None:
            row = SectionTranslation(
                version=versions[reference], language=stated.language, title=item.title, text=item.text
            )
            new.append(row)
        elif (row.title, row.text) != (item.title, item.text):
            row.title, row.text = item.title, item.text
            changed.append(row)
        known[versions[reference].pk] = row
    work.bulk(SectionTranslation, new, "translations")
    SectionTranslation.objects.bulk_update(changed, ["title", "text"], batch_size=BATCH)
    work.note(work.done.updated, "translations", len(changed))
    _element_translations(
        work,
        {
            known[versions[reference].pk].pk: (versions[reference].pk, item.elements)
            for reference, item in wanted.items()
        },
    )


def _element_translations(work: Work, stated: dict[int, tuple[int, Any]]) -> None:
    elements = {
        (element.version_id, element.code): element
        for element in Element.objects.filter(version__in=[version for version, _texts in stated.values()])
    }
    known = {
        (row.translation_id, row.element_id): row
        for row in ElementTranslation.objects.filter(translation__in=list(stated))
    }
    new, changed = [], []
    for translation, (version, texts) in stated.items():
        for code, text in texts.items():
            element = elements[version, code]
            row = known.get((translation, element.pk))
            if row is None:
                new.append(ElementTranslation(translation_id=translation, element=element, text=text))
            elif row.text != text:
                row.text = text
                changed.append(row)
    work.bulk(ElementTranslation, new, "element_translations")
    ElementTranslation.objects.bulk_update(changed, ["text"], batch_size=BATCH)
    work.note(work.done.updated, "element_translations", len(changed))
