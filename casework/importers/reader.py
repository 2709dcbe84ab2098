"""Reading another system's files by a mapping, one complaint at a time.

The rows of one complaint need not stand together (in the Detroit file they lie up to 4,487 rows apart), so a file is
read twice: first to note where the rows of each complaint begin, then complaint by complaint. What is kept in memory
are those places, about 300 bytes a complaint and 24 a row, never the rows.

What comes out does not depend on the order of the rows: where rows of one complaint disagree, the earliest day of
receipt, the latest believable day of closing and the most frequent code are used, and the other cells are doubted.
"""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from casework.importers.fields import CodeField, DateField, FindingMeaning, NumberField, TextField
from casework.importers.mapping import ALLEGATIONS, COMPLAINTS, SourceMapping
from casework.importers.records import (
    Coded,
    Doubt,
    Reason,
    Rejection,
    SourceAllegation,
    SourceComplaint,
    SourceRow,
    excerpt,
)
from casework.importers.tables import Record, SourceError, Table

UNMAPPED = Coded("", None)

MOST_ROWS = 900
"""Rows of one complaint: so many digests fit into one entry of the log."""

LONGEST_REFERENCE = 120
"""Characters of a complaint's reference in the source."""


class Source:
    """The data files of one import: a context manager to be iterated over once.

    Iterating yields every Rejection and every SourceComplaint. `rows` counts the rows met so far; `complaints` is how
    many complaints the files describe, known as soon as the first of them comes out. No day after `today` is believed.

    Entering raises SourceError where the files do not fit the mapping.
    """

    def __init__(self, mapping: SourceMapping, paths: Sequence[Path], *, today: date) -> None:
        self.mapping = mapping
        self.today = today
        self.rows = 0
        self.complaints = 0
        self._paths = paths
        self._tables: list[Table] = []
        self._open = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            for path in self._paths:
                table = _open(self.mapping, path)
                opened.callback(table.close)
                self._tables.append(table)
            _check_complete(self.mapping, self._tables)
            self._tables.sort(key=lambda table: COMPLAINTS not in table.layout.holds)
            self._open = opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def __iter__(self) -> Iterator[SourceComplaint | Rejection]:
        places: dict[str, array[int]] = {}
        described: set[str] = set()
        for number, table in enumerate(self._tables):
            seen: set[bytes] = set()
            for record in table.records():
                self.rows += 1
                row = _Row(table, record)
                if reason := row.flaw(seen):
                    yield row.rejected(reason)
                    continue
                places.setdefault(row.reference, array("Q")).extend((number, record.offset, record.line))
                if COMPLAINTS in table.layout.holds:
                    described.add(row.reference)
        self.complaints = len(described)
        for reference, flat in places.items():
            rows = (self._row(*flat[start : start + 3]) for start in range(0, len(flat), 3))
            if reference not in described:
                yield from (row.rejected(Reason.NO_COMPLAINT) for row in rows)
            elif len(flat) > 3 * MOST_ROWS:
                yield from (row.rejected(Reason.TOO_MANY_ROWS) for row in rows)
            else:
                yield from self._complaint(list(rows))

    def _complaint(self, rows: "list[_Row]") -> Iterator[SourceComplaint | Rejection]:
        complaint = _Assembly(self.mapping, rows, self.today).complaint()
        if complaint:
            yield complaint
        else:
            yield from (row.rejected(Reason.NO_RECEIVED_DATE) for row in rows)

    def _row(self, number: int, offset: int, line: int) -> "_Row":
        table = self._tables[number]
        return _Row(table, table.record_at(offset, line))


def _open(mapping: SourceMapping, path: Path) -> Table:
    """Open the file as the first kind of file whose columns it has."""
    missing: dict[str, str] = {}
    for layout in mapping.files:
        try:
            table = Table(path, layout)
        except OSError as error:
            raise SourceError(f"{path}: cannot be read: {error.strerror}.") from error
        header = table.about.header
        lacking = layout.columns.difference(header)
        repeated = [name for name, count in Counter(header).items() if name in layout.columns and count > 1]
        if not lacking and not repeated:
            return table
        table.close()
        missing[layout.name] = (
            f"the columns {', '.join(sorted(lacking))}" if lacking else f"one column each named {', '.join(repeated)}"
        )
    wanted = "; ".join(f"to be the file '{name}' it lacks {columns}" for name, columns in missing.items())
    raise SourceError(f"{path}: does not fit the mapping '{mapping.name}': {wanted}.")


def _check_complete(mapping: SourceMapping, tables: Sequence[Table]) -> None:
    first: dict[str, Table] = {}
    for table in tables:
        if (other := first.setdefault(table.about.digest, table)) is not table:
            raise SourceError(f"{table.path}: the same as {other.path}; every row would be counted twice.")
    given = {table.layout for table in tables}
    for layout in mapping.files:
        if layout not in given:
            raise SourceError(
                f"The file '{layout.name}' is missing: the mapping '{mapping.name}' needs a file with the columns "
                f"{', '.join(sorted(layout.columns))}. Give all files of the source in one command."
            )


class _Row:
    """One record, seen through the layout of its file."""

    def __init__(self, table: Table, record: Record) -> None:
        self.layout = table.layout
        self.record = record
        self.values = dict(zip(table.about.header, record.cells, strict=False))
        self.file = table.about

    @property
    def reference(self) -> str:
        """The complaint's reference in the source, or "" where a part of it is missing or it is too long for one."""
        parts = [self.values[column].strip() for column in self.layout.reference]
        reference = "-".join(parts)
        return reference if all(parts) and len(reference) <= LONGEST_REFERENCE else ""

    def flaw(self, seen: set[bytes]) -> Reason | None:
        """Return why the row cannot be part of any complaint; `seen` are the duplicates' marks met so far."""
        if not self.values:
            return Reason.UNREADABLE_ROW
        if not self.reference:
            return Reason.NO_REFERENCE
        if self.layout.duplicates:
            mark = sha256("\0".join(self.values[column] for column in self.layout.duplicates).encode()).digest()
            if mark in seen:
                return Reason.DUPLICATE_ROW
            seen.add(mark)
        return None

    def rejected(self, reason: Reason) -> Rejection:
        return Rejection(self.file.name, self.record.line, reason, excerpt(self.record.raw))

    def doubted(self, column: str, reason: Reason) -> Doubt:
        value = self.values.get(column) or excerpt(self.record.raw)
        return Doubt(self.file.name, self.record.line, column, reason, value)

    def kept(self) -> SourceRow:
        return SourceRow(self.file, self.record.line, self.record.raw, self.record.digest, self.values)


class _Assembly:
    """One complaint being put together from its rows; `doubts` grow on the way."""

    def __init__(self, mapping: SourceMapping, rows: Sequence[_Row], today: date) -> None:
        self.mapping = mapping
        self.today = today
        self.rows = rows
        self.describing = [row for row in rows if COMPLAINTS in row.layout.holds]
        self.doubts = [row.doubted("", reason) for row in rows for reason in row.record.doubts]

    def complaint(self) -> SourceComplaint | None:
        """Return the complaint, or None where no row has a believable date of receipt."""
        fields = self.mapping.complaint
        received_on = self.received_on()
        if received_on is None:
            return None
        closed_on = self.closed_on(received_on)
        allegations, meanings = self.allegations(closed_on or received_on)
        closed = self.is_closed(meanings)
        return SourceComplaint(
            source=self.mapping.name,
            reference=self.rows[0].reference,
            received_on=received_on,
            closed_on=closed_on,
            closed=closed,
            channel=self.one_code(fields.channel),
            district=self.one_code(fields.district),
            summary=self.one_text(fields.summary),
            allegations=allegations,
            rows=tuple(row.kept() for row in self.rows),
            doubts=tuple(sorted(self.doubts, key=lambda doubt: (doubt.file, doubt.line))),
        )

    def doubt(self, row: _Row, column: str, reason: Reason) -> None:
        self.doubts.append(row.doubted(column, reason))

    def days(self, field: DateField, *, not_before: date = date.min) -> list[tuple[_Row, date]]:
        """Return the believable days of one column, each with its row."""
        days = []
        for row in self.describing:
            day, reason = field.read(row.values[field.column], today=self.today)
            if day and day < not_before:
                reason = Reason.CLOSED_BEFORE_RECEIVED
            if reason:
                self.doubt(row, field.column, reason)
            elif day:
                days.append((row, day))
        return days

    def one_day(self, field: DateField, days: list[tuple[_Row, date]], chosen: date | None) -> date | None:
        for row, day in days:
            if day != chosen:
                self.doubt(row, field.column, Reason.ROWS_DISAGREE)
        return chosen

    def received_on(self) -> date | None:
        field = self.mapping.complaint.received_on
        days = self.days(field)
        return self.one_day(field, days, min((day for _, day in days), default=None))

    def closed_on(self, received_on: date) -> date | None:
        field = self.mapping.complaint.closed_on
        if field is None:
            return None
        days = self.days(field, not_before=received_on)
        return self.one_day(field, days, max((day for _, day in days), default=None))

    def is_closed(self, meanings: Sequence[tuple[_Row, FindingMeaning | None]]) -> bool:
        """Say whether the source counts the complaint as closed; doubt an open finding on a closed complaint."""
        closing, finding = self.mapping.complaint.closed_on, self.mapping.allegation.finding
        if self.mapping.closed_by_findings or closing is None:
            return bool(meanings) and all(meaning and not meaning.open for _, meaning in meanings)
        closed = any(closing.has_value(row.values[closing.column]) for row in self.describing)
        for row, meaning in meanings:
            if closed and finding and meaning and meaning.open:
                self.doubt(row, finding.column, Reason.OPEN_FINDING_ON_CLOSED_COMPLAINT)
        return closed

    def one_code(self, field: CodeField | None) -> Coded:
        """Return the code that most rows give, the first in the alphabet among equals."""
        if field is None:
            return UNMAPPED
        read = [(row, self.coded(field, row)) for row in self.describing]
        counts = Counter(coded for _, coded in read)
        chosen = min(counts, key=lambda coded: (coded.code is None, -counts[coded], coded.source))
        for row, coded in read:
            if coded.code not in {None, chosen.code}:
                self.doubt(row, field.column, Reason.ROWS_DISAGREE)
        return chosen

    def one_text(self, field: TextField | None) -> str:
        """Return the text that most rows give, the first in the alphabet among equals."""
        if field is None:
            return ""
        read = [(row, self.text(field, row)) for row in self.describing]
        counts = Counter(text for _, text in read if text)
        chosen = min(counts, key=lambda text: (-counts[text], text), default="")
        for row, text in read:
            if text not in {"", chosen}:
                self.doubt(row, field.column, Reason.ROWS_DISAGREE)
        return chosen

    def coded(self, field: CodeField | NumberField, row: _Row) -> Coded:
        coded, reason = field.read(row.values[field.column])
        if reason:
            self.doubt(row, field.column, reason)
        return coded

    def text(self, field: TextField, row: _Row) -> str:
        text, reason = field.read(row.values[field.column])
        if reason:
            self.doubt(row, field.column, reason)
        return text

    def allegations(
        self, decided_on: date
    ) -> tuple[tuple[SourceAllegation, ...], list[tuple[_Row, FindingMeaning | None]]]:
        """Return the allegations, and beside each row what its finding means."""
        allegations, meanings = [], []
        for row in self.rows:
            if ALLEGATIONS not in row.layout.holds or not self.alleges(row):
                continue
            finding, meaning = self.finding(row, decided_on)
            meanings.append((row, meaning))
            fields = self.mapping.allegation
            allegations.append(
                SourceAllegation(
                    category=self.coded(fields.category, row) if fields.category else UNMAPPED,
                    finding=finding,
                    text=self.text(fields.text, row) if fields.text else "",
                    complainant={name: self.coded(field, row) for name, field in self.mapping.complainant.items()},
                    officer={name: self.coded(field, row) for name, field in self.mapping.officer.items()},
                    row=row.kept(),
                )
            )
        if not allegations:
            self.doubt(self.describing[0], "", Reason.NO_ALLEGATIONS)
        return tuple(allegations), meanings

    def alleges(self, row: _Row) -> bool:
        """Say whether the row tells of an allegation; one that also describes the complaint may hold none."""
        fields = self.mapping.allegation
        told = [field for field in (fields.category, fields.finding, fields.text) if field]
        return COMPLAINTS not in row.layout.holds or any(
            not field.is_absent(row.values[field.column]) for field in told
        )

    def finding(self, row: _Row, decided_on: date) -> tuple[Coded, FindingMeaning | None]:
        field = self.mapping.allegation.finding
        if field is None:
            return UNMAPPED, None
        coded, meaning, reason = field.read(row.values[field.column], on=decided_on)
        if reason:
            self.doubt(row, field.column, reason)
        return coded, meaning
