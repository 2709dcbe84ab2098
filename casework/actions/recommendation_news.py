"""Who is told of a recommendation by mail: those whom the table names of each step, and all when it is late."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import override
from procrastinate.contrib.django import app

from accounts.mail import address_of, holders, reachable
from accounts.models import User
from audit.models import Entry
from casework import clocks
from casework.actions import acts
from casework.models import Recommendation
from casework.permissions import SYSTEM
from casework.recommending import ROLES, Reader, RecommendationPerm
from casework.vocabulary import CaseRole
from moves.carrying import is_carrying_over
from moves.table import moves_of
from policy_rules import citations

TELL = "casework.tell_of_recommendation"
"""The job that mails one person; see casework.tasks."""
REMINDED = "recommendation.reminded"
OVERDUE = "overdue"
LATE = (Reader.ADDRESSEE, Reader.PROPOSER, Reader.VERIFIERS)
"""Who is told when it is late."""


def tell(recommendation: Recommendation, readers: Iterable[str], *, news: str, by: User | None = None) -> None:
    """Have the worker mail these readers, whoever acted left out; nothing in a history that is carried over."""
    if is_carrying_over():
        return
    told = {person.pk for reader in readers for person in _people(recommendation, reader)}
    for person in sorted(told - {by.pk if by else None}):
        app.configure_task(TELL).defer(recommendation=recommendation.pk, person=person, news=news)


def _people(recommendation: Recommendation, reader: str) -> QuerySet[User]:
    match reader:
        case Reader.PROPOSER:
            return reachable().filter(pk=recommendation.proposed_by_id)
        case Reader.ADDRESSEE:
            return holders({recommendation.addressed_to})
        case Reader.SENDERS:
            perm = RecommendationPerm.SEND
        case _:
            perm = RecommendationPerm.VERIFY
    return holders(role for role, held in ROLES.items() if perm in held)


def mail(recommendation: int, person: int, news: str) -> None:
    """Mail one person what happened, and where to read it; nothing of its text, which may not be public yet."""
    row, reader = Recommendation.objects.get(pk=recommendation), User.objects.get(pk=person)
    if not reader.is_active or not reader.email or (news == OVERDUE and not row.is_overdue(clocks.today())):
        return
    with override(reader.language):
        told = {"number": row.number, "address": address_of("staff:recommendation", number=row.number)}
        if news == OVERDUE and row.due_on is not None:
            what = _("A step of it is overdue. It was due on %(day)s.") % {"day": formats.date_format(row.due_on)}
        else:
            what = f"{moves_of(Recommendation)[news].timeline}."
        send_mail(
            subject=_("Recommendation %(number)s") % told,
            message=what + "\n\n" + _("Sign in to read it, and whether the next step is yours:\n\n%(address)s") % told,
            from_email=None,
            recipient_list=[reader.email],
        )


def remind() -> list[Recommendation]:
    """Remind once of each step that is late, and return those reminded of. A new day that is promised counts anew."""
    today = clocks.today()
    reminded = []
    for row in Recommendation.objects.overdue(today).order_by("pk"):
        told = Entry.objects.about(row.reference).filter(action=REMINDED)
        if not any(entry.facts["due"] == str(row.due_on) for entry in told):
            _remind(row)
            reminded.append(row)
    return reminded


@transaction.atomic
def _remind(row: Recommendation) -> None:
    citations.record(
        REMINDED,
        acts.authority("act", "send_recommendation", clocks.today()),
        actor=SYSTEM.reference,
        role=CaseRole.SYSTEM,
        subject=row.reference,
        facts={"due": str(row.due_on), "state": row.state},
    )
    tell(row, LATE, news=OVERDUE)
