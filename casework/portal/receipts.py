"""Proofs for the complainant: of what they filed and sent, and of what the office sent and decided (CH-10.7)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit import receipts as log_receipts
from audit.models import Entry
from casework.models import Case
from casework.permissions import Complainant
from casework.portal.tracking import of_the_open_case

OWN = frozenset({"move.receive", "move.withdraw", "message.received", "evidence.added"})
"""Acts of the complainant; their receipts also hold what was written."""
LETTERS = frozenset({"letter.sent", "letter.sent_again"})
OFFICE = frozenset({"message.sent", "move.issue_disposition", "move.close"})


def _entries(case: Case) -> list[Entry]:
    """Return the entries of which the complainant may have a receipt, in their order."""
    letters = set(case.letters.filter(party__isnull=False).values_list("pk", flat=True))
    entries = Entry.objects.about(case.reference).with_positions().filter(action__in=OWN | LETTERS | OFFICE)
    return [
        entry
        for entry in entries
        if entry.action in OFFICE
        or (entry.action in OWN and _is_own(case, entry))
        or (entry.action in LETTERS and entry.facts.get("letter") in letters)
    ]


def _is_own(case: Case, entry: Entry) -> bool:
    return entry.actor == Complainant(case).reference


@require_safe
@of_the_open_case
def receipts(request: HttpRequest, case: Case) -> HttpResponse:
    """List the receipts, and say how to check one."""
    rows = [
        {"entry": entry, "title": entry.known_action.complainant, "own": _is_own(case, entry)}
        for entry in reversed(_entries(case))
    ]
    return render(request, "portal/receipts.html", {"case": case, "rows": rows})


def _receipt(case: Case, n: int) -> dict[str, Any]:
    """Return the receipt of the n-th entry of the case; Http404 where there is none to give, or not yet."""
    entry = next((entry for entry in _entries(case) if entry.n == n), None)
    if entry is None:
        raise Http404
    try:
        return log_receipts.receipt(entry, with_detail=_is_own(case, entry))
    except log_receipts.NotSealedYet as pending:
        raise Http404 from pending


def _file(content: str, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@require_safe
@of_the_open_case
def receipt_file(_request: HttpRequest, case: Case, n: int) -> HttpResponse:
    """Hand out a receipt. Its name says nothing of what it is about."""
    return _file(log_receipts.as_json(_receipt(case, n)), "application/json", f"receipt-{n}.json")


@require_safe
@of_the_open_case
def proof_file(_request: HttpRequest, case: Case, n: int) -> HttpResponse:
    """Hand out the proof alone, as other programs for transparency logs read it."""
    return _file(log_receipts.as_tlog_proof(_receipt(case, n)), "text/plain; charset=utf-8", f"receipt-{n}.tlog-proof")
