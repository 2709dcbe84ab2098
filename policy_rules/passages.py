"""Passages of a text: its sentences to choose from, and words that someone picked out of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SENTENCE = re.compile(r"\S.*?(?:[.;:?!](?=\s)|\n|\Z)", re.DOTALL)
_ALIKE = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-"})


@dataclass(frozen=True)
class Passage:
    """Words of a text, from one character of it to another."""

    starts: int
    ends: int
    words: str

    @property
    def place(self) -> str:
        """The passage as a form sends it, for example ``12-57``."""
        return f"{self.starts}-{self.ends}"


def sentences(text: str) -> Iterator[Passage]:
    """Yield the sentences of a text in order; a colon or a semicolon ends one too."""
    for found in _SENTENCE.finditer(text):
        words = found.group().rstrip()
        yield Passage(found.start(), found.start() + len(words), words)


def at(text: str, place: str) -> Passage | None:
    """Return the passage at a place such as ``12-57``; None where the text has no such place."""
    found = re.fullmatch(r"(\d{1,7})-(\d{1,7})", place)
    if found is None:
        return None
    starts, ends = int(found[1]), int(found[2])
    return Passage(starts, ends, text[starts:ends]) if starts < ends <= len(text) else None


def find(text: str, words: str) -> Passage | None:
    """Return where words stand in a text, whatever their case, spaces and quotation marks; None where they do not."""
    parts = [re.escape(part) for part in words.translate(_ALIKE).split()]
    if not parts:
        return None
    found = re.search(r"\s+".join(parts), text.translate(_ALIKE), re.IGNORECASE)
    return found and Passage(found.start(), found.end(), text[found.start() : found.end()])
