"""Notices: who is told that something happened in a case, how, and whether it reached them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from casework.models.case import Case
from casework.models.people import Party
from casework.vocabulary import NoticeState


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread(self) -> NoticeQuerySet:
        """Keep the notices that their reader has not seen on a page."""
        return self.filter(read_at=None)

    def failed(self) -> NoticeQuerySet:
        """Keep the notices whose mail has not gone out, though it was tried."""
        return self.filter(sent_at=None).exclude(failure="")

    def news_of(self, user: models.Model) -> NoticeQuerySet:
        """Keep what this person is told of cases that they may still know of, the newest first."""
        return self.filter(user=user, case__in=Case.objects.visible_to(user)).order_by("-pk")


class Notice(models.Model):
    """That one reader is told of one entry of the log: on their page always, and by mail where `by_mail` says so.

    `failure` names the class of the last error; it is empty while nothing went wrong. No word of the case and nobody's
    address is kept here: the mail is addressed when it is sent.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notices")
    entry = models.ForeignKey(
        "audit.Entry", on_delete=models.PROTECT, related_name="notices", db_constraint=False, db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="notices"
    )
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    on = models.DateField()
    queued_at = models.DateTimeField(default=timezone.now)
    by_mail = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=100, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(user__isnull=True, party__isnull=False) | Q(user__isnull=False, party__isnull=True),
                name="casework_notice_has_one_reader",
            ),
            models.UniqueConstraint(fields=["entry", "user"], name="casework_notice_user_once"),
            models.UniqueConstraint(fields=["entry", "party"], name="casework_notice_party_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "-id"], condition=Q(read_at=None), name="casework_notice_unread")
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"

    @property
    def state(self) -> NoticeState:
        """How it stands with the mail, as a page says it."""
        if not self.by_mail:
            return NoticeState.ON_PAGE
        if self.sent_at is not None:
            return NoticeState.SENT
        return NoticeState.FAILED if self.failure else NoticeState.QUEUED
