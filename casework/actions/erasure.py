"""Erasing what is kept behind an entry, as a court or a schedule requires; the entry and the log stay (CH-11.4).

A records officer proposes and another records officer or an auditor agrees; both steps are entries. Together with the
details go the copies that the case keeps of the same words, so that no search finds them any more. While the record of
the case is held, nothing goes (CH-11.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import RoleCode, User
from audit import log
from audit.models import Detail, Entry
from casework.actions.acts import acting, authority, refuse
from casework.actions.holds import refuse_while_held
from casework.actions.intake import LONGEST_DESCRIPTION
from casework.clocks import today
from casework.exceptions import CaseNotFound, Invalid, NotPermitted, Refused
from casework.models import Case, CaseOfficer, Erasure, Message, MoveStatement, Note
from casework.permissions import access_case
from casework.vocabulary import ErasureGround, Perm
from policy_rules import citations

ACT = "erase_detail"
ERASED = "[erased / borrado]"
"""What stands in a row of the case in place of words that are gone."""
PROPOSERS = (RoleCode.RECORDS_OFFICER,)
SECONDS = (RoleCode.RECORDS_OFFICER, RoleCode.AUDITOR)


def require_role(by: User, allowed: Sequence[str] = SECONDS) -> str:
    """Return the role in which the person deals with erasures; raises NotPermitted where they have none."""
    held = by.role_codes() if by.is_active and not by.is_superuser else frozenset()
    for role in allowed:
        if role in held:
            return str(role)
    raise NotPermitted(_("erase details behind an entry"))


def case_number(entry: Entry) -> str:
    """Return the number of the case that an entry is about, "" where it is about something else."""
    kind, _colon, number = entry.subject.partition(":")
    return number if kind == "case" else ""


def may_see(by: User, entry: Entry) -> bool:
    """Say whether the person may know of the entry: of a case's only who reads the file of that case."""
    number = case_number(entry)
    try:
        return not number or bool(access_case(by, number, Perm.VIEW_FILE))
    except (CaseNotFound, NotPermitted):
        return False


def propose(*, position: int, ground: str, order: str, by: User) -> Erasure:
    """Propose to erase what is kept behind the entry at a place of the log. `order` says by what order or schedule.

    Raises NotPermitted, Refused (recorded) while the record of the case is held, and Invalid where there is no such
    entry for the person, nothing is kept, or it is proposed.
    """
    role = require_role(by, PROPOSERS)
    if not order.strip():
        raise Invalid(_("Say which order or schedule requires it."), field="order")
    if ground not in ErasureGround.values:
        raise Invalid(_("Choose one of the grounds."), field="ground")
    entry = Entry.objects.filter(placement__position=position).first()
    if entry is None or not may_see(by, entry):
        raise Invalid(_("You know of no entry at this place of the log."), field="position")
    with _entering(entry, by, role, erases=True) as record:
        if not Detail.objects.filter(entry=entry).exists():
            raise Invalid(_("Nothing is kept behind this entry."), field="position")
        if Erasure.objects.open().filter(entry=entry).exists():
            raise Invalid(_("This is proposed already."), field="position")
        proposed = Erasure.objects.create(entry=entry, ground=ground, order=order.strip(), proposed_by=by)
        facts = {"erasure": proposed.pk, "entry": entry.pk, "ground": ground}
        record("log.erasure_proposed", facts, detail={"order": proposed.order})
    return proposed


def decline(*, erasure: Erasure, by: User) -> Erasure:
    """Put a proposal aside; whoever proposed it may too. Raises NotPermitted, and Invalid where it was answered."""
    role = require_role(by)
    with _answering(erasure, by, role) as (locked, record):
        record("log.erasure_declined", {"erasure": locked.pk, "entry": locked.entry_id})
    return locked


def agree(*, erasure: Erasure, by: User) -> Erasure:
    """Erase what was proposed, as a second person; the log keeps its root, which stands in the row.

    Raises NotPermitted, Refused (recorded) while the record of the case is held, and Invalid for the person who
    proposed it and where it was answered.
    """
    role = require_role(by)
    if erasure.proposed_by_id == by.pk:
        raise Invalid(_("You proposed this. A second person must agree."))
    with _answering(erasure, by, role, erases=True) as (locked, record):
        entry, newest = locked.entry, log.newest_checkpoint()
        facts = {
            "erasure": locked.pk,
            "entry": entry.pk,
            "ground": locked.ground,
            "proposed_by": locked.proposed_by.reference,
        }
        record("log.detail_erased", facts, objects=[f"detail:{entry.commitment}"], detail={"order": locked.order})
        _erase_copies(entry)
        with connection.cursor() as cursor:
            cursor.execute("SELECT audit_erase(%s)", [entry.pk])
        locked.agreed = True
        if newest is not None:
            locked.size, locked.root = newest.size, newest.root_hex
    return locked


class Record(Protocol):
    """Writes the entry of a step."""

    def __call__(
        self,
        action: str,
        facts: Mapping[str, Any],
        *,
        objects: Sequence[str] = (),
        detail: Mapping[str, Any] | None = None,
    ) -> Entry: ...


@contextmanager
def _answering(erasure: Erasure, by: User, role: str, *, erases: bool = False) -> Iterator[tuple[Erasure, Record]]:
    """Lock an open proposal, give the means to record the answer, and save it."""
    if not may_see(by, erasure.entry):
        raise NotPermitted(_("erase details behind an entry"))
    with _entering(erasure.entry, by, role, erases=erases) as record:
        locked = Erasure.objects.select_for_update().get(pk=erasure.pk)
        if not locked.is_open:
            raise Invalid(_("This was answered already."))
        locked.answered_by, locked.answered_at = by, timezone.now()
        yield locked, record
        locked.save(update_fields=["answered_by", "answered_at", "agreed", "size", "root"])


@contextmanager
def _entering(entry: Entry, by: User, role: str, *, erases: bool = False) -> Iterator[Record]:
    """Open the act on the case that the entry is about, or by itself where it is about something else.

    One that leads to an erasure is refused while the record of the case is held; the refusal is recorded.
    """
    if number := case_number(entry):
        try:
            with acting(ACT, case=number, by=by, perm=Perm.VIEW_FILE) as act:

                def in_case(action: str, facts: Mapping[str, Any], **more: Any) -> Entry:
                    return act.record(action, facts=facts, substance=False, **more)

                if erases:
                    refuse_while_held(act.case)
                yield in_case
        except Refused as refused:
            refuse(number, by, ACT, sorted({refusal.code for refusal in refused.refusals}))
            raise
        return
    with transaction.atomic():
        section = authority("act", ACT, today())

        def alone(action: str, facts: Mapping[str, Any], **more: Any) -> Entry:
            return citations.record(
                action, section, actor=by.reference, role=role, subject=entry.subject, facts=facts, **more
            )

        yield alone


def erases_copies(entry: Entry) -> bool:
    """Say whether the case's own copy of the words goes with the detail; others go when the case is disposed of."""
    return entry.action.startswith("move.") or entry.action in {"message.received", "message.sent", "note.added"}


def _erase_copies(entry: Entry) -> None:
    """Take the same words out of the rows in which the case keeps them; their rows stay, and say so."""
    match entry.action:
        case "move.receive":
            _erase_filing(case_number(entry), Detail.objects.get(entry=entry).data)
        case "message.received" | "message.sent":
            Message.objects.filter(pk=entry.facts["message"]).update(text=ERASED)
        case "note.added":
            Note.objects.filter(pk=entry.facts["note"]).update(text=ERASED)
        case action if action.startswith("move."):
            kept = MoveStatement.objects.filter(case__number=case_number(entry), move=action.removeprefix("move."))
            detail = Detail.objects.get(entry=entry).data
            kept.filter(stated=detail).update(stated={})


def _erase_filing(number: str, filed: Mapping[str, Any]) -> None:
    """Take out of a case what its complaint said in words; the days stay, since limits are counted from them."""
    case = Case.objects.filter(number=number)
    case.update(narrative=ERASED)
    for column in ("place", "desired_outcome", "incident_time"):
        case.exclude(**{column: ""}).update(**{column: ERASED})
    described = [line[:LONGEST_DESCRIPTION] for line in filed.get("officers", "").splitlines()]
    CaseOfficer.objects.filter(case__number=number, description__in=described).update(description=ERASED)
