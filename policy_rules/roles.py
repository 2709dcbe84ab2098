"""THE table of roles in the life of a policy: who drafts, reviews, adopts and ends it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import RoleCode

SYSTEM = "system"
"""The role of Redress itself, which does on a day what was decided for that day."""

PUBLIC = "public"
"""The role of anyone who comments on a draft; no account is needed, and none is asked for."""


class PolicyPerm(models.TextChoices):
    """What someone may do with a version of a chapter."""

    VIEW_DRAFT = "view_draft", _("Read drafts")
    DRAFT = "draft", _("Draft a version")
    SEND_TO_LEGAL_REVIEW = "send_to_legal_review", _("Send a draft to legal review")
    REVIEW_LEGALLY = "review_legally", _("Review a draft for the law")
    CLOSE_COMMENT = "close_comment", _("Close the comment period")
    COMMENT = "comment", _("Comment on a draft")
    KEEP_DOCKET = "keep_docket", _("Keep a docket: what is asked, sessions, comments that come by other ways")
    WITHHOLD_COMMENTS = "withhold_comments", _("Withhold the words of a comment, with a public reason")
    ANSWER_COMMENTS = "answer_comments", _("Answer comments")
    ADOPT = "adopt", _("Adopt a version")
    BRING_INTO_FORCE = "bring_into_force", _("Bring a version into force")
    REVIEW = "review", _("Review a chapter in force")
    SUPERSEDE = "supersede", _("Replace a version by the next")
    RESCIND = "rescind", _("Rescind a version")


P = PolicyPerm
ROLES: dict[str, frozenset[PolicyPerm]] = {
    RoleCode.POLICY_ANALYST: frozenset(
        {
            P.VIEW_DRAFT,
            P.DRAFT,
            P.SEND_TO_LEGAL_REVIEW,
            P.KEEP_DOCKET,
            P.WITHHOLD_COMMENTS,
            P.CLOSE_COMMENT,
            P.ANSWER_COMMENTS,
            P.REVIEW,
        }
    ),
    RoleCode.COUNSEL: frozenset({P.VIEW_DRAFT, P.REVIEW_LEGALLY, P.WITHHOLD_COMMENTS}),
    RoleCode.CHIEF: frozenset({P.VIEW_DRAFT, P.ADOPT, P.RESCIND}),
    RoleCode.CITY_MANAGER: frozenset({P.VIEW_DRAFT, P.ADOPT, P.RESCIND}),
    RoleCode.AUDITOR: frozenset({P.VIEW_DRAFT}),
    SYSTEM: frozenset({P.BRING_INTO_FORCE, P.SUPERSEDE}),
    PUBLIC: frozenset({P.COMMENT}),
}
"""What each role may do; at which stage follows from the table of moves."""
ADOPTERS = (RoleCode.CHIEF, RoleCode.CITY_MANAGER)
"""Who can adopt at all. The chapter's `review.adopts` says which of them adopts that chapter; the chief if silent."""
