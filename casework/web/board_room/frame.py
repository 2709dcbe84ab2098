"""The frame of a case in the board room: its bar, the pages of the board, and the steps of the chair."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy

from casework.models import Case
from casework.vocabulary import Perm
from casework.web.desk import desk, steps
from casework.web.entrance import WorkRequest

PLACES: tuple[tuple[str | Promise, str, Perm], ...] = (
    (_lazy("Packet"), "board:packet", Perm.VIEW_PANEL),
    (_lazy("Panel"), "board:panel", Perm.VIEW_PANEL),
    (_lazy("Votes and reasons"), "board:votes", Perm.VIEW_VOTES),
    (_lazy("Receipts"), "staff:receipts", Perm.VIEW_VOTES),
    (_lazy("Summary of the case"), "staff:case", Perm.VIEW),
)


def board_answer(
    request: WorkRequest, case: Case, template: str, page: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Show a page of the board room inside its frame."""
    shown = desk(request.user, case)
    places = [
        {"label": label, "url": reverse(route, kwargs={"number": case.number})}
        for label, route, perm in PLACES
        if perm in shown["may"]
    ]
    framed = {**shown, "places": places, "steps": steps(request.user, case), **(page or {})}
    return render(request, template, framed, status=status)
