"""What happens to accounts, in the log. `accounts` lies below the log and announces its acts; this module listens.

An act on people, roles or tokens and its entry stand or fall together: the announcement comes inside the transaction.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from accounts import second_factor, signals
from accounts.models import ApiToken, RoleCode, RoleHolding, SecondStepReset, User
from audit import log
from casework.actions import offices

OWN = "account_holder"
"""Role of someone who acts on their own account."""


def _record(
    action: str, *, by: User | None, on: str, facts: Mapping[str, Any] | None = None, detail: Any = None
) -> None:
    """Write an entry; `on` is the account or token that it is about, and nobody is known where `by` is None."""
    if by is None:
        actor, role = "anonymous", "none"
    elif by.reference == on or on.startswith("token:"):
        actor, role = by.reference, OWN
    else:
        actor, role = by.reference, "superuser" if by.is_superuser else RoleCode.SYSTEM_ADMINISTRATOR.value
    with transaction.atomic():
        log.record(action, actor=actor, role=role, subject=on, facts=facts, detail=detail)


def _day(moment: datetime | None) -> str:
    return timezone.localtime(moment).date().isoformat() if moment else "open"


def person_added(by: User, person: User, **sent: Any) -> None:
    """Enter a new account."""
    _record("person.added", by=by, on=person.reference, detail={"login": person.login, "name": person.name})


def account_closed(by: User, person: User, **sent: Any) -> None:
    """Enter that a person can sign in no more."""
    _record("account.closed", by=by, on=person.reference)


def account_reopened(by: User, person: User, **sent: Any) -> None:
    """Enter that a person can sign in again."""
    _record("account.reopened", by=by, on=person.reference)


def password_link_issued(by: User, person: User, **sent: Any) -> None:
    """Enter that someone could set a person's password."""
    _record("password_link.made", by=by, on=person.reference)


def password_set(person: User, **sent: Any) -> None:
    """Enter a password set by a link; whoever held the link counts as the person."""
    _record("password.set", by=person, on=person.reference, facts={"by_link": True})


def own_password_changed(user: User, **sent: Any) -> None:
    """Enter a password changed by who knew the old one."""
    _record("password.set", by=user, on=user.reference, facts={"by_link": False})


def role_granted(by: User, holding: RoleHolding, **sent: Any) -> None:
    """Enter a role, with its first day and the day of its end."""
    facts = {"role": holding.role_id, "since": _day(holding.since), "until": _day(holding.until)}
    _record("role.granted", by=by, on=holding.user.reference, facts=facts)
    offices.follow_role(holding.user, holding.role_id, timezone.localdate())


def role_ended(by: User, holding: RoleHolding, **sent: Any) -> None:
    """Enter the end of a role."""
    facts = {"role": holding.role_id, "until": _day(holding.until)}
    _record("role.ended", by=by, on=holding.user.reference, facts=facts)
    offices.follow_role(holding.user, holding.role_id, timezone.localdate())


def token_issued(token: ApiToken, **sent: Any) -> None:
    """Enter a token and its scopes."""
    facts = {"scopes": token.scopes, "until": _day(token.expiry)}
    _record("token.created", by=token.user, on=token.reference, facts=facts, detail={"label": token.label})


def token_revoked(by: User, token: ApiToken, **sent: Any) -> None:
    """Enter the end of a token, by its owner or with its owner's account."""
    _record("token.revoked", by=by, on=token.reference, facts={"owner": token.user.reference})


def sign_in_failed(person: User | None, step: str, **sent: Any) -> None:
    """Enter a try that failed, under the person whose name was given; what was typed is not kept."""
    on = person.reference if person else "user:unknown"
    _record("sign_in.failed", by=None, on=on, facts={"step": step})


def signed_in(user: User, **sent: Any) -> None:
    """Enter a sign-in, and whether the account has a second step."""
    facts = {"second_step": second_factor.is_set_up(user)}
    _record("sign_in.succeeded", by=user, on=user.reference, facts=facts)


def signed_out(user: User | None, **sent: Any) -> None:
    """Enter the end of a session that someone ended."""
    if user is not None:
        _record("sign_in.ended", by=user, on=user.reference)


def second_step_reset_proposed(by: User, reset: SecondStepReset, **sent: Any) -> None:
    """Enter that someone asks a second person to take another's second step away, and why."""
    _of_reset("second_step.reset_proposed", by, reset, detail={"reason": reset.reason})


def second_step_reset_declined(by: User, reset: SecondStepReset, **sent: Any) -> None:
    """Enter that such a proposal was put aside."""
    _of_reset("second_step.reset_declined", by, reset)


def second_step_reset(by: User, reset: SecondStepReset, **sent: Any) -> None:
    """Enter that two people took a second step away."""
    _of_reset("second_step.reset", by, reset)


def _of_reset(action: str, by: User, reset: SecondStepReset, detail: Any = None) -> None:
    facts = {"reset": reset.pk, "proposed_by": reset.proposed_by.reference}
    _record(action, by=by, on=reset.person.reference, facts=facts, detail=detail)


def second_step_changed(signal: Signal, user: User, authenticator: Authenticator, **sent: Any) -> None:
    """Enter that a second step came, went, or got new recovery codes."""
    names = {
        authenticator_added: "second_step.added",
        authenticator_removed: "second_step.removed",
        authenticator_reset: "second_step.renewed",
    }
    _record(names[signal], by=user, on=user.reference, facts={"kind": str(authenticator.type)})


HEARD = {
    signals.person_added: person_added,
    signals.account_closed: account_closed,
    signals.account_reopened: account_reopened,
    signals.password_link_issued: password_link_issued,
    signals.password_set: password_set,
    signals.role_granted: role_granted,
    signals.role_ended: role_ended,
    signals.token_issued: token_issued,
    signals.token_revoked: token_revoked,
    signals.second_step_reset_proposed: second_step_reset_proposed,
    signals.second_step_reset_declined: second_step_reset_declined,
    signals.second_step_reset: second_step_reset,
    signals.sign_in_failed: sign_in_failed,
    password_changed: own_password_changed,
    user_logged_in: signed_in,
    user_logged_out: signed_out,
    authenticator_added: second_step_changed,
    authenticator_removed: second_step_changed,
    authenticator_reset: second_step_changed,
}


def listen() -> None:
    """Begin to record."""
    for signal, receiver in HEARD.items():
        signal.connect(receiver, dispatch_uid=f"casework.{receiver.__name__}")
