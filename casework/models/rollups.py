"""Counts kept beside the cases, so that figures of a section do not read every allegation."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from policy_rules.models import Section


class SectionTally(models.Model):
    """So many more, or fewer, of one measure for one section and one month.

    Acts only add rows, so that none waits for another; their sum is the figure. `reporting.tallies` says what the
    measures are, writes the rows and folds them into one for each cell.
    """

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="tallies")
    month = models.DateField(help_text="The first day of the month in which the complaint was received.")
    measure = models.CharField(max_length=80)
    count = models.IntegerField()

    class Meta:
        default_permissions = ()
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["section", "measure", "month"], include=["count"], name="casework_tally_cell")
        ]

    def __str__(self) -> str:
        return f"{self.section_id} {self.month:%Y-%m} {self.measure}: {self.count:+d}"
