"""The packet as the panel reads it: the frozen list of items, and what the file says of each allegation."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from casework import clocks
from casework.actions import evidence
from casework.models import Case, Evidence, Packet
from casework.permissions import permissions_of
from casework.vocabulary import Clock, EvidenceKind, Perm
from casework.web import words
from casework.web.board_room.frame import board_answer
from casework.web.dossier import allegations_of, dossier
from casework.web.entrance import WorkRequest, case_page

OF_THE_BOARD = (Clock.BOARD, Clock.OVERALL, Clock.DISCIPLINE_LIMIT)
"""The limits that the board has to keep in mind."""


@case_page(Perm.VIEW_PANEL, Perm.VIEW_PACKET)
def packet(request: WorkRequest, case: Case) -> HttpResponse:
    """Show the packet to whom it is open; to others, when it opens."""
    may = permissions_of(request.user, case)
    handed = case.packets.select_related("built_by", "checked_by").filter(checked_on__isnull=False).last()
    if Perm.VIEW_PACKET not in may or handed is None:
        return board_answer(request, case, "board_room/packet_closed.html", {"handed": handed})
    report = handed.manifest["report"]
    limits = case.clocks.running().filter(code__in=OF_THE_BOARD)
    page = {
        "packet": handed,
        "items": _items(case, handed, may),
        "report": case.reports.filter(version=report["version"]).first() if report else None,
        "dossiers": [dossier(row, lambda item: f"#E{item.number}") for row in allegations_of(case)],
        "clocks": [words.clock_line(clock, clocks.today()) for clock in limits],
    }
    return board_answer(request, case, "board_room/packet.html", page)


def _items(case: Case, packet: Packet, may: frozenset[str]) -> list[dict[str, Any]]:
    """Return the items as the packet lists them, and how each stands against the file as it is now."""
    held = {item.number: item for item in case.evidence.all()}
    return [_item(row, held.get(row["number"]), may) for row in packet.manifest["evidence"]]


def _item(row: dict[str, Any], item: Evidence | None, may: frozenset[str]) -> dict[str, Any]:
    is_compelled = item is not None and item.is_compelled
    return {
        **row,
        "code": f"E{row['number']}",
        "kind": EvidenceKind(row["kind"]).label if row["kind"] in EvidenceKind.values else row["kind"],
        "locator": item.locator if item else "",
        "is_compelled": is_compelled,
        "is_same": item is not None and item.sha256 == row["sha256"],
        "opens": bool(row["sha256"]) and (not is_compelled or Perm.OPEN_COMPELLED in may),
    }


@case_page(Perm.VIEW_PACKET, methods=("POST",))
def item(request: WorkRequest, case: Case, item: int) -> HttpResponseBase:
    """Hand out a file of the packet after its digest is compared and the opening recorded."""
    found, opened = evidence.open_packet_item(case=case, number=item, by=request.user)
    return FileResponse(opened, as_attachment=True, filename=found.filename, content_type=found.media_type)


def item_address(case: Case, item: Evidence) -> str:
    """Return where a member of the board reads of an item."""
    return f"{reverse('board:packet', kwargs={'number': case.number})}#E{item.number}"
