"""The report of an import: a CSV file with one line for each row rejected and each cell doubted."""

import csv
import os
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

COLUMNS = ("what", "file", "line", "column", "reason", "value")


class Report:
    """A report file, open while it is used as a context manager; without a path nothing is written.

    Only its owner can read it: the rows of a source may name people.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.lines = 0
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()

    def add(self, what: str, file: str, line: int, column: str, reason: str, value: str) -> None:
        """Add one line. The file is made with the first."""
        self.lines += 1
        if self.path is None:
            return
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            self._file = os.fdopen(descriptor, "w", encoding="utf-8", newline="")
            self._writer = csv.writer(self._file)
            self._writer.writerow(COLUMNS)
        self._writer.writerow((what, file, line, column, reason, _harmless(value)))


def _harmless(value: str) -> str:
    """Return the value so that a spreadsheet does not take it for a formula."""
    is_formula = value[:1] in {"=", "+", "-", "@", "\t", "\r"} and not value[1:].isdigit()
    return f"'{value}" if is_formula else value
