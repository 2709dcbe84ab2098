"""The rules that apply on a day, and the section in force that empowers an act."""

from __future__ import annotations

import datetime
from typing import Literal

from policy_rules import register
from policy_rules.exceptions import NoAuthority, NoRulesInForce, NotInForce, UnknownSection
from policy_rules.in_force import in_force
from policy_rules.models import SectionVersion
from policy_rules.rule_data import ClockRule, Rules

__all__ = ["ClockRule", "NoAuthority", "NoRulesInForce", "Rules", "authority_for", "board_reviews_on", "rules_on"]

Empowered = Literal["move", "clock", "act", "policy_move", "two_person"]
_TABLES: dict[str, str] = {
    "move": "moves",
    "clock": "clocks",
    "act": "acts",
    "policy_move": "policy_moves",
    "two_person": "two_person_rules",
}


def rules_on(day: datetime.date) -> Rules:
    """Return the rules of the governing manual that apply on a day; raises `NoRulesInForce` where none do."""
    rules = register.current().rules_on(day)
    if rules is None:
        raise NoRulesInForce(f"no rule set of a governing manual applies on {day.isoformat()}")
    return rules


def board_reviews_on(day: datetime.date) -> bool:
    """Say whether a board reviews cases on a day, so that people can ask for it."""
    try:
        return rules_on(day).profile.review_board
    except NoRulesInForce:
        return False


def authority_for(kind: Empowered, name: str, *, on: datetime.date) -> SectionVersion:
    """Return the section that empowers a move, a clock or another act, as in force on a day.

    Raises `NoAuthority` where no rule set applies, none of its rows names the act, or the section is not in force:
    an act that no section allows is not taken.
    """
    try:
        row = rules_on(on).raw["authorities"].get(_TABLES[kind], {}).get(name)
    except NoRulesInForce as error:
        raise NoAuthority(f"nothing empowers the {kind} {name!r}: {error}") from error
    if row is None:
        raise NoAuthority(f"no section empowers the {kind} {name!r} on {on.isoformat()}")
    section = row if isinstance(row, str) else row["section"]
    try:
        return in_force(section, on=on)
    except (NotInForce, UnknownSection) as error:
        raise NoAuthority(f"the {kind} {name!r} rests on {section}, and {error}") from error
