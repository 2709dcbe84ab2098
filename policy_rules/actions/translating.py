"""A draft in the office's other language: entered beside the text that decides, published with it at adoption."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from moves.exceptions import Invalid, Refused
from policy_rules.actions import acts, consultation, drafts
from policy_rules.importers.document import SectionTranslationDocument, TranslationDocument
from policy_rules.importers.nodes import node_of
from policy_rules.models import (
    ChapterVersion,
    DraftSection,
    DraftTranslation,
    Manual,
    ManualTranslation,
    SectionTranslation,
)
from policy_rules.permissions import Actor
from policy_rules.roles import PolicyPerm
from policy_rules.states import State

TRANSLATABLE = (*drafts.EDITABLE, State.PUBLIC_COMMENT)
"""A draft is translated while it is written, and while the public reads it: a translation changes no word of it."""
LONGEST_TITLE = DraftTranslation._meta.get_field("title").max_length or 0


def translated_into(manual: Manual) -> list[str]:
    """Return the languages of the office that are not the manual's own."""
    return [code for code, _name in settings.LANGUAGES if code != manual.language]


def translate_section(
    version: ChapterVersion,
    code: str,
    *,
    by: Actor,
    language: str,
    title: str,
    text: str,
    elements: Sequence[str] = (),
    on: date | None = None,
) -> DraftTranslation:
    """Say in another language what a drafted section says; it translates the words as they stand now.

    `elements` are the texts of what must be proved, one for each element and in the same order. Raises Invalid for what
    cannot be taken, and Refused where the draft is not at a stage at which it is written.
    """
    with drafts.drafting(version, by, "translate_section", TRANSLATABLE) as draft:
        section = draft.draft_sections.filter(code=code, is_retired=False).first()
        if section is None:
            raise Invalid(_("There is no section %(code)s in this draft.") % {"code": code}, "code")
        if language not in translated_into(draft.chapter.manual):
            raise Invalid(_("The manual is not translated into this language."), "language")
        stated = _stated(section, title, text, elements)
        row, _is_new = DraftTranslation.objects.update_or_create(
            section=section, language=language, defaults=stated | {"wording_digest": section.wording_digest}
        )
        day, wrong = acts.day_of(on)
        if wrong:
            raise Refused(wrong)
        acts.record(
            "policy.draft_translated",
            version=draft,
            by=by,
            perm=PolicyPerm.DRAFT,
            section=acts.authority(drafts.AUTHORITY, day),
            on=day,
            facts={"section": code, "language": language, "wording_sha256": row.wording_digest},
        )
        if draft.state == State.PUBLIC_COMMENT:
            consultation.keep_texts(draft.consultation, [language])
        return row


def may_translate(by: Actor, version: ChapterVersion) -> bool:
    """Say whether the actor may translate the draft now."""
    return drafts.may_edit(by, version, TRANSLATABLE)


def known_translation(section: DraftSection, language: str) -> DraftTranslation:
    """Return what is known of a drafted section in a language, to go on from: entered here, published, or nothing.

    A published translation that is not of the words of the draft counts as stale. The row may not be saved yet.
    """
    if (row := section.translations.filter(language=language).first()) is not None:
        return row
    manual = section.version.chapter.manual
    of_section = SectionTranslation.objects.filter(
        language=language, version__section__manual=manual, version__section__code=section.code
    )
    published = of_section.select_related("version").order_by("-version__effective").first()
    if published is None:
        return DraftTranslation(section=section, language=language)
    words = dict(published.elements.values_list("element__code", "text"))
    return DraftTranslation(
        section=section,
        language=language,
        title=published.title,
        text=published.text,
        elements=[words.get(code, "") for code, _text in section.elements],
        wording_digest=published.version.wording_digest,
    )


def translations_of(version: ChapterVersion) -> list[TranslationDocument]:
    """Return the translations of a draft that are to be published with it: those of the words as they stand."""
    found = (_document(version, language) for language in translated_into(version.chapter.manual))
    return [document for document in found if document.sections]


def _document(version: ChapterVersion, language: str) -> TranslationDocument:
    manual = version.chapter.manual
    known = manual.translations.filter(language=language).first() or ManualTranslation(
        title=manual.title, prevails=manual.language
    )
    where = node_of({}, version.reference)
    return TranslationDocument(
        manual=manual.code,
        language=language,
        title=known.title,
        rule=known.rule,
        prevails=known.prevails,
        human_checked=known.human_checked,
        chapters=known.chapters,
        terms=known.terms,
        sections=tuple(_sections(version, language)),
        where=where,
    )


def _sections(version: ChapterVersion, language: str) -> Iterator[SectionTranslationDocument]:
    rows = DraftTranslation.objects.filter(section__version=version, section__is_retired=False, language=language)
    for row in rows.select_related("section").order_by("section__order"):
        if not row.is_stale:
            codes = [code for code, _text in row.section.elements]
            yield SectionTranslationDocument(
                section=row.section.code,
                version=version.version,
                title=row.title,
                text=row.text,
                elements=dict(zip(codes, row.elements, strict=True)),
                where=node_of({}, version.reference),
            )


def _stated(section: DraftSection, title: str, text: str, elements: Sequence[str]) -> dict[str, Any]:
    if not title.strip():
        raise Invalid(_("Give the section a title."), "title")
    if len(title.strip()) > LONGEST_TITLE:
        raise Invalid(_("The title has at most %(number)s characters.") % {"number": LONGEST_TITLE}, "title")
    if not text.strip():
        raise Invalid(_("Write what the section says."), "text")
    told = [element.strip() for element in elements if element.strip()]
    if len(told) != len(section.elements):
        sentence = _("Translate each of the %(number)s elements, one on each line, in the same order.")
        raise Invalid(sentence % {"number": len(section.elements)}, "elements")
    return {"title": title.strip(), "text": text.strip(), "elements": told}
