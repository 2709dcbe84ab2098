"""What auditors are told by mail: a check that found faults, unusual access, a search for a complainant (CH-10.2).

A mail names nobody and no case; it leads to the page that does, after signing in.
"""

from __future__ import annotations

import re

from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, override
from procrastinate.contrib.django import app

from accounts.mail import address_of, holders
from accounts.models import RoleCode, User
from audit import log
from casework.clocks import today
from casework.models import Identity
from casework.permissions import own_entry, readable_entries
from casework.reporting.unusual_access import SEARCH, limits_on, unusual
from casework.vocabulary import PartyKind

TELL_OF_SEARCH = "casework.tell_of_search"
"""The job that mails the auditors that a sworn member searched for a complainant."""
MOST_WORDS = 10


def note_search(*, by: User, text: str) -> None:
    """Record that a sworn member searched the cases for what is the name of a complainant, and tell the auditors.

    Whatever the search finds, it does not find by that name; what was typed goes into the detail of the entry.
    """
    words = text.split()[:MOST_WORDS]
    if not words or own_entry(by) is None:
        return
    named = Identity.objects.filter(party__kind=PartyKind.COMPLAINANT)
    for word in words:
        named = named.filter(name__iregex=rf"\m{re.escape(word)}\M")
    if not named.exists():
        return
    role = next(iter(sorted(by.role_codes())), "none")
    with transaction.atomic():
        log.record(SEARCH, actor=by.reference, role=role, subject="list:cases", detail={"text": text})
        app.configure_task(TELL_OF_SEARCH).defer()


def tell_of_search() -> None:
    """Mail the auditors that somebody searched for a complainant."""
    said = _("A sworn member of the department searched the cases for the name of a complainant. Sign in to see who:")
    for auditor in _auditors():
        _mail(auditor, _("A search that you should know of"), said, "audit:access")


def tell_of_check(check: int) -> None:
    """Mail the auditors that a check of the log found something, or could not be finished."""
    said = _(
        "A check of the log found something wrong, or could not be finished. Nothing was changed by the check. Sign in "
        "and read what it found:"
    )
    for auditor in _auditors():
        _mail(auditor, _("The log needs your attention"), said, "audit:verification", pk=check)


def tell_of_unusual_access() -> None:
    """Mail each auditor how much access within the window of the rules was unusual, where any was."""
    limits = limits_on(today())
    if limits is None:
        return
    for auditor in _auditors():
        number = len(unusual(readable_entries(auditor), limits, now=timezone.now()))
        if number:
            with override(auditor.language):
                said = ngettext(
                    "%(n)d line is on the list of unusual access of the last %(days)d days. Sign in to read it:",
                    "%(n)d lines are on the list of unusual access of the last %(days)d days. Sign in to read them:",
                    number,
                ) % {"n": number, "days": limits.window_days}
            _mail(auditor, _("Unusual access to sealed data"), said, "audit:access")


def _auditors() -> QuerySet[User]:
    return holders([RoleCode.AUDITOR])


def _mail(auditor: User, subject: str | Promise, said: str | Promise, page: str, **parameters: int) -> None:
    address = address_of(page, **parameters)
    with override(auditor.language):
        send_mail(subject=str(subject), message=f"{said}\n\n{address}", from_email=None, recipient_list=[auditor.email])
