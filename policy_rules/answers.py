"""How an office answers what it was advised: by comments on a draft, and by the panel on a curriculum (CH-13.4)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Answer(models.TextChoices):
    """The answers a manual knows to a comment or a recommendation; each goes with its reasons."""

    ACCEPTED = "accepted", _("Accepted")
    ACCEPTED_IN_PART = "accepted_in_part", _("Accepted in part")
    ALREADY_COVERED = "already_covered", _("Already covered")
    DEFERRED_TO_TRAINING = "deferred_to_training", _("Deferred to training")
    DEFERRED_TO_NEXT_REVIEW = "deferred_to_next_review", _("Deferred to the next review")
    REJECTED = "rejected", _("Rejected")
    OUT_OF_SCOPE = "out_of_scope", _("Out of scope")


LEADS_TO_A_CHANGE = frozenset({Answer.ACCEPTED, Answer.ACCEPTED_IN_PART})
"""Answers that name the change which they led to."""
