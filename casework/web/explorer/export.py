"""Entries of the log as a file, each with its proof: CSV for tables, JSONL for programs."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone

from audit import proofs
from audit.models import Checkpoint, Entry
from audit.receipts import receipt_under
from casework.actions.exports import as_cell, export_entries
from casework.exceptions import Invalid
from casework.web.entrance import WorkRequest, work_page
from casework.web.explorer.search import EntryFilter

FORMS = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}
CHUNK = 500
HEADER = (
    "position", "recorded_at", "actor", "role", "action", "subject", "objects", "basis", "leaf", "leaf_hash", "proof",
    "size", "root",
)  # fmt: skip


@work_page()
def export(request: WorkRequest, form: str) -> StreamingHttpResponse:
    """Hand out the sealed entries that fit, in the order of the log; who took them and by which filters is an entry."""
    narrowed = EntryFilter(request.GET)
    if not narrowed.is_valid():
        name, (wrong, *_more) = next(iter(narrowed.errors.items()))
        raise Invalid(f"{narrowed.fields[name].label}: {wrong}")
    used = {name: request.GET[name] for name in narrowed.fields if request.GET.get(name)}
    entries, newest = export_entries(by=request.user, narrow=narrowed.narrow, form=form, filters=used)
    rows = _proved(entries.iterator(CHUNK), newest)
    lines = _jsonl(rows) if form == "jsonl" else _csv(rows, newest)
    name = f"log-{timezone.localdate().isoformat()}.{form}"
    return StreamingHttpResponse(
        lines, content_type=FORMS[form], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _proved(entries: Iterable[Entry], newest: Checkpoint) -> Iterator[tuple[Entry, dict[str, Any]]]:
    """Yield each entry with its receipt; all of them lead to one checkpoint, and tiles are read once."""
    prover = proofs.Prover(newest.size)
    for entry in entries:
        yield entry, receipt_under(newest, entry, prover)


def _jsonl(rows: Iterable[tuple[Entry, dict[str, Any]]]) -> Iterator[str]:
    for _entry, made in rows:
        yield json.dumps(made, ensure_ascii=False, sort_keys=True) + "\n"


class _Line:
    """What a writer of CSV writes to; `write` returns the line."""

    def write(self, line: str) -> str:
        return line


def _csv(rows: Iterable[tuple[Entry, dict[str, Any]]], newest: Checkpoint) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield writer.writerow(HEADER)
    for entry, made in rows:
        cells = (
            made["index"], entry.occurred_at.isoformat(), entry.actor, entry.actor_role, entry.action, entry.subject,
            " ".join(entry.object_references), " ".join(entry.basis), entry.leaf, entry.leaf_hash.hex(),
            " ".join(made["proof"]), newest.size, newest.root_hex,
        )  # fmt: skip
        yield writer.writerow([as_cell(str(cell)) for cell in cells])
