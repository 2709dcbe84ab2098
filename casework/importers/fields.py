"""How one cell of another system's file is read: as text, a day, a code, a number or a finding.

Reading never fails. A cell that cannot be believed gives no value and the `Reason` why.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from casework.importers.records import Coded, Reason

LONGEST_CODE = 120
"""Characters; a longer cell is prose that strayed into the wrong column."""


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return `text` as codes are compared: without case, surrounding asterisks or repeated spaces."""
    return " ".join(text.casefold().strip("* \t\r\n").split())


@lru_cache(maxsize=4096)
def _day(text: str, formats: tuple[str, ...]) -> date | None:
    for pattern in formats:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 -- a day as the source wrote it, no instant
        except ValueError:
            continue
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A column, and the strings (folded) that in it stand for no value or for one the source has spoilt."""

    column: str
    absent: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()

    def is_absent(self, cell: str) -> bool:
        """Say whether the cell is empty, or holds one of the strings that mean as much."""
        folded = fold(cell)
        return not folded or folded in self.absent

    def is_broken(self, cell: str) -> bool:
        """Say whether the source's own software left an error in the cell instead of a value."""
        return fold(cell) in self.broken

    def has_value(self, cell: str) -> bool:
        """Say whether the cell holds anything the source meant to put there, believable or not."""
        return not self.is_absent(cell) and not self.is_broken(cell)

    def without_code(self, cell: str) -> tuple[Coded, Reason | None] | None:
        """Return the cell as one that holds no code, with the reason to doubt it; None where it may hold one."""
        if len(cell) > LONGEST_CODE:
            return Coded(f"{cell[: LONGEST_CODE - 1]}…", None), Reason.TOO_LONG
        if self.is_broken(cell):
            return Coded(cell, None), Reason.BROKEN_VALUE
        return (Coded(cell, None), None) if self.is_absent(cell) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextField(Field):
    """Words, taken as they are."""

    def read(self, cell: str) -> tuple[str, Reason | None]:
        """Return the text, "" where there is none, and the reason to doubt it."""
        if self.is_broken(cell):
            return "", Reason.BROKEN_VALUE
        return "" if self.is_absent(cell) else cell, None


@dataclass(frozen=True, slots=True, kw_only=True)
class DateField(Field):
    """A day. `formats` are tried in order, as `datetime.strptime` understands them."""

    formats: tuple[str, ...]
    earliest: date = date.min
    latest: date = date.max

    def read(self, cell: str, *, today: date) -> tuple[date | None, Reason | None]:
        """Return the day, or None and the reason why there is none; a day after `today` is not believed."""
        if self.is_broken(cell):
            return None, Reason.BROKEN_VALUE
        if self.is_absent(cell):
            return None, None
        day = _day(cell.strip(), self.formats)
        if day is None:
            return None, Reason.UNREADABLE_DATE
        if day < self.earliest:
            return None, Reason.DATE_TOO_EARLY
        if day > min(self.latest, today):
            return None, Reason.DATE_TOO_LATE
        return day, None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeField(Field):
    """A code. `codes` leads from the folded cell to the canonical code; without it the trimmed cell is the code."""

    codes: Mapping[str, str] | None = None

    def read(self, cell: str) -> tuple[Coded, Reason | None]:
        """Return the cell beside its canonical code, and the reason to doubt it."""
        if nothing := self.without_code(cell):
            return nothing
        if self.codes is None:
            return Coded(cell, cell.strip()), None
        code = self.codes.get(fold(cell))
        return Coded(cell, code), None if code else Reason.UNKNOWN_CODE


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberField(Field):
    """A whole number between two limits, both included, such as an age in years."""

    minimum: int
    maximum: int

    def read(self, cell: str) -> tuple[Coded, Reason | None]:
        """Return the cell beside the number as a code, and the reason to doubt it."""
        if nothing := self.without_code(cell):
            return nothing
        if not re.fullmatch(r"[+-]?[0-9]{1,9}", cell.strip()):
            return Coded(cell, None), Reason.UNREADABLE_NUMBER
        number = int(cell)
        if number < self.minimum:
            return Coded(cell, None), Reason.BELOW_MINIMUM
        if number > self.maximum:
            return Coded(cell, None), Reason.ABOVE_MAXIMUM
        return Coded(cell, str(number)), None


@dataclass(frozen=True, slots=True)
class FindingMeaning:
    """What a finding of the source meant from the day `since` until the day before `until`.

    `code` is None where no canonical finding says the same; `open` marks a finding still to be made.
    """

    code: str | None
    open: bool = False
    since: date = date.min
    until: date = date.max


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingField(Field):
    """The finding on an allegation. The same word may have meant one thing in one year and another in the next."""

    meanings: Mapping[str, tuple[FindingMeaning, ...]]

    def read(self, cell: str, *, on: date) -> tuple[Coded, FindingMeaning | None, Reason | None]:
        """Return the finding as it was meant on the day `on`, that meaning, and the reason to doubt it."""
        if nothing := self.without_code(cell):
            return nothing[0], None, nothing[1]
        meanings = self.meanings.get(fold(cell))
        if meanings is None:
            return Coded(cell, None), None, Reason.UNKNOWN_CODE
        for meaning in meanings:
            if meaning.since <= on < meaning.until:
                return Coded(cell, meaning.code), meaning, None
        return Coded(cell, None), None, Reason.FINDING_OUTSIDE_ITS_DATES
