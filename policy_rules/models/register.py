"""The one row that changes whenever anything in the register does."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models


class Revision(models.Model):
    """A token that is new after every publication; what is kept in memory is kept under it (ADR 0042)."""

    token = models.UUIDField(default=uuid.uuid4)
    published_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(pk=1), name="policy_rules_one_revision")
        ]

    def __str__(self) -> str:
        return str(self.token)
