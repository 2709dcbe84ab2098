import pytest

from audit.log import integrate
from audit.models import Entry
from audit.verify import verify
from casework.permissions import check_grants
from casework.states import State
from tests import walk

pytestmark = pytest.mark.django_db


def test_a_complaint_goes_from_filing_to_disposition_with_every_step_in_the_log():
    case = walk.case_in(State.DISPOSITION_ISSUED)
    moves = [
        entry.facts["to"] for entry in Entry.objects.about(case.reference)
        if entry.action.startswith("move.") and "to" in entry.facts
    ]  # fmt: skip
    assert moves == [
        "received", "intake_review", "preliminary_inquiry", "investigation", "quality_review", "board_referred",
        "board_review", "chief_decision", "disposition_issued",
    ]  # fmt: skip
    assert case.allegations.get().current_finding.code == "sustained"


def test_the_log_explains_every_row_of_a_whole_case():
    walk.case_in(State.DISPOSITION_ISSUED)
    integrate()
    assert verify().faults == []
    assert check_grants() == []


@pytest.mark.parametrize("state", walk.STEPS)
def test_every_state_is_reached_by_real_moves(state):
    assert walk.case_in(state).state == state
