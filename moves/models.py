"""Abstract models: a subject with a protected state, and a proposal that waits for a second person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django_fsm import ConcurrentTransitionMixin


class Subject(ConcurrentTransitionMixin, models.Model):
    """Something with a state that moves change, and nothing else does. A subclass declares the field."""

    state: Any
    asked_on: date | None = None
    """The day of the move that is being asked for, while the process asks: guards go by the rules of that day."""

    class Meta:
        abstract = True

    def refresh_from_db(
        self, using: str | None = None, fields: Iterable[str] | None = None, from_queryset: Any = None
    ) -> None:
        """Read the row again.

        django-fsm-2 lifts the protection of the field for the whole class while it reads, which other threads see;
        here only this instance forgets its state first.
        """
        fields = None if fields is None else list(fields)
        if fields is None or "state" in fields:
            self.__dict__.pop("state", None)
        models.Model.refresh_from_db(self, using=using, fields=fields, from_queryset=from_queryset)
        self._update_initial_state()


class Proposal(models.Model):
    """A move that one person proposed and that another must agree to. Subclasses add the subject."""

    move = models.CharField(max_length=60)
    stated = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    on = models.DateField()
    revision = models.PositiveIntegerField(help_text="The subject's revision when the move was proposed.")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    performed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    declined_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["-id"]

    @property
    def is_open(self) -> bool:
        """Whether nobody has agreed or declined yet."""
        return self.performed_by_id is None and self.declined_by_id is None
