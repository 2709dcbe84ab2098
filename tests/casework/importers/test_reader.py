from collections import Counter
from datetime import date
from hashlib import sha256

import pytest

from casework.importers import mapping as mappings
from casework.importers.reader import Source
from casework.importers.records import Coded, Reason
from casework.importers.tables import SourceError
from tests.casework.importers.conftest import PLAIN_HEADER, PLAIN_MAPPING, TODAY, read


def reasons(reading):
    return [(doubt.line, doubt.column, doubt.reason) for doubt in reading.doubts]


def test_rows_of_one_complaint_need_not_stand_together(read_plain):
    reading = read_plain(
        "A-1,2020-01-02,2020-02-03,Telephone,Force,Sustained,30",
        "A-2,2020-01-05,2020-02-04,email,Search,Sustained,31",
        "A-1,2020-01-02,2020-02-03,telephone,Search,Sustained,30",
    )
    assert [complaint.reference for complaint in reading.complaints] == ["A-1", "A-2"]
    complaint = reading["A-1"]
    assert (complaint.source, complaint.received_on, complaint.closed_on) == (
        "plain",
        date(2020, 1, 2),
        date(2020, 2, 3),
    )
    assert [allegation.category.code for allegation in complaint.allegations] == ["Force", "Search"]
    assert [row.line for row in complaint.rows] == [2, 4]
    assert complaint.channel.code == "phone"
    assert reading.doubts == []


def test_equal_rows_are_two_allegations(read_plain):
    line = "A-1,2020-01-02,2020-02-03,Telephone,Force,Sustained,30"
    complaint = read_plain(line, line)["A-1"]
    assert len(complaint.allegations) == 2
    assert complaint.digests == (sha256(line.encode()).hexdigest(),) * 2


def test_a_mapping_may_name_the_columns_in_which_equal_rows_are_one(write_mapping, tmp_path):
    mapping = mappings.load(
        write_mapping(PLAIN_MAPPING.replace('"Number"', '"Number"\nduplicates = ["Number", "Kind"]'))
    )
    data = tmp_path / "rows.csv"
    data.write_text(
        f"{PLAIN_HEADER}\nA-1,2020-01-02,,Telephone,Force,Open,30\nA-1,2020-01-02,,Telephone,Force,Open,31\n"
        "A-1,2020-01-02,,Telephone,Search,Open,30\n"
    )
    reading = read(mapping, data)
    assert [allegation.category.code for allegation in reading["A-1"].allegations] == ["Force", "Search"]
    assert [(rejection.line, rejection.reason) for rejection in reading.rejections] == [(3, Reason.DUPLICATE_ROW)]


def test_the_digest_of_a_row_does_not_depend_on_how_its_line_ends(plain, tmp_path):
    digests = set()
    for name, ending in (("unix.csv", "\n"), ("windows.csv", "\r\n")):
        path = tmp_path / name
        path.write_bytes(ending.join([PLAIN_HEADER, "A-1,2020-01-02,,Telephone,Force,Open,30", ""]).encode())
        digests.add(read(plain, path)["A-1"].digests)
    assert len(digests) == 1


def test_every_cell_of_a_row_is_kept_to_the_letter(read_plain):
    row = read_plain(' A-1 ,2020-01-02,, Telephone,"For ""ce""",Open,930')["A-1"].rows[0]
    assert row.values == {
        "Number": " A-1 ", "Received": "2020-01-02", "Closed": "", "How": " Telephone", "Kind": 'For "ce"',
        "Finding": "Open", "Age": "930",
    }  # fmt: skip


def test_it_doubts_what_cannot_be_true_and_takes_the_row(read_plain):
    reading = read_plain("A-1,2020-01-02,1979-05-21,carrier pigeon,#VALUE!,Sustained,930")
    complaint = reading["A-1"]
    assert (complaint.closed, complaint.closed_on) == (True, None)
    assert complaint.allegations[0].complainant["age"] == Coded("930", None)
    assert complaint.allegations[0].category == Coded("#VALUE!", None)
    assert sorted(reasons(reading)) == [
        (2, "Age", Reason.ABOVE_MAXIMUM),
        (2, "Closed", Reason.CLOSED_BEFORE_RECEIVED),
        (2, "How", Reason.UNKNOWN_CODE),
        (2, "Kind", Reason.BROKEN_VALUE),
    ]


def test_where_rows_disagree_the_earliest_receipt_and_the_latest_closing_are_used(read_plain):
    reading = read_plain(
        "A-1,2020-01-05,2020-02-03,Telephone,Force,Sustained,30",
        "A-1,2020-01-02,2020-02-09,Telephone,Force,Sustained,30",
        "A-1,2020-01-02,1900-01-01,email,Force,Sustained,30",
    )
    complaint = reading["A-1"]
    assert (complaint.received_on, complaint.closed_on) == (date(2020, 1, 2), date(2020, 2, 9))
    assert complaint.channel.code == "phone"
    assert sorted(reasons(reading)) == [
        (2, "Closed", Reason.ROWS_DISAGREE),
        (2, "Received", Reason.ROWS_DISAGREE),
        (4, "Closed", Reason.CLOSED_BEFORE_RECEIVED),
        (4, "How", Reason.ROWS_DISAGREE),
    ]


def test_an_open_finding_on_a_closed_complaint_is_doubted(read_plain):
    reading = read_plain("A-1,2020-01-02,2020-02-03,Telephone,Force,Open,30")
    assert reading["A-1"].closed
    assert reasons(reading) == [(2, "Finding", Reason.OPEN_FINDING_ON_CLOSED_COMPLAINT)]


def test_a_complaint_without_a_closing_date_is_open(read_plain):
    reading = read_plain("A-1,2020-01-02,,Telephone,Force,Open,30")
    assert not reading["A-1"].closed
    assert reading.doubts == []


def test_a_row_that_tells_of_no_allegation_makes_none(read_plain):
    reading = read_plain("A-1,2020-01-02,2020-02-03,Telephone,,NA,30")
    assert reading["A-1"].allegations == ()
    assert reasons(reading) == [(2, "", Reason.NO_ALLEGATIONS)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",2020-01-02,,Telephone,Force,Open,30", Reason.NO_REFERENCE),
        (f"{'A' * 121},2020-01-02,,Telephone,Force,Open,30", Reason.NO_REFERENCE),
        ("A-1,,,Telephone,Force,Open,30", Reason.NO_RECEIVED_DATE),
        ("A-1,3020-01-02,,Telephone,Force,Open,30", Reason.NO_RECEIVED_DATE),
        ("A-1,2020-01-02,,Telephone,Force,Open", Reason.UNREADABLE_ROW),
        ("A-1,2020-01-02,,Telephone,Force,Open,30,31", Reason.UNREADABLE_ROW),
    ],
)
def test_a_row_that_cannot_be_taken_is_rejected_with_its_line_and_what_it_held(read_plain, line, reason):
    reading = read_plain("A-9,2020-01-02,,Telephone,Force,Open,30", line)
    assert [complaint.reference for complaint in reading.complaints] == ["A-9"]
    assert [(each.file, each.line, each.reason, each.value) for each in reading.rejections] == [
        ("rows.csv", 3, reason, line)
    ]


def test_a_complaint_of_more_rows_than_the_log_can_list_is_rejected(read_plain):
    reading = read_plain(*["A-1,2020-01-02,,Telephone,Force,Open,30"] * 901, "A-2,2020-01-02,,email,Force,Open,30")
    assert [complaint.reference for complaint in reading.complaints] == ["A-2"]
    assert Counter(each.reason for each in reading.rejections) == {Reason.TOO_MANY_ROWS: 901}


def test_a_stray_quote_costs_its_own_line_and_none_after_it(read_plain):
    reading = read_plain(
        'A-1,2020-01-02,,Telephone,"Force,Open,30',
        'A-2,2020-01-02,,Telephone,"For"ce,Open,30',
        "A-3,2020-01-02,,Telephone,Force,Open,30",
        'A-4,2020-01-02,,Telephone,Force,Open,"30',
        'A-5,2020-01-02,,Telephone,"Force",Open,30',
    )
    assert [(each.line, each.reason) for each in reading.rejections] == [(2, Reason.UNREADABLE_ROW)]
    assert [complaint.reference for complaint in reading.complaints] == ["A-2", "A-3", "A-4", "A-5"]
    assert [(line, reason) for line, _, reason in reasons(reading)] == [
        (3, Reason.STRAY_QUOTE),
        (5, Reason.STRAY_QUOTE),
    ]


def test_a_quoted_cell_may_run_over_lines_and_counts_them(read_plain):
    reading = read_plain('A-1,2020-01-02,,Telephone,"For\nce",Open,30', "", "A-2,2020-01-02,,Telephone,Force,Open,930")
    assert reading["A-1"].allegations[0].category.code == "For\nce"
    assert [doubt.line for doubt in reading.doubts] == [5]
    assert reading.rows == 2


def test_bytes_that_are_no_text_are_doubted_and_the_digest_stays_that_of_the_bytes(read_plain):
    line = b"A-1,2020-01-02,,Telephone,F\xffrce\x00,Open,30"
    reading = read_plain(line)
    assert reading["A-1"].allegations[0].category.code == "F\ufffdrce\ufffd"
    assert reading["A-1"].digests == (sha256(line).hexdigest(),)
    assert [doubt.reason for doubt in reading.doubts] == [Reason.UNDECODABLE]


def test_it_reads_the_encoding_the_mapping_states(write_mapping, tmp_path):
    mapping = mappings.load(
        write_mapping(PLAIN_MAPPING.replace('"Number"', '"Number"\nencoding = "windows-1252"\ndelimiter = ";"'))
    )
    data = tmp_path / "rows.csv"
    data.write_bytes(
        f"{PLAIN_HEADER};Ort\nA-1,2020-01-02,,Telephone,Forcé,Open,30,x".replace(",", ";").encode("cp1252")
    )
    assert read(mapping, data)["A-1"].allegations[0].category.code == "Forcé"


def test_a_reference_may_be_made_of_several_columns(write_mapping, tmp_path):
    mapping = mappings.load(write_mapping(PLAIN_MAPPING.replace('"Number"', '["Year", "Number"]')))
    data = tmp_path / "rows.csv"
    data.write_text(
        f"Year,{PLAIN_HEADER}\n2020,7,2020-01-02,,Telephone,Force,Open,30\n2021,7,2021-01-02,,email,Force,Open,30\n"
    )
    assert [complaint.reference for complaint in read(mapping, data).complaints] == ["2020-7", "2021-7"]


def test_several_files_of_one_kind_are_read_as_one(plain, tmp_path):
    for year in (2019, 2020):
        (tmp_path / f"{year}.csv").write_text(f"{PLAIN_HEADER}\nA-1,{year}-12-31,,Telephone,Force,Open,30\n")
    reading = read(plain, tmp_path / "2019.csv", tmp_path / "2020.csv")
    assert [(row.file.name, row.line) for row in reading["A-1"].rows] == [("2019.csv", 2), ("2020.csv", 2)]


def test_the_same_file_twice_is_refused(plain, tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(f"{PLAIN_HEADER}\nA-1,2020-12-31,,Telephone,Force,Open,30\n")
    with pytest.raises(SourceError, match=r"b\.csv: the same as .*a\.csv; every row would be counted twice"):
        read(plain, tmp_path / "a.csv", tmp_path / "b.csv")


def test_a_file_that_lacks_a_column_is_refused_before_any_row_is_read(plain, tmp_path):
    data = tmp_path / "rows.csv"
    data.write_text("Number,Received,How,Finding,Age\n")
    with pytest.raises(
        SourceError, match=r"rows\.csv: does not fit the mapping 'plain': .* lacks the columns Closed, Kind"
    ):
        read(plain, data)


@pytest.mark.parametrize("content", [b"", b"\n", b"PK\x03\x04\x14\x00\x00"])
def test_a_file_that_is_no_table_is_refused(plain, tmp_path, content):
    data = tmp_path / "rows.xlsx"
    data.write_bytes(content)
    with pytest.raises(SourceError, match="does not fit the mapping"):
        read(plain, data)


def test_a_column_that_stands_twice_is_refused(plain, tmp_path):
    data = tmp_path / "rows.csv"
    data.write_text(f"{PLAIN_HEADER},Kind\n")
    with pytest.raises(SourceError, match="one column each named Kind"):
        read(plain, data)


def test_a_file_that_is_not_there_is_named(plain, tmp_path):
    with pytest.raises(SourceError, match=r"nowhere\.csv: cannot be read"):
        read(plain, tmp_path / "nowhere.csv")


def test_the_number_of_complaints_is_known_when_the_first_comes_out(plain, tmp_path):
    data = tmp_path / "rows.csv"
    data.write_text(f"{PLAIN_HEADER}\n" + "".join(f"A-{n},2020-01-02,,Telephone,Force,Open,30\n" for n in range(3)))
    with Source(plain, [data], today=TODAY) as source:
        next(iter(source))
        assert source.complaints == 3
