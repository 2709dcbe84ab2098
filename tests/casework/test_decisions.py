"""The chief's decisions: what goes with a decision that is changed, and under which policy it is found."""

import pytest

from audit.models import Entry
from casework.actions import decisions
from casework.actions.moves import refusals
from casework.models import Discipline
from casework.states import State
from policy_rules.models import Citation
from tests import walk
from tests.cast import person

pytestmark = pytest.mark.django_db
CHIEF = "ecastlemayne"


def test_an_outcome_for_the_officer_goes_with_the_violation_it_stood_on():
    case = walk.case_in(State.CHIEF_DECISION)
    walk.decide_all(case)
    walk.decide_finding(case, "not_sustained", "The recording ends too early.")
    assert not Discipline.objects.filter(allegation__case=case).exists()
    changed = Entry.objects.about(case.reference).filter(action="finding.decided").latest("n")
    assert changed.facts["lifts_outcome"] is True
    assert refusals(case, "issue_disposition", by=person(CHIEF)) == []

    walk.decide_finding(case, "sustained")
    [missing] = refusals(case, "issue_disposition", by=person(CHIEF))
    assert missing.items == ("Allegation 1 has no outcome for the officer.",)


def test_conclusions_findings_and_outcomes_are_found_under_the_rule_that_was_alleged():
    case = walk.case_in(State.CHIEF_DECISION)
    walk.decide_all(case)
    version = case.allegations.get().section_version
    found = Citation.objects.filter(section_version=version, entry__subject=case.reference)
    assert set(found.values_list("entry__action", flat=True)) == {
        "allegation.framed", "element.concluded", "finding.recommended", "finding.voted", "finding.decided",
        "discipline.imposed",
    }  # fmt: skip
    assert decisions.prior_sustained(case.allegations.get(), case.last_act_on) == 0
