"""A member who steps aside loses the case at once: at every address, in every list and search, by every way in."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from accounts.tokens import Scope, issue
from casework.actions import board
from casework.states import State
from tests import walk
from tests.casework.web.visit import browser
from tests.cast import person
from tests.permissions.routes import addresses

pytestmark = pytest.mark.django_db

ENTRANCES = ("/staff/", "/board/", "/api/")
OF_A_CASE = [place for place in addresses() if place.startswith(ENTRANCES) and "<number>" in place]
LISTS = [place for place in addresses() if place.startswith((*ENTRANCES, "/audit/")) and "<" not in place]
SEARCHES = ["/staff/cases/?q={serial}", "/staff/cases/?q=walking", "/staff/cases/?state=board_review"]
REFUSED = {401, 403, 404, 405}
"""A token that may only read is refused a write before the case is looked for, with 403."""


@pytest.fixture
def recusal():
    """A member with an open session and a program's token, both older than the recusal, and the case they sat on."""
    case = walk.case_in(State.BOARD_REVIEW)
    member = next(seat.user.login for seat in board.seated(case) if seat.user.login != "wtarrow")
    _token, secret = issue(by=person(member), label="reader", scopes=[Scope.CASES_READ], lasts=timedelta(days=1))
    session = browser(member)
    program = Client(headers={"authorization": f"Bearer {secret}"})
    assert case.number in session.get("/board/").text
    assert program.get(f"/api/v1/cases/{case.number}/").status_code == 200
    session.post(f"/board/{case}/votes/1/", {"choice": "sustained", "note": "", "step": "record"})
    left = session.post(f"/board/{case}/panel/step-aside/", {"ground": "friend", "note": ""}, follow=True)
    assert f"Case {case.number} is closed to you." in left.text
    return case, session, program


def answers(place, number, session, program):
    clients = [session, program] if place.startswith("/api/") else [session]
    place = place.replace("<number>", number).replace("<move>", "seat_panel").replace("<name>", "seat_panel")
    path = re.sub(r"<\w+>", "1", place)
    return [getattr(client, method)(path).status_code for client in clients for method in ("get", "post")]


def test_every_address_of_the_case_answers_as_if_the_case_did_not_exist(recusal):
    case, session, program = recusal
    told = {place: answers(place, case.number, session, program) for place in OF_A_CASE}
    assert told == {place: answers(place, "1999-000001", session, program) for place in OF_A_CASE}
    assert {status for statuses in told.values() for status in statuses} <= REFUSED


def test_no_list_search_or_count_holds_the_case_any_more(recusal):
    case, session, program = recusal
    places = LISTS + [search.format(serial=case.number[5:]) for search in SEARCHES]
    told = {place for place in places if holds(session, place, case)}
    told |= {f"program {place}" for place in LISTS if place.startswith("/api/") and holds(program, place, case)}
    assert told == set()


def holds(client, place, case):
    answer = client.get(place)
    if answer.streaming or answer.status_code != 200:
        return False
    return case.number in answer.text or case.place in answer.text


def test_what_the_member_did_before_stays_in_the_record(recusal):
    case, _session, _program = recusal
    assert case.votes.count() == 1
    assert "Stepped aside" in browser("wtarrow").get(f"/board/{case}/panel/").text


def test_the_vote_of_a_member_who_stepped_aside_no_longer_counts(recusal):
    case, _session, _program = recusal
    page = browser("wtarrow").get(f"/board/{case}/votes/").text
    assert "0 of 7 members have voted." in page
