"""What cities really publish, read by the mappings that come with the program. The figures were counted by hand."""

from collections import Counter
from statistics import median

import pytest

from tests.casework.importers.conftest import Reading, read, shipped
from tests.shared_data import shared


@pytest.fixture(scope="module")
def detroit() -> Reading:
    return read(shipped("detroit"), shared("data/detroit/DPD_Citizen_Complaints.csv"))


@pytest.fixture(scope="module")
def philadelphia() -> Reading:
    folder = shared("data/philadelphia")
    return read(
        shipped("philadelphia"),
        folder / "complaints_against_police.csv",
        folder / "complaints.against.police.findings.csv",
    )


def years(reading: Reading) -> dict[int, int]:
    return dict(sorted(Counter(complaint.received_on.year for complaint in reading.complaints).items()))


def test_detroit_is_taken_whole(detroit):
    assert (detroit.rows, len(detroit.complaints), len(detroit.allegations)) == (19_735, 4_482, 19_735)
    assert detroit.rejections == []


def test_detroit_complaints_by_year(detroit):
    assert years(detroit) == {2016: 1_109, 2017: 1_127, 2018: 1_091, 2019: 1_155}


def test_detroit_findings_to_the_letter(detroit):
    assert Counter(allegation.finding.source for allegation in detroit.allegations) == {
        "No Charge": 5_563, "Admin. Closure": 3_397, "Unfounded": 2_857, "Not Sustained": 2_217, "Exonerated": 2_159,
        "Sustained": 1_786, "Inconclusive": 1_216, "Void": 539, "**Pending**": 1,
    }  # fmt: skip


def test_detroit_findings_in_canonical_codes(detroit):
    assert Counter(allegation.finding.code for allegation in detroit.allegations) == {
        None: 6_103, "administratively_closed": 3_397, "unfounded": 2_857, "not_sustained": 3_433, "exonerated": 2_159,
        "sustained": 1_786,
    }  # fmt: skip


def test_detroit_categories_after_folding(detroit):
    assert Counter(allegation.category.code for allegation in detroit.allegations) == {
        "Procedure": 7_258, "Demeanor": 4_635, "Service": 2_911, "Force": 1_120, "Harassment": 982, "Property": 979,
        "Search": 847, "Arrest": 700, "Entry": 303,
    }  # fmt: skip


def test_detroit_complaints_with_a_sustained_allegation(detroit):
    sustained = [
        complaint
        for complaint in detroit.complaints
        if any(allegation.finding.code == "sustained" for allegation in complaint.allegations)
    ]
    assert len(sustained) == 812


def test_detroit_days_to_close(detroit):
    days = [
        (complaint.closed_on - complaint.received_on).days for complaint in detroit.complaints if complaint.closed_on
    ]
    assert (len(days), median(days)) == (4_406, 83)
    assert all(complaint.closed for complaint in detroit.complaints)


def test_detroit_doubts(detroit):
    assert Counter((doubt.column, doubt.reason) for doubt in detroit.doubts) == {
        ("Closed", "closed_before_received"): 296,
        ("Closed", "date_too_late"): 3,
        ("Closed", "rows_disagree"): 2,
        ("Report_Date", "rows_disagree"): 2,
        ("Age", "above_maximum"): 182,
        ("Age", "below_minimum"): 56,
        ("Finding", "open_finding_on_closed_complaint"): 1,
    }


def test_detroit_rows_equal_but_for_their_number_are_all_kept(detroit):
    kept = [
        tuple(value for column, value in allegation.row.values.items() if column != "ObjectId")
        for allegation in detroit.allegations
    ]
    assert len(kept) - len(set(kept)) == 4_659
    assert len({digest for complaint in detroit.complaints for digest in complaint.digests}) == 19_735


def test_philadelphia_is_taken_whole(philadelphia):
    assert (philadelphia.rows, len(philadelphia.complaints), len(philadelphia.allegations)) == (12_227, 3_388, 8_839)
    assert philadelphia.rejections == []


def test_philadelphia_complaints_by_year(philadelphia):
    assert years(philadelphia) == {2016: 683, 2017: 652, 2018: 624, 2019: 682, 2020: 654, 2021: 93}


def test_philadelphia_findings_to_the_letter(philadelphia):
    assert Counter(allegation.finding.source for allegation in philadelphia.allegations) == {
        "No Sustained Findings": 6_107, "Sustained Finding": 1_925, "Pending": 611, "Not Applicable": 194, "#VALUE!": 2,
    }  # fmt: skip


def test_philadelphia_equal_rows_are_all_kept(philadelphia):
    digests = [allegation.row.digest for allegation in philadelphia.allegations]
    assert len(digests) - len(set(digests)) == 724


def test_philadelphia_officers_without_an_identifier(philadelphia):
    identifiers = [allegation.officer["identifier"] for allegation in philadelphia.allegations]
    assert sum(identifier.code is None for identifier in identifiers) == 537
    assert {identifier.source for identifier in identifiers if identifier.code is None} == {"NA"}


def test_philadelphia_districts_keep_their_leading_zeros(philadelphia):
    districts = Counter(complaint.district.code for complaint in philadelphia.complaints)
    assert (districts["0600"], districts["0200"], districts[None]) == (186, 154, 82)
    assert all(len(code) == 4 for code in districts if code not in {None, "Other Jurisdiction"})


def test_philadelphia_doubts(philadelphia):
    assert Counter((doubt.column, doubt.reason) for doubt in philadelphia.doubts) == {
        ("", "no_allegations"): 6,
        ("allegations_investigated", "broken_value"): 2,
        ("investigative_findings", "broken_value"): 2,
        ("district_occurrence", "unknown_code"): 1,
    }


def test_philadelphia_complaints_still_open(philadelphia):
    open_ones = [complaint for complaint in philadelphia.complaints if not complaint.closed]
    assert len(open_ones) == 451
    assert all(complaint.closed_on is None for complaint in philadelphia.complaints)
