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
from policy_rules.arrangement import arrangements, facts_of, turns
from policy_rules.models import RuleSet
from policy_rules.rule_rows import Group, Row, changes_between, rows_of
from policy_rules.web.following import DayForm


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Show the rules of today or of another day, and how they differ from those before."""
    page, sets, place = _on_a_day(request)
    if place is not None:
        found, before = sets[place], sets[place - 1] if place else None
        page |= {
            "rules": found,
            "before": before,
            "changes": changes_between(before.data, found.data) if before else [],
            "groups": in_groups(rows_of(found.data)),
        }
    return render(request, "policy_rules/rules.html", page)


@require_safe
def arrangement(request: HttpRequest) -> HttpResponse:
    """Show how oversight is arranged on a day, what follows from it, the other ways, and when it changed."""
    page, sets, place = _on_a_day(request)
    if place is not None:
        found = sets[place]
        page |= {"rules": found, **facts_of(found), "arrangements": arrangements(found.data), "turns": turns(sets)}
    return render(request, "policy_rules/arrangement.html", page)


def _on_a_day(request: HttpRequest) -> tuple[dict[str, Any], list[RuleSet], int | None]:
    """Return what both pages show, the rule sets oldest first, and the place of the one in force on the day asked."""
    manual = reading.governing_manual()
    form = DayForm(request.GET if "on" in request.GET else None)
    day = (form.cleaned_data["on"] if form.is_valid() else None) or timezone.localdate()
    sets = list(manual.rule_sets.order_by("effective")) if manual else []
    place = next((place for place, row in enumerate(sets) if row.in_force_on(day)), None)
    return {"form": form, "day": day, "sets": sets, "manual": manual}, sets, place


def in_groups(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return rules in the groups of the pages; rows come in the order of the groups."""
    return [
        {"key": str(group), "label": Group(group).label, "rows": list(held)}
        for group, held in groupby(rows, key=lambda row: row.group)
    ]
