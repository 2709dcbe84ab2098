"""Random acts by random people: the case stands where the log says, and no right outlives its reason."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from audit.models import Entry
from casework.actions import assignments
from casework.actions.moves import PROCESS, perform, propose, refusals
from casework.exceptions import CaseNotFound, Invalid, NotPermitted, Refused
from casework.models import Case, CaseUserPermission
from casework.permissions import Complainant, _present, _wanted, permissions_of
from casework.states import ENDED, State
from tests import walk
from tests.cast import person

LOGINS = ["oferrant", "ivosslind", "rambersole", "cdreyfield", "wtarrow", "jpenhallis", "ecastlemayne", "vsundarell"]
STATED = {
    "reason": "For the record.", "tasks": "Ask again.", "questions": "Who?", "agency": "Sheriff", "free_choice": True,
    "ground": "no_formal_investigation", "evidence_reviewed": "E1",
}  # fmt: skip
STEPS = list(walk.STEPS.values())
MOVES = [name for name in PROCESS.table() if name not in {"receive", "import_record"}]


def stated_for(name: str) -> dict[str, object]:
    wanted = {statement.name for statement in PROCESS.table()[name].states}
    return {key: value for key, value in STATED.items() if key in wanted}


class CaseMachine(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.case = walk.file()
        self.walled = set()

    @rule()
    def take_the_next_step_of_the_walk(self):
        for state, step in zip([State.RECEIVED, *walk.STEPS], STEPS, strict=False):
            if self.case.state == state and not self.walled:
                self.case = step(self.case)
                return

    @rule(name=st.sampled_from(MOVES), login=st.sampled_from([*LOGINS, "complainant"]))
    def try_a_move(self, name, login):
        actor = Complainant(self.case) if login == "complainant" else person(login)
        case = Case.objects.get(pk=self.case.pk)
        before = case.state
        expected = refusals(case, name, by=actor, stated=stated_for(name))
        if expected:
            with pytest.raises(Refused) as error:
                perform(name, case=case, by=actor, **stated_for(name))
            assert error.value.codes == tuple(refusal.code for refusal in expected)
            assert Case.objects.get(pk=case.pk).state == before
        else:
            self.case = perform(name, case=case, by=actor, **stated_for(name))
            assert not PROCESS.table()[name].second_person

    @rule(name=st.sampled_from([name for name in MOVES if PROCESS.table()[name].second_person]))
    def let_two_people_make_a_move(self, name):
        try:
            proposal = propose(name, case=self.case, by=person("rambersole"), **stated_for(name))
            self.case = perform(name, case=self.case, by=person("cdreyfield"), proposal=proposal)
        except Refused:
            self.case = Case.objects.get(pk=self.case.pk)

    @rule(login=st.sampled_from(LOGINS))
    def declare_a_conflict(self, login):
        try:
            assignments.declare_conflict(case=self.case, by=person(login), has_conflict=True, ground="friend")
        except (CaseNotFound, NotPermitted, Invalid, Refused):
            return
        self.walled.add(login)
        self.case = Case.objects.get(pk=self.case.pk)

    @invariant()
    def the_case_stands_where_its_last_move_left_it(self):
        entries = Entry.objects.about(self.case.reference).filter(action__startswith="move.")
        told = [entry.facts["to"] for entry in entries if "to" in entry.facts]
        assert Case.objects.get(pk=self.case.pk).state == told[-1]

    @invariant()
    def guardian_says_what_the_assignments_say(self):
        case = Case.objects.get(pk=self.case.pk)
        assert _wanted([case]) == _present([case]).keys()

    @invariant()
    def whoever_is_walled_off_has_nothing_left(self):
        for login in self.walled:
            user = person(login)
            assert permissions_of(user, self.case) == frozenset()
            assert not CaseUserPermission.objects.filter(user=user, content_object=self.case).exists()
            assert not Case.objects.visible_to(user).filter(pk=self.case.pk).exists()

    @invariant()
    def an_ended_case_runs_no_clock(self):
        if self.case.state in ENDED:
            assert not self.case.clocks.running().exists()


@pytest.mark.django_db
def test_no_sequence_of_acts_breaks_the_promises_of_the_workflow():
    run_state_machine_as_test(
        CaseMachine,
        settings=settings(
            max_examples=12, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
