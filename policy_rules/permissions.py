"""Who may do what with the manual, by the roles that a person holds in the office."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from policy_rules.models import ChapterVersion
from policy_rules.roles import ADOPTERS, PUBLIC, ROLES, SYSTEM, PolicyPerm


@dataclass(frozen=True)
class Redress:
    """Redress itself, on the days that people have set."""

    reference: str = "system"


@dataclass(frozen=True)
class Resident:
    """Someone of the public. Who it is, nobody asks."""

    reference: str = "public"


REDRESS = Redress()
RESIDENT = Resident()
Actor = User | Redress | Resident
OF_ADOPTERS = frozenset({PolicyPerm.ADOPT, PolicyPerm.RESCIND})


def roles_of(by: Actor) -> tuple[str, ...]:
    """Return the roles of the table that the actor holds today; superusers hold none."""
    if isinstance(by, Redress):
        return (SYSTEM,)
    if isinstance(by, Resident):
        return (PUBLIC,)
    if not by.is_active or by.is_superuser:
        return ()
    return tuple(sorted(role for role in by.role_codes() if role in ROLES))


def may(by: Actor, perm: PolicyPerm) -> bool:
    """Say whether the actor has the permission for some chapter."""
    return any(perm in ROLES[role] for role in roles_of(by))


def permissions_on(by: Actor, version: ChapterVersion) -> frozenset[str]:
    """Return what the actor may do with a version: adopting and rescinding are for the chapter's own adopter."""
    held: set[str] = set()
    for role in roles_of(by):
        denied = OF_ADOPTERS if role in ADOPTERS and role != version.chapter.adopter else frozenset()
        held |= {perm.value for perm in ROLES[role] - denied}
    return frozenset(held)


def role_for(by: Actor, perm: str) -> str:
    """Return the role in which the actor uses a permission: it stands beside the actor in the log."""
    return next((role for role in roles_of(by) if perm in ROLES[role]), "none")
