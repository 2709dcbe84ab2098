"""What a move needs, what refuses it, and that a refused move leaves nothing but the record of the attempt."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from audit import log
from audit.models import Entry
from casework.actions import allegations, assignments, board, messages
from casework.actions.moves import decline, perform, propose, refusals
from casework.clocks import today
from casework.exceptions import Refused
from casework.models import Case, CaseClock, ElementConclusion
from casework.permissions import Complainant, check_grants
from casework.states import State
from tests import walk
from tests.casework.web.visit import get
from tests.cast import person

pytestmark = pytest.mark.django_db


def refused(name, case, who, **stated):
    with pytest.raises(Refused) as error:
        perform(name, case=case, by=person(who), **stated)
    return error.value.codes


def test_it_hides_every_other_reason_from_a_person_without_the_permission():
    case = walk.case_in(State.PRELIMINARY_INQUIRY)
    assert refused("open_investigation", case, "ivosslind") == ("not_permitted",)


def test_it_gives_every_reason_at_once():
    case = walk.case_in(State.PRELIMINARY_INQUIRY)
    assert refused("open_investigation", case, "rambersole") == (
        "is_classified",
        "allegations_cite_policy_in_force",
        "investigator_without_conflict",
    )


def test_a_refused_attempt_is_recorded_with_its_codes():
    case = walk.case_in(State.RECEIVED)
    refused("begin_intake_review", case, "oferrant")
    entry = Entry.objects.get(action="act.refused", subject=case.reference)
    assert entry.facts == {"act": "begin_intake_review", "codes": ["intake_declared_no_conflict"]}


def test_the_case_does_not_move_when_its_entry_cannot_be_written(monkeypatch):
    case = walk.case_in(State.RECEIVED)
    assignments.declare_conflict(case=case, by=person("oferrant"), has_conflict=False)
    running = set(case.clocks.running().values_list("code", flat=True))

    def broken(*args, **kwargs):
        raise RuntimeError("the log cannot be written")

    monkeypatch.setattr(log, "record", broken)
    with pytest.raises(RuntimeError, match="cannot be written"):
        perform("begin_intake_review", case=case, by=person("oferrant"))
    fresh = Case.objects.get(pk=case.pk)
    assert fresh.state == State.RECEIVED
    assert set(fresh.clocks.running().values_list("code", flat=True)) == running
    assert not fresh.letters.exists()


def test_a_move_cites_the_section_that_empowers_it():
    case = walk.case_in(State.INVESTIGATION)
    entry = Entry.objects.get(action="move.open_investigation", subject=case.reference)
    assert entry.basis == ["HBPD-MANUAL/CH-3.8@2.1"]


@pytest.mark.parametrize("missing", ["conclusion", "sentence", "evidence"])
def test_quality_review_is_refused_until_each_element_has_a_conclusion_a_sentence_and_evidence(missing):
    case = walk.case_in(State.INVESTIGATION)
    walk.finish_investigation(case)
    assert refusals(case, "submit_for_quality_review", by=person("ivosslind"), stated={}) == []
    for conclusion in ElementConclusion.objects.filter(allegation__case=case):
        kept = list(conclusion.cites.values("evidence_id", "place"))
        if missing == "conclusion":
            conclusion.cites.all().delete()
            ElementConclusion.objects.filter(pk=conclusion.pk).delete()
        elif missing == "sentence":
            ElementConclusion.objects.filter(pk=conclusion.pk).update(sentence=" ")
        else:
            conclusion.cites.all().delete()
        assert "every_element_is_concluded" in refused("submit_for_quality_review", case, "ivosslind")
        if missing == "sentence":
            ElementConclusion.objects.filter(pk=conclusion.pk).update(sentence="Seen on the recording.")
        else:
            if missing == "conclusion":
                conclusion.save(force_insert=True)
            for cite in kept:
                conclusion.cites.create(**cite)
    assert perform("submit_for_quality_review", case=case, by=person("ivosslind")).state == State.QUALITY_REVIEW


def test_a_move_for_two_people_needs_a_second_person():
    case = walk.case_in(State.QUALITY_REVIEW)
    walk.evidence.build_packet(case=case, by=person("cdreyfield"))
    walk.evidence.check_packet(case=case, by=person("rambersole"))
    assert refused("refer_to_board", case, "rambersole") == ("needs_second_person",)
    proposal = propose("refer_to_board", case=case, by=person("rambersole"))
    assert refused("refer_to_board", case, "rambersole", proposal=proposal) == ("same_person",)
    moved = perform("refer_to_board", case=case, by=person("cdreyfield"), proposal=proposal)
    assert moved.state == State.BOARD_REFERRED
    assert Entry.objects.get(action="move.refer_to_board").facts["proposed_by"] == person("rambersole").reference


def test_a_proposal_is_stale_once_the_case_has_changed():
    case = walk.case_in(State.QUALITY_REVIEW)
    walk.evidence.build_packet(case=case, by=person("cdreyfield"))
    walk.evidence.check_packet(case=case, by=person("rambersole"))
    proposal = propose("refer_to_board", case=case, by=person("rambersole"))
    perform("withdraw", case=case, by=Complainant(case), free_choice=True)
    assert refused("refer_to_board", case, "cdreyfield", proposal=proposal) == ("proposal_stale",)


def test_a_proposal_that_was_declined_cannot_be_used():
    case = walk.case_in(State.QUALITY_REVIEW)
    walk.evidence.build_packet(case=case, by=person("cdreyfield"))
    walk.evidence.check_packet(case=case, by=person("rambersole"))
    proposal = propose("refer_to_board", case=case, by=person("rambersole"))
    decline(proposal, by=person("cdreyfield"))
    assert refused("refer_to_board", case, "cdreyfield", proposal=proposal) == ("needs_second_person",)


def test_a_grave_matter_is_never_screened_out_even_after_withdrawal():
    case = walk.case_in(State.PRELIMINARY_INQUIRY)
    walk.classify(case, "serious")
    case = perform("withdraw", case=case, by=Complainant(case), free_choice=True)
    with pytest.raises(Refused) as error:
        propose(
            "screen_out", case=case, by=person("rambersole"), ground="withdrawn", reason="She asked.",
            evidence_reviewed="E1",
        )  # fmt: skip
    assert error.value.codes == ("was_never_grave",)


def test_a_withdrawn_minor_matter_is_closed_by_two_people_and_its_letter_is_drafted():
    case = walk.case_in(State.PRELIMINARY_INQUIRY)
    walk.classify(case, "minor")
    stated = {"ground": "withdrawn", "reason": "You asked us to stop.", "evidence_reviewed": "None was collected yet."}
    with pytest.raises(Refused):
        propose("screen_out", case=case, by=person("rambersole"), **stated)
    case = perform("withdraw", case=case, by=Complainant(case), free_choice=True)
    proposal = propose("screen_out", case=case, by=person("rambersole"), **stated)
    case = perform("screen_out", case=case, by=person("cdreyfield"), proposal=proposal)
    assert (case.state, case.closure_code, case.closed_on) == (State.CLOSED_SCREENED, "withdrawn", today())
    assert case.letters.filter(code="L-CLS").exists()
    assert not case.clocks.running().exists()


def test_withdrawing_needs_the_confirmation_that_the_choice_is_free():
    case = walk.case_in(State.RECEIVED)
    with pytest.raises(Refused) as error:
        perform("withdraw", case=case, by=Complainant(case))
    assert error.value.codes == ("missing_statement",)


def test_a_complainant_moves_no_case_but_their_own():
    case, other = walk.file(), walk.file()
    with pytest.raises(Refused) as error:
        perform("withdraw", case=case, by=Complainant(other), free_choice=True)
    assert error.value.codes == ("not_permitted",)


def test_an_act_lies_neither_in_the_future_nor_before_the_last_one():
    case = walk.case_in(State.RECEIVED)
    supervisor = person("rambersole")
    for day, code in ((today() + timedelta(days=1), "in_the_future"), (today() - timedelta(days=1), "before_last_act")):
        with pytest.raises(Refused) as error:
            messages.send_message(case=case, text="Good morning.", by=supervisor, on=day)
        assert error.value.codes == (code,)


def test_returning_the_work_needs_a_reason_and_brings_back_the_old_due_date():
    case = walk.case_in(State.INVESTIGATION)
    due = CaseClock.objects.get(case=case, code="investigation").due_on
    case = walk.quality_review(case)
    assert "missing_statement" in refused("return_to_investigator", case, "rambersole")
    case = perform("return_to_investigator", case=case, by=person("rambersole"), reason="Thin.", tasks="Ask her again.")
    assert case.clocks.running().get(code="investigation").due_on == due
    assert "report_is_written" in refused("submit_for_quality_review", case, "ivosslind")


def test_the_board_sends_a_case_back_and_it_returns_to_the_same_panel():
    case = walk.case_in(State.BOARD_REVIEW)
    members = [seat.user for seat in board.seated(case)]
    assert refused("send_back_to_investigation", case, "wtarrow", questions="Who held the door?") == (
        "panel_voted_to_send_back",
    )
    for member in members:
        board.vote(case=case, allegation=None, choice="send_back", note="Who held the door?", by=member)
    case = perform("send_back_to_investigation", case=case, by=person("wtarrow"), questions="Who held the door?")
    assert case.state == State.INVESTIGATION
    case = walk.board_review(walk.board_referred(walk.quality_review(case)))
    assert [seat.user for seat in board.seated(case)] == members
    assert "every_allegation_has_board_finding" in refused("adopt_recommendation", case, "wtarrow")
    assert walk.chief_decision(case).state == State.CHIEF_DECISION


def test_a_minor_matter_goes_to_the_chief_unless_the_complainant_asks_for_the_board():
    case = walk.quality_review(walk.investigation(walk.case_in(State.PRELIMINARY_INQUIRY), "minor"))
    assert perform("send_to_chief", case=case, by=person("rambersole")).state == State.CHIEF_DECISION
    case = walk.quality_review(
        walk.investigation(walk.case_in(State.PRELIMINARY_INQUIRY, board_requested=True), "minor")
    )
    assert refused("send_to_chief", case, "rambersole") == ("does_not_belong_to_board",)


@pytest.mark.django_db(transaction=True)
def test_of_eight_people_who_make_the_same_move_at_once_one_succeeds():
    case = walk.case_in(State.RECEIVED)
    assignments.declare_conflict(case=case, by=person("oferrant"), has_conflict=False)
    barrier = threading.Barrier(8)

    def attempt(_number: int) -> str:
        try:
            barrier.wait(timeout=30)
            perform("begin_intake_review", case=Case.objects.get(pk=case.pk), by=person("oferrant"))
        except Refused as error:
            return error.codes[0]
        finally:
            connection.close()
        return "moved"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(attempt, range(8)))
    assert sorted(outcomes) == ["moved", *["not_permitted"] * 7]
    assert Entry.objects.filter(action="move.begin_intake_review", subject=case.reference).count() == 1


def test_guardian_holds_exactly_what_the_assignments_give_after_every_step():
    case = walk.file()
    for step in walk.STEPS.values():
        case = step(case)
        assert check_grants() == []


def test_a_finding_that_departs_from_the_elements_needs_a_reason():
    case = walk.case_in(State.INVESTIGATION)
    allegation = case.allegations.get()
    walk.conclude(allegation)
    with pytest.raises(ValueError, match="departs"):
        allegations.recommend(allegation=allegation, code="training_failure", by=person("ivosslind"))
    finding = allegations.recommend(
        allegation=allegation, code="training_failure", reason="He had no course.", by=person("ivosslind")
    )
    assert (finding.implied, finding.code) == ("sustained", "training_failure")


def test_a_letter_that_came_earlier_is_entered_under_its_day_by_the_office_and_by_no_one_else():
    letter = walk.intake.Filing(narrative="It happened at the market.", channel="postal_letter")
    earlier = today() - timedelta(days=2)
    case = walk.intake.receive(letter, by=person("oferrant"), on=earlier).case
    assert case.received_on == earlier
    assert Entry.objects.get(action="move.receive", subject=case.reference).facts["on"] == earlier.isoformat()
    with pytest.raises(Refused) as error:
        walk.intake.receive(letter, on=earlier)
    assert error.value.codes == ("may_not_backdate",)


def test_what_is_no_text_is_not_taken_for_one():
    case = walk.case_in(State.QUALITY_REVIEW)
    for words in (["Ask the driver."], 7, {"ask": "the driver"}):
        codes = refused("return_to_investigator", case, "rambersole", reason="One witness was not asked.", tasks=words)
        assert codes == ("wrong_statement",)


def test_what_is_said_with_a_return_stands_on_the_case_for_who_works_on_it_and_for_nobody_else():
    case = walk.case_in(State.QUALITY_REVIEW)
    stated = {"reason": "One witness was not asked.", "tasks": "Ask the driver of the second car."}
    perform("return_to_investigator", case=case, by=person("rambersole"), **stated)
    for login, reads in {"ivosslind": True, "vsundarell": True, "oferrant": False}.items():
        page = get(login, case).text
        assert [words in page for words in stated.values()] == [reads, reads], login
