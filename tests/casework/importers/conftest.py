from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from casework.importers import mapping as mappings
from casework.importers.mapping import SourceMapping
from casework.importers.reader import Source
from casework.importers.records import Rejection, SourceComplaint

SAMPLES = Path(__file__).parent / "samples"
TODAY = date(2021, 6, 1)

PLAIN_MAPPING = """
[source]
name = "plain"
title = "A plain source"

[state]
closed_by = "closing_date"

[[files]]
name = "rows"
holds = ["complaints", "allegations"]
reference = "Number"

[values]
absent = "NA"
broken = "#VALUE!"

[complaint]
received_on = { column = "Received", formats = ["%Y-%m-%d", "%m/%d/%Y"] }
closed_on = { column = "Closed", formats = "%Y-%m-%d" }
channel = { column = "How", codes = "channel" }

[allegation]
category = { column = "Kind" }
finding = { column = "Finding" }

[complainant]
age = { column = "Age", minimum = 0, maximum = 110 }

[codes]
channel = { phone = "Telephone", email = [] }

[[findings]]
source = "Sustained"
code = "sustained"

[[findings]]
source = "Open"
open = true
"""
PLAIN_HEADER = "Number,Received,Closed,How,Kind,Finding,Age"


class Reading(list[SourceComplaint | Rejection]):
    """Everything a source gave, with the number of rows it met."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.rows = source.rows
        self.complaints = [record for record in self if isinstance(record, SourceComplaint)]
        self.rejections = [record for record in self if isinstance(record, Rejection)]
        self.allegations = [allegation for complaint in self.complaints for allegation in complaint.allegations]
        self.doubts = [doubt for complaint in self.complaints for doubt in complaint.doubts]

    def __getitem__(self, reference: str) -> SourceComplaint:
        return next(complaint for complaint in self.complaints if complaint.reference == reference)


def read(mapping: SourceMapping, *paths: Path) -> Reading:
    with Source(mapping, paths, today=TODAY) as source:
        return Reading(source)


def shipped(name: str) -> SourceMapping:
    return mappings.load(mappings.SHIPPED / f"{name}.toml")


@pytest.fixture
def write_mapping(tmp_path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "city.toml"
        path.write_text(text)
        return path

    return write


@pytest.fixture
def plain(write_mapping) -> SourceMapping:
    return mappings.load(write_mapping(PLAIN_MAPPING))


@pytest.fixture
def read_plain(plain, tmp_path) -> Callable[..., Reading]:
    """Return a function that reads lines under the plain header."""

    def read_lines(*lines: str | bytes) -> Reading:
        path = tmp_path / "rows.csv"
        encoded = [line.encode() if isinstance(line, str) else line for line in (PLAIN_HEADER, *lines)]
        path.write_bytes(b"\n".join(encoded) + b"\n")
        return read(plain, path)

    return read_lines
