"""Figures and lists for everyone as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

from casework.actions.exports import csv_of


def csv_answer(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Hand a table out as a file of that name; None, as for what is withheld, is an empty cell."""
    told = (["" if cell is None else cell for cell in row] for row in rows)
    return HttpResponse(
        csv_of(header, told),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
