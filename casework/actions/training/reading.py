"""Members are told by mail, once, of each version of the policy that they are to read (CH-13.5)."""

from __future__ import annotations

from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from procrastinate.contrib.django import app

from accounts.mail import address_of, reachable
from accounts.models import User
from audit.models import Entry
from casework.actions.acts import authority
from casework.clocks import today
from casework.models import Acknowledgement
from casework.permissions import SYSTEM, own_entry
from casework.reporting.compliance import to_be_read
from casework.vocabulary import CaseRole
from policy_rules import citations
from policy_rules.models import ChapterVersion

TELL = "casework.tell_member_what_to_read"
"""The job that mails one member; see casework.tasks."""
ASKED = "training.reading_asked"


def ask_to_read() -> list[ChapterVersion]:
    """Have each member with an account told of the versions that nobody was told of yet, and return these."""
    found = [
        version for version in to_be_read() if not Entry.objects.about(version.reference).filter(action=ASKED).exists()
    ]
    for version in found:
        _ask(version)
    return found


@transaction.atomic
def _ask(version: ChapterVersion) -> None:
    told = [member for member in reachable().exclude(badge="") if own_entry(member) is not None]
    citations.record(
        ASKED,
        authority("act", "confirm_reading", today()),
        actor=SYSTEM.reference,
        role=CaseRole.SYSTEM,
        subject=version.reference,
        facts={"members": len(told)},
    )
    for member in told:
        app.configure_task(TELL).defer(version=version.pk, person=member.pk)


def mail(version: int, person: int) -> None:
    """Mail one member that a version waits to be read; nothing to one who has read it meanwhile."""
    row = ChapterVersion.objects.select_related("chapter__manual").get(pk=version)
    reader = User.objects.get(pk=person)
    officer = own_entry(reader)
    if officer is None or not reader.email or Acknowledgement.objects.filter(officer=officer, version=row).exists():
        return
    with override(reader.language):
        told = {"chapter": str(row.chapter), "version": row.version, "address": address_of("training:mine")}
        send_mail(
            subject=_("A new version of the policy is to be read"),
            message=_("%(chapter)s, version %(version)s.\n\nRead it and confirm that you did:\n\n%(address)s") % told,
            from_email=None,
            recipient_list=[reader.email],
        )
