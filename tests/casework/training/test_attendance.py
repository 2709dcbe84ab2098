"""Who took part in a session: one by one, by a list, and corrected."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import Entry
from casework.actions.training import sessions
from casework.exceptions import Invalid, NotPermitted
from casework.importers.attendance import read_attendance
from casework.models import Attendance, Officer
from tests.casework.training import teaching
from tests.casework.web.visit import browser
from tests.cast import person

pytestmark = pytest.mark.django_db
LIST = "/staff/training/sessions/TS-01/import/"


def send(text: str):
    file = SimpleUploadedFile("attendance.csv", text.encode())
    return browser("dpassmoor").post(LIST, {"file": file})


def test_a_list_is_recorded_whole_with_one_entry_that_holds_its_digest():
    held = teaching.session(teaching.course())
    assert send("badge,result,score,minutes\n1013,completed,88,\n1014,in_part,,90\n1022,absent,,\n").status_code == 302
    assert list(held.attendance.values_list("officer__badge", "result", "score", "minutes")) == [
        ("1013", "completed", 88, 480),
        ("1014", "in_part", None, 90),
        ("1022", "absent", None, 0),
    ]
    entry = Entry.objects.about(held.reference).get(action="training.attendance_recorded")
    assert entry.facts["results"]["completed"] == 1
    assert len(entry.facts["source_sha256"]) == 64
    assert not any("1013" in reference for reference in entry.object_references)


def test_one_bad_row_records_nobody_and_every_fault_is_told_with_its_line():
    held = teaching.session(teaching.course())
    teaching.took(held, "1006")
    page = send(
        "badge;result;minutes\n1013;completed;\n9999;late;\n1013;failed;\n1006;absent;\n1014;in_part;\n1022;absent\n"
    )
    assert [(fault.line, fault.sentence) for fault in page.context["faults"]] == [
        (3, "No officer with badge 9999 is in the register."),
        (3, "“late” is no result; write one of completed, in_part, failed, absent."),
        (4, "Badge 1013 stands in line 2 already."),
        (5, "Badge 1006 is recorded for this session already."),
        (6, "Say for how much of the session the member was there."),
        (7, "The row has 2 cells, and the head 3."),
    ]
    assert "9999;late" in page.content.decode()
    assert held.attendance.count() == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"badge,result\n", "at least one row"),
        (b"name,result\nA,completed\n", "missing: badge"),
        (b"badge,result,rank\n1013,completed,x\n", "Unknown columns: rank"),
        (b"badge,result\n\xff\xfe,completed\n", "not UTF-8"),
        (b"x" * 500_001, "half a megabyte"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data, said):
    read = read_attendance(data, teaching.session(teaching.course()))
    assert said in read.faults[0].sentence
    assert read.taken == ()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=60) | st.text(max_size=60).map(lambda text: f"badge,result\n{text}".encode()))
def test_any_file_is_read_or_refused_with_reasons(django_db_blocker, data):
    held = teaching.TrainingSession(minutes=60)
    held.pk = 0
    read = read_attendance(data, held)
    assert bool(read.taken) != bool(read.faults)


def test_attendance_is_not_recorded_before_the_day():
    course = teaching.course()
    tomorrow = date.today() + timedelta(days=2)  # noqa: DTZ011
    with pytest.raises(Invalid, match="not been held"):
        teaching.took(teaching.session(course, held_on=tomorrow))


@pytest.mark.parametrize(
    ("result", "more"),
    [
        ("late", {}),
        ("completed", {"minutes": 30}),
        ("in_part", {}),
        ("absent", {"minutes": 900}),
        ("failed", {"score": 101}),
    ],
)
def test_figures_that_cannot_be_are_refused(result, more):
    held = teaching.session(teaching.course())
    with pytest.raises(Invalid):
        teaching.took(held, result=result, **more)
    assert not Attendance.objects.exists()


def test_a_correction_needs_a_reason_and_the_log_keeps_what_stood_before():
    row = teaching.took(teaching.session(teaching.course()))
    by = person("dpassmoor")
    with pytest.raises(Invalid, match="why"):
        sessions.correct_attendance(attendance=row, result="absent", reason=" ", by=by)
    sessions.correct_attendance(attendance=row, result="absent", reason="Signed for by a colleague.", by=by)
    entry = Entry.objects.about(row.session.reference).get(action="training.attendance_corrected")
    assert entry.facts["before"] == {"result": "completed", "minutes": 480}
    assert Attendance.objects.get().minutes == 0


def test_a_sergeant_records_nobody():
    held = teaching.session(teaching.course())
    took = sessions.Took(Officer.objects.get(badge="1006"), "completed")
    with pytest.raises(NotPermitted):
        sessions.record_attendance(session=held, taken=[took], by=person("tminch"))
