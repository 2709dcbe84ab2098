"""The checks of the log: who asked for each, how far it is, and what it found."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from casework.models.runs import Run, RunQuerySet, begun_before_its_end


class LogVerification(Run):
    """One check of the log. Without `asked_by` it is the daily one.

    `doing`, `done` and `total` tell the progress in the words of `audit.verify`. `entries`, `size`, `root` (in
    hexadecimal), `pending`, `faults` and `read_from` are those of its report. `error` says why it could not be
    finished.

    An incremental one was asked to read only what came since the log was last found whole; where nothing was, or too
    little to save any reading, `read_from` is 0 and it read everything all the same.
    """

    incremental = models.BooleanField(default=False)
    read_from = models.BigIntegerField(default=0)
    entries = models.BigIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    root = models.CharField(max_length=64, blank=True)
    pending = models.BigIntegerField(default=0)
    faults: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    objects = RunQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [begun_before_its_end("casework_logverification_order")]

    def __str__(self) -> str:
        return f"check of {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def found_nothing(self) -> bool:
        """Whether it came to its end and nothing was wrong."""
        return self.is_finished and not self.faults
