from audit import log
from casework.actions import drafts, letters, messages
from casework.permissions import Complainant
from casework.states import State
from tests import walk
from tests.cast import person
from tests.permissions.visitors import Scene, Visitor, scene

ANSWERS = {"narrative": walk.NARRATIVE, "how": "day", "first": "2026-03-14", "pages": ["what", "when"]}


@scene
def draft() -> Scene:
    written, code = drafts.begin("en")
    drafts.answer(written, ANSWERS)
    session = {"draft": written.pk, "resume_code": code}
    return Scene({"code": "what"}, {"writer": Visitor(session=session)}, {"narrative": walk.NARRATIVE})


@scene
def sent_complaint() -> Scene:
    case = walk.file()
    secret = "K7QF-9M2X-R4TB-HN8W-3CZP5"
    return Scene(visitors={"sender": Visitor(session={"sent": case.pk, "secret": secret})})


@scene
def followed_complaint() -> Scene:
    case = walk.case_in(State.INVESTIGATION)
    messages.send_message(case=case, text="Which bus was your uncle waiting for?", by=person("rambersole"))
    messages.send_message(case=case, text="The 11, at Laurel Street.", by=Complainant(case))
    data = {"text": "The 11.", "free_choice": "on"}
    return Scene({"pk": 0}, {"complainant": Visitor(session={"tracking": case.pk})}, data)


@scene
def sealed_complaint() -> Scene:
    case = walk.file()
    messages.send_message(case=case, text="The 11, at Laurel Street.", by=Complainant(case))
    log.integrate()
    messages.send_message(case=case, text="When may we call you?", by=person("rambersole"))
    visitors = {"complainant": Visitor(session={"tracking": case.pk}), "sender": Visitor(session={"sent": case.pk})}
    return Scene({"n": 1}, visitors)


@scene
def followed_letter() -> Scene:
    case = walk.case_in(State.INTAKE_REVIEW)
    letter = letters.prepare_letter(letter=case.letters.get(), by=person("rambersole"))
    letters.approve_letter(letter=letter, by=person("cdreyfield"))
    letters.send_letter(letter=letter, by=person("rambersole"))
    return Scene({"pk": letter.pk}, {"complainant": Visitor(session={"tracking": case.pk})})
