"""Answers to questions about complaints, as they are sent or shown: exact, or without what may not be published."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from casework.clocks import today
from casework.exceptions import Invalid
from casework.reporting.measures import COUNT, Cell, Query, compute
from casework.reporting.suppression import Published, is_small, publish
from policy_rules.rules import NoRulesInForce, rules_on

LEAST_THRESHOLD = 5
"""Where no rules are in force, cells below this are withheld."""


def _whole_months(query: Query) -> None:
    """Refuse ranges that cut a month: the public could subtract one range from another, day by day."""
    first, last = query.received_from, query.received_to
    if first and first.day != 1:
        raise Invalid(_("Begin with the first day of a month."), field="received_from")
    if last and last.day != calendar.monthrange(last.year, last.month)[1]:
        raise Invalid(_("End with the last day of a month."), field="received_to")


def threshold_on(day: date) -> int:
    """Return the number from which on a cell is published, by the rules in force (CH-12.2)."""
    try:
        return rules_on(day).statistics.small_cell_threshold
    except NoRulesInForce:
        return LEAST_THRESHOLD


def _remainder_is_small(query: Query, total: int, threshold: int) -> bool:
    """Say whether what the range of days leaves out is so little that subtraction would publish it."""
    if not (query.received_from or query.received_to):
        return False
    everything = Query(query.subject, (), query.measure, query.source, query.has_finding)
    return is_small(compute(everything).total - total, threshold)


def _row(query: Query, cell: Cell, *, suppressed: bool) -> dict[str, Any]:
    row: dict[str, Any] = dict(zip(query.group_by, cell.key, strict=True))
    if suppressed:
        return {**row, "count": None, "suppressed": True}
    row["count"] = cell.count
    if query.measure != COUNT:
        row[query.measure] = None if cell.value is None else round(cell.value, 1)
    return row


def answer(query: Query, *, exact: bool) -> dict[str, Any]:
    """Return the answer as it is sent; raises Invalid, naming the parameter."""
    if not exact:
        _whole_months(query)
    figures = compute(query)
    if exact:
        shown = Published(figures.cells, frozenset(), figures.total)
    else:
        threshold = threshold_on(today())
        shown = publish(figures, threshold)
        if _remainder_is_small(query, figures.total, threshold):
            shown = Published(shown.cells, frozenset(range(len(shown.cells))), None, shown.note)
    body = {
        "group_by": list(query.group_by),
        "measure": query.measure,
        "source": query.source,
        "total": shown.total,
        "rows": [_row(query, cell, suppressed=index in shown.withheld) for index, cell in enumerate(shown.cells)],
    }
    return {**body, "note": shown.note} if shown.note else body
