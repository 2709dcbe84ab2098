"""What changed between two versions of a chapter: which sections, and which words of each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, NamedTuple

from policy_rules.canonical import SectionText

WORD = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")
"""A word or a mark with the space after it: half as many parts to compare, a quarter of the time."""
SAME, REMOVED, ADDED = "same", "removed", "added"
LEAST_KEPT = 3
"""Words that must stand together between two changes to be shown as kept; fewer are read as part of one change."""


class Change(StrEnum):
    """What became of a section."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    SAME = "same"


@dataclass(frozen=True)
class Run:
    """Words that stand together: the same in both texts, only in the earlier, or only in the later."""

    what: str
    words: str


class Place(StrEnum):
    """Which words of a section a passage is."""

    TITLE = "title"
    TEXT = "text"
    ELEMENT = "element"


@dataclass(frozen=True)
class Passage:
    """The title, the text or one element of a section, word by word as it is in both versions."""

    place: Place
    runs: tuple[Run, ...]
    code: str = ""
    """The permanent code of an element; empty for the title and the text."""

    @property
    def before(self) -> tuple[Run, ...]:
        """The earlier words alone, with those that were removed marked."""
        return tuple(run for run in self.runs if run.what != ADDED)

    @property
    def after(self) -> tuple[Run, ...]:
        """The later words alone, with those that were added marked."""
        return tuple(run for run in self.runs if run.what != REMOVED)


class Setting(NamedTuple):
    """What a section states beside its words: its name, and its values; None in a version that does not state it.

    A figure has the group that it lies in before its own name, for example ``deadlines.board_days``.
    """

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class SectionChange:
    """One section in both versions; where it is in one only, the other text is None."""

    code: str
    what: Change
    before: SectionText | None
    after: SectionText | None
    passages: tuple[Passage, ...] = ()
    """The words of a section that was added, removed or changed; the title only where it is not the same."""
    settings: tuple[Setting, ...] = ()
    """What else differs where the section was changed."""

    @property
    def text(self) -> SectionText:
        """What the section says in the newer version that holds it."""
        found = self.after or self.before
        if found is None:
            raise ValueError(f"{self.code} is in neither version")
        return found


class Wording(NamedTuple):
    """The number of a section in a version, and what is equal where its words are: the words or a digest of them."""

    number: str
    words: Any


@dataclass(frozen=True)
class Comparison:
    """Two versions side by side, section by section, in the order of the later one."""

    sections: tuple[SectionChange, ...]

    def of(self, what: Change) -> list[SectionChange]:
        """Return the sections of which this is true."""
        return [section for section in self.sections if section.what == what]

    @property
    def changes(self) -> list[SectionChange]:
        """The sections that are not the same in both."""
        return [section for section in self.sections if section.what != Change.SAME]

    @property
    def tally(self) -> Counter[Change]:
        """How many sections became what."""
        return Counter(section.what for section in self.sections)


def compare(before: Mapping[str, SectionText], after: Mapping[str, SectionText]) -> Comparison:
    """Compare what two versions say, each given as the texts of its sections by code, in order."""
    return Comparison(tuple(_section(code, before.get(code), after.get(code)) for code in in_order(before, after)))


def words_between(before: str, after: str) -> tuple[Run, ...]:
    """Return the words of both texts in one line: those kept, those removed and those added."""
    if before == after or not (before and after):
        whole = ((REMOVED, before), (ADDED, after)) if before != after else ((SAME, after),)
        return tuple(Run(what, words) for what, words in whole if words)
    one, other = WORD.findall(before), WORD.findall(after)
    runs: list[Run] = []
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for tag, first, last, start, end in matcher.get_opcodes():
        kept = "".join(one[first:last])
        if tag == "equal" and runs and not _is_kept(one[first:last], at_end=last == len(one)):
            _add(runs, REMOVED, kept)
            _add(runs, ADDED, kept)
            continue
        if tag == "equal":
            _add(runs, SAME, kept)
            continue
        _add(runs, REMOVED, kept)
        _add(runs, ADDED, "".join(other[start:end]))
    return tuple(_in_order(runs))


def _is_kept(tokens: Sequence[str], *, at_end: bool) -> bool:
    return at_end or sum(1 for token in tokens if token[0].isalnum()) >= LEAST_KEPT


def _add(runs: list[Run], what: str, words: str) -> None:
    """Add words to the change that is open, so that what was removed stands together and before what was added."""
    if not words:
        return
    for place in range(len(runs) - 1, -1, -1):
        if runs[place].what == what:
            runs[place] = Run(what, runs[place].words + words)
            return
        if SAME in (runs[place].what, what):
            break
    runs.append(Run(what, words))


def _in_order(runs: Sequence[Run]) -> Iterator[Run]:
    """Yield the runs with what was removed before what was added in its place."""
    place = 0
    while place < len(runs):
        pair = runs[place : place + 2]
        if [run.what for run in pair] == [ADDED, REMOVED]:
            yield from (pair[1], pair[0])
            place += 2
        else:
            yield runs[place]
            place += 1


def what_became(before: Wording | None, after: Wording | None) -> Change:
    """Return what became of a section, by its number and what identifies its words in each version that holds it."""
    if before is None or after is None:
        return Change.ADDED if before is None else Change.REMOVED
    if before.words != after.words:
        return Change.CHANGED
    return Change.SAME if before.number == after.number else Change.MOVED


def in_order(before: Iterable[str], after: Iterable[str]) -> list[str]:
    """Return the codes in the order of the later version, each removed one after the one it followed."""
    order = list(after)
    known = set(order)
    place = 0
    for code in before:
        if code in known:
            place = order.index(code) + 1
        else:
            order.insert(place, code)
            place += 1
    return order


def _section(code: str, before: SectionText | None, after: SectionText | None) -> SectionChange:
    what = what_became(_wording(before), _wording(after))
    passages = tuple(_passages(before, after)) if what not in (Change.SAME, Change.MOVED) else ()
    settings = tuple(_settings(before, after)) if before and after and what == Change.CHANGED else ()
    return SectionChange(code, what, before, after, passages, settings)


def _wording(text: SectionText | None) -> Wording | None:
    return Wording(text.number, text.wording()) if text else None


def _passages(before: SectionText | None, after: SectionText | None) -> Iterator[Passage]:
    if before and after and before.title != after.title:
        yield Passage(Place.TITLE, words_between(before.title, after.title))
    yield Passage(Place.TEXT, words_between(before.text if before else "", after.text if after else ""))
    one, other = dict(before.elements if before else ()), dict(after.elements if after else ())
    for code in in_order(one, other):
        yield Passage(Place.ELEMENT, words_between(one.get(code, ""), other.get(code, "")), code)


SETTINGS = ("number", "kind", "allegable", "discipline_class", "standard_of_proof", "exceptions", "applies_to")
FIGURES = ("deadlines", "details")


def _settings(before: SectionText, after: SectionText) -> Iterator[Setting]:
    for name in SETTINGS:
        one, other = getattr(before, name), getattr(after, name)
        if one != other:
            yield Setting(name, one, other)
    for group in FIGURES:
        figures, later = getattr(before, group), getattr(after, group)
        for name in in_order(figures, later):
            if figures.get(name) != later.get(name):
                yield Setting(f"{group}.{name}", figures.get(name), later.get(name))
