"""Recommendations for change: what is asked of whom, what gave rise to it, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from casework.models.allegations import Allegation
from casework.models.case import Case
from casework.recommending import PROMISED, UNANSWERED, RecommendationFlow, RecommendationState
from policy_rules.models import Section, SectionVersion


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def public(self) -> RecommendationQuerySet:
        """Keep what everyone reads: whatever was sent."""
        return self.exclude(state=RecommendationState.PROPOSED)

    def overdue(self, on: date) -> RecommendationQuerySet:
        """Keep what was not answered in time, or not done by the day that was promised."""
        return self.filter(Q(state__in=UNANSWERED, answer_due_on__lt=on) | Q(state__in=PROMISED, promised_for__lt=on))


class Recommendation(RecommendationFlow):
    """A change in policy, training or practice that someone is asked for (CH-12.4).

    Text, answer, evidence and verification are public once it is sent; the cases and votes that gave rise to it are
    told to those who may see them. `body` is the role in which it was proposed.
    """

    number = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=200)
    text = models.TextField()
    language = models.CharField(max_length=10, default=settings.LANGUAGE_CODE, help_text="Of title and text.")
    body = models.CharField(max_length=40)
    addressed_to = models.CharField(max_length=40)
    sections = models.ManyToManyField(Section, related_name="recommendations")
    cases = models.ManyToManyField(Case, related_name="recommendations")
    votes = models.ManyToManyField(
        Allegation, related_name="recommendations", help_text="Allegations on which the board voted."
    )
    comments = ArrayField(models.CharField(max_length=60), default=list, help_text="Numbers of public comments.")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_on = models.DateField()
    sent_on = models.DateField(null=True, blank=True)
    answer_due_on = models.DateField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answer = models.TextField(blank=True)
    promised_for = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    evidence = models.TextField(blank=True)
    verified_on = models.DateField(null=True, blank=True)
    verification = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    objects = RecommendationQuerySet.as_manager()

    motives: tuple[Sequence[SectionVersion], Sequence[Case], Sequence[Allegation]] | None = None
    """Sections, cases and votes that gave rise to it, while it is being made."""

    class Meta:
        default_permissions = ()
        ordering: ClassVar[list[str]] = ["-proposed_on", "-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state__in=RecommendationState.values), name="casework_recommendation_known_state"
            ),
            models.CheckConstraint(
                condition=Q(state=RecommendationState.PROPOSED) | Q(sent_on__isnull=False, answer_due_on__isnull=False),
                name="casework_recommendation_sent_with_a_limit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def reference(self) -> str:
        """The subject of the log's entries about it."""
        return f"recommendation:{self.number}"

    @property
    def public_comments(self) -> list[tuple[str, str, int]]:
        """The comments that gave rise to it: the receipt of each, its docket and its number there."""
        parts = [(receipt, *receipt.rpartition("-")) for receipt in self.comments]
        return [(receipt, docket, int(number)) for receipt, docket, _dash, number in parts]

    @property
    def due_on(self) -> date | None:
        """The day on which the next step of the addressee is due; None where none is."""
        if self.state in UNANSWERED:
            return self.answer_due_on
        return self.promised_for if self.state in PROMISED else None

    def is_overdue(self, on: date) -> bool:
        """Say whether an answer, or what was promised, is late on a day."""
        return self.due_on is not None and self.due_on < on
