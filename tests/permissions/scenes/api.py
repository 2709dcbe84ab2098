from audit import log
from casework.actions import holds
from casework.states import State
from tests import walk
from tests.cast import person
from tests.permissions.scenes.staff import letter_that_came_back
from tests.permissions.visitors import Scene, Visitor, scene


@scene
def api_case() -> Scene:
    case = walk.case_in(State.INVESTIGATION)
    walk.assignments.declare_conflict(case=case, by=person("cdreyfield"), has_conflict=True, ground="friend")
    visitors = {
        "assigned_investigator": Visitor(person("ivosslind")),
        "supervisor_of_the_case": Visitor(person("rambersole")),
        "walled_off": Visitor(person("cdreyfield")),
    }
    hold = holds.set_hold(case=case, ground="lawsuit", matter="26 CVS 2204", by=person("rambersole"))
    log.integrate()
    parameters = {"number": case.number, "name": "submit_for_quality_review", "n": 1, "hold": hold.pk}
    return Scene(parameters, visitors)


@scene
def api_letter() -> Scene:
    """It came back, so that nothing can be recorded of it but that it is sent again, and by which way is not said."""
    letter = letter_that_came_back()
    walk.assignments.declare_conflict(case=letter.case, by=person("cdreyfield"), has_conflict=True, ground="friend")
    visitors = {
        "supervisor_of_the_case": Visitor(person("rambersole")),
        "auditor_of_the_case": Visitor(person("vsundarell")),
        "walled_off": Visitor(person("cdreyfield")),
    }
    return Scene({"number": letter.case.number, "letter": letter.pk, "act": "again"}, visitors)
