"""The two mappings that come with the program, on small made-up files in the format of each city."""

from collections import Counter
from datetime import date

import pytest

from casework.importers.reader import Source
from casework.importers.records import Coded, Reason
from casework.importers.tables import SourceError
from tests.casework.importers.conftest import SAMPLES, TODAY, read, shipped

FINDINGS = SAMPLES / "philadelphia_findings.csv"
COMPLAINTS = SAMPLES / "philadelphia_complaints.csv"


@pytest.fixture
def detroit():
    return read(shipped("detroit"), SAMPLES / "detroit.csv")


@pytest.fixture
def philadelphia():
    return read(shipped("philadelphia"), FINDINGS, COMPLAINTS)


def test_detroit_rows_that_differ_in_nothing_but_their_number_are_kept(detroit):
    findings = [allegation.finding for allegation in detroit["16-9001"].allegations]
    assert findings == [Coded("Not Sustained", "not_sustained"), *[Coded("Sustained", "sustained")] * 2]


def test_detroit_spellings_are_folded(detroit):
    assert Counter(allegation.category.code for allegation in detroit.allegations) == {
        "Procedure": 3, "Demeanor": 1, "Force": 1, "Search": 1, "Service": 1, "Property": 1, "Entry": 1,
    }  # fmt: skip
    assert {allegation.officer["race"].code for allegation in detroit["16-9001"].allegations} == {"Black"}
    assert {complaint.reference: complaint.channel.code for complaint in detroit.complaints} == {
        "16-9001": "in_person_oversight_office", "16-9002": "phone", "17-9003": "web_form", "18-9004": "other_agency",
        "17-9005": "phone", "19-9006": "postal_letter",
    }  # fmt: skip


def test_detroit_dirt_is_doubted_and_named(detroit):
    assert detroit.rejections == []
    assert [(doubt.line, doubt.column, doubt.reason, doubt.value) for doubt in detroit.doubts] == [
        (3, "Age", Reason.ABOVE_MAXIMUM, "930"),
        (6, "Closed", Reason.CLOSED_BEFORE_RECEIVED, "1979/05/21 00:00:00+00"),
        (6, "Age", Reason.BELOW_MINIMUM, "-1"),
        (7, "Closed", Reason.DATE_TOO_LATE, "3019/01/30 00:00:00+00"),
        (8, "Finding", Reason.OPEN_FINDING_ON_CLOSED_COMPLAINT, "**Pending**"),
        (10, "Report_Date", Reason.ROWS_DISAGREE, "2019/03/06 00:00:00+00"),
    ]


def test_detroit_inconclusive_stands_for_not_sustained_from_may_2018(detroit):
    assert detroit["18-9004"].allegations[0].finding == Coded("Inconclusive", "not_sustained")


def test_philadelphia_complaints_and_findings_are_joined_whichever_file_is_named_first(philadelphia):
    assert philadelphia.complaints == read(shipped("philadelphia"), COMPLAINTS, FINDINGS).complaints
    complaint = philadelphia["16-9001"]
    assert (complaint.received_on, complaint.district.code) == (date(2016, 1, 19), "0700")
    assert [allegation.officer["identifier"].code for allegation in complaint.allegations] == ["10000001", "10000004"]
    assert [row.file.name for row in complaint.rows] == [COMPLAINTS.name, FINDINGS.name, FINDINGS.name]


def test_philadelphia_complaints_are_closed_when_every_finding_is_made(philadelphia):
    assert {complaint.reference: complaint.closed for complaint in philadelphia.complaints} == {
        "16-9001": True, "16-9002": True, "17-9003": True, "18-9004": False, "20-9005": False,
    }  # fmt: skip


def test_philadelphia_dirt_is_doubted_and_absence_is_not(philadelphia):
    assert philadelphia["16-9002"].district == Coded("N/A", None)
    assert philadelphia["16-9002"].allegations[0].officer["identifier"] == Coded("NA", None)
    assert [(doubt.line, doubt.column, doubt.reason, doubt.value) for doubt in philadelphia.doubts] == [
        (5, "district_occurrence", Reason.UNKNOWN_CODE, "09"),
        (6, "investigative_findings", Reason.BROKEN_VALUE, "#VALUE!"),
        (6, "allegations_investigated", Reason.BROKEN_VALUE, "#VALUE!"),
    ]


def test_an_allegation_without_its_complaint_is_rejected(tmp_path):
    orphans = tmp_path / "findings.csv"
    orphans.write_text(FINDINGS.read_text() + "99-0001,1,white,male,X,Drugs,Pending,Pending\n")
    reading = read(shipped("philadelphia"), COMPLAINTS, orphans)
    assert [(rejection.line, rejection.reason) for rejection in reading.rejections] == [(9, Reason.NO_COMPLAINT)]


def test_half_of_a_source_is_refused_and_the_missing_file_named():
    with (
        pytest.raises(SourceError, match="The file 'findings' is missing"),
        Source(shipped("philadelphia"), [COMPLAINTS], today=TODAY),
    ):
        pass
