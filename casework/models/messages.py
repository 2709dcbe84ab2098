"""What is said about a case: messages with the complainant, the log of contacts, and working notes."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from casework.models.case import Case
from casework.vocabulary import ContactMethod, NoteKind


class Message(models.Model):
    """A message between the complainant and the office. `author` is None when the complainant wrote it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.TextField()
    language = models.CharField(max_length=8, default="en")
    on = models.DateField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return f"message {self.pk}"

    @property
    def is_from_complainant(self) -> bool:
        """Whether the complainant wrote it."""
        return self.author_id is None


class ContactAttempt(models.Model):
    """An attempt to reach the complainant, and whether it succeeded."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="contacts")
    method = models.CharField(max_length=20, choices=ContactMethod.choices)
    was_reached = models.BooleanField()
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["on", "id"]

    def __str__(self) -> str:
        return f"{self.method} {self.on}"


class Note(models.Model):
    """A working note. It is never deleted; it can be struck, with a reason."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=20, choices=NoteKind.choices)
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField(default=timezone.now)
    struck_because = models.CharField(max_length=300, blank=True)
    struck_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return f"note {self.pk}"
