"""The yearly review as a duty with a day (CH-13.6): analysts are told once before it, and once when it has passed."""

from __future__ import annotations

from django.core.mail import send_mail
from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from procrastinate.contrib.django import app

from accounts.mail import address_of, holders
from accounts.models import RoleCode
from audit.models import Entry
from policy_rules.actions import acts
from policy_rules.models import Chapter, ChapterVersion
from policy_rules.permissions import REDRESS
from policy_rules.reviews import Review, mark_of, review_of
from policy_rules.roles import PolicyPerm
from policy_rules.states import BINDING

MAIL = "policy_rules.mail_reminder_of_review"
"""The job that mails the analysts; see policy_rules.tasks."""
ACTION = "policy.review_reminded"


def remind() -> list[Chapter]:
    """Remind once of each review that is due soon, and once when it is overdue; return the chapters reminded of."""
    today = timezone.localdate()
    versions = ChapterVersion.objects.filter(state__in=BINDING, chapter__manual__governs=True)
    reminded = []
    for version in versions.select_related("chapter__manual").order_by("chapter__order"):
        review = review_of(version.chapter, today)
        mark = mark_of(review)
        if mark and not _was_reminded(version.chapter, review, mark):
            _remind(version, review, mark)
            reminded.append(version.chapter)
    return reminded


def _was_reminded(chapter: Chapter, review: Review, mark: str) -> bool:
    told = Entry.objects.about(chapter.reference).filter(action=ACTION)
    wanted = {"due": str(review.due), "mark": mark}
    return any({name: entry.facts.get(name) for name in wanted} == wanted for entry in told)


@transaction.atomic
def _remind(version: ChapterVersion, review: Review, mark: str) -> None:
    acts.record(
        ACTION,
        version=version,
        by=REDRESS,
        perm=PolicyPerm.BRING_INTO_FORCE,
        section=acts.authority("begin_review", review.on),
        facts={"due": str(review.due), "mark": mark},
    )
    app.configure_task(MAIL).defer(chapter=version.chapter_id)


def mail_reminder(chapter: int) -> None:
    """Mail each policy analyst that the review of a chapter is due; nothing where it was held meanwhile."""
    row = Chapter.objects.select_related("manual").get(pk=chapter)
    review = review_of(row, timezone.localdate())
    if review.due is None or not mark_of(review):
        return
    page = address_of("policy_office:overview")
    for analyst in holders([RoleCode.POLICY_ANALYST]):
        with override(analyst.language):
            told = {"chapter": str(row), "day": formats.date_format(review.due), "address": page}
            send_mail(
                subject=_("A chapter of the policy manual is to be reviewed"),
                message=_("%(chapter)s\n\nThe day for its review: %(day)s. Its figures:\n\n%(address)s") % told,
                from_email=None,
                recipient_list=[analyst.email],
            )
