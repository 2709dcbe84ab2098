"""How oversight is arranged under a rule set, for people: the profile in use, the others, and when it changed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from policy_rules.models import RuleSet
from policy_rules.rule_reading import parse_rules
from policy_rules.rule_rows import PROFILES, SECTION, value_at

PARTS = ("oversight_model", "review_board", "disclosure_level", "public_officer_data", "legal_deadline")


@dataclass(frozen=True)
class Arrangement:
    """One profile: its path among the rules, its parts by name, and whether it is the one in use."""

    path: str
    values: Mapping[str, Any]
    in_use: bool


@dataclass(frozen=True)
class Turn:
    """A day from which oversight was arranged otherwise than before."""

    first: datetime.date
    arrangement: Arrangement


def arrangements(data: Mapping[str, Any]) -> list[Arrangement]:
    """Return the profiles of a rule set, the one in use first."""
    stated = data.get(PROFILES, {})
    used = stated.get("in_use")
    found = [
        Arrangement(f"{PROFILES}.{name}", {part: row.get(part) for part in PARTS}, name == used)
        for name, row in stated.items()
        if isinstance(row, Mapping)
    ]
    return sorted(found, key=lambda row: (not row.in_use, row.path))


def turns(sets: Iterable[RuleSet]) -> list[Turn]:
    """Return from which days on oversight was arranged how, the newest first; sets come oldest first."""
    found: list[Turn] = []
    for row in sets:
        now = next((one for one in arrangements(row.data) if one.in_use), None)
        if now is not None and (not found or found[-1].arrangement != now):
            found.append(Turn(row.effective_from, now))
    return found[::-1]


def facts_of(rules: RuleSet) -> dict[str, Any]:
    """Return what a page says of the arrangement in use: its profile, limit and section."""
    typed, _faults = parse_rules(rules.data)
    if typed is None or not typed.profiles:
        return {}
    profile = typed.profile
    return {
        "profile": profile,
        "limit": typed.clocks.get(profile.legal_deadline),
        "section": value_at(rules.data, f"{PROFILES}.{SECTION}"),
    }
