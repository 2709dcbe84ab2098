"""THE table of roles: what each role on a case may do in which state.

A row says what its role always has, and what it has beside that in some states. What is not here is not allowed.
`docs/reference/roles.md` is generated from this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise

from accounts.models import RoleCode
from casework.states import OPEN, UNFILED, State
from casework.vocabulary import CaseRole, Perm

READS_FILE = frozenset({Perm.VIEW, Perm.VIEW_FILE, Perm.VIEW_EVIDENCE})

INTAKE_STATES = (State.RECEIVED, State.INTAKE_REVIEW, State.PRELIMINARY_INQUIRY)
INVESTIGATION_STATES = (State.PRELIMINARY_INQUIRY, State.INVESTIGATION)
BOARD_STATES = (State.BOARD_REFERRED, State.BOARD_REVIEW)
DECIDED_STATES = (State.DISPOSITION_ISSUED, State.CLOSED)
FROM_BOARD = (*BOARD_STATES, State.CHIEF_DECISION, *DECIDED_STATES)


@dataclass(frozen=True)
class RoleRow:
    """What one role may do: always, and beside that in the states named."""

    always: frozenset[Perm]
    in_states: Mapping[str, frozenset[Perm]] = field(default_factory=dict)

    def at(self, state: str) -> frozenset[Perm]:
        """Return the permissions of the role in that state; in a case not yet filed only what is said of it."""
        more = self.in_states.get(state, frozenset())
        return more if state == UNFILED else self.always | more


def _in(*blocks: tuple[tuple[str, ...], set[Perm]]) -> dict[str, frozenset[Perm]]:
    table: dict[str, frozenset[Perm]] = {}
    for states, perms in blocks:
        for state in states:
            table[state] = table.get(state, frozenset()) | perms
    return table


ROLES: Mapping[CaseRole, RoleRow] = {
    CaseRole.INTAKE: RoleRow(
        always=READS_FILE | {Perm.OPEN_CONTACT, Perm.DECLARE_CONFLICT, Perm.MESSAGE, Perm.LOG_CONTACT},
        in_states=_in(
            ((UNFILED,), {Perm.RECEIVE, Perm.BACKDATE}),
            (INTAKE_STATES, {Perm.ADD_EVIDENCE, Perm.ADD_NOTE, Perm.VIEW_NOTES, Perm.ADD_PERSON, Perm.DRAFT_LETTER,
                             Perm.SEND_LETTER, Perm.FRAME_ALLEGATION}),
            ((State.RECEIVED,), {Perm.BEGIN_INTAKE_REVIEW}),
            ((State.INTAKE_REVIEW,), {Perm.BEGIN_PRELIMINARY_INQUIRY}),
            ((State.INTAKE_REVIEW, State.PRELIMINARY_INQUIRY), {Perm.REFER_OUT}),
            (OPEN, {Perm.WITHDRAW, Perm.BACKDATE}),
        ),
    ),
    CaseRole.INVESTIGATOR: RoleRow(
        always=READS_FILE | {Perm.VIEW_NOTES, Perm.DECLARE_CONFLICT},
        in_states=_in(
            (INVESTIGATION_STATES, {Perm.OPEN_CONTACT, Perm.OPEN_COMPELLED, Perm.MESSAGE, Perm.LOG_CONTACT,
                                    Perm.ADD_EVIDENCE, Perm.ADD_NOTE, Perm.ADD_PERSON, Perm.FRAME_ALLEGATION,
                                    Perm.DRAFT_LETTER}),
            ((State.INVESTIGATION,), {Perm.CONCLUDE, Perm.RECOMMEND_FINDING, Perm.SUBMIT}),
            ((State.QUALITY_REVIEW,), {Perm.OPEN_COMPELLED}),
            (DECIDED_STATES, {Perm.VIEW_VOTES, Perm.VIEW_DECISION}),
        ),
    ),
    CaseRole.SUPERVISOR: RoleRow(
        always=READS_FILE | {Perm.VIEW_NOTES, Perm.VIEW_AUDIT, Perm.OPEN_CONTACT, Perm.OPEN_IDENTITY,
                             Perm.OPEN_COMPELLED, Perm.DECLARE_CONFLICT, Perm.MESSAGE, Perm.LOG_CONTACT,
                             Perm.DRAFT_LETTER, Perm.APPROVE_LETTER, Perm.SEND_LETTER, Perm.HOLD},
        in_states=_in(
            ((UNFILED,), {Perm.RECEIVE, Perm.BACKDATE}),
            (OPEN, {Perm.ADD_NOTE, Perm.ASSIGN, Perm.WITHDRAW, Perm.BACKDATE}),
            (INTAKE_STATES, {Perm.CLASSIFY, Perm.ADD_EVIDENCE, Perm.ADD_PERSON, Perm.FRAME_ALLEGATION}),
            ((State.INTAKE_REVIEW, State.PRELIMINARY_INQUIRY), {Perm.SCREEN_OUT, Perm.REFER_OUT}),
            ((State.PRELIMINARY_INQUIRY,), {Perm.OPEN_INVESTIGATION}),
            ((State.INVESTIGATION,), {Perm.ADD_EVIDENCE, Perm.ADD_PERSON, Perm.FRAME_ALLEGATION}),
            ((State.QUALITY_REVIEW,), {Perm.RETURN_TO_INVESTIGATOR, Perm.BUILD_PACKET, Perm.REFER_TO_BOARD,
                                       Perm.SEND_TO_CHIEF}),
            (FROM_BOARD, {Perm.VIEW_PANEL}),
            (DECIDED_STATES, {Perm.VIEW_VOTES, Perm.VIEW_DECISION}),
            ((State.DISPOSITION_ISSUED,), {Perm.CLOSE}),
        ),
    ),
    CaseRole.BOARD_CHAIR: RoleRow(
        always=frozenset({Perm.VIEW, Perm.VIEW_PANEL}),
        in_states=_in(
            ((State.BOARD_REFERRED,), {Perm.DRAW_PANEL, Perm.SEAT_PANEL, Perm.DECLARE_CONFLICT}),
            ((State.BOARD_REVIEW,), {Perm.SEND_BACK, Perm.ADOPT_RECOMMENDATION, Perm.VIEW_FILE, Perm.VIEW_PACKET,
                                     Perm.DECLARE_CONFLICT}),
            ((State.BOARD_REVIEW, State.CHIEF_DECISION, *DECIDED_STATES), {Perm.VIEW_VOTES}),
            (DECIDED_STATES, {Perm.VIEW_DECISION}),
        ),
    ),
    CaseRole.DRAWN_MEMBER: RoleRow(
        always=frozenset({Perm.VIEW, Perm.VIEW_PANEL}),
        in_states=_in((BOARD_STATES, {Perm.DECLARE_CONFLICT})),
    ),
    CaseRole.BOARD_MEMBER: RoleRow(
        always=frozenset({Perm.VIEW, Perm.VIEW_PANEL}),
        in_states=_in(
            ((State.BOARD_REFERRED,), {Perm.DECLARE_CONFLICT}),
            ((State.BOARD_REVIEW,), {Perm.VIEW_FILE, Perm.VIEW_PACKET, Perm.VOTE, Perm.DECLARE_CONFLICT}),
            ((State.BOARD_REVIEW, State.CHIEF_DECISION, *DECIDED_STATES), {Perm.VIEW_VOTES}),
            (DECIDED_STATES, {Perm.VIEW_DECISION}),
        ),
    ),
    CaseRole.CHIEF: RoleRow(
        always=READS_FILE | {Perm.VIEW_VOTES, Perm.VIEW_PANEL, Perm.VIEW_DECISION},
        in_states=_in(
            ((State.CHIEF_DECISION,), {Perm.DECIDE_ALLEGATION, Perm.ISSUE_DISPOSITION, Perm.OPEN_COMPELLED,
                                       Perm.DECLARE_CONFLICT}),
        ),
    ),
    CaseRole.AUDITOR: RoleRow(
        always=READS_FILE | {Perm.VIEW_NOTES, Perm.VIEW_AUDIT, Perm.VIEW_VOTES, Perm.VIEW_PACKET, Perm.OPEN_CONTACT,
                             Perm.OPEN_IDENTITY, Perm.OPEN_COMPELLED, Perm.HOLD},
        in_states=_in(
            (FROM_BOARD, {Perm.VIEW_PANEL}),
            ((State.CHIEF_DECISION, *DECIDED_STATES), {Perm.VIEW_DECISION}),
        ),
    ),
    CaseRole.RECORDS_OFFICER: RoleRow(
        always=frozenset({Perm.VIEW, Perm.VIEW_FILE, Perm.DRAFT_LETTER, Perm.APPROVE_LETTER, Perm.SEND_LETTER,
                          Perm.HOLD}),
        in_states=_in((DECIDED_STATES, {Perm.VIEW_DECISION})),
    ),
    CaseRole.COMPLAINANT: RoleRow(
        always=frozenset({Perm.MESSAGE}),
        in_states=_in(
            ((UNFILED,), {Perm.RECEIVE}),
            (OPEN, {Perm.WITHDRAW, Perm.ADD_EVIDENCE}),
        ),
    ),
    CaseRole.SYSTEM: RoleRow(
        always=frozenset(),
        in_states=_in(((UNFILED,), {Perm.IMPORT_RECORD})),
    ),
}  # fmt: skip

ROLE_LABELS: Mapping[str, str | Promise] = dict([*RoleCode.choices, *CaseRole.choices])
"""The words for each role in which an act is recorded, those on no case among them."""

STANDING_ROLES = (CaseRole.INTAKE, CaseRole.SUPERVISOR, CaseRole.AUDITOR)
"""Roles of the office whose holders are put on every case from the day it is received."""

TAKES_UP_IMPORTED = frozenset({CaseRole.SUPERVISOR, CaseRole.RECORDS_OFFICER})
"""Roles of the office that see which imported cases are open and nobody's, and take them up."""

EXPORTS_LISTS = frozenset({CaseRole.SUPERVISOR, CaseRole.AUDITOR, CaseRole.RECORDS_OFFICER, CaseRole.CHIEF})
"""Roles of the office that may take a list of the cases they see with them as a file."""
