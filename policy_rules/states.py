"""The stages in the life of a chapter's version."""

from django.db import models
from django.utils.translation import gettext_lazy as _

UNBEGUN = "unbegun"
"""Before the first move: no version exists yet."""


class State(models.TextChoices):
    """Where a version of a chapter stands. A draft binds nobody; what binds follows from its days alone."""

    DRAFTING = "drafting", _("Drafting")
    LEGAL_REVIEW = "legal_review", _("Legal review")
    PUBLIC_COMMENT = "public_comment", _("Public comment")
    COMMENT_DISPOSITION = "comment_disposition", _("Answering comments")
    ADOPTED = "adopted", _("Adopted, not yet in force")
    IN_FORCE = "in_force", _("In force")
    UNDER_REVIEW = "under_review", _("In force, under review")
    SUPERSEDED = "superseded", _("Superseded")
    RESCINDED = "rescinded", _("Rescinded")


DRAFTS = (State.DRAFTING, State.LEGAL_REVIEW, State.PUBLIC_COMMENT, State.COMMENT_DISPOSITION)
BINDING = (State.IN_FORCE, State.UNDER_REVIEW)
PUBLIC_DRAFTS = (State.PUBLIC_COMMENT, State.COMMENT_DISPOSITION)
"""The stages at which the public reads a draft."""
UNPUBLISHED = (State.DRAFTING, State.LEGAL_REVIEW)
"""The stages of a draft at which only the office reads it."""
ENDED = (State.SUPERSEDED, State.RESCINDED)
