"""What the public is asked about a draft, what it says, what it is told in answer, and where it is listened to."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from policy_rules.answers import Answer
from policy_rules.likeness import bare_words
from policy_rules.models.manual import ChapterVersion
from policy_rules.states import State

NUMBER_WIDTH = 4
"""Digits of a comment's number in its receipt."""


class Channel(models.TextChoices):
    """The way by which a comment reached the office."""

    WEB = "web", _("Web form")
    MAIL = "mail", _("Letter or e-mail")
    VOICE = "voice", _("By telephone or in person")
    SESSION = "session", _("At a listening session")


class Capacity(models.TextChoices):
    """As whom someone comments. Nobody needs to say."""

    RESIDENT = "resident", _("As a resident")
    ORGANISATION = "organisation", _("For an organization")
    MEMBER = "member", _("As an officer or another employee of the department")
    OTHER = "other", _("Otherwise")


class Withheld(models.TextChoices):
    """Why the words of a comment are not published; the public reads the reason in their place."""

    PRIVATE_PERSON = "private_person", _("it names or describes a private person")
    THREAT = "threat", _("it threatens someone")
    UNLAWFUL = "unlawful", _("the law forbids publishing it")
    ADVERTISING = "advertising", _("it advertises something and does not speak of the draft")


class Docket(models.Model):
    """A draft before the public: from when to when it may be commented on, and what the office asks.

    A docket is opened by the move that opens a draft for comment. One that was held before this program was in use has
    `was_carried_over`, with the version that it led to.
    """

    version = models.OneToOneField(ChapterVersion, on_delete=models.PROTECT, related_name="consultation")
    code = models.CharField(max_length=60, unique=True)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    title = models.CharField(max_length=200, blank=True)
    title_es = models.CharField(max_length=200, blank=True)
    summary = models.TextField(blank=True)
    summary_es = models.TextField(blank=True)
    was_carried_over = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["-opened_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opened_at")), name="policy_rules_docket_lasts"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def reference(self) -> str:
        """The docket's code in the audit log, for example ``docket:DE-2026``."""
        return f"docket:{self.code}"

    def is_open(self, now: datetime.datetime | None = None) -> bool:
        """Whether anyone may comment now."""
        return (
            self.version.state == State.PUBLIC_COMMENT and self.opened_at <= (now or timezone.now()) <= self.closes_at
        )

    @property
    def days(self) -> int:
        """Days from the opening to the last day for comments."""
        return (timezone.localdate(self.closes_at) - timezone.localdate(self.opened_at)).days


class ListeningSession(models.Model):
    """A meeting at which the office listens to the public about a draft."""

    docket = models.ForeignKey(Docket, on_delete=models.PROTECT, related_name="sessions")
    number = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    minutes = models.PositiveIntegerField(default=120, help_text="How long it is to last.")
    place = models.CharField(max_length=200)
    district = models.CharField(max_length=100, blank=True)
    languages = ArrayField(models.CharField(max_length=20), default=list)
    interpreters = models.PositiveIntegerField(default=0)
    accessibility = models.CharField(max_length=300, blank=True)
    facilitator = models.CharField(max_length=200, blank=True)
    attendance = models.PositiveIntegerField(null=True, blank=True)
    notes = models.TextField(blank=True)
    recording = models.URLField(max_length=500, blank=True)
    cancelled_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["starts_at", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["docket", "number"], name="policy_rules_session_number")
        ]

    def __str__(self) -> str:
        return f"{self.docket.code} {self.number}"

    @property
    def ends_at(self) -> datetime.datetime:
        """When it is to end."""
        return self.starts_at + datetime.timedelta(minutes=self.minutes)

    @property
    def was_held(self) -> bool:
        """Whether it took place: it was not cancelled, and who came has been counted."""
        return self.attendance is not None and not self.cancelled_because


class HeardText(models.Model):
    """A section of the draft as it was put before the public, in the manual's own language or in a translation of it.

    What people quoted and what was changed in answer to them is told from these words, whatever the draft says later.
    """

    docket = models.ForeignKey(Docket, on_delete=models.CASCADE, related_name="texts")
    code = models.CharField(max_length=60)
    language = models.CharField(max_length=8)
    title = models.CharField(max_length=300)
    text = models.TextField()
    is_retired = models.BooleanField(default=False)
    elements = models.JSONField(default=list, help_text="Texts of what must be proved, in order.")
    rules = models.JSONField(
        null=True, help_text="Rules kept as data that come from the section, by their path; null where not kept."
    )
    digest = models.CharField(max_length=64, blank=True, help_text="Of the drafted section, in its own language.")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["docket", "code", "language"], name="policy_rules_heard_text_once")
        ]

    def __str__(self) -> str:
        return f"{self.docket.code} {self.code} ({self.language})"


class CommentGroupQuerySet(models.QuerySet["CommentGroup"]):
    def counted(self) -> CommentGroupQuerySet:
        """Add to each group how many comments it holds (`said`) and how many people sent or signed them (`people`)."""
        people = models.functions.Coalesce(models.Sum("comments__signatures"), 0)
        return self.annotate(said=models.Count("comments"), people=people)


class CommentGroup(models.Model):
    """Comments that are answered together, and the answer once it is given: a code, a rationale, and a change."""

    docket = models.ForeignKey(Docket, on_delete=models.PROTECT, related_name="groups")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200, blank=True)
    answer = models.CharField(max_length=30, choices=Answer, blank=True)
    rationale = models.TextField(blank=True)
    rationale_es = models.TextField(blank=True)
    change = models.CharField(max_length=60, blank=True, help_text="Code of the section in which the change is read.")
    answered_on = models.DateField(null=True, blank=True)
    objects = CommentGroupQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["docket", "number"], name="policy_rules_group_number"),
            models.CheckConstraint(
                condition=models.Q(answer="", answered_on=None)
                | models.Q(answer__in=Answer.values, answered_on__isnull=False) & ~models.Q(rationale=""),
                name="policy_rules_comment_answer_has_reasons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.docket.code} group {self.number}"

    def is_named_after(self, comment: Comment) -> bool:
        """Say whether the name of the group is how a comment begins, be it cut within a word or typed otherwise."""
        name, text = (" ".join(bare_words(words)) for words in (self.title, comment.text))
        return text.startswith(name)


class CommentQuerySet(models.QuerySet["Comment"]):
    def unanswered(self) -> CommentQuerySet:
        """Keep the comments that have no answer yet."""
        return self.filter(models.Q(group=None) | models.Q(group__answer=""))

    def tally(self) -> dict[str, int]:
        """Return how many comments there are, of how many people, how many are answered and how many withheld."""
        return self.aggregate(
            comments=models.Count("pk"),
            people=models.functions.Coalesce(models.Sum("signatures"), 0),
            answered=models.Count("pk", filter=models.Q(group__answer__gt="")),
            withheld=models.Count("pk", filter=models.Q(withheld__gt="")),
        )


class Comment(models.Model):
    """What someone says of a draft, in their own words: of the whole, of a section, or of a passage in it.

    A passage keeps the words as they stood, where they stood (`starts` to `ends`, characters of the section's text in
    the language in which it was read), and the digest of the section as it was put before the public, so that it can be
    shown after the draft has changed. No address of the sender is kept, and a name only if one is given to be
    published.
    """

    docket = models.ForeignKey(Docket, on_delete=models.PROTECT, related_name="comments")
    number = models.PositiveIntegerField()
    received_on = models.DateField()
    entered_at = models.DateTimeField(auto_now_add=True)
    channel = models.CharField(max_length=10, choices=Channel)
    session = models.ForeignKey(
        ListeningSession, on_delete=models.PROTECT, null=True, blank=True, related_name="comments"
    )
    language = models.CharField(max_length=8)
    section = models.CharField(max_length=60, blank=True, help_text="Code of a section; empty for the whole draft.")
    section_digest = models.CharField(max_length=64, blank=True)
    starts = models.PositiveIntegerField(null=True, blank=True)
    ends = models.PositiveIntegerField(null=True, blank=True)
    quote = models.TextField(blank=True)
    quote_language = models.CharField(
        max_length=8, blank=True, help_text="Language in which the passage was read; empty for the manual's own."
    )
    text = models.TextField()
    words_digest = models.CharField(
        max_length=64, db_index=True, help_text="Equal for two comments of the same words, however they are typed."
    )
    signatures = models.PositiveIntegerField(default=1, help_text="People who sent or signed these words.")
    capacity = models.CharField(max_length=20, choices=Capacity, blank=True)
    name = models.CharField(max_length=200, blank=True)
    district = models.CharField(max_length=100, blank=True)
    group = models.ForeignKey(CommentGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="comments")
    withheld = models.CharField(max_length=20, choices=Withheld, blank=True)
    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["docket", "number"], name="policy_rules_comment_number"),
            models.CheckConstraint(
                condition=models.Q(starts=None, ends=None, quote="")
                | models.Q(ends__gt=models.F("starts")) & ~models.Q(section="") & ~models.Q(quote=""),
                name="policy_rules_comment_passage",
            ),
            models.CheckConstraint(condition=models.Q(signatures__gte=1), name="policy_rules_comment_from_someone"),
        ]

    def __str__(self) -> str:
        return self.receipt

    @property
    def receipt(self) -> str:
        """The number under which the comment and its answer are found, for example ``DE-2026-0007``."""
        return f"{self.docket.code}-{self.number:0{NUMBER_WIDTH}}"

    @property
    def reference(self) -> str:
        """The comment's code in the audit log, for example ``comment:DE-2026-0007``."""
        return f"comment:{self.receipt}"

    @property
    def answer(self) -> CommentGroup | None:
        """The answer, once it is given."""
        return self.group if self.group is not None and self.group.answer else None

    def published(self) -> dict[str, Any]:
        """Return the words that anyone may read; of a withheld comment there are none."""
        if self.withheld:
            return {"text": "", "name": "", "quote": ""}
        return {"text": self.text, "name": self.name, "quote": self.quote}
