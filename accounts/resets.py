"""A second step that is lost is taken away by two people: one who manages people proposes it, another agrees.

Whoever could do it alone could, with a password link, become anybody.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from accounts import second_factor, sessions, signals
from accounts.models import SecondStepReset, User
from accounts.people import RefusedError, require_manager_of

TELL = "accounts.tell_of_reset"
"""The job that mails the person; see accounts.tasks."""


@transaction.atomic
def propose(*, by: User, person: User, reason: str) -> SecondStepReset:
    """Save and return a proposal to take away the person's second step and recovery codes.

    Raises PermissionDenied for oneself or without the office, RefusedError `nothing_to_reset`, `proposed_already` or
    `no_reason`.
    """
    require_manager_of(person, by)
    User.objects.select_for_update().get(pk=person.pk)
    if not reason.strip():
        raise RefusedError("no_reason", _("Write how you made sure that it is this person who asks."))
    if not second_factor.is_set_up(person):
        raise RefusedError("nothing_to_reset", _("This person has no second step."))
    if SecondStepReset.objects.open().filter(person=person).exists():
        raise RefusedError("proposed_already", _("A reset has been proposed already. A second person must agree."))
    reset = SecondStepReset.objects.create(person=person, proposed_by=by, reason=reason.strip())
    signals.second_step_reset_proposed.send(SecondStepReset, by=by, reset=reset)
    return reset


@transaction.atomic
def agree(*, by: User, reset: SecondStepReset) -> SecondStepReset:
    """Take away the second step, as a second person, end the person's sessions, and have them told by mail.

    Raises PermissionDenied for the person themself, and RefusedError `same_person` or `not_open`.
    """
    locked = _open(by, reset)
    if locked.proposed_by_id == by.pk:
        raise RefusedError("same_person", _("You proposed this. A second person must agree."))
    second_factor.take_away(locked.person)
    sessions.end_all(locked.person)
    _answer(locked, by, agreed=True)
    signals.second_step_reset.send(SecondStepReset, by=by, reset=locked)
    app.configure_task(TELL).defer(reset=locked.pk)
    return locked


@transaction.atomic
def decline(*, by: User, reset: SecondStepReset) -> SecondStepReset:
    """Put the proposal aside; whoever made it may do so too. Raises as `agree` does, but for `same_person`."""
    locked = _open(by, reset)
    _answer(locked, by, agreed=False)
    signals.second_step_reset_declined.send(SecondStepReset, by=by, reset=locked)
    return locked


def _open(by: User, reset: SecondStepReset) -> SecondStepReset:
    locked = SecondStepReset.objects.select_for_update(of=("self",)).select_related("person").get(pk=reset.pk)
    require_manager_of(locked.person, by)
    if not locked.is_open:
        raise RefusedError("not_open", _("This proposal has been answered, or is too old."))
    return locked


def _answer(reset: SecondStepReset, by: User, *, agreed: bool) -> None:
    reset.answered_by, reset.answered_at, reset.agreed = by, timezone.now(), agreed
    reset.save(update_fields=["answered_by", "answered_at", "agreed"])
