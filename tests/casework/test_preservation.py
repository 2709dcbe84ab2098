"""Holders of recordings are asked to keep them, by a day, and their answers are part of the file."""

from datetime import timedelta

import pytest

from audit.models import Entry
from casework.actions import preservation
from casework.clocks import today
from casework.exceptions import Invalid, NotPermitted
from casework.models import CaseClock, PreservationRequest
from casework.states import State
from casework.vocabulary import Clock
from tests import walk
from tests.casework.web.visit import get, post
from tests.cast import person

pytestmark = pytest.mark.django_db
DUE = today() + timedelta(days=7)


def asked(case, by="oferrant", **more):
    told = {"holder": "Corner shop", "what": "Camera over the door, 20:00 to 20:30", "due_on": DUE, **more}
    return preservation.preserve_recordings(case=case, by=person(by), **told)


def test_the_first_request_stops_the_clock_of_the_same_day():
    case = walk.file()
    clock = CaseClock.objects.get(case=case, code=Clock.PRESERVATION_REQUEST)
    assert clock.due_on == today()
    asked(case)
    clock.refresh_from_db()
    assert clock.stopped_on == today()


def test_request_and_answer_are_entries_that_name_nobody():
    request = asked(walk.file())
    preservation.record_answer(request=request, answer="gone", note="Overwritten.", by=person("oferrant"))
    first, second = Entry.objects.filter(action__startswith="recording.").order_by("pk")
    assert first.basis == ["HBPD-MANUAL/CH-2.8@2.1"]
    assert second.facts == {"request": request.pk, "answer": "gone"}
    assert "shop" not in first.leaf
    assert str(first.known_action.complainant) == "We asked that recordings be kept."


@pytest.mark.parametrize(
    ("more", "field"),
    [({"holder": " "}, "holder"), ({"what": ""}, "what"), ({"due_on": today() - timedelta(days=1)}, "due_on")],
)
def test_a_request_says_whom_what_and_until_when(more, field):
    with pytest.raises(Invalid) as wrong:
        asked(walk.file(), **more)
    assert wrong.value.field == field


def test_an_answer_is_recorded_once():
    request = asked(walk.file())
    preservation.record_answer(request=request, answer="kept", by=person("oferrant"))
    with pytest.raises(Invalid, match="already"):
        preservation.record_answer(request=request, answer="gone", by=person("oferrant"))


def test_an_auditor_asks_nobody():
    with pytest.raises(NotPermitted):
        asked(walk.file(), by="vsundarell")


def test_the_pages_lead_from_the_evidence_to_the_answer():
    case = walk.case_in(State.INVESTIGATION)
    assert "Nobody has been asked to keep a recording." in get("ivosslind", case, "evidence").text
    told = {"holder": "Bus company", "what": "Bus 11, 20:00", "due_on": DUE.isoformat()}
    post("ivosslind", case, "evidence", "recordings", **told)
    request = PreservationRequest.objects.get(case=case)
    assert "Due in 7 days" in get("ivosslind", case, "evidence").text
    post("ivosslind", case, "evidence", "recordings", request.pk, answer="handed_over", note="On a stick.")
    shown = get("ivosslind", case, "evidence").text
    assert "It was handed over" in shown
    assert "On a stick." in shown
