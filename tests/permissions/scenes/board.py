"""A case before the board and with the chief, and those who have a part in it there."""

from unittest.mock import patch

from casework.actions import assignments, board, evidence
from casework.models import Case
from casework.states import State
from tests import walk
from tests.cast import person
from tests.permissions.visitors import Scene, Visitor, scene

CHAIR = "wtarrow"
OFFICE = {"chair": CHAIR, "supervisor": "rambersole", "investigator": "ivosslind", "auditor_on_case": "vsundarell"}


def _draw(case: Case) -> list[str]:
    """Draw a panel in which the chair has the last lot, and return the members' logins."""
    last = person(CHAIR).reference
    with patch.object(board, "draw_order", lambda _seed, pool: sorted(pool, key=lambda one: (one == last, one))):
        board.draw_panel(case=case, by=person(CHAIR))
    return [seat.user.login for seat in board.seated(case)]


def _visitors(**logins: str) -> dict[str, Visitor]:
    return {name: Visitor(person(login)) for name, login in {**OFFICE, **logins}.items()}


@scene
def case_without_a_panel() -> Scene:
    """Referred to the board; nobody has been drawn."""
    return Scene({"number": walk.case_in(State.BOARD_REFERRED).number}, _visitors())


@scene
def case_with_a_drawn_panel() -> Scene:
    """The panel is drawn; one member has declared that there is no conflict."""
    case = walk.case_in(State.BOARD_REFERRED)
    first, second, *_others = _draw(case)
    assignments.declare_conflict(case=case, by=person(first), has_conflict=False)
    return Scene({"number": case.number}, _visitors(member=first, called_member=second))


def _under_review() -> tuple[Case, list[str]]:
    case = walk.case_in(State.INVESTIGATION)
    evidence.add_evidence(
        case=case, kind="document", title="Dispatch sheet", chunks=[b"20:04 on scene"], filename="sheet.txt",
        by=person("ivosslind"),
    )  # fmt: skip
    case = walk.board_referred(walk.quality_review(case))
    members = _draw(case)
    for login in members:
        assignments.declare_conflict(case=case, by=person(login), has_conflict=False)
    return walk.board_review(case), members


@scene
def case_before_the_board() -> Scene:
    """Half the panel has voted; one member stepped aside after voting, and a substitute is called."""
    case, (member, recused, *others) = _under_review()
    for login in (recused, *others[:3]):
        board.vote(case=case, allegation=case.allegations.get(), choice="sustained", by=person(login))
    board.vote(case=case, allegation=None, choice="send_back", note="Who held the door?", by=person(others[0]))
    assignments.declare_conflict(case=case, by=person(recused), has_conflict=True, ground="friend")
    called = next(seat.user.login for seat in board.seated(case) if seat.declared_on is None)
    parameters = {"number": case.number, "allegation": 1, "item": case.evidence.first().number}
    return Scene(parameters, _visitors(member=member, recused_member=recused, called_member=called))


@scene
def case_that_the_board_voted_on() -> Scene:
    """Every vote is closed: a finding with reasons and a dissent."""
    case, members = _under_review()
    allegation = case.allegations.get()
    for login in members:
        choice = "unfounded" if login == members[-1] else "sustained"
        board.vote(case=case, allegation=allegation, choice=choice, by=person(login))
        board.vote(case=case, allegation=None, choice="go_on", by=person(login))
    texts = {"majority": "A second officer showed what could be done.", "dissent": "Nobody saw who spoke."}
    for kind, text in texts.items():
        by = person(members[-1] if kind == "dissent" else members[0])
        board.give_opinion(case=case, allegation=allegation, kind=kind, text=text, by=by)
    return Scene({"number": case.number, "allegation": 1}, _visitors(member=members[0]))


@scene
def case_with_the_chief() -> Scene:
    """Decided as a violation; the outcome for the officer is still to be recorded."""
    case = walk.case_in(State.CHIEF_DECISION)
    walk.decide_finding(case)
    member = board.seated(case)[0].user.login
    visitors = _visitors(chief_on_case="ecastlemayne", member=member)
    if member == CHAIR:
        visitors["member"] = Visitor(board.seated(case)[1].user)
    return Scene({"number": case.number, "allegation": 1}, visitors)
