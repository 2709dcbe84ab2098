"""Lists that leave the office as a file: who took what, and the digest of it, are entries of the log."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import RoleCode, User
from audit import log
from audit.models import Checkpoint, EntryQuerySet
from casework.exceptions import Invalid, NotPermitted
from casework.permissions import may_export, readable_entries
from casework.roles import EXPORTS_LISTS

LARGEST_EXPORT = 50_000
"""Entries of the log in one file; with their proofs about 60 MB, streamed."""
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
    writer.writerows([as_cell(str(cell)) for cell in row] for row in rows)
    return text.getvalue()


def as_cell(cell: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(BEGINS_A_FORMULA) else cell


def export_entries(
    *, by: User, narrow: Callable[[EntryQuerySet], EntryQuerySet], form: str, filters: Mapping[str, str]
) -> tuple[EntryQuerySet, Checkpoint]:
    """Return the sealed entries that the person reads and `narrow` keeps, in the order of the log, and its checkpoint.

    An auditor alone may; that they took the entries, how many and by which filters is an entry, written before. Raises
    NotPermitted, and Invalid for an empty log and for more than LARGEST_EXPORT entries.
    """
    if RoleCode.AUDITOR not in by.role_codes():
        raise NotPermitted(_("take entries of the log as a file"))
    newest = log.newest_checkpoint()
    if newest is None:
        raise Invalid(_("The log holds no sealed entries yet."))
    sealed = narrow(readable_entries(by)).with_positions().filter(placement__position__lt=newest.size)
    found = sealed.order_by("placement__position")
    number = found[: LARGEST_EXPORT + 1].count()
    if number > LARGEST_EXPORT:
        sentence = _("More than %(n)s entries fit. Narrow the search, for example by days, and take them in parts.")
        raise Invalid(sentence % {"n": f"{LARGEST_EXPORT:,}"})
    with transaction.atomic():
        log.record(
            "log.exported",
            actor=by.reference,
            role=RoleCode.AUDITOR.value,
            subject=f"log:{settings.AUDIT_ORIGIN}",
            facts={"rows": number, "format": form, "size": newest.size, "root": newest.root_hex},
            detail={"filters": dict(filters)} if filters else None,
        )
    return found, newest
