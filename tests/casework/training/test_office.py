"""Training of the office and of the review board: recorded by person, shown by group, and beside a seat on a panel."""

from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse

from audit.models import Entry
from casework.actions.training import sessions
from casework.exceptions import Invalid, NotPermitted
from casework.models import Officer
from casework.reporting.compliance import standings
from casework.reporting.office_training import not_trained_for_the_board, office_standings
from casework.states import State
from casework.training_vocabulary import Standing
from tests import walk
from tests.casework.training import teaching
from tests.casework.web.visit import browser
from tests.cast import person

pytestmark = pytest.mark.django_db
TODAY = date.today()  # noqa: DTZ011
CHAIR, INVESTIGATOR = "wtarrow", "ivosslind"


def held(required_of="board"):
    course = teaching.course("CH-BOARD", sections=["CH-5.5", "CH-5.9"], required_of=required_of, within_days=0)
    return teaching.session(course)


def record(session, login=CHAIR, by="dpassmoor", **more):
    return sessions.record_person(
        session=session, person=person(login), by=person(by), **{"result": "completed", **more}
    )


def stands(login):
    return [(row.course.code, row.standing) for row in office_standings(TODAY, person(login))]


def test_a_course_of_the_board_is_required_of_its_members_and_of_nobody_else():
    session = held()
    assert stands(CHAIR) == [("CH-BOARD", Standing.OVERDUE)]
    record(session)
    assert stands(CHAIR) == [("CH-BOARD", Standing.COMPLETED)]
    assert stands(INVESTIGATOR) == []
    assert standings(Officer.objects.all(), TODAY) == []


def test_a_course_for_those_who_handle_complaints_is_required_of_investigators():
    held("handlers")
    assert stands(INVESTIGATOR) == [("CH-BOARD", Standing.OVERDUE)]
    assert stands(CHAIR) == []


def test_recording_once_more_corrects_it_and_the_entry_keeps_what_stood_before():
    session = held()
    record(session)
    record(session, result="in_part", minutes=60)
    entry = Entry.objects.about(session.reference).filter(action="training.person_recorded").last()
    assert (entry.facts["result"], entry.facts["before"]["result"]) == ("in_part", "completed")
    assert entry.basis[0] == "HBPD-MANUAL/CH-14.3@2.1"
    assert stands(CHAIR) == [("CH-BOARD", Standing.OVERDUE)]


@pytest.mark.parametrize(
    ("login", "more", "field"),
    [("nhalvaney", {}, "person"), (CHAIR, {"result": "late"}, "result"), (CHAIR, {"minutes": 1}, "minutes")],
)
def test_who_is_not_of_the_office_and_what_cannot_be_is_refused(login, more, field):
    with pytest.raises(Invalid) as refused:
        record(held(), login, **more)
    assert refused.value.field == field


def test_only_the_coordinator_records():
    session = held()
    with pytest.raises(NotPermitted):
        record(session, by="vsundarell")


def test_the_coordinator_records_a_person_on_the_page_of_the_session():
    session = held()
    sent = {"person-person": CHAIR, "person-result": "completed", "person-minutes": ""}
    page = browser("dpassmoor").post(f"/staff/training/sessions/{session.code}/people/", sent, follow=True)
    assert "Training of someone of the office or the review board recorded." in page.text
    assert str(person(CHAIR)) in page.text
    assert "Completed" in browser(CHAIR).get("/staff/training/mine/").text


def test_the_group_stands_beside_the_units_for_those_who_read_every_record():
    held()
    groups = {line["unit"] for line in browser("vsundarell").get("/api/v1/training/compliance/").json()}
    assert "board" in groups
    page = browser("vsundarell").get("/staff/training/compliance/").text
    assert str(person(CHAIR)) in page
    assert settings.OFFICE["phone"] in page, "the frame of the page is whole"
    assert "board" not in {line["unit"] for line in browser("tminch").get("/api/v1/training/compliance/").json()}


def test_a_seat_on_a_panel_says_that_its_member_has_not_completed_the_course():
    session = held()
    case = walk.case_in(State.BOARD_REVIEW)
    members = [seat.user for seat in case.draws.get().seats.all()]
    words = "Required course not completed"
    assert words in browser(CHAIR).get(reverse("board:panel", args=[case.number])).text
    for member in members:
        record(session, member.login)
    assert not_trained_for_the_board(TODAY).isdisjoint(member.pk for member in members)
    assert words not in browser(CHAIR).get(reverse("board:panel", args=[case.number])).text
