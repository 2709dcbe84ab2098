"""Who takes up a role is put on the cases it answers for; who lays it down sees them no more, from that moment."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts import people
from accounts.models import Role, RoleHolding, User
from audit.models import Entry
from casework.actions import assignments, board, offices
from casework.models import Case
from casework.permissions import check_grants
from casework.states import State
from casework.vocabulary import CaseRole
from tests import walk
from tests.cast import person

pytestmark = pytest.mark.django_db
ADMINISTRATOR = "kbrandvold"


def newcomer() -> User:
    return User.objects.create_user("tmarlowe", name="Tess Marlowe")


def grant(user: User, role: str, **days):
    return people.grant_role(by=person(ADMINISTRATOR), person=user, role=Role.objects.get(pk=role), **days)


def end(login: str, role: str, **at):
    holding = person(login).role_holdings.in_force().get(role_id=role)
    return people.end_role(by=person(ADMINISTRATOR), holding=holding, **at)


def sees(user: User, case: Case) -> bool:
    return Case.objects.visible_to(user).filter(pk=case.pk).exists()


@pytest.mark.parametrize("role", ["intake_specialist", "supervising_investigator", "auditor"])
def test_a_new_holder_of_a_standing_role_works_on_the_cases_that_were_there_before(role):
    case, user = walk.case_in(State.PRELIMINARY_INQUIRY), newcomer()
    grant(user, role)
    assert sees(user, case)
    assert check_grants() == []


def test_a_new_auditor_reads_every_case_and_a_new_supervisor_the_open_ones():
    case = walk.closed_as_duplicate()
    auditor, supervisor = newcomer(), User.objects.create_user("olund", name="Ola Lund")
    grant(auditor, "auditor")
    grant(supervisor, "supervising_investigator")
    assert (sees(auditor, case), sees(supervisor, case)) == (True, False)


def test_a_new_investigator_sees_nothing_until_put_on_a_case():
    case, user = walk.case_in(State.INVESTIGATION), newcomer()
    grant(user, "investigator")
    assert not sees(user, case)


def test_a_new_chief_answers_for_the_cases_of_the_one_who_left_and_for_no_other_s():
    case, user = walk.case_in(State.CHIEF_DECISION), newcomer()
    grant(user, "chief")
    assert not sees(user, case)
    end("ecastlemayne", "chief")
    offices.follow_calendar()
    assert sees(user, case)
    assert not sees(person("ecastlemayne"), case)


@pytest.mark.parametrize(
    ("login", "role"),
    [("rambersole", "supervising_investigator"), ("ivosslind", "investigator"), ("vsundarell", "auditor")],
)
def test_who_lays_a_role_down_sees_its_cases_no_more(login, role):
    case = walk.case_in(State.INVESTIGATION)
    assert sees(person(login), case)
    end(login, role)
    assert not sees(person(login), case)
    assert check_grants() == []


def test_a_member_who_leaves_the_board_leaves_the_panel_to_a_substitute():
    case = walk.case_in(State.BOARD_REVIEW)
    holdings = RoleHolding.objects.in_force().filter(user__in=[seat.user for seat in board.seated(case)])
    holding = holdings.filter(role_id="board_member").first()
    leaver = holding.user
    people.end_role(by=person(ADMINISTRATOR), holding=holding)
    called = case.assignments.current().filter(role=CaseRole.DRAWN_MEMBER)
    assert not sees(leaver, case)
    assert called.count() == 1
    assert leaver.pk not in {seat.user_id for seat in board.seated(case)}


def test_where_the_chair_steps_aside_another_who_is_made_chair_goes_on():
    case = walk.case_in(State.BOARD_REFERRED)
    assignments.declare_conflict(case=case, by=person("wtarrow"), has_conflict=True, ground="friend")
    deputy = person("hmintwater")
    grant(deputy, "board_chair")
    draw = board.draw_panel(case=case, by=deputy)
    assert person("wtarrow").reference not in draw.pool
    assert check_grants() == []


def test_a_wall_holds_for_a_new_role_too():
    case = walk.case_in(State.INVESTIGATION)
    assignments.declare_conflict(case=case, by=person("ivosslind"), has_conflict=True, ground="friend")
    grant(person("ivosslind"), "intake_specialist")
    assert not sees(person("ivosslind"), case)


def test_a_role_that_begins_and_ends_by_the_calendar_is_followed_on_its_days():
    case, user, now = walk.case_in(State.PRELIMINARY_INQUIRY), newcomer(), timezone.now()
    grant(user, "auditor", since=now + timedelta(days=2), until=now + timedelta(days=4))
    seen = []
    for days in (1, 3, 5):
        with time_machine.travel(now + timedelta(days=days), tick=False):
            offices.follow_calendar()
            seen.append(sees(user, case))
    assert seen == [False, True, False]
    told = Entry.objects.filter(action="role.followed", subject=user.reference)
    assert [entry.facts for entry in told.order_by("n")] == [{"role": "auditor", "places": 1}] * 2


def test_following_the_calendar_again_changes_nothing():
    case = walk.case_in(State.BOARD_REVIEW)
    before = list(case.assignments.order_by("pk").values())
    offices.follow_calendar()
    assert list(case.assignments.order_by("pk").values()) == before
