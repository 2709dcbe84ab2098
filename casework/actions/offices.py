"""What a role in the office means for cases: who takes it up is put on them, who lays it down is taken off."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import RoleHolding, User
from audit import log
from casework.actions.assignments import PANEL, call_substitute
from casework.actions.board import MEMBER_ROLES
from casework.effects import ONE_HOLDER
from casework.models import Assignment, Case, PanelSeat, Wall
from casework.models.case import CaseQuerySet
from casework.permissions import grant
from casework.roles import ROLES, STANDING_ROLES
from casework.states import State
from casework.vocabulary import CaseRole

GIVEN_ONE_BY_ONE = PANEL | {CaseRole.INVESTIGATOR}
"""Parts that a supervisor or a draw gives: holding the role in the office puts nobody on a case."""
BEFORE_THE_BOARD = (State.BOARD_REFERRED, State.BOARD_REVIEW)
OFFICES = frozenset(ROLES) - {CaseRole.DRAWN_MEMBER, CaseRole.COMPLAINANT, CaseRole.SYSTEM}


@transaction.atomic
def follow_role(user: User, role: str, on: date) -> int:
    """Make the person's places on cases follow from whether they hold the role now; walls stay as they are.

    Returns how many places changed.

    An auditor gets every case (CH-12.5), others the open ones that the role answers for. Access ends with the role.
    """
    if role not in OFFICES:
        return 0
    held = user.role_codes() if user.is_active else frozenset()
    taken = {CaseRole(role)} - PANEL
    changed = _put_on(user, CaseRole(role), on) if role in held else _take_off(user, taken, on)
    if held.isdisjoint(MEMBER_ROLES):
        changed += _take_off(user, PANEL, on)
    return changed


def follow_calendar() -> None:
    """Follow the roles that began or ended by their day, with nobody acting on that day."""
    on = timezone.localdate()
    holdings = RoleHolding.objects.in_force().filter(role_id__in=OFFICES, user__is_active=True)
    began = set(holdings.exclude(role_id__in=GIVEN_ONE_BY_ONE).values_list("user_id", "role_id"))
    in_force = set(holdings.values_list("user_id", "role_id"))
    members = {user for user, role in in_force if role in MEMBER_ROLES}
    ended = {
        (user, CaseRole.BOARD_MEMBER if role in PANEL else role)
        for user, role in _places()
        if (user not in members if role in PANEL else (user, role) not in in_force)
    }
    for pk, role in sorted(began | ended):
        with transaction.atomic():
            user = User.objects.get(pk=pk)
            if changed := follow_role(user, role, on):
                facts = {"role": str(role), "places": changed}
                log.record("role.followed", actor="system", role="system", subject=user.reference, facts=facts)


def _places() -> set[tuple[int, str]]:
    return set(Assignment.objects.current().order_by().values_list("user_id", "role").distinct())


def _cases_of(role: CaseRole) -> CaseQuerySet:
    """Return the cases that a role answers for."""
    if role in GIVEN_ONE_BY_ONE:
        return Case.objects.none()
    of_role = Assignment.objects.filter(case=OuterRef("pk"), role=role)
    if role == CaseRole.AUDITOR:
        return Case.objects.native() | Case.objects.filter(Exists(Assignment.objects.filter(case=OuterRef("pk"))))
    if role in STANDING_ROLES:
        return Case.objects.native().open() | Case.objects.open().filter(Exists(of_role))
    cases = Case.objects.open().filter(Exists(of_role))
    return cases.exclude(Exists(of_role.filter(until=None))) if role in ONE_HOLDER else cases


def _put_on(user: User, role: CaseRole, on: date) -> int:
    walled = Wall.objects.filter(case=OuterRef("pk"), user=user)
    there = Assignment.objects.current().filter(case=OuterRef("pk"), user=user, role=role)
    cases = list(_cases_of(role).exclude(Exists(walled)).exclude(Exists(there)))
    Assignment.objects.bulk_create(
        Assignment(case=case, user=user, role=role, received_on=case.received_on, since=on) for case in cases
    )
    grant(*cases)
    return len(cases)


def _take_off(user: User, parts: Collection[CaseRole], on: date) -> int:
    current = Assignment.objects.current().filter(user=user, role__in=parts)
    cases = list(Case.objects.filter(pk__in=current.values("case")))
    ended = current.update(until=on, ended_because="role_ended")
    if not PANEL.isdisjoint(parts):
        for seat in PanelSeat.objects.filter(user=user, left_on=None, draw__case__state__in=BEFORE_THE_BOARD):
            seat.left_on = on
            seat.save(update_fields=["left_on"])
            call_substitute(seat.draw.case, seat, on)
    grant(*cases)
    return ended
