"""Lists that leave the office as a file: who took what, and the digest of it, are entries of the log."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from accounts.models import User
from audit import log
from casework.exceptions import NotPermitted
from casework.permissions import may_export
from casework.roles import EXPORTS_LISTS

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export_cases(*, by: User, header: Sequence[str], rows: Iterable[Sequence[Any]], filters: Mapping[str, Any]) -> str:
    """Return the rows as CSV, after an entry that says by which filters, how many rows, and their SHA-256.

    Raises NotPermitted.
    """
    if not may_export(by):
        raise NotPermitted("export")
    listed = list(rows)
    data = csv_of(header, listed)
    with transaction.atomic():
        log.record(
            "cases.exported",
            actor=by.reference,
            role=sorted(role for role in EXPORTS_LISTS if role in by.role_codes())[0],
            subject="list:cases",
            facts={"rows": len(listed), "sha256": hashlib.sha256(data.encode()).hexdigest()},
            detail={"filters": dict(filters)} if filters else None,
        )
    return data


def csv_of(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return rows as CSV; text that a spreadsheet would take for a formula is led by an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([_plain(str(cell)) for cell in row] for row in rows)
    return text.getvalue()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(BEGINS_A_FORMULA) else cell
