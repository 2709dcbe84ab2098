"""The file of figures for the review of a chapter: asked for by whoever reviews, and made by the worker."""

from __future__ import annotations

import hashlib

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.models import User
from audit import log
from casework.actions import acts
from casework.clocks import today
from casework.documents.render import PdfError
from casework.documents.review_pack import review_pdf
from casework.exceptions import NotPermitted
from casework.models import ReviewPack
from policy_rules import citations
from policy_rules.models import Chapter
from policy_rules.permissions import may, role_for
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
        entry = log.record(
            "policy.review_figures_made",
            actor=pack.asked_by.reference,
            role=role_for(pack.asked_by, PolicyPerm.REVIEW),
            subject=pack.chapter.reference,
            basis=citations.basis(section),
            facts={"sha256": pack.sha256, "language": pack.language},
        )
        citations.cite(entry, section)
    return pack
