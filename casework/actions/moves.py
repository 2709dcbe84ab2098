"""The one door to a case's state: `perform`, `propose`, and the question they both ask."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, ClassVar

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework import effects
from casework.actions import acts, notices
from casework.clocks import today
from casework.exceptions import Refused
from casework.models import Case, MoveProposal, MoveStatement
from casework.permissions import Actor, grant, permissions_of, role_for, user
from casework.states import ENDED, UNFILED
from moves.perform import Attempt, Process
from moves.refusals import Refusal

IMPORT = "import_record"


class CaseProcess(Process[Case, Actor, MoveProposal]):
    """The table of moves at work on cases."""

    model: ClassVar[type[Case]] = Case
    not_permitted: ClassVar[Promise] = _("You may not do this in this case at this stage.")
    wrong_state: ClassVar[Promise] = _("The case is at another stage.")
    stale: ClassVar[Promise] = _("The case has changed since this was proposed. Propose it again.")

    def permissions(self, by: Actor, subject: Case) -> Collection[str]:
        return permissions_of(by, subject)

    def lock(self, subject: Case) -> Case:
        return Case.objects.select_for_update().get(pk=subject.pk)

    def day(self, subject: Case, by: Actor, on: date | None) -> tuple[date, list[Refusal]]:
        return acts.day_of(subject, by, on)

    def revision(self, subject: Case) -> int:
        return subject.revision

    def carry_out(self, attempt: Attempt[Case, Actor, MoveProposal]) -> None:
        case, move, on = attempt.subject, attempt.move, attempt.on
        role = role_for(attempt.by, case, move.permission) if case.pk else _filing_role(attempt.by, case, move)
        section = acts.authority("move", move.name, on)
        case.last_act_on = max(on, case.last_act_on or on)
        case.revision += 1
        if case.state in ENDED and move.name != IMPORT:
            case.closed_on = case.closed_on or on
        if move.name == "withdraw":
            case.withdrawn_on = on
        case.save()
        if move.name != IMPORT:
            effects.follow(case, move, on)
            case.save(update_fields=["legal_limit_on"])
            grant(case)
        if attempt.proposal is not None:
            attempt.proposal.performed_by = user(attempt.by)
            attempt.proposal.save(update_fields=["performed_by"])
            attempt.facts["proposed_by"] = attempt.proposal.proposed_by.reference
        entry = acts.record(
            f"move.{move.name}",
            case=case,
            by=attempt.by,
            perm=move.permission,
            role=role,
            on=on,
            sections=[section],
            facts={"from": attempt.source, "to": case.state, **attempt.facts},
            detail=attempt.detail,
        )
        if attempt.detail and attempt.source != UNFILED:
            writer = attempt.by if isinstance(attempt.by, User) else None
            MoveStatement.objects.create(case=case, move=move.name, stated=attempt.detail, by=writer, on=on)
        notices.tell(entry, case=case, audiences=move.tells, by=attempt.by, on=on)

    def record_proposal(self, attempt: Attempt[Case, Actor, MoveProposal]) -> MoveProposal:
        case, move = attempt.subject, attempt.move
        section = acts.authority("move", move.name, attempt.on)
        proposal = MoveProposal.objects.create(
            case=case,
            move=move.name,
            stated={**attempt.facts, **attempt.detail},
            on=attempt.on,
            revision=case.revision,
            proposed_by=user(attempt.by),
        )
        acts.record(
            "move.proposed",
            case=case,
            by=attempt.by,
            perm=move.permission,
            on=attempt.on,
            sections=[section],
            facts={"move": move.name, "proposal": proposal.pk, **attempt.facts},
            detail=attempt.detail,
        )
        return proposal

    def record_refusal(self, attempt: Attempt[Case, Actor, MoveProposal], refusals: list[Refusal]) -> None:
        acts.refuse(attempt.subject, attempt.by, attempt.move.name, [refusal.code for refusal in refusals])


def _filing_role(by: Actor, case: Case, move: Any) -> str:
    blank = Case()
    blank.number = case.number
    return role_for(by, blank, move.permission)


PROCESS = CaseProcess()


def refusals(case: Case, name: str, *, by: Actor, stated: dict[str, Any] | None = None, **more: Any) -> list[Refusal]:
    """Return every reason why the actor cannot make the move now: pages, API and `perform` ask only this."""
    return PROCESS.refusals(case, name, by=by, stated=stated, **more)


def open_moves(case: Case, *, by: Actor) -> dict[str, list[Refusal]]:
    """Return the moves that the actor's permissions reach in this state, each with the reasons against it now."""
    return PROCESS.open_moves(case, by=by)


def perform(
    name: str,
    *,
    case: Case,
    by: Actor,
    on: date | None = None,
    proposal: MoveProposal | None = None,
    **stated: Any,
) -> Case:
    """Make a move and return the case as it now is; the only function that changes `Case.state`.

    Lock, refusals, transition, entry, clocks, grants, drafts and notices are one transaction: if the entry cannot be
    written, the case did not move. Raises Refused with every reason, after recording the attempt.
    """
    return PROCESS.perform(name, case, by=by, on=on, proposal=proposal, **stated)


def propose(name: str, *, case: Case, by: Actor, on: date | None = None, **stated: Any) -> MoveProposal:
    """Propose a move that takes two people; a second person then performs it with the proposal."""
    return PROCESS.propose(name, case, by=by, on=on, **stated)


def decline(proposal: MoveProposal, *, by: Actor) -> None:
    """Refuse one's agreement to a proposal; it can be proposed again."""
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=proposal.case_id)
        proposal = MoveProposal.objects.select_for_update().get(pk=proposal.pk)
        row = PROCESS.table()[proposal.move]
        if row.permission not in permissions_of(by, case) or not proposal.is_open:
            raise Refused([Refusal("not_permitted", str(row.label))])
        proposal.declined_by = user(by)
        proposal.save(update_fields=["declined_by"])
        on = today()
        acts.record(
            "move.declined",
            case=case,
            by=by,
            perm=row.permission,
            on=on,
            sections=[acts.authority("move", row.name, on)],
            facts={"move": row.name, "proposal": proposal.pk},
        )


__all__ = ["IMPORT", "PROCESS", "UNFILED", "decline", "open_moves", "perform", "propose", "refusals"]
