"""What the reader hands on: complaints as the source tells them, and the rows it could not take.

Every row of every file ends in exactly one complaint or in exactly one rejection.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

EXCERPT = 200
"""Bytes of a rejected row that are reported."""


class Reason(StrEnum):
    """Why a row was rejected, or why a cell was doubted. The codes stand in the report file."""

    # Rejected: the row cannot become part of a complaint.
    UNREADABLE_ROW = "unreadable_row"
    """The line is not CSV, or has more or fewer cells than the header."""
    NO_REFERENCE = "no_reference"
    """The row does not say to which complaint it belongs."""
    NO_COMPLAINT = "no_complaint"
    """An allegation of a complaint that no file describes."""
    NO_RECEIVED_DATE = "no_received_date"
    """No row of the complaint has a usable date of receipt, so it cannot be entered in a register."""
    DUPLICATE_ROW = "duplicate_row"
    """Equal to an earlier row in the columns that the mapping names."""
    TOO_MANY_ROWS = "too_many_rows"
    """The complaint has more rows than one entry of the log can list."""
    HELD_OTHERWISE = "held_otherwise"
    """The complaint is already held, made of other rows; what is held is not overwritten."""

    # Doubted: the row is taken, the cell is not believed.
    ABOVE_MAXIMUM = "above_maximum"
    BELOW_MINIMUM = "below_minimum"
    BROKEN_VALUE = "broken_value"
    """A value that the source's own software spoilt, such as `#VALUE!`."""
    CLOSED_BEFORE_RECEIVED = "closed_before_received"
    DATE_TOO_EARLY = "date_too_early"
    DATE_TOO_LATE = "date_too_late"
    FINDING_OUTSIDE_ITS_DATES = "finding_outside_its_dates"
    """The source did not use that finding at that time."""
    NO_ALLEGATIONS = "no_allegations"
    OPEN_FINDING_ON_CLOSED_COMPLAINT = "open_finding_on_closed_complaint"
    ROWS_DISAGREE = "rows_disagree"
    """Rows of one complaint differ in what can have one value only; another row's value was used."""
    STRAY_QUOTE = "stray_quote"
    TOO_LONG = "too_long"
    """Longer than a code can be; the whole stays in the kept row."""
    UNDECODABLE = "undecodable"
    """Bytes that are no text in the stated encoding, shown as U+FFFD."""
    UNKNOWN_CODE = "unknown_code"
    UNREADABLE_DATE = "unreadable_date"
    UNREADABLE_NUMBER = "unreadable_number"


def excerpt(raw: bytes) -> str:
    """Return the beginning of a row as text, whatever its bytes are."""
    return raw[:EXCERPT].decode(errors="replace").replace("\0", "\ufffd")


@dataclass(frozen=True, slots=True)
class Coded:
    """A cell to the letter, and the canonical code it stands for (None where it stands for none)."""

    source: str
    code: str | None

    def as_dict(self) -> dict[str, str | None]:
        """Return the pair as it is kept in JSON."""
        return {"source": self.source, "code": self.code}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A data file: the hex SHA-256 of its bytes, and how it is written."""

    name: str
    digest: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of one file. `raw` are its bytes without the line ending, `digest` is their hex SHA-256."""

    file: SourceFile
    line: int
    raw: bytes
    digest: str
    values: Mapping[str, str]

    @property
    def excerpt(self) -> str:
        """The beginning of the row, for people who look into what was wrong with it."""
        return excerpt(self.raw)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A cell that was not believed. The row stays; `column` is empty where the doubt is of the whole row."""

    file: str
    line: int
    column: str
    reason: Reason
    value: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that could not be taken. `value` is the beginning of the row."""

    file: str
    line: int
    reason: Reason
    value: str


@dataclass(frozen=True, slots=True)
class SourceAllegation:
    """One allegation row: what was alleged, against whom, and what was found."""

    category: Coded
    finding: Coded
    text: str
    complainant: Mapping[str, Coded]
    officer: Mapping[str, Coded]
    row: SourceRow

    @property
    def officer_identifier(self) -> str:
        """What tells this officer from every other in the source, or "" where nothing does."""
        identifier = self.officer.get("identifier")
        return (identifier.code or "") if identifier else ""


@dataclass(frozen=True, slots=True)
class SourceComplaint:
    """One complaint with all its rows, in the order of the files.

    `closed_on` is None where the source gives no date or none that can be believed; `closed` says whether the source
    counts the complaint as closed, which it may do without a date.
    """

    source: str
    reference: str
    received_on: date
    closed_on: date | None
    closed: bool
    channel: Coded
    district: Coded
    summary: str
    allegations: tuple[SourceAllegation, ...]
    rows: tuple[SourceRow, ...]
    doubts: tuple[Doubt, ...]

    @property
    def digests(self) -> tuple[str, ...]:
        """The digest of each row, in the order of the rows; equal rows give equal digests, each listed."""
        return tuple(row.digest for row in self.rows)
