"""A case as the office has it: under investigation, and in quality review with a packet and a proposal."""

from datetime import date

from audit import log
from casework.actions import assignments, evidence, holds, letters, messages, people, preservation
from casework.actions.intake import Filing, receive
from casework.actions.moves import propose
from casework.clocks import today
from casework.models import Case, Letter
from casework.states import State
from tests import walk
from tests.cast import person
from tests.permissions.visitors import Scene, Visitor, scene

IDENTITY = {"name": "Ana Quillfeather", "phone": "555-555-0199"}


def _relations(case: Case) -> dict[str, Visitor]:
    assignments.declare_conflict(case=case, by=person("cdreyfield"), has_conflict=True, ground="friend")
    logins = {
        "intake": "oferrant",
        "supervisor": "rambersole",
        "investigator": "ivosslind",
        "auditor_on_case": "vsundarell",
    }
    return {name: Visitor(person(login)) for name, login in {**logins, "walled_off": "cdreyfield"}.items()}


@scene
def case_received() -> Scene:
    """Filed by telephone, under a confidential name."""
    case = receive(
        Filing(narrative=walk.NARRATIVE, incident_from=walk.INCIDENT, confidentiality="confidential", identity=IDENTITY)
    ).case
    return Scene({"number": case.number}, _relations(case) | {"investigator": Visitor(person("ivosslind"))})


@scene
def case_under_investigation() -> Scene:
    """With an allegation half concluded, a file, a note, a message and an officer not yet known."""
    case = walk.case_in(State.INVESTIGATION)
    investigator = person("ivosslind")
    evidence.add_evidence(
        case=case,
        kind="document",
        title="Dispatch sheet",
        chunks=[b"20:04 on scene"],
        filename="sheet.txt",
        by=investigator,
    )
    walk.conclude(case.allegations.get())
    asked = preservation.preserve_recordings(
        case=case, holder="Body cameras", what="Officer 1013, 20:00 to 21:00", due_on=today(), by=investigator
    )
    hold = holds.set_hold(case=case, ground="lawsuit", matter="26 CVS 2204", by=person("rambersole"))
    note = messages.add_note(case=case, text="Camera asked for again.", by=investigator)
    messages.send_message(case=case, text="When may we call you?", by=investigator)
    officer = people.add_officer(case=case, description="Tall, grey hair", by=investigator)
    investigators_row = case.assignments.get(role="investigator")
    parameters = {
        "number": case.number,
        "allegation": 1,
        "item": 1,
        "asked": asked.pk,
        "hold": hold.pk,
        "letter": case.letters.get(code="L-ACK").pk,
        "note": note.pk,
        "officer": officer.pk,
        "party": case.parties.get().pk,
        "assignment": investigators_row.pk,
        "notice": case.notices.first().pk,
        "move": "submit_for_quality_review",
    }
    return Scene(parameters, _relations(case))


def letter_that_came_back() -> Letter:
    """Return the acknowledgement of a case in intake review: sent by mail, and back since."""
    case = walk.intake_review(
        receive(
            Filing(narrative=walk.NARRATIVE, confidentiality="named", identity={**IDENTITY, "address": "9 Elm Row"})
        ).case
    )
    letter = case.letters.get()
    letters.prepare_letter(letter=letter, by=person("rambersole"))
    letters.approve_letter(letter=letter, by=person("cdreyfield"))
    sent = letters.send_letter(letter=letter, by=person("rambersole"))
    letters.record_posting(dispatch=sent, by=person("rambersole"))
    letters.record_return(dispatch=sent, reason="No such number", by=person("rambersole"))
    return letter


@scene
def event_over_a_change_of_the_rules() -> Scene:
    """In preliminary inquiry; the event can have been before or after a new version came into force."""
    first, last = date(2023, 12, 15), date(2024, 1, 15)
    case = walk.preliminary_inquiry(walk.intake_review(walk.file(incident_from=first, incident_to=last)))
    people.add_officer(case=case, badge="1013", by=person("rambersole"))
    return Scene({"number": case.number}, _relations(case))


@scene
def case_with_a_letter_that_came_back() -> Scene:
    """Its acknowledgement went by mail and came back."""
    letter = letter_that_came_back()
    relations = _relations(letter.case) | {"investigator": Visitor(person("ivosslind"))}
    return Scene({"number": letter.case.number, "letter": letter.pk}, relations)


@scene
def sealed_case() -> Scene:
    """Its first entry has its place in the log."""
    scenery = case_under_investigation()
    log.integrate()
    return Scene({"number": scenery.parameters["number"], "n": 1}, scenery.visitors)


@scene
def case_in_quality_review() -> Scene:
    """The packet is built, and the referral proposed, by another supervisor."""
    case = walk.case_in(State.QUALITY_REVIEW)
    evidence.build_packet(case=case, by=person("cdreyfield"))
    evidence.check_packet(case=case, by=person("rambersole"))
    proposal = propose("refer_to_board", case=case, by=person("cdreyfield"))
    evidence.build_packet(case=case, by=person("cdreyfield"))
    parameters = {"number": case.number, "proposal": proposal.pk, "move": "refer_to_board"}
    return Scene(parameters, _relations(case), {"answer": "decline"})


@scene
def imported_case() -> Scene:
    """It is open in the system that it came from, and nobody is on it."""
    return Scene({"number": walk.imported().number})
