"""What follows from a move inside its transaction: clocks, people put on the case, letters drafted."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import RoleHolding
from casework import clocks
from casework.models import Assignment, Case, Letter, Wall
from casework.permissions import SYSTEM
from casework.vocabulary import CaseRole, Clock, LetterCode, PartyKind
from moves.table import Move
from policy_rules.rules import rules_on

ONE_HOLDER = frozenset({CaseRole.CHIEF})
"""Roles of which one holder is enough: the first without a wall answers for the case (CH-7.4)."""


def follow(case: Case, move: Move, on: date) -> None:
    """Do what the row of the table says follows from the move."""
    clocks.stop(case, move.stops, on)
    clocks.start(case, move.starts, on)
    clocks.resume(case, move.resumes, on)
    for role in move.gives:
        put_on_case(case, CaseRole(role), on)
    for code in move.drafts:
        draft(case, LetterCode(code), on)


def put_on_case(case: Case, role: CaseRole, on: date) -> None:
    """Assign the holders of an office's role to the case, except those who are walled off."""
    walled = Wall.objects.filter(case=case).values("user")
    present = set(Assignment.objects.current().filter(case=case, role=role).values_list("user_id", flat=True))
    holders = RoleHolding.objects.in_force().filter(role_id=role, user__is_active=True).exclude(user__in=walled)
    users = list(dict.fromkeys(holders.order_by("since", "pk").values_list("user_id", flat=True)))
    if role in ONE_HOLDER:
        users = [] if present else users[:1]
    Assignment.objects.bulk_create(
        Assignment(case=case, user_id=user_id, role=role, received_on=case.received_on, since=on)
        for user_id in users
        if user_id not in present
    )


def draft(case: Case, code: LetterCode, on: date) -> None:
    """Draft a letter to each of its readers. An anonymous complainant reads it on the tracking page."""
    level = rules_on(on).profile.disclosure_level if code == LetterCode.OUTCOME else ""
    if code in {LetterCode.OFFICER_NOTICE, LetterCode.OFFICER_OUTCOME}:
        readers: list[dict[str, Any]] = [
            {"officer": officer} for officer in case.officers.filter(allegations__isnull=False).distinct()
        ]
    else:
        complainant = case.parties.filter(kind=PartyKind.COMPLAINANT).first()
        readers = [] if complainant is None else [{"party": complainant}]
    Letter.objects.bulk_create(
        Letter(
            case=case,
            code=code,
            language=case.language if "party" in reader else "en",
            disclosure_level=level,
            drafted_on=on,
            drafted_by=SYSTEM.reference,
            **reader,
        )
        for reader in readers
    )


def letter_was_sent(letter: Letter, on: date) -> None:
    """Stop and start the clocks that wait for a letter."""
    match letter.code:
        case LetterCode.ACKNOWLEDGEMENT:
            clocks.stop(letter.case, [Clock.ACKNOWLEDGE], on)
        case LetterCode.OFFICER_NOTICE:
            if not letter.case.letters.filter(code=LetterCode.OFFICER_NOTICE, sent_on=None).exists():
                clocks.stop(letter.case, [Clock.OFFICER_NOTICE], on)
        case LetterCode.OUTCOME:
            clocks.start(letter.case, [Clock.RECONSIDERATION_WINDOW], on)
