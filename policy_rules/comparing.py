"""What changed between two versions of a chapter: which sections, and which words of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

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


@dataclass(frozen=True)
class SectionChange:
    """One section in both versions; where it is in one only, the other text is None."""

    code: str
    what: Change
    before: SectionText | None
    after: SectionText | None
    runs: tuple[Run, ...] = ()
    """Title, text and elements word by word, where the section was changed; empty otherwise."""
    settings: tuple[tuple[str, str, str], ...] = ()
    """What else differs: name of the setting, its value before and after."""

    @property
    def text(self) -> SectionText:
        """What the section says in the newer version that holds it."""
        found = self.after or self.before
        if found is None:
            raise ValueError(f"{self.code} is in neither version")
        return found

    @property
    def runs_before(self) -> list[Run]:
        """The earlier text alone, with what was removed marked."""
        return [run for run in self.runs if run.what != ADDED]

    @property
    def runs_after(self) -> list[Run]:
        """The later text alone, with what was added marked."""
        return [run for run in self.runs if run.what != REMOVED]


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


def compare(before: Mapping[str, SectionText], after: Mapping[str, SectionText]) -> Comparison:
    """Compare what two versions say, each given as the texts of its sections by code, in order."""
    return Comparison(tuple(_section(code, before.get(code), after.get(code)) for code in _order(before, after)))


def words_between(before: str, after: str) -> tuple[Run, ...]:
    """Return the words of both texts in one line: those kept, those removed and those added."""
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


def _order(before: Mapping[str, SectionText], after: Mapping[str, SectionText]) -> list[str]:
    """Return the codes in the order of the later version, each removed section after the one it followed."""
    order = list(after)
    place = 0
    for code in before:
        if code in after:
            place = order.index(code) + 1
        else:
            order.insert(place, code)
            place += 1
    return order


def _section(code: str, before: SectionText | None, after: SectionText | None) -> SectionChange:
    if before is None or after is None:
        return SectionChange(code, Change.ADDED if before is None else Change.REMOVED, before, after)
    if before.wording() == after.wording():
        return SectionChange(code, Change.SAME if before.number == after.number else Change.MOVED, before, after)
    runs = words_between(_whole(before), _whole(after))
    return SectionChange(code, Change.CHANGED, before, after, runs, tuple(_settings(before, after)))


def _whole(text: SectionText) -> str:
    return "\n".join((text.title, text.text, *(words for _code, words in text.elements)))


SETTINGS = ("kind", "discipline_class", "standard_of_proof", "exceptions", "applies_to", "deadlines", "details")


def _settings(before: SectionText, after: SectionText) -> Iterator[tuple[str, str, str]]:
    for name in SETTINGS:
        one, other = getattr(before, name), getattr(after, name)
        if one != other:
            yield name, _told(one), _told(other)


def _told(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {number}" for name, number in value.items()) or "–"
    if isinstance(value, tuple):
        return ", ".join(value) or "–"
    return str(value) or "–"
