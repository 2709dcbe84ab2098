"""What holds of any file, however its rows are ordered and whatever stands in them."""

import csv
import io
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.importers import mapping as mappings
from casework.importers.records import SourceComplaint
from tests.casework.importers.conftest import PLAIN_HEADER, PLAIN_MAPPING, Reading, read

dates = st.sampled_from(
    ["2020-01-02", "2020-03-04", "02/05/2020", "", "NA", "1900-01-01", "3019-01-30", "2020-02-30", "soon"]
)
rows = st.tuples(
    st.sampled_from(["A-1", "A-2", "A-3", ""]),
    dates,
    dates,
    st.sampled_from(["Telephone", "TELEPHONE", "email", "pigeon", ""]),
    st.sampled_from(["Force", "Search", "#VALUE!", ""]),
    st.sampled_from(["Sustained", "sustained", "**Open**", "Guilty", ""]),
    st.sampled_from(["30", "930", "-1", "old", ""]),
)


@pytest.fixture(scope="module")
def mapping(tmp_path_factory):
    path = tmp_path_factory.mktemp("mapping") / "plain.toml"
    path.write_text(PLAIN_MAPPING)
    return mappings.load(path)


def read_bytes(mapping, content: bytes) -> Reading:
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(content)
        file.flush()
        return read(mapping, Path(file.name))


def read_rows(mapping, table) -> Reading:
    text = io.StringIO()
    csv.writer(text).writerows([PLAIN_HEADER.split(","), *table])
    return read_bytes(mapping, text.getvalue().encode())


def told(complaint: SourceComplaint):
    """Everything a complaint says, without where in the file it stood."""
    return (
        complaint.reference, complaint.received_on, complaint.closed_on, complaint.closed, complaint.channel,
        Counter((a.category, a.finding, a.complainant["age"], a.row.digest) for a in complaint.allegations),
        Counter(complaint.digests),
        Counter((doubt.column, doubt.reason, doubt.column and doubt.value) for doubt in complaint.doubts),
    )  # fmt: skip


@given(data=st.data(), table=st.lists(rows, max_size=12))
def test_the_order_of_the_rows_changes_nothing(mapping, data, table):
    first, second = read_rows(mapping, table), read_rows(mapping, data.draw(st.permutations(table)))
    by_reference = {complaint.reference: told(complaint) for complaint in first.complaints}
    assert {complaint.reference: told(complaint) for complaint in second.complaints} == by_reference
    assert Counter((r.reason, r.value) for r in first.rejections) == Counter(
        (r.reason, r.value) for r in second.rejections
    )


@given(table=st.lists(rows, max_size=12))
def test_every_row_ends_in_one_complaint_or_in_one_rejection(mapping, table):
    reading = read_rows(mapping, table)
    lines = [row.line for complaint in reading.complaints for row in complaint.rows]
    lines += [rejection.line for rejection in reading.rejections]
    assert sorted(lines) == list(range(2, len(table) + 2))


@given(table=st.lists(rows, max_size=12))
def test_no_complaint_closes_before_it_was_received(mapping, table):
    for complaint in read_rows(mapping, table).complaints:
        assert complaint.closed_on is None or complaint.received_on <= complaint.closed_on


@settings(max_examples=300)
@given(
    noise=st.lists(st.sampled_from([b'"', b",", b"\n", b"\r", b"\r\n", b"\xff", b"\0", b"A-1", b"2020-01-02", b" "]))
)
def test_no_bytes_are_too_dirty_to_be_read_and_none_swallow_what_follows(mapping, noise):
    last = b"Z-9,2020-01-02,,Telephone,Force,Open,30"
    reading = read_bytes(mapping, PLAIN_HEADER.encode() + b"\n" + b"".join(noise) + b"\n" + last + b"\n")
    taken = sum(len(complaint.rows) for complaint in reading.complaints)
    assert taken + len(reading.rejections) == reading.rows
    assert reading["Z-9"].digests
