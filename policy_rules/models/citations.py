"""Which section each entry of the log rests on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from policy_rules.models.sections import SectionVersion


class Citation(models.Model):
    """That an entry of the log cites a text. The entry itself holds the reference and the digest; `verify` compares.

    The database does not enforce the key to the entry: entries cannot be deleted, and the check would lock each one.
    """

    entry = models.ForeignKey(
        "audit.Entry", on_delete=models.PROTECT, related_name="citations", db_constraint=False, db_index=False
    )
    section_version = models.ForeignKey(SectionVersion, on_delete=models.PROTECT, related_name="citations")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["entry", "section_version"], name="policy_rules_cited_once")
        ]

    def __str__(self) -> str:
        return f"entry {self.entry_id} cites {self.section_version_id}"
