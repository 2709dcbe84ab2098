"""What a reader is shown of the manual: each text in the reader's language, beside the text that binds.

A translation informs and does not decide. It is shown where it translates the same words, whatever the version; where
the words have changed since, the text that binds is shown and the translation is said to be out of date.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from policy_rules.addresses import address
from policy_rules.models import (
    Chapter,
    ChapterVersion,
    Container,
    Manual,
    ManualTranslation,
    SectionTranslation,
    SectionVersion,
)
from policy_rules.paragraphs import Block, blocks_of

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
        return address(self.source.section.manual, "section", self.code)

    @property
    def permalink(self) -> str:
        """The address of exactly this version."""
        return address(self.source.section.manual, "section_version", self.code, self.source.version)

    @property
    def blocks(self) -> list[Block]:
        """The paragraphs of the text."""
        return blocks_of(self.text.text)

    @property
    def is_translation(self) -> bool:
        """Whether the words shown are a translation."""
        return self.translation_of is not None

    @property
    def original(self) -> Reading:
        """The text that binds."""
        return _as_written(self.source)


class Translations:
    """The translations of some sections into one language, fetched once; without sections, of all by their titles."""

    def __init__(self, manual: Manual, language: str, sections: Collection[int] | None) -> None:
        self.manual = manual
        self.language = language
        self._of_section: dict[int, list[SectionTranslation]] = {}
        self._manual_words: ManualTranslation | None = None
        if language == manual.language:
            return
        self._manual_words = manual.translations.filter(language=language).first()
        rows = SectionTranslation.objects.filter(language=language).select_related("version").defer("words_es")
        if sections is None:
            rows = rows.filter(version__section__manual=manual).defer("words_es", "text", "version__text")
        else:
            rows = rows.filter(version__section__in=sections).prefetch_related("elements__element")
        for row in rows.order_by("-version__effective"):
            self._of_section.setdefault(row.version.section_id, []).append(row)

    def of_section(self, section: int) -> list[SectionTranslation]:
        """Return every translation of a section, given by its key; the newest first."""
        return self._of_section.get(section, [])

    def of_words(self, section: int, wording_digest: str) -> SectionTranslation | None:
        """Return the translation of exactly these words of a section, whatever the version."""
        return next((row for row in self.of_section(section) if row.version.wording_digest == wording_digest), None)

    def heading(self, text: SectionVersion) -> Reading:
        """Return a section with its title alone, in the language or as written."""
        row = self.of_words(text.section_id, text.wording_digest)
        title = Words(row.title, self.language) if row else Words(text.title, self.manual.language)
        return Reading(
            source=text, title=title, text=Words("", title.language), translation_of=row.version if row else None
        )

    def read(self, text: SectionVersion) -> Reading:
        """Return a text in the language, or as written where no translation has these words."""
        row = self.of_words(text.section_id, text.wording_digest)
        if row is None:
            known = self.of_section(text.section_id)
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
        """Return the title of the manual; one that was kept as it is stands in the manual's own language."""
        if self._manual_words and self._manual_words.title != self.manual.title:
            return Words(self._manual_words.title, self.language)
        return Words(self.manual.title, self.manual.language)

    def chapter_title(self, chapter: Chapter) -> Words:
        """Return the title of a chapter."""
        titles = self._manual_words.chapters if self._manual_words else {}
        if chapter.code in titles:
            return Words(titles[chapter.code], self.language)
        return Words(chapter.title, self.manual.language)


def closest_to(text: SectionVersion) -> list[SectionTranslation]:
    """Return in each language the translation of a text's words, or else of the newest of its earlier words."""
    rows = SectionTranslation.objects.filter(version__section=text.section_id).select_related("version")
    found: dict[str, SectionTranslation] = {}
    for row in rows.prefetch_related("elements__element").order_by("language", "-version__effective"):
        if row.version.wording_digest == text.wording_digest:
            found[row.language] = row
        elif row.version.effective_from < text.effective_from:
            found.setdefault(row.language, row)
    return list(found.values())


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
class Heading:
    """A heading within a chapter with the sections directly under it; `depth` counts from 0."""

    container: Container | None
    depth: int = 0
    sections: list[Reading] = field(default_factory=list)


@dataclass(frozen=True)
class ChapterReading:
    """A chapter as it stands in one version: that in force, or one that was asked for."""

    chapter: Chapter
    title: Words
    version: ChapterVersion | None
    sections: tuple[Reading, ...]
    count: int = 0
    """How many sections it has in this version."""
    parts: tuple[Heading, ...] = ()
    """The sections under the headings of the chapter, in order; one part without a heading where there are none."""

    @property
    def url(self) -> str:
        """The address of the chapter."""
        return address(self.chapter.manual, "chapter", self.chapter.code)

    @property
    def is_translation(self) -> bool:
        """Whether any section is shown in a translation."""
        return any(section.is_translation for section in self.sections)

    @property
    def permalink(self) -> str:
        """The address of exactly this version."""
        if self.version is None:
            return ""
        return address(self.chapter.manual, "chapter_version", self.chapter.code, self.version.version)


@dataclass(frozen=True)
class Contents:
    """The whole manual, by chapter."""

    manual: Manual
    title: Words
    chapters: tuple[ChapterReading, ...]


def governing_manual() -> Manual | None:
    """Return the manual by which this office acts; None until one is published."""
    return Manual.objects.filter(governs=True).first()


def other_manuals() -> list[Manual]:
    """Return the bodies of rules that are kept for reference and empower nobody here, by their titles."""
    return list(Manual.objects.filter(governs=False, chapters__isnull=False).distinct().order_by("title"))


def whole(manual: Manual, *, on: datetime.date, language: str) -> Contents:
    """Return the chapters with everything in force on a day."""
    chapters = list(manual.chapters.prefetch_related("versions"))
    texts = texts_to_read(SectionVersion.objects.on(on).filter(section__manual=manual))
    translations = Translations(manual, language, [text.section_id for text in texts])
    containers = {row.pk: row for row in manual.containers.all()}
    of_chapter: dict[int, list[SectionVersion]] = {}
    for text in texts:
        of_chapter.setdefault(text.section.chapter_id, []).append(text)
    return Contents(
        manual=manual,
        title=translations.manual_title(),
        chapters=tuple(
            chapter_reading(row, version_on(row, on), of_chapter.get(row.pk, []), translations, containers)
            for row in chapters
        ),
    )


def version_on(chapter: Chapter, day: datetime.date) -> ChapterVersion | None:
    """Return the version of a chapter in force on a day, if one was."""
    return next((v for v in chapter.versions.all() if v.effective and day in v.effective), None)


def read_chapter(chapter: Chapter, version: ChapterVersion | None, *, language: str) -> ChapterReading:
    """Return a chapter with everything it says in one version."""
    texts = texts_to_read(SectionVersion.objects.filter(chapter_version=version)) if version else []
    translations = Translations(chapter.manual, language, [text.section_id for text in texts])
    return chapter_reading(chapter, version, texts, translations)


def chapter_reading(
    chapter: Chapter,
    version: ChapterVersion | None,
    texts: Sequence[SectionVersion],
    translations: Translations,
    containers: Mapping[int, Container] | None = None,
) -> ChapterReading:
    """Return a chapter as it is read; its sections are put under headings where those of the manual are given."""
    sections = tuple(translations.read(text) for text in texts)
    return ChapterReading(
        chapter=chapter,
        title=translations.chapter_title(chapter),
        version=version,
        sections=sections,
        count=len(sections),
        parts=tuple(under_headings(chapter, sections, containers or {})),
    )


def under_headings(
    chapter: Chapter, sections: Iterable[Reading], containers: Mapping[int, Container]
) -> Iterator[Heading]:
    """Yield the headings below the chapter, each before those within it, with their sections."""
    before: list[Container] = []
    part: Heading | None = None
    for reading in sections:
        path = _path(containers.get(reading.source.section.container_id or 0), chapter, containers)
        if part is None or path != before:
            kept = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, path, strict=False)))
            if part is not None:
                yield part
            new = [Heading(container, depth) for depth, container in enumerate(path[kept:], start=kept)]
            yield from new[:-1]
            part = new[-1] if new else Heading(None, len(path))
            before = path
        part.sections.append(reading)
    if part is not None:
        yield part


def _path(container: Container | None, chapter: Chapter, containers: Mapping[int, Container]) -> list[Container]:
    """Return the headings in which a heading lies, outermost first, from below that of the chapter itself."""
    path: list[Container] = []
    while container is not None and container.code != chapter.code:
        path.insert(0, container)
        container = containers.get(container.parent_id or 0)
    return path


def texts_to_read(versions: Any) -> list[SectionVersion]:
    """Return texts in the order of the manual, with all that reading them asks for."""
    return list(
        versions.select_related("section__manual", "section__chapter", "chapter_version")
        .prefetch_related("elements")
        .in_order()
    )
