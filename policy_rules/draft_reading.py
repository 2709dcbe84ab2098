"""A draft as it is read: each section in a language, what it changes, and what changed after the public was heard.

A translation is shown where it translates the words of the draft as they stand, whether it was entered with the draft
or published with an earlier version; everything else is shown in the manual's own language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from policy_rules import changes
from policy_rules.comparing import Run, words_between
from policy_rules.drafted_rules import drafted_data
from policy_rules.models import (
    ChapterVersion,
    Docket,
    DraftSection,
    DraftTranslation,
    HeardText,
    Section,
    SectionVersion,
)
from policy_rules.reading import Translations, Words, texts_to_read
from policy_rules.rule_rows import rows_of


@dataclass(frozen=True)
class DraftText:
    """What a section of a draft says, in one language."""

    row: DraftSection
    title: Words
    text: Words
    elements: tuple[Words, ...]
    """What must be proved, in the language of the text."""
    is_behind: bool = False
    """Whether there is a translation, but of other words than those of the draft."""


def as_written(row: DraftSection, language: str, *, is_behind: bool = False) -> DraftText:
    """Return a section in the manual's own language."""
    elements = tuple(Words(text, language) for _code, text in row.elements)
    return DraftText(row, Words(row.title, language), Words(row.text, language), elements, is_behind)


def texts_in(version: ChapterVersion, language: str) -> dict[str, DraftText]:
    """Return every section of a draft in a language, by its code and in order."""
    rows = list(version.draft_sections.all())
    own = version.chapter.manual.language
    if language == own:
        return {row.code: as_written(row, own) for row in rows}
    entered = {
        row.section_id: row for row in DraftTranslation.objects.filter(section__version=version, language=language)
    }
    sections = _sections(version, [row.code for row in rows])
    published = Translations(version.chapter.manual, language, sections.values())
    return {row.code: _translated(row, own, published, entered.get(row.pk), sections.get(row.code, 0)) for row in rows}


def _sections(version: ChapterVersion, codes: list[str]) -> dict[str, int]:
    return dict(Section.objects.filter(manual=version.chapter.manual, code__in=codes).values_list("code", "pk"))


def _translated(
    row: DraftSection, own: str, published: Translations, entered: DraftTranslation | None, section: int
) -> DraftText:
    language, wording = published.language, row.wording_digest
    if entered is not None and entered.wording_digest == wording:
        told = (
            Words(entered.title, language),
            Words(entered.text, language),
            tuple(Words(text, language) for text in entered.elements),
        )
        return DraftText(row, *told)
    if (known := published.of_words(section, wording)) is None:
        is_behind = entered is not None or bool(published.of_section(section))
        return as_written(row, own, is_behind=is_behind)
    words = {element.element.code: element.text for element in known.elements.all()}
    elements = tuple(Words(words[code], language) if code in words else Words(text, own) for code, text in row.elements)
    return DraftText(row, Words(known.title, language), Words(known.text, language), elements)


@dataclass(frozen=True)
class DraftReading:
    """A section of a draft beside the text that it is to replace and beside what the public was asked about."""

    text: DraftText
    runs: tuple[Run, ...]
    """The words of the text and of the one in force, in the language of the text; empty where there are none."""
    original: tuple[Run, ...]
    """The same in the manual's own language, where the text is a translation."""
    since: tuple[Run, ...]
    """What changed after the public was heard, in the language of the text where it was heard in it too."""
    since_language: str
    is_new: bool
    is_later: bool
    """Whether the section changed after the public was heard."""
    comments: int

    @property
    def row(self) -> DraftSection:
        """The section as it is drafted."""
        return self.text.row


def base_of(version: ChapterVersion) -> ChapterVersion | None:
    """Return the version that a draft is to replace, or an adopted version replaced."""
    if version.is_draft:
        return version.chapter.versions.filter(effective__isnull=False).order_by("effective").last()
    return changes.before(version)


def sections_of(docket: Docket, language: str) -> list[DraftReading]:
    """Return the sections of the draft in order, each beside what it was and how often it was commented on."""
    version = docket.version
    texts = texts_in(version, language)
    codes = [code for code, text in texts.items() if text.row.is_changed]
    before = _in_force(version, codes)
    own = version.chapter.manual.language
    translations = Translations(version.chapter.manual, language, [text.section_id for text in before.values()])
    earlier = {code: translations.read(text).text for code, text in before.items()}
    heard = {(text.code, text.language): text for text in docket.texts.filter(language__in={own, language})}
    said = _comments_by_section(docket)
    readings = []
    for code, text in texts.items():
        is_translated = text.text.language != own
        first = heard.get((code, own))
        read = heard.get((code, text.text.language)) if is_translated else None
        readings.append(
            DraftReading(
                text=text,
                runs=_between(earlier.get(code), text),
                original=_between(Words(before[code].text, own), as_written(text.row, own))
                if is_translated and code in before
                else (),
                since=_since(text.row, first, (read.text, text.text.text) if read else None),
                since_language=text.text.language if read else own,
                is_new=text.row.is_changed and code not in before,
                is_later=bool(heard) and _is_other(text.row, first),
                comments=said.get(code, 0),
            )
        )
    return readings


def _in_force(version: ChapterVersion, codes: list[str]) -> dict[str, SectionVersion]:
    base = base_of(version)
    if base is None or not codes:
        return {}
    rows = texts_to_read(SectionVersion.objects.filter(chapter_version=base, section__code__in=codes))
    return {row.section.code: row for row in rows}


def _between(before: Words | None, text: DraftText) -> tuple[Run, ...]:
    if before is None or before.language != text.text.language or text.row.is_retired:
        return ()
    return words_between(before.text, text.text.text)


def _since(row: DraftSection, heard: HeardText | None, translated: tuple[str, str] | None) -> tuple[Run, ...]:
    if heard is None or row.is_retired or heard.text == row.text:
        return ()
    return words_between(*(translated or (heard.text, row.text)))


def _is_other(row: DraftSection, heard: HeardText | None) -> bool:
    if heard is None:
        return not row.is_retired
    stated = (row.is_retired, row.title, row.text, [text for _code, text in row.elements])
    return stated != (heard.is_retired, heard.title, heard.text, heard.elements)


def _comments_by_section(docket: Docket) -> dict[str, int]:
    return dict(docket.comments.order_by().values_list("section").annotate(Count("pk")))


def rules_by_section(version: ChapterVersion) -> dict[str, dict[str, Any]]:
    """Return the rules kept as data as the draft would have them, by the section that each comes from and its path."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows_of(drafted_data(version)):
        found.setdefault(row.section, {})[row.path] = row.value
    return found


def changed_since_heard(docket: Docket) -> list[DraftSection]:
    """Return the sections whose words, or whose rules kept as data, changed after they were put before the public."""
    own = docket.version.chapter.manual.language
    heard = {text.code: text for text in docket.texts.filter(language=own)}
    rules = rules_by_section(docket.version)
    return [
        row
        for row in docket.version.draft_sections.all()
        if _is_other(row, heard.get(row.code)) or _has_other_rules(heard.get(row.code), rules.get(row.code, {}))
    ]


def _has_other_rules(heard: HeardText | None, rules: Mapping[str, Any]) -> bool:
    return heard is not None and heard.rules is not None and heard.rules != rules
