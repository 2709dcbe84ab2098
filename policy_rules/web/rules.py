"""The rules kept as data for everyone: those of a day, each with its section, and what changed with them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from policy_rules import reading
from policy_rules.rule_rows import Group, Row, changes_between, rows_of
from policy_rules.web.following import DayForm


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Show the rules of today or of another day, and how they differ from those before."""
    manual = reading.governing_manual()
    form = DayForm(request.GET if "on" in request.GET else None)
    day = (form.cleaned_data["on"] if form.is_valid() else None) or timezone.localdate()
    sets = list(manual.rule_sets.order_by("effective")) if manual else []
    place = next((place for place, row in enumerate(sets) if row.in_force_on(day)), None)
    page: dict[str, Any] = {"form": form, "day": day, "sets": sets, "manual": manual}
    if place is not None:
        found, before = sets[place], sets[place - 1] if place else None
        page |= {
            "rules": found,
            "before": before,
            "changes": changes_between(before.data, found.data) if before else [],
            "groups": in_groups(rows_of(found.data)),
        }
    return render(request, "policy_rules/rules.html", page)


def in_groups(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return rules in the groups of the pages; rows come in the order of the groups."""
    return [
        {"key": str(group), "label": Group(group).label, "rows": list(held)}
        for group, held in groupby(rows, key=lambda row: row.group)
    ]
