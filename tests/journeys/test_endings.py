"""How a complaint ends before the board, or is followed by someone whom nobody knows: from the citizen's side."""

import re

import pytest
from django.test import Client

from casework.models import Case
from casework.states import State
from tests import walk
from tests.casework.portal.visit import address, fill_in, follow, send
from tests.casework.web.visit import get, post

pytestmark = pytest.mark.django_db
INTAKE, SUPERVISOR, SECOND, INVESTIGATOR = "oferrant", "rambersole", "cdreyfield", "ivosslind"
WHEN = ("when", {"how": "day", "first": walk.INCIDENT.isoformat()})
WHAT = {"narrative": "El agente me gritó en la parada del autobús."}


def filed(*answers):
    """File through the portal; return the case and a browser in which code and secret have opened it."""
    citizen = Client()
    fill_in(citizen, [("what", WHAT), *answers])
    code, secret = send(citizen)
    return Case.objects.get(tracking_code=code), follow(code, secret)


def reviewed(case, code):
    """Begin the intake review and classify the complaint, on the pages of the office."""
    done(post(INTAKE, case, "access", "declare", has_conflict="no"))
    done(post(INTAKE, case, "moves", "begin_intake_review"))
    done(post(SUPERVISOR, case, "classify", code=code))


def by_two(case, move, **stated):
    """Propose a move as one supervisor, agree to it as another."""
    done(post(SUPERVISOR, case, "moves", move, **stated))
    done(post(SECOND, case, "proposals", case.proposals.latest("pk").pk, answer="agree"))


def letter_sent(case, code, **more):
    """Prepare a letter, have it checked by a second person, and leave it on the tracking page."""
    letter = case.letters.get(code=code)
    done(post(SUPERVISOR, case, "letters", letter.pk, "prepare", language="es", note="", **more))
    page = get(SECOND, case, "letters", letter.pk).text
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)[1]
    done(post(SECOND, case, "letters", letter.pk, "approve", seen=seen))
    done(post(SUPERVISOR, case, "letters", letter.pk, "send", way="tracking_page"))
    return letter


def done(answer):
    assert answer.status_code == 302, answer.text


def tracked(citizen):
    return citizen.get(address("complaint")).text


def withdraw(citizen):
    done(citizen.post(address("withdraw"), {"free_choice": "on", "wish": "Ya no quiero seguir."}))


def state_of(case):
    return Case.objects.get(pk=case.pk).state


def test_withdrawn_before_an_investigation_a_minor_matter_is_closed_by_two_people_and_the_citizen_told_why():
    case, citizen = filed()
    withdraw(citizen)
    reviewed(case, "minor")
    assert state_of(case) == State.INTAKE_REVIEW
    by_two(case, "screen_out", ground="withdrawn", reason="Usted nos pidió no seguir.", evidence_reviewed="Ninguna.")
    letter = letter_sent(case, "L-CLS")
    page = tracked(citizen)
    assert "Cerramos su queja sin investigación." in page
    assert address("withdraw") not in page
    assert "Usted nos pidió no seguir." in citizen.get(address("letter", letter.pk)).text


def test_withdrawn_before_an_investigation_a_grave_matter_goes_on():
    case, citizen = filed()
    withdraw(citizen)
    reviewed(case, "serious")
    refused = post(
        SUPERVISOR, case, "moves", "screen_out", ground="withdrawn", reason="He asked us.", evidence_reviewed="None"
    )
    assert refused.status_code == 409
    done(post(INTAKE, case, "messages", "contact", method="none", was_reached="no"))
    done(post(INTAKE, case, "moves", "begin_preliminary_inquiry"))
    assert state_of(case) == State.PRELIMINARY_INQUIRY


def test_withdrawn_after_the_investigation_was_opened_it_goes_on_and_nobody_can_screen_it_out():
    case, citizen = filed(WHEN)
    for step in (walk.intake_review, walk.preliminary_inquiry, walk.investigation):
        case = step(case)
    withdraw(citizen)
    page = tracked(citizen)
    assert "Usted nos dijo que desea retirar la queja." in page
    assert address("withdraw") not in page
    assert post(SUPERVISOR, case, "moves", "screen_out").status_code == 404
    walk.finish_investigation(case)
    done(post(INVESTIGATOR, case, "moves", "submit_for_quality_review"))
    assert state_of(case) == State.QUALITY_REVIEW


def test_someone_who_gives_no_name_follows_the_complaint_by_code_to_its_outcome():
    case, citizen = filed(WHEN)
    assert (case.confidentiality, hasattr(case.parties.get(), "identity")) == ("anonymous", False)
    for step in walk.STEPS.values():
        case = step(case)
    letter = letter_sent(case, "L-OUT", level="L2", legal_basis="CH-8.2")
    assert "La jefatura decidió." in tracked(citizen)
    outcome = citizen.get(address("letter", letter.pk)).text
    assert "Probada" in outcome
    assert "Kessrow" not in outcome
    assert citizen.get(address("letter_file", letter.pk)).headers["Content-Type"] == "application/pdf"


def test_a_question_that_is_no_complaint_is_answered_by_a_letter_with_its_reason():
    case, citizen = filed()
    reviewed(case, "inquiry")
    by_two(
        case, "screen_out", ground="inquiry", reason="Su carta pregunta por un horario.", evidence_reviewed="Su carta."
    )
    letter = letter_sent(case, "L-CLS")
    assert state_of(case) == State.CLOSED_SCREENED
    assert "Su carta pregunta por un horario." in citizen.get(address("letter", letter.pk)).text
    assert address("withdraw") not in tracked(citizen)


def test_a_matter_of_another_agency_is_referred_to_it_and_the_citizen_reads_a_copy():
    case, citizen = filed()
    reviewed(case, "out_of_jurisdiction")
    by_two(case, "refer_out", agency="Alguacil del condado", reason="El agente es del condado.")
    letter = letter_sent(case, "L-REF")
    assert state_of(case) == State.REFERRED_OUT
    assert "Otra agencia" in tracked(citizen)
    assert "Alguacil del condado" in citizen.get(address("letter", letter.pk)).text
