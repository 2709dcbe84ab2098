"""The one form that every importer makes of a manual and that publishing takes: plain values, no database."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from policy_rules.canonical import SectionText
from policy_rules.importers.nodes import Node


@dataclass(frozen=True)
class ChapterVersionDocument:
    """A chapter as drafted (no first day) or adopted."""

    version: str
    effective_from: datetime.date | None
    """The first day in force; None for a draft."""
    effective_to: datetime.date | None
    """The last day in force; None while none is set."""
    where: Node
    published_on: datetime.date | None = None
    adopted_on: datetime.date | None = None
    adopted_by: str = ""
    docket: str = ""
    change_note: str = ""

    @property
    def is_draft(self) -> bool:
        return self.effective_from is None

    def overlaps(self, other: ChapterVersionDocument) -> bool:
        """Say whether there is a day on which both are in force."""
        return other.effective_from is not None and self.in_force_during(other.effective_from, other.effective_to)

    def in_force_during(self, first: datetime.date, last: datetime.date | None) -> bool:
        """Say whether this version is in force on any day from the first to the last, or ever after without a last."""
        if self.effective_from is None:
            return False
        end = min(self.effective_to or datetime.date.max, last or datetime.date.max)
        return max(self.effective_from, first) <= end


@dataclass(frozen=True)
class ContainerDocument:
    """A heading that holds sections or other headings: a title, chapter, subchapter or part."""

    code: str
    prefix: str
    number: str
    heading: str
    parent: str
    where: Node


@dataclass(frozen=True)
class SectionDocument:
    """A section and what it says in each adopted version of its chapter that holds it."""

    code: str
    order: int
    texts: Mapping[str, SectionText]
    where: Node
    container: str = ""
    """Code of the heading under which the section stands."""


@dataclass(frozen=True)
class ChapterDocument:
    """A chapter with its versions in order of time and its sections in order of the manual."""

    code: str
    number: str
    title: str
    order: int
    versions: tuple[ChapterVersionDocument, ...]
    sections: tuple[SectionDocument, ...]
    where: Node
    earlier_rule: str = ""
    annexes: Mapping[str, Any] = field(default_factory=dict)

    def adopted(self) -> list[str]:
        """Return the names of the versions that were adopted, in order of time."""
        return [version.version for version in self.versions if not version.is_draft]

    def texts(self, section: SectionDocument) -> Iterator[tuple[ChapterVersionDocument, SectionText]]:
        """Yield what a section says in each version that holds it, in order of time."""
        for version in self.versions:
            if version.version in section.texts:
                yield version, section.texts[version.version]

    def version(self, name: str) -> ChapterVersionDocument | None:
        """Return the version of that name."""
        return next((version for version in self.versions if version.version == name), None)


@dataclass(frozen=True)
class LineageDocument:
    """That sections of a chapter came from others in one of its versions."""

    chapter: str
    in_version: str
    how: str
    earlier: tuple[str, ...]
    later: tuple[str, ...]
    where: Node
    from_number: str = ""
    to_number: str = ""
    note: str = ""


@dataclass(frozen=True)
class RuleSetDocument:
    """Rules as data and the authority for each act, with the first and last day on which they apply."""

    effective_from: datetime.date
    effective_to: datetime.date | None
    data: Mapping[str, Any]
    where: Node


@dataclass(frozen=True)
class TranslationDocument:
    """A manual in another language: terms, and sections as they stood in a named version."""

    manual: str
    language: str
    title: str
    rule: str
    prevails: str
    human_checked: bool
    chapters: Mapping[str, str]
    terms: Mapping[str, Any]
    sections: tuple[SectionTranslationDocument, ...]
    where: Node


@dataclass(frozen=True)
class SectionTranslationDocument:
    """One section in another language."""

    section: str
    version: str
    title: str
    text: str
    elements: Mapping[str, str]
    where: Node


@dataclass(frozen=True)
class ManualDocument:
    """A whole manual."""

    code: str
    title: str
    agency: str
    jurisdiction: str
    language: str
    chapters: tuple[ChapterDocument, ...]
    where: Node
    lineage: tuple[LineageDocument, ...] = ()
    rule_sets: tuple[RuleSetDocument, ...] = ()
    annexes: Mapping[str, Any] = field(default_factory=dict)
    source_digest: str = ""
    """SHA-256 of the file."""
    discipline_classes: frozenset[str] = frozenset()
    containers: tuple[ContainerDocument, ...] = ()
    """In the order of the manual, each after the one that holds it."""

    def chapter(self, code: str) -> ChapterDocument:
        """Return the chapter of that code."""
        return next(chapter for chapter in self.chapters if chapter.code == code)

    def sections(self) -> dict[str, tuple[ChapterDocument, SectionDocument]]:
        """Return every section with its chapter, by code."""
        return {section.code: (chapter, section) for chapter in self.chapters for section in chapter.sections}
