"""Scopes of API tokens, and the acts of making and revoking one."""

from collections.abc import Iterable
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import signals
from accounts.models import ApiToken, RoleCode, User


class Scope(models.TextChoices):
    """What a token may be given. A scope narrows what its owner may do; it never adds to it."""

    CASES_READ = "cases:read", _("See the cases that you may see")
    CASES_WRITE = "cases:write", _("Act on the cases on which you may act")
    STATISTICS_READ = "statistics:read", _("Read statistics without suppressed cells")
    AUDIT_READ = "audit:read", _("Read the audit log")
    POLICIES_READ = "policies:read", _("Read the policy manual and its versions")
    POLICIES_WRITE = "policies:write", _("Draft policy and take its steps, where you may")


_CASEWORK = frozenset({Scope.CASES_READ, Scope.CASES_WRITE, Scope.STATISTICS_READ, Scope.POLICIES_READ})
_ANALYSIS = frozenset({Scope.STATISTICS_READ, Scope.POLICIES_READ})
_POLICY = _ANALYSIS | {Scope.POLICIES_WRITE}
SCOPES: dict[str, frozenset[Scope]] = {
    RoleCode.INTAKE_SPECIALIST: _CASEWORK,
    RoleCode.INVESTIGATOR: _CASEWORK,
    RoleCode.SUPERVISING_INVESTIGATOR: _CASEWORK,
    RoleCode.BOARD_MEMBER: _CASEWORK,
    RoleCode.BOARD_CHAIR: _CASEWORK,
    RoleCode.CHIEF: _CASEWORK | {Scope.POLICIES_WRITE},
    RoleCode.COMMANDER: _CASEWORK,
    RoleCode.UNIT_SUPERVISOR: _CASEWORK,
    RoleCode.RECORDS_OFFICER: _CASEWORK,
    RoleCode.AUDITOR: frozenset({Scope.CASES_READ, Scope.AUDIT_READ}) | _ANALYSIS,
    RoleCode.POLICY_ANALYST: _POLICY,
    RoleCode.TRAINING_COORDINATOR: _ANALYSIS,
    RoleCode.COUNSEL: _POLICY,
    RoleCode.CITY_MANAGER: _POLICY,
    RoleCode.REPORT_CLIENT: frozenset({Scope.STATISTICS_READ}),
}
"""The scopes that each role may give to its tokens; a role that is not named has none."""


def scopes_open_to(user: User) -> frozenset[Scope]:
    """Return the scopes that the user's roles of today allow."""
    return frozenset().union(*(SCOPES.get(code, frozenset()) for code in user.role_codes()))


def scopes_in_force(token: ApiToken) -> frozenset[Scope]:
    """Return the scopes that the token opens today: those it was given, where its owner's roles still allow them."""
    return frozenset(scope for scope in scopes_open_to(token.user) if scope in token.scopes)


@transaction.atomic
def issue(*, by: User, label: str, scopes: Iterable[str], lasts: timedelta) -> tuple[ApiToken, str]:
    """Save a token of `by` and return it with its secret, which is kept nowhere.

    Raises PermissionDenied for no scope, or one that the roles of `by` do not allow.
    """
    given = set(scopes)
    if not given or not given <= scopes_open_to(by):
        raise PermissionDenied
    token, secret = ApiToken.objects.issue(user=by, label=label, scopes=given, expiry=timezone.now() + lasts)
    signals.token_issued.send(ApiToken, token=token)
    return token, secret


@transaction.atomic
def revoke(*, by: User, token: ApiToken) -> None:
    """Delete the token, so that it opens nothing from now on."""
    signals.token_revoked.send(ApiToken, by=by, token=token)
    token.delete()
