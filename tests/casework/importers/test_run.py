"""A whole import into the register: what is entered, what is left alone, and what is reported."""

import csv
import re
import threading
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from audit.log import integrate
from audit.models import Entry
from audit.verify import verify
from casework.actions.imports import case_number
from casework.importers import mapping as mappings
from casework.importers.mapping import MappingError
from casework.importers.report import Report
from casework.importers.run import Outcome, run
from casework.models import Allegation, Assignment, Case, CaseClock, ImportedRow, ImportSource, Letter
from casework.permissions import SYSTEM
from tests.casework.importers.conftest import PLAIN_HEADER, PLAIN_MAPPING, SAMPLES, shipped

pytestmark = pytest.mark.django_db

DETROIT = [SAMPLES / "detroit.csv"]
PHILADELPHIA = [SAMPLES / "philadelphia_complaints.csv", SAMPLES / "philadelphia_findings.csv"]


class PlainSource:
    """Writes files under the plain header, and reads the report of their import."""

    def __init__(self, mapping, folder) -> None:
        self.mapping = mapping
        self.folder = folder
        self.report = folder / "reports" / "report.csv"

    def __call__(self, *lines: str):
        (self.folder / "rows.csv").write_text("\n".join([PLAIN_HEADER, *lines, ""]))
        return [self.folder / "rows.csv"]

    def report_lines(self) -> list[list[str]]:
        with self.report.open(newline="") as file:
            return list(csv.reader(file))[1:]


@pytest.fixture
def plain_source(plain, tmp_path) -> PlainSource:
    return PlainSource(plain, tmp_path)


def import_files(mapping, paths, *, report=None, **options) -> Outcome:
    mapping = shipped(mapping) if isinstance(mapping, str) else mapping
    with Report(report) as lines:
        return run(mapping, paths, by=SYSTEM, report=lines, **options)


def test_it_enters_each_complaint_as_a_case_and_counts_rows():
    assert import_files("detroit", DETROIT).as_dict() == {
        "complaints": 6, "allegations": 9, "created": 6, "rejected": 0, "doubted": 5,
        "reasons": {
            "above_maximum": 1, "below_minimum": 1, "closed_before_received": 1, "date_too_late": 1,
            "open_finding_on_closed_complaint": 1, "rows_disagree": 1,
        },
    }  # fmt: skip
    case = Case.objects.get(number="detroit.16-9001")
    assert (case.source.name, case.source_reference, case.state) == ("detroit", "16-9001", "closed")
    assert (case.received_on, case.closed_on) == (date(2016, 2, 1), date(2016, 3, 2))
    assert case.channel == "in_person_oversight_office"
    told = case.allegations.values_list("number", "category", "source_category", "source_finding", "finding_code")
    assert list(told) == [
        (1, "Procedure", "Procedure", "Not Sustained", "not_sustained"),
        (2, "Procedure", "PROcedure", "Sustained", "sustained"),
        (3, "Procedure", "PROcedure", "Sustained", "sustained"),
    ]


def test_a_second_run_enters_nothing():
    first, second = import_files("detroit", DETROIT), import_files("detroit", DETROIT)
    assert second.as_dict() == {**first.as_dict(), "created": 0}
    assert (Case.objects.count(), Allegation.objects.count(), ImportedRow.objects.count()) == (6, 9, 9)


def test_a_dry_run_says_the_same_and_keeps_nothing():
    tried = import_files("detroit", DETROIT, dry_run=True)
    assert not Case.objects.exists()
    assert not ImportSource.objects.exists()
    assert not Entry.objects.filter(action="move.import_record").exists()
    assert tried == import_files("detroit", DETROIT)


def test_a_closing_date_that_is_not_believed_leaves_the_case_closed_without_one():
    import_files("detroit", DETROIT)
    case = Case.objects.get(number="detroit.17-9003")
    assert (case.state, case.closed_on) == ("closed", None)


def test_a_complaint_that_the_source_has_not_closed_is_received():
    import_files("philadelphia", PHILADELPHIA)
    states = dict(Case.objects.values_list("source_reference", "state"))
    assert states == {
        "16-9001": "closed", "16-9002": "closed", "17-9003": "closed", "18-9004": "received", "20-9005": "received",
    }  # fmt: skip


def test_no_clock_starts_no_letter_is_drafted_and_nobody_is_put_on_the_case():
    import_files("detroit", DETROIT)
    import_files("philadelphia", PHILADELPHIA)
    for model in (CaseClock, Letter, Assignment):
        assert not model.objects.filter(case__source__isnull=False).exists()


def test_one_entry_for_each_case_lists_the_digests_of_its_rows():
    import_files("philadelphia", PHILADELPHIA)
    entries = Entry.objects.filter(action="move.import_record")
    assert sorted(entry.subject for entry in entries) == sorted(case.reference for case in Case.objects.all())
    entry = entries.get(subject="case:philadelphia.17-9003")
    rows = ImportedRow.objects.filter(case__number="philadelphia.17-9003")
    assert entry.facts["rows"] == [row.digest for row in rows]
    assert len(entry.facts["rows"]) == 3
    assert entry.facts["rows"][1] == entry.facts["rows"][2]
    assert (entry.actor, entry.facts["from"], entry.facts["to"]) == ("system", "unfiled", "closed")


def test_the_case_replays_and_its_rows_are_those_that_were_sealed():
    import_files("detroit", DETROIT)
    integrate()
    assert verify().faults == []
    row = ImportedRow.objects.filter(case__number="detroit.16-9002").get()
    row.raw = bytes(row.raw).replace(b"Admin. Closure", b"Sustained")
    row.save(update_fields=["raw"])
    ImportedRow.objects.filter(case__number="detroit.19-9006").last().delete()
    faults = {(fault.code, fault.subject) for fault in verify().faults}
    assert faults == {
        ("imported_rows_differ", "case:detroit.16-9002"),
        ("imported_rows_differ", "case:detroit.19-9006"),
    }


def test_every_row_is_kept_to_the_letter():
    import_files("philadelphia", PHILADELPHIA)
    row = ImportedRow.objects.get(file__name="philadelphia_complaints.csv", line=3)
    assert row.values["summary"] == "According to the complainant, nobody came\nalthough they called twice."
    assert row.allegation is None
    finding = ImportedRow.objects.get(file__name="philadelphia_findings.csv", line=6)
    assert finding.values["disciplinary_findings"] == "#VALUE!"
    assert finding.people["officer"]["unit"] == {"source": "7402 STRIKE FORCE", "code": "7402 STRIKE FORCE"}
    assert finding.allegation.source_finding == "#VALUE!"


def test_rows_that_name_one_officer_are_allegations_against_one_officer():
    import_files("philadelphia", PHILADELPHIA)
    assert list(Case.objects.get(source_reference="17-9003").officers.values_list("label", flat=True)) == ["10000002"]
    officers = Allegation.objects.filter(case__source_reference="17-9003").values_list("officer__label", flat=True)
    assert list(officers) == ["10000002", "10000002"]
    assert Allegation.objects.get(case__source_reference="16-9002").officer is None


def test_rows_that_do_not_tell_officers_apart_name_none():
    import_files("detroit", DETROIT)
    assert not Allegation.objects.filter(case__source__isnull=False, officer__isnull=False).exists()


def test_only_an_imported_allegation_may_lack_section_officer_and_day():
    import_files("detroit", DETROIT)
    imported = Allegation.objects.filter(case__number="detroit.16-9002").get()
    assert (imported.section_version, imported.officer, imported.incident_on) == (None, None, None)
    with pytest.raises(IntegrityError, match="casework_allegation_complete_unless_imported"), transaction.atomic():
        Allegation.objects.create(case=imported.case, number=2)


def test_a_later_file_adds_what_is_new_and_leaves_what_is_held(plain_source):
    paths = plain_source("A-1,2020-01-02,2020-02-03,Telephone,Force,Sustained,30")
    import_files(plain_source.mapping, paths)
    outcome = import_files(
        plain_source.mapping,
        plain_source(
            "A-1,2020-01-02,2020-02-03,Telephone,Force,Open,30",
            "A-2,2020-03-04,,email,Search,Open,31",
        ),
        report=plain_source.report,
    )
    assert (outcome.complaints, outcome.created, outcome.rejected) == (1, 1, 1)
    assert outcome.reasons == {"held_otherwise": 1}
    assert plain_source.report_lines() == [
        ["rejected", "rows.csv", "2", "", "held_otherwise", "A-1,2020-01-02,2020-02-03,Telephone,Force,Open,30"]
    ]
    assert Allegation.objects.get(case__source_reference="A-1").source_finding == "Sustained"


def test_everything_is_taken_or_nothing(plain_source, monkeypatch):
    monkeypatch.setattr("casework.importers.run.BATCH", 1)
    paths = plain_source(*(f"A-{n},2020-01-02,,Telephone,Force,Open,30" for n in range(3)))

    def fail_late(done, total):
        if done == 2:
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        import_files(plain_source.mapping, paths, progress=fail_late)
    assert not Case.objects.filter(source__isnull=False).exists()


def test_a_mapping_that_leads_to_an_unknown_channel_or_finding_is_refused(write_mapping):
    wrong_channel = mappings.load(write_mapping(PLAIN_MAPPING.replace("{ phone =", "{ pigeon =")))
    with pytest.raises(MappingError, match=r"leads to the channel pigeon, .* channels are 311, "):
        import_files(wrong_channel, [])
    wrong_finding = mappings.load(write_mapping(PLAIN_MAPPING.replace('code = "sustained"', 'code = "guilty"')))
    with pytest.raises(MappingError, match="leads to the finding guilty"):
        import_files(wrong_finding, [])


def test_the_report_lists_each_row_and_cell_with_its_line_and_is_for_its_owner_alone(plain_source):
    paths = plain_source(",2020-01-02,,Telephone,Force,Open,30", "A-1,2020-01-02,,=1+1,Force,Open,-930")
    import_files(plain_source.mapping, paths, report=plain_source.report)
    assert plain_source.report_lines() == [
        ["rejected", "rows.csv", "2", "", "no_reference", ",2020-01-02,,Telephone,Force,Open,30"],
        ["doubted", "rows.csv", "3", "Age", "below_minimum", "-930"],
        ["doubted", "rows.csv", "3", "How", "unknown_code", "'=1+1"],
    ]
    assert plain_source.report.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("reference", ["2016/1", "16 1", "¿16?", "A" * 33])
def test_a_reference_that_cannot_stand_in_an_address_is_replaced_by_a_digest(reference):
    assert case_number("detroit", "16-1") == "detroit.16-1"
    assert re.fullmatch(r"detroit\.~[0-9a-f]{24}", case_number("detroit", reference))


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_file_at_once_enter_each_complaint_once():
    outcomes: list[Outcome] = []

    def enter():
        try:
            outcomes.append(import_files("detroit", DETROIT))
        finally:
            connection.close()

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(outcome.created for outcome in outcomes) == [0, 0, 0, 6]
    assert Case.objects.filter(source__name="detroit").count() == 6


def test_a_finding_that_the_mapping_does_not_name_is_taken_by_what_the_rules_say_others_call_it(plain_source):
    rows = plain_source(
        "1,2020-01-02,2020-02-03,Telephone,Force,SUBSTANTIATED,",
        "2,2020-01-02,2020-02-03,Telephone,Force,Within guidelines,",
        "3,2020-01-02,2020-02-03,Telephone,Force,Who knows,",
    )
    outcome = import_files(plain_source.mapping, rows)
    told = Allegation.objects.order_by("case__source_reference").values_list("source_finding", "finding_code")
    assert list(told) == [("SUBSTANTIATED", "sustained"), ("Within guidelines", "exonerated"), ("Who knows", "")]
    assert outcome.reasons == {"unknown_code": 1}
