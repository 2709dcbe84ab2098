"""What a reader is shown of the manual: each text in the reader's language, beside the text that binds.

A translation informs and does not decide. It is shown where it translates the same words, whatever the version; where
the words have changed since, the text that binds is shown and the translation is said to be out of date.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q
from django.urls import reverse

from policy_rules import register
from policy_rules.exceptions import UnknownSection
from policy_rules.models import (
    Chapter,
    ChapterVersion,
    Curriculum,
    ExceptionLink,
    Kind,
    Lineage,
    Manual,
    ManualTranslation,
    Section,
    SectionTranslation,
    SectionVersion,
)

CODE_IN_TEXT = re.compile(r"\b[A-Za-z]+-\d+(?:\.\d+)*\b")
DEFINED = {"en": "Definition of ", "es": "Definición de "}
"""How the title of a definition begins before the word that it defines, by language."""


@dataclass(frozen=True)
class Words:
    """Words of the manual, and the language they are in."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Part:
    """An element as it is read: its permanent code and its words."""

    code: str
    words: Words


@dataclass(frozen=True)
class Reading:
    """One text as it is read in a language."""

    source: SectionVersion
    title: Words
    text: Words
    elements: tuple[Part, ...] = ()
    translation_of: SectionVersion | None = None
    """The version that was translated, where the words shown are a translation."""
    stale: SectionTranslation | None = None
    """A translation of earlier words, where there is none of these."""

    @property
    def code(self) -> str:
        """The permanent code of the section."""
        return self.source.section.code

    @property
    def term(self) -> Words:
        """The word that a definition defines, by its title."""
        return Words(self.title.text.removeprefix(DEFINED.get(self.title.language, "")), self.title.language)

    @property
    def url(self) -> str:
        """The address of the section as it stands today."""
        return reverse("policies:section", args=[self.code])

    @property
    def permalink(self) -> str:
        """The address of exactly this version."""
        return reverse("policies:section_version", args=[self.code, self.source.version])

    @property
    def is_translation(self) -> bool:
        """Whether the words shown are a translation."""
        return self.translation_of is not None

    @property
    def original(self) -> Reading:
        """The text that binds."""
        return _as_written(self.source)


class Translations:
    """The translations of some sections into one language, fetched once."""

    def __init__(self, manual: Manual, language: str, sections: Collection[int]) -> None:
        self.manual = manual
        self.language = language
        self._of_section: dict[int, list[SectionTranslation]] = {}
        self._manual_words: ManualTranslation | None = None
        if language == manual.language:
            return
        self._manual_words = manual.translations.filter(language=language).first()
        rows = (
            SectionTranslation.objects.filter(language=language, version__section__in=sections)
            .select_related("version")
            .prefetch_related("elements__element")
            .order_by("-version__effective")
        )
        for row in rows:
            self._of_section.setdefault(row.version.section_id, []).append(row)

    def read(self, text: SectionVersion) -> Reading:
        """Return a text in the language, or as written where no translation has these words."""
        known = self._of_section.get(text.section_id, [])
        row = next((row for row in known if row.version.wording_digest == text.wording_digest), None)
        if row is None:
            earlier = (row for row in known if row.version.effective_from < text.effective_from)
            return _as_written(text, stale=next(earlier, None))
        words = {element.element.code: element.text for element in row.elements.all()}
        return Reading(
            source=text,
            title=Words(row.title, self.language),
            text=Words(row.text, self.language),
            elements=tuple(
                Part(element.code, Words(words[element.code], self.language))
                if element.code in words
                else Part(element.code, Words(element.text, self.manual.language))
                for element in text.elements.all()
            ),
            translation_of=row.version,
        )

    def manual_title(self) -> Words:
        """Return the title of the manual."""
        if self._manual_words:
            return Words(self._manual_words.title, self.language)
        return Words(self.manual.title, self.manual.language)

    def chapter_title(self, chapter: Chapter) -> Words:
        """Return the title of a chapter."""
        titles = self._manual_words.chapters if self._manual_words else {}
        if chapter.code in titles:
            return Words(titles[chapter.code], self.language)
        return Words(chapter.title, self.manual.language)


def titles_of(codes: Collection[str], language: str) -> dict[str, str]:
    """Return the newest titles of sections of the governing manual that have one in the language, by their codes."""
    texts = SectionVersion.objects.filter(section__code__in=codes, section__manual__governs=True)
    read = texts.select_related("section__manual").prefetch_related("elements").order_by("effective")
    newest = {text.section_id: text for text in read}
    if not newest:
        return {}
    translations = Translations(next(iter(newest.values())).section.manual, language, newest)
    titles = {text.section.code: translations.read(text).title for text in newest.values()}
    return {code: title.text for code, title in titles.items() if title.language == language}


def _as_written(text: SectionVersion, *, stale: SectionTranslation | None = None) -> Reading:
    language = text.section.manual.language
    return Reading(
        source=text,
        title=Words(text.title, language),
        text=Words(text.text, language),
        elements=tuple(Part(element.code, Words(element.text, language)) for element in text.elements.all()),
        stale=stale,
    )


@dataclass(frozen=True)
class ChapterReading:
    """A chapter as it stands in one version: that in force, or one that was asked for."""

    chapter: Chapter
    title: Words
    version: ChapterVersion | None
    sections: tuple[Reading, ...]

    @property
    def url(self) -> str:
        """The address of the chapter."""
        return reverse("policies:chapter", args=[self.chapter.code])

    @property
    def permalink(self) -> str:
        """The address of exactly this version."""
        return (
            reverse("policies:chapter_version", args=[self.chapter.code, self.version.version]) if self.version else ""
        )


@dataclass(frozen=True)
class Contents:
    """The whole manual, by chapter."""

    manual: Manual
    title: Words
    chapters: tuple[ChapterReading, ...]


def governing_manual() -> Manual | None:
    """Return the manual by which this office acts; None until one is published."""
    return Manual.objects.filter(governs=True).first()


def contents(manual: Manual, *, on: datetime.date, language: str) -> Contents:
    """Return the chapters with the texts in force on a day."""
    chapters = list(manual.chapters.prefetch_related("versions"))
    texts = _texts(SectionVersion.objects.on(on).filter(section__manual=manual))
    translations = Translations(manual, language, [text.section_id for text in texts])
    of_chapter: dict[int, list[SectionVersion]] = {}
    for text in texts:
        of_chapter.setdefault(text.section.chapter_id, []).append(text)
    return Contents(
        manual=manual,
        title=translations.manual_title(),
        chapters=tuple(
            _chapter(row, version_on(row, on), of_chapter.get(row.pk, []), translations) for row in chapters
        ),
    )


def version_on(chapter: Chapter, day: datetime.date) -> ChapterVersion | None:
    """Return the version of a chapter in force on a day, if one was."""
    return next((v for v in chapter.versions.all() if v.effective and day in v.effective), None)


def read_chapter(chapter: Chapter, version: ChapterVersion | None, *, language: str) -> ChapterReading:
    """Return a chapter with everything it says in one version."""
    texts = _texts(SectionVersion.objects.filter(chapter_version=version)) if version else []
    translations = Translations(chapter.manual, language, [text.section_id for text in texts])
    return _chapter(chapter, version, texts, translations)


def _chapter(
    chapter: Chapter, version: ChapterVersion | None, texts: Sequence[SectionVersion], translations: Translations
) -> ChapterReading:
    return ChapterReading(
        chapter=chapter,
        title=translations.chapter_title(chapter),
        version=version,
        sections=tuple(translations.read(text) for text in texts),
    )


def _texts(versions: Any) -> list[SectionVersion]:
    """Return texts in the order of the manual, with all that reading them asks for."""
    return list(
        versions.select_related("section__manual", "section__chapter", "chapter_version")
        .prefetch_related("elements")
        .in_order()
    )


@dataclass(frozen=True)
class VersionLine:
    """One version of a section in the list of all: its days, and whether it says the same as the one before."""

    text: SectionVersion
    shown: bool
    same_words_as: str
    permalink: str


@dataclass(frozen=True)
class SectionPage:
    """Everything that the page of one section shows."""

    reading: Reading
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
    lineage: tuple[Lineage, ...]
    modules: tuple[Mapping[str, Any], ...]
    """The modules that the manual itself names for the section."""
    curricula: tuple[Curriculum, ...]
    """The versions of courses that teach the section today."""
    neighbours: tuple[Reading, ...]
    """The sections of the same part of the chapter, by their numbers."""
    links: Mapping[str, str]
    """Words and codes that occur in the texts, in small letters, with the address that explains them."""


def section_page(code: str, version: str | None, *, today: datetime.date, language: str) -> SectionPage:
    """Return the page of a section of the governing manual, as in force today or in the version asked for.

    A section that is not in force today is shown as it last was, or as it will first be. Raises `UnknownSection`.
    """
    versions = register.current().versions(code)
    text = _asked_for(versions, version, today)
    current = next((row for row in versions if row.in_force_on(today)), None)
    as_of = min(max(today, text.effective_from), text.effective_to or datetime.date.max)
    section = text.section
    exceptions, excuses = _linked(text, as_of)
    siblings = _texts(SectionVersion.objects.filter(_around(text), chapter_version=text.chapter_version_id))
    defined = [row for row in siblings if row.kind == Kind.DEFINITION and row.section_id != section.pk]
    shown = [text, *exceptions, *excuses, *siblings]
    translations = Translations(section.manual, language, [row.section_id for row in shown])
    reading = translations.read(next(row for row in siblings if row.pk == text.pk))
    readings = [reading, *(translations.read(row) for row in exceptions)]
    definitions = [translations.read(row) for row in defined]
    chapter = _chapter(section.chapter, text.chapter_version, siblings, translations)
    words = _words_of(readings)
    used = tuple(row for row in definitions if _occurs(row.term.text, words))
    return SectionPage(
        reading=reading,
        chapter=chapter,
        as_of=as_of,
        in_force=text.in_force_on(today),
        current=None if current == text else current,
        in_force_since=_since(versions, text),
        exceptions=tuple(readings[1:]),
        excuses=tuple(translations.read(row) for row in excuses),
        definitions=used,
        versions=tuple(_lines(versions, text)),
        neighbours=tuple(row for row in chapter.sections if _part(row.source.number) == _part(text.number)),
        lineage=tuple(_lineage(section)),
        modules=tuple(m for m in section.manual.annexes.get("training_modules", ()) if code in m.get("covers", ())),
        curricula=tuple(
            Curriculum.objects.filter(sections=section, effective__contains=today).select_related("course")
        ),
        links={row.term.text.lower(): row.url for row in used} | _codes_in(words, section),
    )


def _around(text: SectionVersion) -> Q:
    """Return what a page shows of the chapter around a section: the same part, and every definition."""
    part = _part(text.number)
    if not part:
        return Q()
    return Q(number__startswith=f"{part}.") | Q(kind=Kind.DEFINITION) | Q(pk=text.pk)


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
        _texts(SectionVersion.objects.on(day).filter(section__in=order)), key=lambda row: order[row.section_id]
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
            permalink=reverse("policies:section_version", args=[row.section.code, row.version]),
        )


def _lineage(section: Section) -> Iterable[Lineage]:
    return (
        Lineage.objects.filter(Q(earlier=section) | Q(later=section))
        .select_related("chapter_version")
        .prefetch_related(Prefetch("earlier"), Prefetch("later"))
        .distinct()
        .order_by("chapter_version__effective", "order")
    )


def _part(number: str) -> str:
    """Return the part of the chapter that a number lies in: 400.4 of 400.4.1."""
    return number.rpartition(".")[0]


def _words_of(readings: Iterable[Reading]) -> str:
    parts = [words for row in readings for words in (row.text, *(part.words for part in row.elements))]
    return "\n".join(words.text for words in parts)


def _occurs(term: str, words: str) -> bool:
    return re.search(rf"\b{re.escape(term)}s?\b", words, re.IGNORECASE) is not None


def _codes_in(words: str, own: Section) -> dict[str, str]:
    """Return the address of each other section of the manual whose code occurs in the words."""
    found = Section.objects.filter(manual=own.manual, code__in=set(CODE_IN_TEXT.findall(words)) - {own.code})
    return {code.lower(): reverse("policies:section", args=[code]) for code in found.values_list("code", flat=True)}
