"""Who is put on a case, who declares a conflict, and who is kept out from that moment on."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from casework.actions import acts, notices
from casework.actions.acts import acting
from casework.clocks import today
from casework.effects import put_on_case
from casework.exceptions import CaseNotFound, Invalid, NotPermitted
from casework.models import Assignment, Case, ConflictDeclaration, PanelSeat, Wall
from casework.permissions import SYSTEM, Actor, grant, may_take_up, roles_on
from casework.roles import ROLES, STANDING_ROLES
from casework.vocabulary import CaseRole, ConflictGround, Perm, WallKind

ASSIGNABLE = (CaseRole.INVESTIGATOR,)
"""Roles that a supervising investigator gives by hand; the others come with a move or with the draw."""
PANEL = frozenset({CaseRole.DRAWN_MEMBER, CaseRole.BOARD_MEMBER})


def assign(
    *, case: Case | str, user: User, role: str = CaseRole.INVESTIGATOR, by: Actor, on: date | None = None
) -> Assignment:
    """Put a person on the case (CH-4.4). Raises Invalid for someone without the office's role or behind a wall."""
    with acting("assign", case=case, by=by, perm=Perm.ASSIGN, on=on) as act:
        if role not in ASSIGNABLE:
            raise Invalid(_("This part in a case is not given by hand."), field="role")
        if role not in user.role_codes():
            raise Invalid(_("%(name)s does not hold that role in the office.") % {"name": user}, field="user")
        if Wall.objects.filter(case=act.case, user=user).exists():
            raise Invalid(_("%(name)s is kept out of this case.") % {"name": user}, field="user")
        assignment, created = Assignment.objects.get_or_create(
            case=act.case,
            user=user,
            role=role,
            until=None,
            defaults={"received_on": act.case.received_on, "since": act.on},
        )
        if not created:
            raise Invalid(_("%(name)s is on this case already.") % {"name": user}, field="user")
        grant(act.case)
        act.record("assignment.made", objects=[user.reference], facts={"role": str(role)})
        return assignment


def unassign(*, case: Case | str, user: User, role: str, by: Actor, on: date | None = None) -> None:
    """Take a person off the case; their part in the record stays."""
    with acting("assign", case=case, by=by, perm=Perm.ASSIGN, on=on) as act:
        if role not in ASSIGNABLE:
            raise Invalid(_("This part in a case is not given by hand."), field="role")
        ended = Assignment.objects.current().filter(case=act.case, user=user, role=role)
        if not ended.update(until=act.on, ended_because="reassigned"):
            raise Invalid(_("%(name)s is not on this case.") % {"name": user}, field="user")
        grant(act.case)
        act.record("assignment.ended", objects=[user.reference], facts={"role": str(role)})


def wall_off(case: Case, user: User, kind: WallKind, on: date) -> None:
    """Keep a person out of a case: their assignments end, their seat falls free, and guardian forgets them."""
    Wall.objects.get_or_create(case=case, user=user, defaults={"kind": kind, "since": on})
    Assignment.objects.current().filter(case=case, user=user).update(until=on, ended_because=str(kind))
    for seat in PanelSeat.objects.filter(draw__case=case, user=user, left_on=None):
        seat.left_on = on
        seat.save(update_fields=["left_on"])
        call_substitute(case, seat, on)
    grant(case)


def call_substitute(case: Case, left: PanelSeat, on: date) -> None:
    """Call the next substitute, in the order drawn, to a seat that fell free, and tell them (CH-5.6)."""
    if left.called_on is None:
        return
    walled = Wall.objects.filter(case=case).values("user")
    substitute = (
        PanelSeat.objects.filter(draw=left.draw, called_on=None, left_on=None)
        .exclude(user__in=walled)
        .order_by("order")
        .first()
    )
    if substitute is None:
        return
    substitute.called_on = on
    substitute.save(update_fields=["called_on"])
    Assignment.objects.create(
        case=case, user=substitute.user, role=CaseRole.DRAWN_MEMBER, received_on=case.received_on, since=on
    )
    entry = acts.record(
        "substitute.called",
        case=case,
        by=SYSTEM,
        perm="",
        on=on,
        sections=[acts.authority("act", "recuse", on)],
        objects=[substitute.user.reference],
        facts={"draw": left.draw_id, "seat": substitute.order, "instead_of": left.order},
    )
    notices.tell(entry, case=case, users=[substitute.user], by=SYSTEM, on=on)


def _seat(case: Case, member: User, on: date) -> None:
    """Let a member who was drawn sit, now that they have declared that there is no conflict (CH-5.5)."""
    drawn = Assignment.objects.current().filter(case=case, user=member, role=CaseRole.DRAWN_MEMBER)
    if drawn.update(until=on, ended_because="declared"):
        Assignment.objects.create(
            case=case, user=member, role=CaseRole.BOARD_MEMBER, received_on=case.received_on, since=on
        )
        grant(case)


def declare_conflict(
    *,
    case: Case | str,
    by: User,
    has_conflict: bool,
    ground: str = "",
    note: str = "",
    on: date | None = None,
) -> ConflictDeclaration:
    """Declare that one has a conflict in the case, or that one has none (CH-4.4, CH-5.6).

    A conflict ends every access at once; only the record of what was seen before stays.
    """
    panel = isinstance(case, Case) and not PANEL.isdisjoint(roles_on(by, case))
    name = "recuse" if panel and has_conflict else "declare_conflict"
    with acting(name, case=case, by=by, perm=Perm.DECLARE_CONFLICT, on=on) as act:
        if has_conflict and ground not in ConflictGround.values:
            raise Invalid(_("Say what the conflict is."), field="ground")
        roles = roles_on(by, act.case)
        role = next((role for role in roles if Perm.DECLARE_CONFLICT in ROLES[role].at(act.case.state)), roles[0])
        declaration = ConflictDeclaration.objects.create(
            case=act.case,
            user=by,
            role=role,
            has_conflict=has_conflict,
            ground=ground if has_conflict else "",
            on=act.on,
        )
        seats = PanelSeat.objects.filter(draw__case=act.case, user=by, left_on=None)
        seats.filter(declared_on=None).update(declared_on=act.on)
        action = "conflict.declared" if has_conflict else "conflict.denied"
        act.record(action, facts={"role": str(role), "ground": ground}, detail={"note": note})
        if has_conflict:
            wall_off(act.case, by, WallKind.RECUSAL if panel else WallKind.CONFLICT, act.on)
        else:
            _seat(act.case, by, act.on)
        return declaration


@transaction.atomic
def wall_off_named_officers(case: Case, badge: str, on: date) -> None:
    """Keep a sworn member who is named in the case out of it, whatever their office (domain rule: conflict wall)."""
    for user in User.objects.filter(badge=badge).exclude(badge=""):
        wall_off(case, user, WallKind.PARTY, on)


def take_up(*, number: str, by: User) -> Case:
    """Put the holders of the standing roles and the records officers on an imported case that nobody has (CH-4.4).

    Raises NotPermitted (recorded) for who may not, and CaseNotFound where no such case is open and nobody's.
    """
    if not may_take_up(by):
        acts.refuse(number, by, "take_up", ["not_permitted"])
        raise NotPermitted(Perm.ASSIGN.label)
    with transaction.atomic():
        case = Case.objects.nobodys().select_for_update(of=("self",)).filter(number=number).first()
        if case is None:
            raise CaseNotFound(number)
        on = today()
        for role in (*STANDING_ROLES, CaseRole.RECORDS_OFFICER):
            put_on_case(case, role, on)
        grant(case)
        case.last_act_on = max(on, case.last_act_on)
        case.revision += 1
        case.save(update_fields=["last_act_on", "revision"])
        section = acts.authority("act", "assign", on)
        acts.record("import.taken_up", case=case, by=by, perm=Perm.ASSIGN, on=on, sections=[section])
        return case
