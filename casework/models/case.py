"""The case: one complaint from the day it is filed to the day it is closed."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise

from casework.states import ENDED, PHASES, TOLD, Phase, State
from casework.vocabulary import Channel, Confidentiality, Perm, Relation
from casework.workflow import CaseWorkflow
from moves.models import Proposal

if TYPE_CHECKING:
    from accounts.models import User


class CaseSequence(models.Model):
    """The last number given in a year. The row is locked while a case is filed, so that no number is left out."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    @classmethod
    def next_number(cls, year: int) -> str:
        """Return the next case number of the year, for example ``2026-000042``; needs a transaction."""
        cls.objects.get_or_create(year=year)
        row = cls.objects.select_for_update().get(year=year)
        row.last += 1
        row.save(update_fields=["last"])
        return f"{year}-{row.last:06d}"


class ImportSource(models.Model):
    """Another system whose records were entered here; `name` is what the statistics call it."""

    name = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.title


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User) -> CaseQuerySet:
        """Keep the cases that the user holds an assignment on and is not walled off from.

        Superusers and system administrators hold none and see none. Lists, searches, counts and exports all begin
        here; `casework.permissions.access_case` does for one case.
        """
        if not user.is_active or user.is_superuser:
            return self.none()
        from casework.models.assignments import Assignment, Wall

        return self.filter(
            Exists(Assignment.objects.current().filter(case=OuterRef("pk"), user=user)),
            ~Exists(Wall.objects.filter(case=OuterRef("pk"), user=user)),
        )

    def native(self) -> CaseQuerySet:
        """Keep the cases that were filed here."""
        return self.filter(source=None)

    def nobodys(self) -> CaseQuerySet:
        """Keep the imported cases that are open and that nobody is on, until someone takes them up."""
        from casework.models.assignments import Assignment

        held = Assignment.objects.current().filter(case=OuterRef("pk"))
        return self.open().filter(~Exists(held), source__isnull=False)

    def open(self) -> CaseQuerySet:
        """Keep the cases whose process has not ended."""
        return self.exclude(state__in=ENDED)


class Case(CaseWorkflow):
    """A complaint and what became of it. Only `casework.actions.moves` changes `state`.

    `narrative` is the complainant's own words, or in an imported case what its source says, and is never changed;
    `narrative_digest` is its SHA-256. `received_on` is the day on which the complaint came, which can lie before the
    day on which it was entered.
    """

    number = models.CharField(max_length=60, unique=True)
    received_on = models.DateField()
    entered_at = models.DateTimeField(default=timezone.now)
    last_act_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    closure_code = models.CharField(max_length=40, blank=True)

    channel = models.CharField(max_length=40, choices=Channel.choices)
    relation = models.CharField(max_length=40, choices=Relation.choices, default=Relation.UNKNOWN)
    confidentiality = models.CharField(
        max_length=20, choices=Confidentiality.choices, default=Confidentiality.ANONYMOUS
    )
    language = models.CharField(max_length=8, default="en")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    title = models.CharField(max_length=120, blank=True)
    narrative = models.TextField(blank=True)
    narrative_digest = models.CharField(max_length=64, blank=True)
    desired_outcome = models.TextField(blank=True)
    incident_from = models.DateField(null=True, blank=True)
    incident_to = models.DateField(null=True, blank=True)
    incident_time = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=300, blank=True)
    district = models.CharField(max_length=60, blank=True)
    unit = models.CharField(max_length=120, blank=True)

    classification = models.CharField(max_length=40, blank=True)
    was_grave = models.BooleanField(
        default=False, help_text="A class that bars closing without investigation was ever set (CH-3.6)."
    )
    board_requested = models.BooleanField(default=False, help_text="The complainant asked for the board (CH-5.3).")
    withdrawn_on = models.DateField(null=True, blank=True)
    board_told_on = models.DateField(null=True, blank=True)
    legal_limit_on = models.DateField(null=True, blank=True)
    returns = models.PositiveSmallIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)

    tracking_code = models.CharField(max_length=20, unique=True, null=True, blank=True)
    secret_digest = models.CharField(max_length=64, blank=True)

    source = models.ForeignKey(ImportSource, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    source_reference = models.CharField(max_length=120, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [(perm.value, f"Can {perm.value}") for perm in Perm]
        ordering: ClassVar[list[str]] = ["-received_on", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="casework_case_state_known"),
            models.CheckConstraint(
                condition=Q(source__isnull=False) | ~Q(narrative=""), name="casework_case_native_has_narrative"
            ),
            models.CheckConstraint(
                condition=Q(incident_to__isnull=True) | Q(incident_to__gte=models.F("incident_from")),
                name="casework_case_incident_in_order",
            ),
            models.UniqueConstraint(
                fields=["source", "source_reference"],
                condition=Q(source__isnull=False),
                name="casework_case_imported_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["source", "received_on"], name="casework_case_by_source"),
            models.Index(fields=["-received_on", "-id"], name="casework_case_newest"),
            GinIndex(SearchVector("narrative", config="english"), name="casework_case_words_en"),
            GinIndex(SearchVector("narrative", config="spanish"), name="casework_case_words_es"),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.narrative_digest = hashlib.sha256(self.narrative.encode()).hexdigest() if self.narrative else ""
        super().save(*args, **kwargs)

    @property
    def reference(self) -> str:
        """The case's code in the audit log."""
        return f"case:{self.number}"

    @property
    def phase(self) -> Phase:
        """What the public is told of the state."""
        return PHASES[State(self.state)]

    @property
    def told(self) -> str | Promise:
        """The sentence that tells the complainant where the case stands."""
        return TOLD[State(self.state)]

    @property
    def has_ended(self) -> bool:
        """Whether no further step is due."""
        return self.state in ENDED

    @property
    def is_imported(self) -> bool:
        """Whether the case is a record of another system."""
        return self.source_id is not None

    @property
    def incident_on(self) -> date | None:
        """The day of the event where one day is known."""
        if self.incident_from and self.incident_to in (None, self.incident_from):
            return self.incident_from
        return None


class MoveProposal(Proposal):
    """A move of a case that waits for a second person."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="proposals")

    def __str__(self) -> str:
        return f"{self.case_id}: {self.move}"


class MoveStatement(models.Model):
    """What was stated in prose with a move, kept for those who work on the case: reasons, tasks, questions, a wish.

    The log binds the same words to the move's entry as a sealed detail, and is not where the office reads them.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="statements")
    move = models.CharField(max_length=60)
    stated = models.JSONField(help_text="The prose by the name of its statement in the table of moves.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Nobody for the complainant.",
    )
    on = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.move}"


class RawChange(models.Model):
    """What a trigger saw change in a row that the log speaks for; `verify` names any change that no entry explains.

    The rows are written by the database alone, whoever made the change and by whatever way: of cases, findings, votes
    and assignments every change, of sent letters and published texts every one, for there must be none. `before` and
    `after` hold the values that matter, `began` is when the transaction began, and the act FOUND marks what was there
    before the trigger was.
    """

    table = models.CharField(max_length=63)
    row = models.BigIntegerField()
    act = models.CharField(max_length=6)
    before = models.CharField(max_length=200, blank=True)
    after = models.CharField(max_length=200, blank=True)
    began = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["table", "row"], name="casework_rawchange_row")]

    def __str__(self) -> str:
        return f"{self.table} {self.row}: {self.before} -> {self.after}"
