"""Who may do what in a case: fetching is access control, deny beats grant, and guardian answers from a projection.

`access_case` is the only way in for the entrances. `grant` is the only writer of guardian's rows, and
`manage.py check_grants` proves that they equal what the assignments say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from guardian.core import ObjectPermissionChecker

from accounts.models import RoleCode, User
from audit.models import Entry, EntryQuerySet
from casework.exceptions import CaseNotFound, NotPermitted
from casework.models import Assignment, Case, CaseUserPermission, Officer, Wall
from casework.roles import EXPORTS_LISTS, ROLES, TAKES_UP_IMPORTED
from casework.states import UNFILED
from casework.training_vocabulary import TRAINING_ROLES, TrainingPerm
from casework.vocabulary import CaseRole, Perm


@dataclass(frozen=True)
class Complainant:
    """The person who filed one case and showed its code and secret."""

    case: Case

    @property
    def reference(self) -> str:
        """The complainant's code in the log; it names the case and nobody."""
        return f"complainant:{self.case.number}"


@dataclass(frozen=True)
class System:
    """Redress itself: clocks, imports and repairs."""

    reference: str = "system"


SYSTEM = System()
Actor = User | Complainant | System


def user(by: Actor) -> User:
    """Return the actor as a user, for acts that only a member of the office, board or department performs."""
    if not isinstance(by, User):
        raise NotPermitted(str(by.reference))
    return by


def roles_on(by: Actor, case: Case) -> tuple[CaseRole, ...]:
    """Return the roles that the actor has on the case now; a walled-off person has none."""
    if isinstance(by, System):
        return (CaseRole.SYSTEM,)
    if isinstance(by, Complainant):
        return (CaseRole.COMPLAINANT,) if by.case.pk == case.pk else ()
    if not by.is_active or by.is_superuser:
        return ()
    if case.pk is None:
        return tuple(CaseRole(code) for code in sorted(by.role_codes()) if code in ROLES)
    if Wall.objects.filter(case=case, user=by).exists():
        return ()
    return tuple(
        CaseRole(role)
        for role in Assignment.objects.current()
        .filter(case=case, user=by)
        .order_by("id")
        .values_list("role", flat=True)
    )


def permissions_of(by: Actor, case: Case) -> frozenset[str]:
    """Return what the actor may do in the case in its present state.

    For a user, guardian answers from the projection; walls are asked last and win.
    """
    if isinstance(by, User) and case.pk is not None:
        if not by.is_active or by.is_superuser or Wall.objects.filter(case=case, user=by).exists():
            return frozenset()
        return frozenset(ObjectPermissionChecker(by).get_perms(case))
    return frozenset(perm for role in roles_on(by, case) for perm in ROLES[role].at(case.state))


def role_for(by: Actor, case: Case, perm: str) -> str:
    """Return the role in which the actor uses a permission: it stands beside the actor in the log."""
    roles = roles_on(by, case)
    return next((role for role in roles if perm in ROLES[role].at(case.state)), roles[0] if roles else "none")


def access_case(by: Actor, case: Case | str, perm: Perm, *, lock: bool = False) -> Case:
    """Return the case, read anew, for someone who may do this in it; `case` may be its number.

    Raises CaseNotFound where the person may not know of the case, and NotPermitted where they may see it and not do
    this. With `lock` the row is locked until the transaction ends.
    """
    number = case if isinstance(case, str) else case.number
    visible = Case.objects.visible_to(by) if isinstance(by, User) else Case.objects.all()
    if lock:
        visible = visible.select_for_update(of=("self",))
    found = visible.filter(number=number).first()
    if found is None or (isinstance(by, Complainant) and by.case.pk != found.pk):
        raise CaseNotFound(number)
    if perm not in permissions_of(by, found):
        raise NotPermitted(Perm(perm).label)
    return found


def _wanted(cases: Iterable[Case]) -> set[tuple[int, int, str]]:
    """Return (case, user, permission) as the assignments and walls of the cases say."""
    states = {case.pk: case.state for case in cases}
    walls = set(Wall.objects.filter(case__in=states).values_list("case_id", "user_id"))
    wanted = set()
    held = Assignment.objects.current().filter(case__in=states, user__is_active=True, user__is_superuser=False)
    for case_id, user_id, role in held.values_list("case_id", "user_id", "role"):
        if (case_id, user_id) not in walls:
            wanted |= {(case_id, user_id, str(perm)) for perm in ROLES[CaseRole(role)].at(states[case_id])}
    return wanted


def _present(cases: Iterable[Case]) -> dict[tuple[int, int, str], int]:
    """Return the rows of guardian, by (case, user, permission)."""
    rows = CaseUserPermission.objects.filter(content_object__in=[case.pk for case in cases])
    found = rows.values_list("content_object_id", "user_id", "permission__codename", "pk")
    return {(case_id, user_id, code): pk for case_id, user_id, code, pk in found}


def permission_ids() -> dict[str, int]:
    """Return the primary keys of the permissions on a case, by code."""
    return dict(
        Permission.objects.filter(
            content_type=ContentType.objects.get_for_model(Case), codename__in=Perm.values
        ).values_list("codename", "pk")
    )


def grant(*cases: Case) -> None:
    """Make guardian's rows of these cases equal to what their assignments, walls and states say."""
    wanted, present = _wanted(cases), _present(cases)
    if surplus := [pk for row, pk in present.items() if row not in wanted]:
        CaseUserPermission.objects.filter(pk__in=surplus).delete()
    if missing := wanted - present.keys():
        ids = permission_ids()
        CaseUserPermission.objects.bulk_create(
            CaseUserPermission(content_object_id=case_id, user_id=user_id, permission_id=ids[code])
            for case_id, user_id, code in sorted(missing)
        )


def check_grants() -> list[str]:
    """Return one sentence for each row of guardian that no assignment explains, and for each that is missing."""
    cases = list(Case.objects.only("pk", "state", "number"))
    numbers = {case.pk: case.number for case in cases}
    wanted, present = _wanted(cases), _present(cases)
    return [
        *(
            f"{numbers[c]}: user:{u} has {p} without an assignment that gives it"
            for c, u, p in sorted(present.keys() - wanted)
        ),
        *(f"{numbers[c]}: user:{u} lacks {p}" for c, u, p in sorted(wanted - present.keys())),
    ]


def may_file(by: Actor) -> bool:
    """Say whether the actor may record a new complaint."""
    return Perm.RECEIVE in {perm for role in roles_on(by, Case()) for perm in ROLES[role].at(UNFILED)}


def readable_entries(by: User) -> EntryQuerySet:
    """Return the entries of the log that the person may read, of all cases and of everything else.

    An auditor reads all but what concerns cases they are kept out of; a policy analyst what was done to the manual.
    Raises NotPermitted for everyone else.
    """
    held = by.role_codes() if by.is_active and not by.is_superuser else frozenset()
    if RoleCode.AUDITOR in held:
        walled = [f"case:{number}" for number in Wall.objects.filter(user=by).values_list("case__number", flat=True)]
        entries = Entry.objects.exclude(subject__in=walled)
        return entries.exclude(object_references__overlap=walled) if walled else entries
    if RoleCode.POLICY_ANALYST in held:
        return Entry.objects.filter(action__startswith="policy.")
    raise NotPermitted(Perm.VIEW_AUDIT.label)


def may_take_up(by: User) -> bool:
    """Say whether the person sees which imported cases are open and nobody's, and may take them up."""
    return by.is_active and not by.is_superuser and not TAKES_UP_IMPORTED.isdisjoint(by.role_codes())


def may_export(by: User) -> bool:
    """Say whether the person may take a list of cases with them as a file; it holds only those they see."""
    return by.is_active and not by.is_superuser and not EXPORTS_LISTS.isdisjoint(by.role_codes())


def _training_roles(by: User) -> list[str]:
    held = by.role_codes() if by.is_active and not by.is_superuser else frozenset()
    return sorted(held & TRAINING_ROLES.keys())


def training_permissions(by: User) -> frozenset[str]:
    """Return what the person may do with courses and the records of training; superusers nothing."""
    return frozenset(perm for role in _training_roles(by) for perm in TRAINING_ROLES[role])


def training_role(by: User, perm: str | None) -> str:
    """Return the role in which the person uses a permission on training: it stands beside them in the log."""
    return next((role for role in _training_roles(by) if perm in TRAINING_ROLES[role]), "none")


def own_entry(by: User) -> Officer | None:
    """Return the person's own entry in the register of members, which their badge names; None without one."""
    if not by.badge or not by.is_active or by.is_superuser:
        return None
    return Officer.objects.filter(badge=by.badge, is_active=True).first()


def members_read_by(by: User) -> QuerySet[Officer]:
    """Return the members whose training record the person may read: all, those they command, or only their own."""
    perms, mine = training_permissions(by), own_entry(by)
    if TrainingPerm.READ_RECORDS in perms:
        return Officer.objects.all()
    if mine is None:
        return Officer.objects.none()
    if TrainingPerm.READ_UNIT in perms:
        return Officer.objects.filter(pk__in=_commanded_by(mine))
    return Officer.objects.filter(pk=mine.pk)


def _commanded_by(officer: Officer) -> set[int]:
    """Return the keys of the member, of everyone in the member's unit, and of all whom these supervise in turn."""
    pairs = list(Officer.objects.values_list("pk", "supervisor_id", "unit"))
    found = {officer.pk} | {pk for pk, _supervisor, unit in pairs if unit and unit == officer.unit}
    while under := {pk for pk, supervisor, _unit in pairs if supervisor in found} - found:
        found |= under
    return found
