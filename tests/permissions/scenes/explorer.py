"""A log with a case in it, sealed and checked, and an auditor who is kept out of another case."""

from audit import log
from audit.models import Entry
from casework.actions import erasure, holds
from casework.actions.acts import refuse
from casework.actions.log import carry_out, open_detail
from casework.models import Erasure, LogVerification, Wall
from casework.states import State
from tests import walk
from tests.cast import person
from tests.permissions.visitors import Scene, Visitor, scene


@scene
def sealed_log() -> Scene:
    case = walk.case_in(State.INVESTIGATION)
    walk.conclude(case.allegations.get())
    log.integrate()
    check = carry_out(LogVerification.objects.create(asked_by=person("vsundarell")))
    log.integrate()
    concluded = Entry.objects.about(case.reference).filter(action="element.concluded").first()
    parameters = {"pk": concluded.pk, "code": "DE-4.2"}
    return Scene(parameters, {"auditor_on_case": Visitor(person("vsundarell"))}, {"reason": f"Sample {check.pk}"})


@scene
def walled_log() -> Scene:
    """The auditor is kept out of the case that the entry is about."""
    found = sealed_log()
    entry = Entry.objects.get(pk=found.parameters["pk"])
    number = entry.subject.removeprefix("case:")
    case = walk.Case.objects.get(number=number)
    Wall.objects.create(case=case, user=person("vsundarell"), kind="conflict", since=case.received_on)
    return Scene(found.parameters, {"walled_auditor": Visitor(person("vsundarell"))}, found.data)


@scene
def checked_log() -> Scene:
    walk.file()
    log.integrate()
    check = carry_out(LogVerification.objects.create())
    return Scene({"pk": check.pk})


@scene
def check_under_way() -> Scene:
    check = LogVerification.objects.create(asked_by=person("vsundarell"))
    LogVerification.objects.filter(pk=check.pk).update(
        started_at=check.asked_at, doing="entries", done=8192, total=18412
    )
    return Scene({"pk": check.pk})


@scene
def faulty_check() -> Scene:
    fault = {
        "code": "leaf_altered",
        "message": "Position 3: the text of entry 4 does not give the hash kept for it.",
        "position": 3,
        "subject": "",
    }
    check = LogVerification.objects.create(faults=[fault], size=18412, entries=18412, root="ab" * 32)
    LogVerification.objects.filter(pk=check.pk).update(started_at=check.asked_at, finished_at=check.asked_at)
    return Scene({"pk": check.pk})


@scene
def broken_off_check() -> Scene:
    check = LogVerification.objects.create(error="OperationalError('the connection is closed')")
    LogVerification.objects.filter(pk=check.pk).update(started_at=check.asked_at, finished_at=check.asked_at)
    return Scene({"pk": check.pk})


@scene
def erasure_proposed() -> Scene:
    """It is of the complaint's words, in a case whose disposition is issued."""
    case = walk.case_in(State.DISPOSITION_ISSUED)
    log.integrate()
    filed = Entry.objects.about(case.reference).with_positions().first()
    officer = person("bollerby")
    proposed = erasure.propose(
        position=filed.position, ground="court_order", order="Superior Court, 26 CVS 1187", by=officer
    )
    other = walk.file()
    holds.set_hold(case=other, ground="audit", matter="Audit of the year", by=person("vsundarell"))
    visitors = {"auditor_on_case": Visitor(person("vsundarell")), "records_officer_on_case": Visitor(officer)}
    return Scene({"pk": proposed.pk}, visitors, {"answer": "agree"})


@scene
def erasure_done() -> Scene:
    """Two people agreed, and the words are gone."""
    found = erasure_proposed()
    erasure.agree(erasure=Erasure.objects.get(pk=found.parameters["pk"]), by=person("vsundarell"))
    return found


@scene
def unusual_log() -> Scene:
    """Somebody opened details without any other act in the case, and somebody was refused five times."""
    case = walk.file()
    log.integrate()
    open_detail(entry=Entry.objects.about(case.reference).first(), reason="Curious", by=person("vsundarell"))
    for _ in range(5):
        refuse(case, person("ivosslind"), "conclude_element", ["not_permitted"])
    return Scene()
