"""What a section says at one version, and the exact bytes that are hashed to prove that nobody has changed it.

The digest of a section version is the SHA-256 of its canonical text: a JSON document with sorted keys, no spaces and
UTF-8 letters (the profile of RFC 8785 in `audit.canonical`), so that anyone can recompute it with a few lines of any
language. It covers everything that binds: see ADR 0041.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from audit.canonical import canonical


@dataclass(frozen=True)
class Paragraph:
    """A labelled part of a text, as it stands in the text; `depth` counts from 0."""

    label: str
    text: str
    depth: int = 0
    heading: str = ""


@dataclass(frozen=True)
class Annotation:
    """What is told beside a text of law: its history, notes, and acts that touch it. It binds nobody."""

    kind: str
    text: str
    document: str = ""
    date: datetime.date | None = None
    is_note: bool = False
    """Whether it is a note of the editor to the group of annotations rather than one of them."""


@dataclass(frozen=True)
class SectionText:
    """Everything a manual states about one section at one version of its chapter."""

    number: str
    title: str
    kind: str
    allegable: bool
    text: str
    discipline_class: str = ""
    standard_of_proof: str = ""
    elements: tuple[tuple[str, str], ...] = ()
    """What must be proved, in order: permanent code and text."""
    exceptions: tuple[str, ...] = ()
    """Codes of the sections that may excuse this duty or prohibition."""
    applies_to: tuple[str, ...] = ()
    """Codes of the duties and prohibitions that this exception may excuse."""
    deadlines: Mapping[str, int] = field(default_factory=dict)
    details: Mapping[str, int] = field(default_factory=dict)
    """Other figures that the section sets, such as hours of training."""
    evidence_hints: tuple[str, ...] = ()
    """Where to look for evidence. Advice to investigators, which binds nobody, so it is not hashed."""
    paragraphs: tuple[Paragraph, ...] = ()
    """The labelled parts of the text. Their words are those of the text, so they are not hashed again."""
    annotations: tuple[Annotation, ...] = ()

    def wording(self) -> dict[str, Any]:
        """Return what the section says, without its place in the manual: equal for two versions that say the same."""
        return {
            "title": self.title,
            "kind": self.kind,
            "allegable": self.allegable,
            "discipline_class": self.discipline_class,
            "standard_of_proof": self.standard_of_proof,
            "text": self.text,
            "elements": [{"code": code, "text": text} for code, text in self.elements],
            "exceptions": list(self.exceptions),
            "applies_to": list(self.applies_to),
            "deadlines": dict(self.deadlines),
            "details": dict(self.details),
        }

    def canonical(self, *, manual: str, section: str, version: str) -> bytes:
        """Return the canonical text of this section as it stands in one version of its chapter."""
        place = {"manual": manual, "section": section, "version": version, "number": self.number}
        return canonical(place | self.wording())


def digest(content: bytes) -> str:
    """Return the SHA-256 of the content as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def digest_of_texts(texts: Iterable[tuple[str, str]]) -> str:
    """Return one digest for many texts, given each one's reference and digest, in whatever order they come."""
    return digest(canonical(dict(texts)))


def canonical_curriculum(
    *,
    course: str,
    version: str,
    minutes: int,
    outline: str,
    sections: Sequence[str],
    required_of: str,
    within_days: int | None,
    renewed_after_years: int | None,
    certifies_trainers: bool,
) -> bytes:
    """Return the canonical text of one version of a course: what is taught, to whom, and by when."""
    return canonical(
        {
            "course": course,
            "version": version,
            "minutes": minutes,
            "outline": outline,
            "sections": list(sections),
            "required_of": required_of,
            "within_days": within_days,
            "renewed_after_years": renewed_after_years,
            "certifies_trainers": certifies_trainers,
        }
    )
