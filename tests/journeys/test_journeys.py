"""Whole cases, from a citizen's browser to a closed file, by pages alone."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from audit.log import integrate
from audit.verify import verify
from casework.models import Case
from casework.permissions import check_grants
from casework.states import State
from tests.casework.web.visit import get, post
from tests.journeys import steps

pytestmark = pytest.mark.django_db


def close_when_the_time_to_ask_has_passed(case):
    refused = post(steps.SUPERVISOR, case, "moves", "close")
    assert "The time to ask for reconsideration has not passed." in refused.text
    with time_machine.travel(timezone.now() + timedelta(days=60), tick=True):
        steps.closed(case)


def read_letter(citizen, case):
    """Return the outcome letter as the citizen opens it from the tracking page."""
    letter = case.letters.get(code="L-OUT")
    path = steps.public("letter", letter.pk)
    assert path in steps.followed(citizen)
    return citizen.get(path).text


def test_a_complaint_is_sustained_and_the_citizen_reads_the_outcome():
    case, citizen = steps.file_complaint()
    steps.investigated(case)
    allegation = case.allegations.get()
    steps.worksheet(case, **steps.proved(case, allegation.section_version.elements.all()))
    steps.reported(case, "sustained")
    steps.referred(case)
    steps.seated(case)
    assert "With the board and the chief" in (page := steps.followed(citizen))
    assert "The board sends the chief what it recommends, or asks for more investigation." in page
    steps.voted(case, "sustained", "Sustained", against="unfounded")
    assert steps.state_of(case) == State.CHIEF_DECISION

    assert "I would have found otherwise." in get(steps.CHIEF, case, "decision").text
    steps.decided(case, "sustained", "You follow the recommendation:")
    refused = post(steps.CHIEF, case, "moves", "issue_disposition")
    assert "Allegation 1 has no outcome for the officer." in refused.text
    outside = post(steps.CHIEF, case, "decision", 1, "discipline", outcome="dismissal", days="", reason="")
    assert "Say why you go outside it." in outside.text
    path = f"/staff/cases/{case}/decision/1/discipline/"
    steps.read_back(
        steps.CHIEF, path, "This lies inside the range of the matrix.", outcome="written_reprimand", days="", reason=""
    )
    steps.done(steps.CHIEF, case, "moves", "issue_disposition")
    steps.told(case)
    assert "Sustained" in read_letter(citizen, case)
    close_when_the_time_to_ask_has_passed(case)
    assert "Your complaint is closed." in steps.followed(citizen)
    integrate()
    assert verify().faults == []
    assert check_grants() == []


def test_an_officer_is_exonerated_because_an_exception_was_established():
    case, citizen = steps.file_complaint()
    steps.investigated(case)
    allegation = case.allegations.get()
    version, day = allegation.cited
    excuse = version.exceptions_on(day)[0]
    steps.worksheet(
        case, **steps.proved(case, version.elements.all()), **{f"exception{excuse.pk}-raised_by": "officer"}
    )
    steps.worksheet(
        case, **steps.proved(case, excuse.elements.all()), **{f"exception{excuse.pk}-result": "established"}
    )
    steps.reported(case, "exonerated")
    steps.referred(case)
    steps.seated(case)
    member = steps.panel_of(case)[0]
    packet = steps.browser(member).get(f"/board/{case}/").text
    assert f"Exception {excuse.section.code}" in packet
    assert "Result: Established." in packet
    steps.voted(case, "exonerated", "It happened, and the rules allow it.")
    steps.decided(case, "exonerated", "You follow the recommendation:")
    assert post(steps.CHIEF, case, "decision", 1, "discipline", outcome="dismissal").status_code == 409
    steps.done(steps.CHIEF, case, "moves", "issue_disposition")
    steps.told(case)
    assert "Exonerated" in read_letter(citizen, case)
    close_when_the_time_to_ask_has_passed(case)


def test_a_case_is_sent_back_with_questions_and_returns_to_the_same_panel():
    case, citizen = steps.file_complaint()
    steps.investigated(case)
    allegation = case.allegations.get()
    steps.worksheet(case, **steps.proved(case, allegation.section_version.elements.all()))
    steps.reported(case, "sustained")
    steps.referred(case)
    steps.seated(case)
    panel = steps.panel_of(case)
    back = f"/board/{case}/votes/send-back/"
    for login in panel:
        steps.read_back(login, back, "Who held the door?", choice="send_back", note="Who held the door?")
    steps.done(steps.CHAIR, case, "moves", "send_back_to_investigation", questions="Who held the door?")
    assert steps.state_of(case) == State.INVESTIGATION
    assert "The review board asked for more investigation." in steps.followed(citizen)
    assert steps.browser(panel[0]).get(f"/board/{case}/votes/").status_code == 403

    steps.done(steps.INVESTIGATOR, case, "evidence", "add", kind="document", title="Door log", locator="LOG/7")
    steps.reported(case, "sustained")
    steps.referred(case)
    steps.done(steps.CHAIR, case, "moves", "seat_panel")
    assert steps.panel_of(Case.objects.get(pk=case.pk)) == panel
    assert "Door log" in steps.browser(panel[0]).get(f"/board/{case}/").text
    steps.voted(case, "sustained", "Sustained")
    departed = post(steps.CHIEF, case, "decision", 1, code="not_sustained", reason="")
    assert "Say why you depart from the recommendation." in departed.text
    steps.decided(case, "not_sustained", "You depart from the recommendation:", reason="The camera was covered.")
    assert "The camera was covered." in get("vsundarell", case, "decision").text
    steps.done(steps.CHIEF, case, "moves", "issue_disposition")
    assert steps.state_of(case) == State.DISPOSITION_ISSUED
