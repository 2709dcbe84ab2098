"""One page for each move: what it changes, what must be stated, who is told, and who must agree."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from casework import clocks
from casework.actions.moves import PROCESS, decline, perform, propose, refusals
from casework.models import Case, MoveProposal, MoveStatement
from casework.permissions import permissions_of
from casework.states import State
from casework.vocabulary import Audience, CaseRole, Clock, LetterCode, Perm
from casework.web import words
from casework.web.desk import case_answer
from casework.web.entrance import WorkRequest, case_page, done, may_backdate, require, sent
from casework.web.forms import BackdatedForm
from moves.forms import field_for
from moves.table import Move
from policy_rules.models import SectionVersion
from policy_rules.rules import NoAuthority, NoRulesInForce, authority_for, rules_on


class MoveForm(BackdatedForm):
    """What a move asks to be stated."""

    def __init__(self, *args: Any, move: Move, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {item.name: field_for(item, case, words.labelled) for item in move.states} | self.fields

    def answers(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


@case_page(Perm.VIEW, methods=("GET", "HEAD", "POST"))
def move(request: WorkRequest, case: Case, move: str) -> HttpResponse:
    """Show what the move does and asks for; make it, or propose it where a second person must agree."""
    row = _row(move, case, request.user)
    form = MoveForm(sent(request), move=row, case=case, may_backdate=may_backdate(request.user, case))
    if request.method == "POST":
        act = propose if row.second_person else perform
        if form.carry_out(lambda **stated: act(move, case=case, by=request.user, **stated)):
            return done(request, case, "staff:case", number=case.number)
    page = {
        "form": form,
        "move": row,
        "states_nothing": not row.states,
        "change": _change(case, row),
        "reasons": words.refusal_lines(form.refusals or refusals(case, move, by=request.user), case.number),
        "proposals": _proposals(case, row, request.user),
    }
    return case_answer(request, case, "casework/move_form.html", page, status=form.status)


@case_page(Perm.VIEW, methods=("POST",))
def answer_proposal(request: WorkRequest, case: Case, proposal: int) -> HttpResponse:
    """Agree to a proposal, which makes the move, or decline it."""
    open_ = case.proposals.filter(pk=proposal, performed_by=None, declined_by=None).first()
    if open_ is None:
        raise Http404
    require(request.user, case, Perm(PROCESS.table()[open_.move].permission))
    if request.POST.get("answer") == "agree":
        perform(open_.move, case=case, by=request.user, proposal=open_)
    else:
        decline(open_, by=request.user)
    return done(request, case, "staff:case", number=case.number)


def _row(name: str, case: Case, by: Any) -> Move:
    row = PROCESS.table().get(name)
    if row is None or row.permission not in permissions_of(by, case) or not row.leaves(case.state):
        raise Http404
    return row


def _change(case: Case, row: Move) -> list[dict[str, Any]]:
    """Return what the move changes, as rows: stage, clocks, people, letters, who is told, and by what authority."""
    now = State(case.state)
    stages = ", ".join(str(State(target).label) for target in row.targets) or _("The stage stays as it is.")
    section = _authority(row)
    running = set(case.clocks.running().values_list("code", flat=True))
    rows: list[dict[str, Any]] = [
        {"label": _("Stage now"), "value": now.label},
        {"label": _("Stage afterwards"), "value": stages},
        {"label": _("Clocks that start"), "value": _starting(row)},
        {"label": _("Clocks that stop"), "value": _named(Clock, [code for code in row.stops if code in running])},
        {"label": _("Put on the case"), "value": _named(CaseRole, row.gives)},
        {"label": _("Letter that is drafted"), "value": _named(LetterCode, row.drafts)},
        {"label": _("Told of it"), "value": _named(Audience, row.tells)},
        {"label": _("Complainant reads"), "value": row.told or ""},
        {"label": _("Empowered by"), "value": section and f"{section.section.code} {section.title}"},
    ]
    return [entry for entry in rows if entry["value"]]


def _named(labels: Any, codes: Any) -> str:
    return ", ".join(str(labels(code).label) for code in codes)


def _starting(row: Move) -> str:
    today = clocks.today()
    rules = rules_on(today)
    return ", ".join(
        f"{Clock(code).label} ({words.due(clocks.due_on(rule, today), today).words})"
        for code in row.starts
        if (rule := clocks.rule_of(code, rules)) is not None
    )


def _authority(row: Move) -> SectionVersion | None:
    try:
        return authority_for("move", row.name, on=clocks.today())
    except (NoAuthority, NoRulesInForce):
        return None


def stated_lines(said: MoveProposal | MoveStatement) -> list[dict[str, Any]]:
    """Return what was stated with a proposal or a move, under the words of the move."""
    row = PROCESS.table()[said.move]
    answers = [(item, said.stated.get(item.name)) for item in row.states]
    return [
        {"label": item.label, "value": value if item.is_prose else words.code_label(str(value))}
        for item, value in answers
        if value
    ]


def statements(case: Case, *moves: str) -> list[dict[str, Any]]:
    """Return what was stated with the moves of a case, or with these alone, the newest first."""
    found = case.statements.select_related("by")
    found = found.filter(move__in=moves) if moves else found
    return [
        {
            "move": PROCESS.table()[row.move].timeline,
            "by": row.by or CaseRole.COMPLAINANT.label,
            "on": row.on,
            "stated": stated_lines(row),
        }
        for row in found
    ]


def _proposals(case: Case, row: Move, by: Any) -> list[dict[str, Any]]:
    found = case.proposals.filter(move=row.name, performed_by=None, declined_by=None).select_related("proposed_by")
    return [
        {
            "proposal": proposal,
            "stated": stated_lines(proposal),
            "is_mine": proposal.proposed_by_id == by.pk,
            "is_stale": proposal.revision != case.revision,
        }
        for proposal in found
    ]
