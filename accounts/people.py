"""Acts on people and the roles they hold. Each is an act of `by`, and each is announced (accounts.signals)."""

from datetime import datetime

from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.functional import Promise
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext_lazy as _

from accounts import sessions, signals, tokens
from accounts.models import Role, RoleCode, RoleHolding, User


class RefusedError(Exception):
    """An act on a person that cannot be done; `sentence` says why, in words for the person who asked."""

    def __init__(self, code: str, sentence: str | Promise) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence


def may_manage_people(user: User) -> bool:
    """Tell whether the user adds people and grants roles: a system administrator, or a superuser to begin with."""
    return user.is_superuser or RoleCode.SYSTEM_ADMINISTRATOR in user.role_codes()


def require_manager_of(person: User, by: User) -> None:
    """Raise PermissionDenied unless `by` manages people and `person` is somebody else."""
    if not may_manage_people(by) or by == person:
        raise PermissionDenied


@transaction.atomic
def add_person(*, by: User, login: str, name: str, email: str = "", language: str = "en", badge: str = "") -> User:
    """Save and return a person who cannot sign in until a password is set by a link. Raises PermissionDenied."""
    person = User(login=login, name=name, email=email, language=language, badge=badge)
    require_manager_of(person, by)
    person.set_unusable_password()
    person.save()
    signals.person_added.send(User, by=by, person=person)
    return person


@transaction.atomic
def password_link(*, by: User, person: User) -> str:
    """Return the path of a page where its holder sets the person's password.

    It works once and for settings.PASSWORD_RESET_TIMEOUT seconds. The password that the person has, if any, works until
    then, and the second factor stays. Raises PermissionDenied, or RefusedError `account_closed`.
    """
    require_manager_of(person, by)
    if not person.is_active:
        raise RefusedError("account_closed", _("This account is closed. Open it first."))
    signals.password_link_issued.send(User, by=by, person=person)
    user = urlsafe_base64_encode(force_bytes(person.pk))
    return reverse("account_password_by_link", args=[user, default_token_generator.make_token(person)])


@transaction.atomic
def grant_role(
    *, by: User, person: User, role: Role, since: datetime | None = None, until: datetime | None = None
) -> RoleHolding:
    """Save and return that the person holds the role from `since` (default: now) to `until` (default: no end is known).

    Raises PermissionDenied when `by` grants to themself or does not manage people, and RefusedError with a code:
    `account_closed`, `in_the_past`, `ends_before_it_begins`, `already_held`, or `not_together` for a system
    administrator with any other role, since system administrators see no case.
    """
    require_manager_of(person, by)
    User.objects.select_for_update().get(pk=person.pk)
    now = timezone.now()
    begins = since or now
    if not person.is_active:
        raise RefusedError("account_closed", _("This account is closed. Open it first."))
    if begins < now:
        raise RefusedError("in_the_past", _("A role cannot begin in the past. Choose today or a later day."))
    if until is not None and until <= begins:
        raise RefusedError("ends_before_it_begins", _("The last day must not lie before the first day."))
    meanwhile = person.role_holdings.filter(Q(until=None) | Q(until__gt=begins))
    if until is not None:
        meanwhile = meanwhile.filter(since__lt=until)
    if meanwhile.filter(role=role).exists():
        raise RefusedError("already_held", _("This person holds that role already in that time."))
    administers = Q(role_id=RoleCode.SYSTEM_ADMINISTRATOR)
    if meanwhile.exclude(administers if role.code == RoleCode.SYSTEM_ADMINISTRATOR else ~administers).exists():
        raise RefusedError(
            "not_together", _("A system administrator holds no other role, because system administrators see no case.")
        )
    holding = RoleHolding.objects.create(user=person, role=role, since=begins, until=until)
    signals.role_granted.send(RoleHolding, by=by, holding=holding)
    return holding


@transaction.atomic
def end_role(*, by: User, holding: RoleHolding, at: datetime | None = None) -> RoleHolding:
    """End a holding now or at a later time; one that has not begun is never in force.

    Raises PermissionDenied for one's own roles, and RefusedError with the code `already_ended` or `in_the_past`.
    """
    require_manager_of(holding.user, by)
    locked = RoleHolding.objects.select_for_update().select_related("role").get(pk=holding.pk)
    now = timezone.now()
    if locked.has_ended:
        raise RefusedError("already_ended", _("This role has ended already."))
    if at is not None and at < now:
        raise RefusedError("in_the_past", _("A role cannot end in the past. Choose today or a later day."))
    locked.until = max(at or now, locked.since)
    locked.save(update_fields=["until"])
    signals.role_ended.send(RoleHolding, by=by, holding=locked)
    return locked


@transaction.atomic
def close_account(*, by: User, person: User) -> None:
    """End the person's roles, tokens and sessions, and let them sign in no more. Raises PermissionDenied."""
    require_manager_of(person, by)
    for holding in person.role_holdings.exclude(until__lte=timezone.now()):
        end_role(by=by, holding=holding)
    for token in person.auth_token_set.all():
        tokens.revoke(by=by, token=token)
    sessions.end_all(person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    signals.account_closed.send(User, by=by, person=person)


@transaction.atomic
def reopen_account(*, by: User, person: User) -> None:
    """Let the person sign in again; roles are granted anew. Raises PermissionDenied."""
    require_manager_of(person, by)
    person.is_active = True
    person.save(update_fields=["is_active"])
    signals.account_reopened.send(User, by=by, person=person)
