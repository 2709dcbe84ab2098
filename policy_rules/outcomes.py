"""What the conclusions on elements and exceptions imply, by the outcome table of the rules (CH-4.10 of the manual)."""

from __future__ import annotations

from collections.abc import Sequence

from policy_rules.rule_data import DID_NOT_OCCUR, EXCUSED, MET_THE_DUTY, NOT_SHOWN, VIOLATION, Rules

PROVED = "proved"
DISPROVED = "disproved"
ESTABLISHED = "established"


def situation(elements: Sequence[str], exceptions: Sequence[str], *, act_occurred: bool = True) -> str:
    """Return the row of the outcome table that conclusions fall under, "" while one of them is open.

    An exception that is established excuses. Otherwise all elements proved is a violation; a disproved element means
    that the conduct met the duty, or that the act did not occur; anything else was not shown either way.
    """
    if not elements or not all(elements) or not all(exceptions):
        return ""
    if ESTABLISHED in exceptions:
        return EXCUSED
    if all(code == PROVED for code in elements):
        return VIOLATION
    if DISPROVED in elements:
        return MET_THE_DUTY if act_occurred else DID_NOT_OCCUR
    return NOT_SHOWN


def implied_finding(
    rules: Rules, elements: Sequence[str], exceptions: Sequence[str], *, act_occurred: bool = True
) -> str:
    """Return the finding that the conclusions imply under these rules, "" while one of them is open."""
    row = situation(elements, exceptions, act_occurred=act_occurred)
    return rules.implied_finding(row) if row else ""


def violation(rules: Rules) -> str:
    """Return the code of the finding that the act occurred and broke the rule."""
    return rules.implied_finding(VIOLATION)
