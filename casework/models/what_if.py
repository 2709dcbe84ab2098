"""What a draft of the rules would have changed in past cases, as one run found it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from casework.models.runs import Run, RunQuerySet, begun_before_its_end
from policy_rules.models import ChapterVersion


class WhatIf(Run):
    """One run of a draft's rules over the cases. It changes no case.

    `revision` is that of the draft, `digest` that of its rules. `looked_at` counts what was looked at by kind;
    `tallies` are rows of kind, subject, before, after and number; `differences` the first of them, case by case.
    """

    version = models.ForeignKey(ChapterVersion, on_delete=models.PROTECT, related_name="what_ifs")
    revision = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    looked_at: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField(default=dict)
    tallies: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    differences: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    objects = RunQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [begun_before_its_end("casework_whatif_order")]

    def __str__(self) -> str:
        return f"{self.version.reference} over past cases, {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def is_of_the_draft_as_it_is(self) -> bool:
        """Whether the draft has not changed since."""
        return self.revision == self.version.revision
