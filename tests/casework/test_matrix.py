"""Who may make which move in which state, typed by hand: a second statement of the law that reads neither table."""

import pytest

from casework.actions.moves import open_moves
from casework.permissions import Complainant
from casework.states import State
from tests import walk
from tests.cast import person

MATRIX = """
state                | who          | moves
received             | intake       | begin_intake_review withdraw
received             | investigator | -
received             | supervisor   | withdraw
received             | member       | -
received             | chair        | -
received             | chief        | -
received             | auditor      | -
received             | records      | -
received             | complainant  | withdraw
received             | sysadmin     | -
intake_review        | intake       | begin_preliminary_inquiry refer_out withdraw
intake_review        | investigator | -
intake_review        | supervisor   | refer_out screen_out withdraw
intake_review        | member       | -
intake_review        | chair        | -
intake_review        | chief        | -
intake_review        | auditor      | -
intake_review        | records      | -
intake_review        | complainant  | withdraw
intake_review        | sysadmin     | -
preliminary_inquiry  | intake       | refer_out withdraw
preliminary_inquiry  | investigator | -
preliminary_inquiry  | supervisor   | refer_out screen_out open_investigation withdraw
preliminary_inquiry  | member       | -
preliminary_inquiry  | chair        | -
preliminary_inquiry  | chief        | -
preliminary_inquiry  | auditor      | -
preliminary_inquiry  | records      | -
preliminary_inquiry  | complainant  | withdraw
preliminary_inquiry  | sysadmin     | -
investigation        | intake       | withdraw
investigation        | investigator | submit_for_quality_review
investigation        | supervisor   | withdraw
investigation        | member       | -
investigation        | chair        | -
investigation        | chief        | -
investigation        | auditor      | -
investigation        | records      | -
investigation        | complainant  | withdraw
investigation        | sysadmin     | -
quality_review       | intake       | withdraw
quality_review       | investigator | -
quality_review       | supervisor   | return_to_investigator refer_to_board send_to_chief withdraw
quality_review       | member       | -
quality_review       | chair        | -
quality_review       | chief        | -
quality_review       | auditor      | -
quality_review       | records      | -
quality_review       | complainant  | withdraw
quality_review       | sysadmin     | -
board_referred       | intake       | withdraw
board_referred       | investigator | -
board_referred       | supervisor   | withdraw
board_referred       | member       | -
board_referred       | chair        | seat_panel
board_referred       | chief        | -
board_referred       | auditor      | -
board_referred       | records      | -
board_referred       | complainant  | withdraw
board_referred       | sysadmin     | -
board_review         | intake       | withdraw
board_review         | investigator | -
board_review         | supervisor   | withdraw
board_review         | member       | -
board_review         | chair        | send_back_to_investigation adopt_recommendation
board_review         | chief        | -
board_review         | auditor      | -
board_review         | records      | -
board_review         | complainant  | withdraw
board_review         | sysadmin     | -
chief_decision       | intake       | withdraw
chief_decision       | investigator | -
chief_decision       | supervisor   | withdraw
chief_decision       | member       | -
chief_decision       | chair        | -
chief_decision       | chief        | issue_disposition
chief_decision       | auditor      | -
chief_decision       | records      | -
chief_decision       | complainant  | withdraw
chief_decision       | sysadmin     | -
disposition_issued   | intake       | withdraw
disposition_issued   | investigator | -
disposition_issued   | supervisor   | close withdraw
disposition_issued   | member       | -
disposition_issued   | chair        | -
disposition_issued   | chief        | -
disposition_issued   | auditor      | -
disposition_issued   | records      | -
disposition_issued   | complainant  | withdraw
disposition_issued   | sysadmin     | -
"""

PEOPLE = {
    "intake": "oferrant",
    "investigator": "ivosslind",
    "supervisor": "rambersole",
    "member": "jpenhallis",
    "chair": "wtarrow",
    "chief": "ecastlemayne",
    "auditor": "vsundarell",
    "records": "bollerby",
    "sysadmin": "kbrandvold",
}
ROWS = [tuple(cell.strip() for cell in line.split("|")) for line in MATRIX.strip().splitlines()[1:]]


def expected(state: str) -> dict[str, set[str]]:
    return {who: set(moves.split()) - {"-"} for at, who, moves in ROWS if at == state}


@pytest.mark.django_db
@pytest.mark.parametrize("state", [State.RECEIVED, *walk.STEPS])
def test_each_person_is_offered_exactly_the_moves_of_the_matrix(state):
    case = walk.case_in(state)
    actors = {who: person(login) for who, login in PEOPLE.items()} | {"complainant": Complainant(case)}
    assert {who: set(open_moves(case, by=actor)) for who, actor in actors.items()} == expected(state)


def test_the_matrix_has_a_row_for_every_open_state_and_every_person():
    states = {State.RECEIVED, *walk.STEPS}
    assert {(state, who) for state, who, _moves in ROWS} == {
        (state.value, who) for state in states for who in [*PEOPLE, "complainant"]
    }
