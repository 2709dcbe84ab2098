"""Notices: whoever the table of moves names is told in the same transaction, once, without a word of the case.

Everyone is told on their own page. Staff who have an address, and complainants who left one and want to be written to,
are mailed as well. Officers are told by their letters (CH-3.9), since they have no page of the case.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from procrastinate.contrib.django import app

from accounts.mail import address_of
from accounts.models import User
from audit.models import Entry
from casework.actions import acts
from casework.clocks import today
from casework.documents.letters import tracking_page
from casework.exceptions import Invalid
from casework.models import Assignment, Case, Identity, Notice, Party
from casework.permissions import SYSTEM, Actor
from casework.vocabulary import Audience, CaseRole, PartyKind, Perm
from moves.carrying import is_carrying_over

SEND = "casework.send_notice"
"""The job that mails a notice; see casework.tasks."""

OLD_NEWS = timedelta(days=14)
"""An act carried over from a history is told, on pages, only when it is younger than this."""

ROLE_OF = {
    Audience.INVESTIGATOR: CaseRole.INVESTIGATOR,
    Audience.SUPERVISOR: CaseRole.SUPERVISOR,
    Audience.PANEL: CaseRole.BOARD_MEMBER,
    Audience.CHAIR: CaseRole.BOARD_CHAIR,
    Audience.CHIEF: CaseRole.CHIEF,
    Audience.AUDITOR: CaseRole.AUDITOR,
}


def tell(
    entry: Entry,
    *,
    case: Case,
    by: Actor,
    on: date,
    audiences: Iterable[str] = (),
    roles: Iterable[CaseRole] = (),
    users: Iterable[User] = (),
) -> list[Notice]:
    """Queue a notice of an entry for each of these people, and each reader of these audiences and roles.

    Whoever acted is not told. Needs a transaction.
    """
    if is_carrying_over() and on < today() - OLD_NEWS:
        return []
    chosen = set(audiences)
    told = {*roles, *(role for audience, role in ROLE_OF.items() if audience in chosen)}
    held = Assignment.objects.current().filter(case=case, role__in=told, user__is_active=True)
    people = {*users, *User.objects.filter(pk__in=held.values("user"))} - {by}
    notices = [
        Notice(case=case, entry=entry, on=on, user=person, by_mail=bool(person.email))
        for person in sorted(people, key=lambda person: person.pk)
    ]
    if Audience.COMPLAINANT in chosen:
        notices += [
            Notice(case=case, entry=entry, on=on, party=party, by_mail=bool(_address(party)))
            for party in case.parties.filter(kind=PartyKind.COMPLAINANT)
        ]
    for notice in notices:
        notice.by_mail = notice.by_mail and not is_carrying_over()
    Notice.objects.bulk_create(notices)
    for notice in notices:
        if notice.by_mail:
            _defer(notice)
    return notices


def send(pk: int) -> None:
    """Mail a notice, unless it was mailed before or may not be mailed any more.

    The row stays locked until the mail server has answered, so that two workers do not send it twice. Raises what the
    mail server raised, after the row says so.
    """
    failed: Exception | None = None
    with transaction.atomic():
        notice = Notice.objects.select_for_update(of=("self",)).select_related("case", "user", "party").get(pk=pk)
        if notice.sent_at is not None or not notice.by_mail:
            return
        address = _address(notice.party) if notice.party else _address_of_user(notice)
        notice.tries += 1
        if not address:
            notice.by_mail, notice.failure = False, ""
        else:
            try:
                _mail(notice, address)
                notice.sent_at, notice.failure = timezone.now(), ""
            except Exception as error:  # noqa: BLE001 - whatever a mail backend raises is written down, then raised
                failed, notice.failure = error, type(error).__name__[:100]
        notice.save(update_fields=["by_mail", "tries", "sent_at", "failure"])
        if notice.sent_at is not None and notice.party_id is not None:
            _record(notice)
    if failed is not None:
        raise failed


def repeat(*, notice: Notice, by: User) -> Notice:
    """Queue once more a notice whose mail could not be sent. Raises Invalid for any other."""
    with acts.acting("message", case=notice.case, by=by, perm=Perm.MESSAGE) as act:
        locked = Notice.objects.select_for_update().get(pk=notice.pk)
        if locked.sent_at is not None or not locked.failure:
            raise Invalid(_("This mail has gone out, or is about to."), field="notice")
        locked.failure = ""
        locked.save(update_fields=["failure"])
        _defer(locked)
        act.record("notice.repeated", facts={"notice": locked.pk}, substance=False)
        return locked


def mark_read(user: User, *, case: Case | None = None) -> None:
    """Note that a person has seen their news, or that of one case."""
    unread = Notice.objects.unread().filter(user=user)
    (unread.filter(case=case) if case else unread).update(read_at=timezone.now())


def read_by_complainant(case: Case) -> list[Notice]:
    """Return what the complainant was told since they last looked, and note that they have now seen it."""
    fresh = list(Notice.objects.unread().filter(case=case, party__isnull=False).select_related("entry"))
    Notice.objects.filter(pk__in=[notice.pk for notice in fresh]).update(read_at=timezone.now())
    return list({notice.entry_id: notice for notice in fresh}.values())


def _defer(notice: Notice) -> None:
    app.configure_task(SEND).defer(notice=notice.pk)


def _address(party: Party) -> str:
    identity = Identity.objects.filter(party=party, wants_contact=True).first()
    return identity.email if identity else ""


def _address_of_user(notice: Notice) -> str:
    """Return the address of a reader who may still know of the case, or ""."""
    user = notice.user
    visible = user is not None and Case.objects.visible_to(user).filter(pk=notice.case_id).exists()
    return user.email if user is not None and visible else ""


def _mail(notice: Notice, address: str) -> None:
    if notice.user is None:
        mail_reader(address, language=notice.party.language if notice.party else "")
        return
    with override(_written(notice.user.language)):
        page = address_of("staff:case", number=notice.case.number)
        send_mail(
            subject=_("News in case %(number)s") % {"number": notice.case.number},
            message=_("There is news in case %(number)s. Sign in to read it:\n\n%(address)s")
            % {"number": notice.case.number, "address": page},
            from_email=None,
            recipient_list=[address],
        )


def mail_reader(address: str, *, language: str) -> None:
    """Mail a complainant that something waits on the tracking page; says nothing of the office, the case or a letter.

    Others may read the mail of a person who complains of the police.
    """
    with override(_written(language)):
        send_mail(
            subject=_("Something is ready for you"),
            message=_(
                "Something is ready for you to read. Open this page with the code and the secret you were given:\n\n"
                "%(address)s\n\nIf you no longer have them, call %(phone)s."
            )
            % {"address": tracking_page(_written(language)), "phone": settings.OFFICE["phone"]},
            from_email=None,
            recipient_list=[address],
        )


def _written(language: str) -> str:
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _record(notice: Notice) -> None:
    on = today()
    acts.record(
        "notice.sent",
        case=notice.case,
        by=SYSTEM,
        perm="",
        on=on,
        sections=[acts.authority("act", "update_complainant", on)],
        facts={"notice": notice.pk, "of": notice.entry_id},
    )
