"""What the page of one section shows: its words, what excuses it, what they mean, and every version it has had."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from policy_rules import register
from policy_rules.addresses import address
from policy_rules.exceptions import UnknownSection
from policy_rules.models import Annotation, Curriculum, ExceptionLink, Kind, Lineage, Section, SectionVersion
from policy_rules.paragraphs import Block, blocks_of
from policy_rules.reading import ChapterReading, Reading, Translations, chapter_reading, texts_to_read

PLURAL = "(?:e?s)?"
"""What may follow a defined word in the plural, in English and in Spanish."""
CODE_IN_TEXT = re.compile(r"\b[A-Za-z0-9]+-\d+[a-z]?(?:\.\d+[a-z]?)*\b")


@dataclass(frozen=True)
class VersionLine:
    """One version of a section in the list of all: its days, and whether it says the same as the one before."""

    text: SectionVersion
    shown: bool
    same_words_as: str
    permalink: str


@dataclass(frozen=True)
class Descent:
    """A line of lineage as one of its sections tells it: codes its text came from, went into, and shared the way."""

    line: Lineage
    sources: tuple[str, ...]
    results: tuple[str, ...]
    beside: tuple[str, ...]
    """Of a split, the others that came of it; of a merger, the others that went into it."""


@dataclass(frozen=True)
class SectionPage:
    """Everything that the page of one section shows."""

    reading: Reading
    blocks: tuple[Block, ...]
    """The paragraphs of the text, each with its label, its depth and the anchor by which it is linked."""
    chapter: ChapterReading
    as_of: datetime.date
    """The day for which exceptions and definitions are shown: today, or the last or first day of another version."""
    in_force: bool
    current: SectionVersion | None
    """The text in force today, where that is another version or none."""
    in_force_since: datetime.date
    """The first day of these words, which may be that of an earlier version."""
    exceptions: tuple[Reading, ...]
    excuses: tuple[Reading, ...]
    definitions: tuple[Reading, ...]
    versions: tuple[VersionLine, ...]
    lineage: tuple[Descent, ...]
    modules: tuple[Mapping[str, Any], ...]
    """The modules that the manual itself names for the section."""
    curricula: tuple[Curriculum, ...]
    """The versions of courses that teach the section today."""
    neighbours: tuple[Reading, ...]
    """The sections of the same part of the chapter, by their headings or else by their numbers."""
    annotations: tuple[Annotation, ...]
    """What is told beside a text of law, which binds nobody."""
    links: Mapping[str, str]
    """Words and codes that occur in the texts, in small letters, with the address that explains them."""

    @property
    def successors(self) -> list[str]:
        """The codes of the sections that the text went into, where the section itself ended."""
        return [code for row in self.lineage if not row.line.goes_on(self.reading.code) for code in row.results]


def section_page(code: str, version: str | None, *, today: datetime.date, language: str) -> SectionPage:
    """Return the page of a section, as in force today or in the version asked for.

    `code` is that of a section of the governing manual, or ``MANUAL/CODE``. A section that is not in force today is
    shown as it last was, or as it will first be. Raises `UnknownSection`.
    """
    versions = register.current().versions(code)
    text = _asked_for(versions, version, today)
    current = next((row for row in versions if row.in_force_on(today)), None)
    as_of = min(max(today, text.effective_from), text.effective_to or datetime.date.max)
    section = text.section
    is_current = text.in_force_on(today)
    exceptions, excuses = _linked(text, as_of)
    siblings = texts_to_read(SectionVersion.objects.filter(_around(text), chapter_version=text.chapter_version_id))
    defined = _definitions(text, siblings, as_of)
    shown = [text, *exceptions, *excuses, *siblings, *defined]
    translations = Translations(section.manual, language, [row.section_id for row in shown])
    reading = translations.read(next(row for row in siblings if row.pk == text.pk))
    readings = [reading, *(translations.read(row) for row in exceptions)]
    definitions = [translations.read(row) for row in defined if row.section_id != section.pk]
    chapter = chapter_reading(section.chapter, text.chapter_version, siblings, translations)
    words = _words_of(readings)
    used = tuple(row for row in _by_term(definitions) if _occurs(row.term.text, words))
    return SectionPage(
        reading=reading,
        blocks=tuple(blocks_of(reading.text.text, text.paragraphs.all())),
        chapter=chapter,
        as_of=as_of,
        in_force=is_current,
        current=None if current == text else current,
        in_force_since=_since(versions, text),
        exceptions=tuple(readings[1:]),
        excuses=tuple(translations.read(row) for row in excuses),
        definitions=used,
        versions=tuple(_lines(versions, text)),
        neighbours=tuple(row for row in chapter.sections if _place(row.source) == _place(text)),
        annotations=tuple(text.annotations.all()),
        lineage=tuple(descent_of(section)),
        modules=tuple(
            row for row in section.manual.annexes.get("training_modules", ()) if section.code in row.get("covers", ())
        ),
        curricula=tuple(
            Curriculum.objects.filter(sections=section, effective__contains=today).select_related("course")
        ),
        links={row.term.text.lower(): row.url if is_current else row.permalink for row in used}
        | _codes_in(words, section),
    )


def _around(text: SectionVersion) -> Q:
    """Return what a page shows of the chapter around a section: the same part, and every definition."""
    if text.section.container_id:
        return Q(section__container=text.section.container_id) | Q(kind=Kind.DEFINITION)
    part = _part(text.number)
    if not part:
        return Q()
    return Q(number__startswith=f"{part}.") | Q(kind=Kind.DEFINITION) | Q(pk=text.pk)


def _definitions(text: SectionVersion, siblings: Iterable[SectionVersion], day: datetime.date) -> list[SectionVersion]:
    """Return the definitions of the same version of the chapter, then those of other chapters in force on a day."""
    own = [row for row in siblings if row.kind == Kind.DEFINITION]
    known = register.current().definitions(text.section.manual_id)
    elsewhere = SectionVersion.objects.on(day).filter(section__in=known, kind=Kind.DEFINITION)
    return own + texts_to_read(elsewhere.exclude(section__chapter=text.section.chapter_id))


def _by_term(definitions: Iterable[Reading]) -> list[Reading]:
    """Keep the first definition of each term: the chapter's own goes before that of another chapter."""
    found: dict[str, Reading] = {}
    for row in definitions:
        found.setdefault(row.term.text.lower(), row)
    return list(found.values())


def _asked_for(versions: Sequence[SectionVersion], version: str | None, today: datetime.date) -> SectionVersion:
    if version is not None:
        found = next((row for row in versions if row.version == version), None)
        if found is None:
            raise UnknownSection(f"no version {version}")
        return found
    for row in versions:
        if row.in_force_on(today):
            return row
    begun = [row for row in versions if row.effective_from <= today]
    return begun[-1] if begun else versions[0]


def _linked(text: SectionVersion, day: datetime.date) -> tuple[list[SectionVersion], list[SectionVersion]]:
    """Return the exceptions to a duty, or the duties that an exception excuses, as they stood on a day."""
    links = ExceptionLink.objects.filter(version=text).values_list("section", "order")
    order = dict(links)
    rows = sorted(
        texts_to_read(SectionVersion.objects.on(day).filter(section__in=order)), key=lambda row: order[row.section_id]
    )
    return ([], rows) if text.kind == Kind.EXCEPTION else (rows, [])


def _since(versions: Sequence[SectionVersion], text: SectionVersion) -> datetime.date:
    """Return the first day from which a section has said these words without a break."""
    since = text.effective_from
    for row in reversed([row for row in versions if row.effective_from < text.effective_from]):
        follows = row.effective_to is not None and row.effective_to + datetime.timedelta(days=1) == since
        if row.wording_digest != text.wording_digest or not follows:
            break
        since = row.effective_from
    return since


def _lines(versions: Sequence[SectionVersion], shown: SectionVersion) -> Iterable[VersionLine]:
    """Return the versions, newest first."""
    for place, row in reversed(list(enumerate(versions))):
        before = versions[place - 1] if place else None
        yield VersionLine(
            text=row,
            shown=row == shown,
            same_words_as=before.version if before and before.wording_digest == row.wording_digest else "",
            permalink=address(row.section.manual, "section_version", row.section.code, row.version),
        )


def descent_of(section: Section) -> Iterable[Descent]:
    """Return where the text of a section came from and where it went, oldest first."""
    for line in section.lineage:
        earlier, later = ([row.code for row in side.all()] for side in (line.earlier, line.later))
        is_source, is_result = section.code in earlier, section.code in later
        sources, results = earlier if is_result else [], later if is_source else []
        beside = [code for code in (*earlier, *later) if code not in (*sources, *results)]
        others = (tuple(code for code in codes if code != section.code) for codes in (sources, results, beside))
        yield Descent(line, *others)


def _place(text: SectionVersion) -> tuple[int | None, str]:
    """Return what neighbours have in common: the heading they stand under, or the part of the chapter."""
    heading = text.section.container_id
    return heading, "" if heading else _part(text.number)


def _part(number: str) -> str:
    """Return the part of the chapter that a number lies in: 400.4 of 400.4.1."""
    return number.rpartition(".")[0]


def _words_of(readings: Iterable[Reading]) -> str:
    parts = [words for row in readings for words in (row.text, *(part.words for part in row.elements))]
    return "\n".join(words.text for words in parts)


def _occurs(term: str, words: str) -> bool:
    return re.search(rf"\b{re.escape(term)}{PLURAL}\b", words, re.IGNORECASE) is not None


def _codes_in(words: str, own: Section) -> dict[str, str]:
    """Return the address of each other section of the manual whose code occurs in the words."""
    found = Section.objects.filter(manual=own.manual, code__in=set(CODE_IN_TEXT.findall(words)) - {own.code})
    return {code.lower(): address(own.manual, "section", code) for code in found.values_list("code", flat=True)}
