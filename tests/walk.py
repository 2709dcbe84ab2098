"""Walks a case to a state by real moves and acts of the cast: no test writes a state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from casework.actions import allegations, assignments, board, decisions, evidence, intake, messages, people
from casework.actions.moves import perform, propose
from casework.models import Allegation, Case, ImportSource
from casework.permissions import SYSTEM
from casework.states import State
from tests.cast import person

NARRATIVE = "He shouted to drop it before he had even stopped walking. Nobody made him walk."
INCIDENT = date(2026, 3, 14)


def file(**more: Any) -> Case:
    """File a complaint by the web form and return the case."""
    facts: dict[str, Any] = {"narrative": NARRATIVE, "incident_from": INCIDENT, "place": "Porch on Quarry Lane"}
    return intake.receive(intake.Filing(**{**facts, **more})).case


def intake_review(case: Case) -> Case:
    """Declare and begin the intake review."""
    assignments.declare_conflict(case=case, by=person("oferrant"), has_conflict=False)
    return perform("begin_intake_review", case=case, by=person("oferrant"))


def preliminary_inquiry(case: Case) -> Case:
    """Log that nobody can be reached, and begin the preliminary inquiry."""
    messages.log_contact(case=case, method="none", was_reached=False, by=person("oferrant"))
    return perform("begin_preliminary_inquiry", case=case, by=person("oferrant"))


def classify(case: Case, code: str = "serious") -> None:
    """Classify the complaint."""
    allegations.classify(case=case, code=code, by=person("rambersole"))


def frame(case: Case, section: str = "DE-4.2", badge: str = "1013") -> Allegation:
    """Frame one allegation."""
    officer = case.officers.filter(badge=badge).first() or people.add_officer(
        case=case, badge=badge, by=person("rambersole")
    )
    return allegations.frame(case=case, section=section, officer=officer, by=person("rambersole"))


def assign(case: Case, login: str = "ivosslind") -> None:
    """Assign an investigator, who declares that there is no conflict."""
    assignments.assign(case=case, user=person(login), by=person("rambersole"))
    assignments.declare_conflict(case=case, by=person(login), has_conflict=False)


def investigation(case: Case, code: str = "serious") -> Case:
    """Classify, frame, assign and open the investigation."""
    classify(case, code)
    frame(case)
    assign(case)
    return perform("open_investigation", case=case, by=person("rambersole"))


def conclude(allegation: Allegation, codes: str | None = None) -> None:
    """Conclude every element on one item of evidence; `codes` names the conclusions, proved by default."""
    investigator = person("ivosslind")
    case = allegation.case
    item = case.evidence.first() or evidence.add_evidence(
        case=case, kind="bwc_reference", title="Camera of officer 1013", locator="BWC/1013/N-2140", by=investigator
    )
    elements = list(allegation.section_version.elements.all())
    for element, code in zip(elements, (codes or "proved " * len(elements)).split(), strict=True):
        allegations.conclude_element(
            allegation=allegation,
            element=element,
            code=code,
            sentence="Seen on the recording.",
            cites=[allegations.Cited(item, "00:00:41")],
            by=investigator,
        )


def finish_investigation(case: Case) -> None:
    """Conclude, recommend and report, so that nothing is missing for quality review."""
    investigator = person("ivosslind")
    for allegation in case.allegations.all():
        conclude(allegation)
        allegations.recommend(allegation=allegation, code="sustained", by=investigator)
    allegations.write_report(case=case, text="What the evidence shows.", by=investigator)


def quality_review(case: Case) -> Case:
    """Finish the investigation and submit it."""
    finish_investigation(case)
    return perform("submit_for_quality_review", case=case, by=person("ivosslind"))


def board_referred(case: Case) -> Case:
    """Build and check the packet, propose and agree to the referral."""
    evidence.build_packet(case=case, by=person("cdreyfield"))
    evidence.check_packet(case=case, by=person("rambersole"))
    proposal = propose("refer_to_board", case=case, by=person("cdreyfield"))
    return perform("refer_to_board", case=case, by=person("rambersole"), proposal=proposal)


def board_review(case: Case) -> Case:
    """Draw the panel, let every member declare, and seat it."""
    if not case.draws.exists():
        board.draw_panel(case=case, by=person("wtarrow"))
        for seat in board.seated(case):
            assignments.declare_conflict(case=case, by=seat.user, has_conflict=False)
    return perform("seat_panel", case=case, by=person("wtarrow"))


def vote_all(case: Case, choice: str = "sustained") -> None:
    """Let every seated member vote the same on every allegation, and state the reasons of the majority."""
    members = [seat.user for seat in board.seated(case)]
    for allegation in case.allegations.all():
        for member in members:
            board.vote(case=case, allegation=allegation, choice=choice, by=member)
        board.give_opinion(
            case=case, allegation=allegation, kind="majority", text="A second officer showed what could be done.",
            by=members[0],
        )  # fmt: skip


def chief_decision(case: Case) -> Case:
    """Vote, and adopt the recommendation."""
    vote_all(case)
    return perform("adopt_recommendation", case=case, by=person("wtarrow"))


def decide_finding(case: Case, code: str = "sustained", reason: str = "") -> None:
    """Let the chief decide every allegation."""
    for allegation in case.allegations.all():
        decisions.decide(allegation=allegation, code=code, reason=reason, by=person("ecastlemayne"))


def decide_all(case: Case, code: str = "sustained", reason: str = "") -> None:
    """Decide every allegation, and record the mildest outcome of the matrix for each violation."""
    chief = person("ecastlemayne")
    decide_finding(case, code, reason)
    for allegation in case.allegations.all():
        if code == "sustained":
            low = decisions.range_for(allegation, case.last_act_on).low
            outcome = {"outcome": "days_without_pay", "days": low} if isinstance(low, int) else {"outcome": low}
            decisions.discipline(allegation=allegation, by=chief, **outcome)


def disposition_issued(case: Case) -> Case:
    """Decide everything and issue the disposition."""
    decide_all(case)
    return perform("issue_disposition", case=case, by=person("ecastlemayne"))


def imported(narrative: str = "", reference: str = "77", **more: Any) -> Case:
    """Enter an open record of another system and return its case."""
    source, _created = ImportSource.objects.get_or_create(name="old-register", defaults={"title": "Old register"})
    case = Case(
        number=f"old-register.{reference}", received_on=INCIDENT, last_act_on=INCIDENT, channel="unknown",
        narrative=narrative, source=source, source_reference=reference, **more,
    )  # fmt: skip
    return perform("import_record", case=case, by=SYSTEM, rows=["0" * 64])


def closed_as_duplicate() -> Case:
    """File a complaint and close it without an investigation, since there is a case about the same event."""
    case = case_in(State.PRELIMINARY_INQUIRY)
    classify(case, "duplicate")
    stated = {"ground": "duplicate", "reason": "Your neighbor told us first.", "evidence_reviewed": "Your film"}
    proposal = propose("screen_out", case=case, by=person("rambersole"), **stated)
    return perform("screen_out", case=case, by=person("cdreyfield"), proposal=proposal)


STEPS: dict[State, Callable[[Case], Case]] = {
    State.INTAKE_REVIEW: intake_review,
    State.PRELIMINARY_INQUIRY: preliminary_inquiry,
    State.INVESTIGATION: investigation,
    State.QUALITY_REVIEW: quality_review,
    State.BOARD_REFERRED: board_referred,
    State.BOARD_REVIEW: board_review,
    State.CHIEF_DECISION: chief_decision,
    State.DISPOSITION_ISSUED: disposition_issued,
}


def case_in(state: State, **filing: Any) -> Case:
    """Return a case that has come to a state by the longest way, through the board."""
    case = file(**filing)
    if state == State.RECEIVED:
        return case
    for reached, step in STEPS.items():
        case = step(case)
        if reached == state:
            return case
    raise AssertionError(f"no walk leads to {state}")
