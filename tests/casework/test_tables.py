"""What the two tables promise as a whole."""

import pytest

from casework.models import Case
from casework.roles import ROLES
from casework.states import ENDED, OPEN, PHASES, TO_COME, TOLD, UNFILED, State
from casework.vocabulary import CaseRole, Perm
from moves.table import moves_of
from policy_rules.rules import authority_for, rules_on
from tests.walk import INCIDENT

TABLE = moves_of(Case)


def test_every_state_is_reached_by_some_move_and_no_move_leads_to_an_unknown_one():
    assert {target for row in TABLE.values() for target in row.targets} == set(State.values)
    assert {source for row in TABLE.values() for source in row.sources} <= {*State.values, UNFILED}


def test_ended_states_are_left_by_no_move():
    assert not [row.name for row in TABLE.values() if ENDED & set(row.sources)]


def test_every_open_state_has_a_way_out():
    leaving = {source for row in TABLE.values() if row.targets for source in row.sources}
    assert set(OPEN) <= leaving


def test_every_state_has_a_phase_and_a_sentence_for_the_complainant():
    assert set(PHASES) == set(TOLD) == set(State)
    assert set(TO_COME) == set(OPEN)


def test_some_role_may_make_each_move_in_each_of_its_states():
    for row in TABLE.values():
        for source in row.sources:
            assert any(row.permission in role.at(source) for role in ROLES.values()), (row.name, source)


def test_every_role_on_a_case_has_a_row():
    assert set(ROLES) == set(CaseRole)


def test_whoever_is_assigned_can_see_that_the_case_exists_in_every_state():
    for role in set(CaseRole) - {CaseRole.COMPLAINANT, CaseRole.SYSTEM}:
        assert all(Perm.VIEW in ROLES[role].at(state) for state in State), role


def test_system_administrators_have_no_role_on_any_case():
    assert "system_administrator" not in CaseRole.values


def test_every_row_names_itself_in_both_languages():
    from django.utils import translation

    for row in TABLE.values():
        for text in (row.label, row.timeline, row.told):
            if text is None:
                continue
            with translation.override("es"):
                spanish = str(text)
            with translation.override("en"):
                assert str(text)
                assert spanish != str(text), (row.name, str(text))


@pytest.mark.django_db
def test_every_move_and_every_clock_rests_on_a_section_of_the_shipped_manual():
    rules = rules_on(INCIDENT)
    for row in TABLE.values():
        assert authority_for("move", row.name, on=INCIDENT).reference.startswith("HBPD-MANUAL/CH-")
        assert rules.move(row.name).two_person == row.second_person, row.name
        assert {*row.starts, *row.resumes} <= set(rules.clocks)
