"""How oversight is arranged decides which moves there are: the profile in use on the day of the move."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from casework.actions import board, decisions, letters, updates
from casework.actions.moves import open_moves, perform, refusals
from casework.clocks import today
from casework.exceptions import Invalid
from casework.portal import questions
from casework.states import State
from policy_rules.rules import rules_on
from tests import walk
from tests.arranging import from_day
from tests.casework.web import visit
from tests.cast import person

pytestmark = pytest.mark.django_db
SUPERVISOR = "rambersole"


def open_to(login: str, case) -> set[str]:
    """Return the moves that nothing stands against."""
    return {name for name, against in open_moves(case, by=person(login)).items() if not against}


def against(name: str, login: str, case) -> list[str]:
    return [refusal.code for refusal in refusals(case, name, by=person(login))]


def test_where_the_office_only_advises_a_grave_case_goes_to_the_chief_and_not_to_a_board():
    case = walk.case_in(State.QUALITY_REVIEW)
    from_day(today() + timedelta(days=10), profiles={"in_use": "nc_advisory"})
    assert "send_to_chief" not in open_to(SUPERVISOR, case)
    assert "a_board_reviews_cases" not in against("refer_to_board", SUPERVISOR, case)
    with time_machine.travel(timezone.now() + timedelta(days=10), tick=True):
        assert "send_to_chief" in open_to(SUPERVISOR, case)
        assert "a_board_reviews_cases" in against("refer_to_board", SUPERVISOR, case)
        assert perform("send_to_chief", case=case, by=person(SUPERVISOR)).state == State.CHIEF_DECISION


def test_a_quorum_that_changed_since_the_last_act_is_that_of_the_day():
    case = walk.case_in(State.BOARD_REFERRED)
    board.draw_panel(case=case, by=person("wtarrow"))
    from_day(today() + timedelta(days=1), rules__panel={"size": 9, "quorum": 9})
    assert "panel_has_quorum" not in against("seat_panel", "wtarrow", case)
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=True):
        assert "panel_has_quorum" in against("seat_panel", "wtarrow", case)


def test_a_case_that_the_board_was_given_stays_with_it_when_the_board_is_ended():
    case = walk.case_in(State.BOARD_REFERRED)
    from_day(profiles={"in_use": "nc_advisory"})
    case = walk.board_review(case)
    assert walk.chief_decision(case).state == State.CHIEF_DECISION


def test_where_the_board_decides_the_chief_cannot_depart_from_it():
    case = walk.case_in(State.CHIEF_DECISION)
    allegation = case.allegations.get()
    chief = person("ecastlemayne")
    assert len(decisions.findings_open(allegation, today())) > 1
    from_day(profiles={"in_use": "maryland_acc"})
    with pytest.raises(Invalid, match="what the board found is final") as wrong:
        decisions.decide(allegation=allegation, code="exonerated", reason="I see it otherwise.", by=chief)
    assert wrong.value.field == "code"
    page = visit.get("ecastlemayne", case.number, "decision", "1").content.decode()
    assert 'value="sustained"' in page
    assert 'value="exonerated"' not in page
    assert decisions.decide(allegation=allegation, code="sustained", by=chief).code == "sustained"


def test_without_a_board_nobody_is_asked_about_one_and_the_complainant_is_told_of_the_chief():
    case = walk.file()
    assert "board" in {question.code for question in questions.asked({})}
    from_day(profiles={"in_use": "nc_advisory"})
    assert "board" not in {question.code for question in questions.asked({})}
    assert "board_requested" not in visit.get("oferrant", "new").content.decode()
    case = walk.intake_review(case)
    letter = case.letters.get(code="L-ACK")
    words = letters.preview(letter, signer=person("oferrant"), on=today()).text
    assert "Within 30 days after the investigation" in words
    assert "board of residents" not in words + Client().get("/en/").text
    case = walk.investigation(walk.preliminary_inquiry(case))
    assert "With the chief" in updates.update_text(case, on=today())


def test_without_a_legal_limit_none_is_counted_and_another_clock_can_set_it():
    from_day(profiles={"in_use": "nc_advisory"})
    assert walk.file().legal_limit_on is None
    from_day(today() + timedelta(days=1), profiles={"in_use": "demo"}, profiles__demo={"legal_deadline": "overall"})
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=True):
        limit = rules_on(today()).clock("overall").duration
        assert walk.file().legal_limit_on == today() + timedelta(days=limit)


def test_discipline_follows_the_matrix_in_force_on_the_day_of_the_event():
    case = walk.case_in(State.CHIEF_DECISION)
    walk.decide_finding(case)
    allegation = case.allegations.get()
    code = allegation.section_version.discipline_class
    harder = rules_on(today()).raw["rules"]["discipline_matrix"][code] | {"first": ["demotion", "dismissal"]}
    before = decisions.range_for(allegation, today())
    from_day(rules__discipline_matrix={code: harder})
    assert decisions.range_for(allegation, today()) == before
    allegation.incident_on = today()
    assert decisions.range_for(allegation, today()).low == "demotion"
