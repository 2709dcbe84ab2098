"""CSV files read record by record, from the beginning or from any place an earlier reading has noted.

The files of other systems hold stray quotes, lines of the wrong length and bytes that are no text. A record that
cannot be read costs its own line and none after it.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path

from casework.importers.mapping import FileLayout
from casework.importers.records import Reason, SourceFile

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class SourceError(ValueError):
    """Data files that do not fit the mapping. The message names the file and says what is missing."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a CSV file: where it begins, its bytes without the line ending, and its cells.

    An unreadable record has no cells; `doubts` are what its bytes themselves give reason to doubt.
    """

    offset: int
    line: int
    raw: bytes
    cells: tuple[str, ...]
    doubts: tuple[Reason, ...] = ()

    @property
    def digest(self) -> str:
        """The hex SHA-256 of the record's bytes."""
        return sha256(self.raw).hexdigest()


class Table:
    """One CSV file of a given layout, open until `close`."""

    def __init__(self, path: Path, layout: FileLayout) -> None:
        self.path = path
        self.layout = layout
        self._file = path.open("rb")
        digest = file_digest(self._file, "sha256").hexdigest()
        self._file.seek(0)
        self._line = 1
        if self._file.read(len(BYTE_ORDER_MARK)) != BYTE_ORDER_MARK:
            self._file.seek(0)
        self._width = 0
        first = self._next()
        header = tuple(name.strip() for name in first.cells) if first else ()
        self._width = len(header)
        self.about = SourceFile(path.name, digest, layout.encoding, layout.delimiter, header)

    def close(self) -> None:
        self._file.close()

    def records(self) -> Iterator[Record]:
        """Yield the records that have not been read yet. Empty lines are no records."""
        while record := self._next():
            if record.raw:
                yield record

    def record_at(self, offset: int, line: int) -> Record:
        """Return again the record that begins at that byte and that line; raise SourceError if it is gone."""
        self._file.seek(offset)
        self._line = line
        record = self._next()
        if record is None:
            raise SourceError(f"{self.path}: changed while it was read; import it again.")
        return record

    def _next(self) -> Record | None:
        """Read one record; of one that cannot be read as it stands, its first line only."""
        offset, line = self._file.tell(), self._line
        taken: list[bytes] = []
        cells = self._parse(self._lines(taken), strict=True)
        doubts = []
        if not taken:
            return None
        if cells is None:
            self._file.seek(offset + len(taken[0]))
            del taken[1:]
            cells = self._parse([self._text(taken[0])], strict=False) or ()
            doubts.append(Reason.STRAY_QUOTE)
        self._line += len(taken)
        if any("\ufffd" in cell for cell in cells):
            doubts.append(Reason.UNDECODABLE)
        return Record(offset, line, b"".join(taken).rstrip(b"\r\n"), cells, tuple(doubts))

    def _lines(self, taken: list[bytes]) -> Iterator[str]:
        while raw := self._file.readline():
            taken.append(raw)
            yield self._text(raw)

    def _text(self, raw: bytes) -> str:
        return raw.decode(self.layout.encoding, errors="replace").replace("\0", "\ufffd")

    def _parse(self, lines: Iterable[str], *, strict: bool) -> tuple[str, ...] | None:
        """Return the cells of the first record of `lines`, or None where they are not one cell for each column."""
        try:
            cells = next(csv.reader(lines, delimiter=self.layout.delimiter, strict=strict), [])
        except csv.Error:
            return None
        fits = len(cells) == self._width or not cells or not self._width
        return tuple(cells) if fits else None
