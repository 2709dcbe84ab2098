"""The file of figures for the review of a chapter: made when the review is due, or asked for by whoever reviews."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.models import User
from casework.actions import acts
from casework.clocks import today
from casework.documents.render import PdfError, why_unavailable
from casework.documents.review_pack import review_pdf
from casework.exceptions import NotPermitted
from casework.models import ReviewPack
from casework.permissions import SYSTEM
from casework.vocabulary import CaseRole
from policy_rules import citations
from policy_rules.models import Chapter
from policy_rules.permissions import may, role_for
from policy_rules.reviews import binding_chapters, mark_of
from policy_rules.roles import PolicyPerm

MAKE = "casework.make_review_pack"
"""The job that makes the file; see casework.tasks."""


@transaction.atomic
def ask_for_pack(chapter: Chapter, *, language: str, by: User) -> ReviewPack:
    """Have the worker make the file. Raises NotPermitted for someone who does not review policy."""
    if not may(by, PolicyPerm.REVIEW):
        raise NotPermitted(PolicyPerm.REVIEW.label)
    pack = ReviewPack.objects.create(chapter=chapter, language=language, asked_by=by)
    app.configure_task(MAKE).defer(pack=pack.pk)
    return pack


def prepare_due() -> list[ReviewPack]:
    """Have the worker make the file of each review that is due soon or overdue, once, in every language of the site."""
    if why_unavailable():
        return []
    wanted = [(chapter, review.due) for chapter, review in binding_chapters(today()) if mark_of(review)]
    made = []
    for chapter, due in wanted:
        for language, _name in settings.LANGUAGES:
            with transaction.atomic():
                pack, is_new = ReviewPack.objects.get_or_create(chapter=chapter, due_on=due, language=language)
                if is_new:
                    app.configure_task(MAKE).defer(pack=pack.pk)
                    made.append(pack)
    return made


def make_pack(pack: ReviewPack) -> ReviewPack:
    """Make the file, keep it and record its digest; where it cannot be made, keep the reason."""
    try:
        pack.pdf = review_pdf(pack.chapter, language=pack.language, on=today())
    except PdfError as error:
        pack.error = str(error)
        pack.finished_at = timezone.now()
        pack.save(update_fields=["error", "finished_at"])
        return pack
    pack.sha256 = hashlib.sha256(pack.pdf).hexdigest()
    pack.finished_at = timezone.now()
    section = acts.authority("act", "publish_statistics", today())
    with transaction.atomic():
        pack.save(update_fields=["pdf", "sha256", "finished_at"])
        citations.record(
            "policy.review_figures_made",
            section,
            actor=(pack.asked_by or SYSTEM).reference,
            role=role_for(pack.asked_by, PolicyPerm.REVIEW) if pack.asked_by else CaseRole.SYSTEM,
            subject=pack.chapter.reference,
            facts={"sha256": pack.sha256, "language": pack.language},
        )
    return pack
