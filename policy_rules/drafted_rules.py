"""The rules as a draft would have them: those adopted last, with what the draft changes."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from policy_rules.models import ChapterVersion, Manual, RuleSet
from policy_rules.rule_data import Rules
from policy_rules.rule_reading import parse_rules
from policy_rules.rule_rows import RuleChange, changes_between, with_value


def newest_set(manual: Manual) -> RuleSet | None:
    """Return the rule set that was adopted for the latest day; a draft's changes are made to it."""
    return manual.rule_sets.order_by("effective").last()


def adopted_data(version: ChapterVersion) -> dict[str, Any]:
    """Return the data that a draft changes; empty where the manual has no rules."""
    newest = newest_set(version.chapter.manual)
    return dict(newest.data) if newest else {}


def drafted_data(version: ChapterVersion) -> dict[str, Any]:
    """Return the data of the rule set as the draft would have it."""
    data = adopted_data(version)
    for row in version.draft_rules.all():
        data = with_value(data, row.path, row.value)
    return data


def drafted_rules(version: ChapterVersion, *, first_day: datetime.date | None = None) -> Rules:
    """Return the rules as the draft would have them; raises ValueError where they do not hold together."""
    rules, faults = parse_rules(drafted_data(version))
    if rules is None:
        raise ValueError("; ".join(f"{place}: {message}" for place, message in faults))
    return replace(rules, reference=version.reference, effective_from=first_day)


def changes_of(version: ChapterVersion) -> list[RuleChange]:
    """Return which rules a draft changes, each with its reason and what it follows."""
    told = {row.path: row for row in version.draft_rules.all()}
    if not told:
        return []
    return [
        replace(change, reason=told[change.row.path].reason, source=told[change.row.path].source)
        for change in changes_between(adopted_data(version), drafted_data(version))
        if change.row.path in told
    ]


def stated_with(version: ChapterVersion, first_day: datetime.date) -> list[Mapping[str, Any]]:
    """Return every rule set of the manual with its days, and the draft's own from its first day, oldest first.

    Each is a mapping of `effective_from`, `effective_to` and `data`. The set before the draft's ends on the day before.
    """
    sets = dated_sets(version.chapter.manual)
    if not version.draft_rules.exists():
        return sets
    day_before = first_day - datetime.timedelta(days=1)
    if sets and sets[-1]["effective_to"] is None:
        sets[-1] = {**sets[-1], "effective_to": day_before}
    return [*sets, {"effective_from": first_day, "effective_to": None, "data": drafted_data(version)}]


def dated_sets(manual: Manual) -> list[Mapping[str, Any]]:
    """Return every rule set of a manual with its days, oldest first."""
    return [
        {"effective_from": row.effective_from, "effective_to": row.effective_to, "data": row.data}
        for row in manual.rule_sets.order_by("effective")
    ]
