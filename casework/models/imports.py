"""What was imported: the files of another system, and each row of them to the letter."""

from __future__ import annotations

import csv
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from casework.models.allegations import Allegation
from casework.models.case import Case, ImportSource


class ImportedFile(models.Model):
    """A file from which cases were entered: how it was written, and the SHA-256 of its bytes."""

    source = models.ForeignKey(ImportSource, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=1)
    header = ArrayField(models.TextField())

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "digest"], name="casework_importedfile_once")
        ]

    def __str__(self) -> str:
        return self.name


class ImportedRow(models.Model):
    """One row of an imported file. The log's entry of the case lists `digest`, the SHA-256 of `raw`.

    `people` holds what the row says of complainant and officer: for each value the source's words and the code.
    """

    file = models.ForeignKey(ImportedFile, on_delete=models.PROTECT, related_name="rows")
    line = models.PositiveIntegerField()
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="imported_rows")
    allegation = models.OneToOneField(
        Allegation, on_delete=models.PROTECT, null=True, blank=True, related_name="imported_row"
    )
    raw = models.BinaryField()
    digest = models.CharField(max_length=64)
    people = models.JSONField(default=dict, blank=True)

    class Meta:
        default_permissions = ()
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["file", "line"], name="casework_importedrow_once")
        ]

    def __str__(self) -> str:
        return f"{self.file} {self.line}"

    @property
    def values(self) -> dict[str, str]:
        """The cells by column, to the letter."""
        text = bytes(self.raw).decode(self.file.encoding, errors="replace")
        cells = next(csv.reader(text.splitlines(keepends=True), delimiter=self.file.delimiter), [])
        return dict(zip(self.file.header, cells, strict=False))
