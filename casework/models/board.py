"""The board's panel: the draw, the seats, the votes and the texts that travel with the recommendation."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from casework.models.allegations import Allegation
from casework.models.case import Case
from casework.vocabulary import OpinionKind


class PanelDraw(models.Model):
    """A draw by lot that anyone can repeat: the seed is the root of the log's newest checkpoint (CH-5.5)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="draws")
    seed = models.CharField(max_length=64)
    checkpoint_size = models.PositiveBigIntegerField()
    pool = models.JSONField(help_text="References of all members without a known conflict, in order.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return f"draw {self.pk}"


class PanelSeat(models.Model):
    """A member drawn for a case; substitutes are called in order when a seat falls free."""

    draw = models.ForeignKey(PanelDraw, on_delete=models.PROTECT, related_name="seats")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="seats")
    order = models.PositiveSmallIntegerField()
    is_substitute = models.BooleanField(default=False)
    called_on = models.DateField(null=True, blank=True)
    declared_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["order"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["draw", "user"], name="casework_seat_once"),
            models.UniqueConstraint(fields=["draw", "order"], name="casework_seat_order"),
        ]

    def __str__(self) -> str:
        return f"seat {self.order}"

    @property
    def is_taken(self) -> bool:
        """Whether the member sits: called, and neither recused nor walled off."""
        return self.called_on is not None and self.left_on is None


class Vote(models.Model):
    """One member's vote on one allegation, or on sending the case back: by name, and never altered (CH-5.7)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="votes")
    allegation = models.ForeignKey(Allegation, on_delete=models.PROTECT, null=True, blank=True, related_name="votes")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="votes")
    round = models.PositiveSmallIntegerField(default=1)
    choice = models.CharField(max_length=40, help_text="A finding code of the rules, or one of VoteChoice.")
    note = models.TextField(blank=True, help_text="The questions to answer, or why the member abstains.")
    on = models.DateField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["case", "allegation", "member", "round"], nulls_distinct=False, name="casework_vote_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.choice}"


class Opinion(models.Model):
    """The reasons of the majority on an allegation, or a member's concurrence or dissent (CH-5.9)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="opinions")
    allegation = models.ForeignKey(Allegation, on_delete=models.PROTECT, null=True, blank=True, related_name="opinions")
    kind = models.CharField(max_length=20, choices=OpinionKind.choices)
    round = models.PositiveSmallIntegerField(default=1)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    on = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["case", "allegation", "round"],
                condition=Q(kind=OpinionKind.MAJORITY),
                name="casework_majority_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.allegation}"
