"""What follows from a move inside its transaction: clocks, people put on the case, letters drafted."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings

from accounts.models import RoleHolding
from casework import clocks
from casework.models import Assignment, Case, Letter, Party, Wall
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
    """Draft a letter to each of its readers: every complainant (CH-2.12), or every officer who is identified.

    A complainant reads it on the tracking page at least, in the language chosen for them if the office writes it.
    """
    level = rules_on(on).profile.disclosure_level if code == LetterCode.OUTCOME else ""
    readers: list[dict[str, Any]]
    if code == LetterCode.AGENCY_REFERRAL:
        readers = [{}]
    elif code in {LetterCode.OFFICER_NOTICE, LetterCode.OFFICER_OUTCOME}:
        officers = case.officers.filter(allegations__isnull=False, officer__isnull=False).distinct()
        readers = [{"officer": officer} for officer in officers]
    else:
        complainants = case.parties.filter(kind=PartyKind.COMPLAINANT)
        readers = [{"party": party, "language": language_for(party)} for party in complainants]
    Letter.objects.bulk_create(
        Letter(
            case=case,
            code=code,
            disclosure_level=level,
            drafted_on=on,
            drafted_by=SYSTEM.reference,
            **{"language": settings.LANGUAGE_CODE, **reader},
        )
        for reader in readers
    )


def language_for(party: Party) -> str:
    """Return the language in which the office writes to the person: theirs, if it is one of the office's."""
    return party.language if party.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


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
