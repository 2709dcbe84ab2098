"""Whether the rules of one set hold together: each fault is named with its place in the data."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from policy_rules import labels
from policy_rules.rule_data import (
    DISCLOSURE_LEVELS,
    HAS_BOARD,
    OFFICER_DATA,
    PUBLIC_RECORD,
    SITUATIONS,
    WITHHELD,
    FindingCodes,
    Rules,
)

Fault = tuple[str, str]
"""The dotted path of a value in the data, and what is wrong with it."""


def apart(rules: Rules) -> Iterable[Fault]:
    """Yield where one rule speaks of what another does not know, or of what the program could not go by."""
    if rules.panel.quorum > rules.panel.size:
        told = {"quorum": rules.panel.quorum, "size": rules.panel.size}
        yield "rules.panel.quorum", _("%(quorum)s is more than the %(size)s of a panel") % told
    for name in ("grave", "heard_by_board"):
        for code in getattr(rules.classifications, name):
            if code not in rules.classifications.codes:
                message = _("there is no classification %(code)s") % {"code": code}
                yield f"rules.classifications.{name}", message
    yield from _findings_named(rules)
    yield from _not_to_be_applied(rules)
    yield from _said_twice(rules.finding_codes)
    yield from _profiles_apart(rules)


def _not_to_be_applied(rules: Rules) -> Iterable[Fault]:
    """Yield what the program could not go by: situations without a finding, and levels without a letter."""
    for row in SITUATIONS:
        if row not in rules.outcome_table:
            yield f"element_rules.outcome_table.{row}", _("is missing from the rules")
    for level in rules.disclosure_levels:
        if level not in DISCLOSURE_LEVELS:
            told = {"level": level, "known": ", ".join(DISCLOSURE_LEVELS)}
            message = _("no letter tells as %(level)s says; levels are %(known)s") % told
            yield f"rules.disclosure_levels.{level}", message


def _findings_named(rules: Rules) -> Iterable[Fault]:
    """Yield where the outcome table or the synonyms name a finding that is not among the codes."""
    named = [(f"element_rules.outcome_table.{row}", code) for row, code in rules.outcome_table.items()]
    listed = rules.repeat_failures.least if rules.repeat_failures else ()
    named += [(f"rules.repeat_failures.least.{code}", code) for code in listed]
    named += [(f"rules.finding_codes.synonyms.{code}", code) for code in rules.finding_codes.synonyms]
    for place, code in named:
        if code not in rules.finding_codes.all:
            yield place, _("there is no finding %(code)s") % {"code": code}


def _said_twice(findings: FindingCodes) -> Iterable[Fault]:
    """Yield where words would stand for two findings."""
    taken = {code.replace("_", " "): code for code in findings.all}
    for code, names in findings.synonyms.items():
        for name in names:
            if taken.setdefault(name.casefold(), code) != code:
                told = {"words": name, "code": taken[name.casefold()]}
                yield f"rules.finding_codes.synonyms.{code}", _("%(words)s stands for %(code)s already") % told


def _profiles_apart(rules: Rules) -> Iterable[Fault]:
    """Yield where a profile, or the choice of one, names what the other rules do not know."""
    if rules.profiles and rules.profile_in_use not in rules.profiles:
        yield "profiles.in_use", _("there is no profile %(code)s") % {"code": repr(rules.profile_in_use)}
    for profile in rules.profiles.values():
        place, level, clock = f"profiles.{profile.code}", profile.disclosure_level, profile.legal_deadline
        if HAS_BOARD.get(profile.oversight_model, profile.review_board) != profile.review_board:
            told = {"model": labels.rule_value(profile.oversight_model)}
            needs_one = _("a board reviews cases where “%(model)s”") % told
            has_none = _("no board reviews cases where “%(model)s”") % told
            yield f"{place}.review_board", has_none if profile.review_board else needs_one
        if profile.public_officer_data not in OFFICER_DATA:
            told = {"value": repr(profile.public_officer_data), "known": ", ".join(OFFICER_DATA)}
            yield f"{place}.public_officer_data", _("%(value)s is not known; known are %(known)s") % told
        elif level == PUBLIC_RECORD and profile.public_officer_data == WITHHELD:
            yield f"{place}.disclosure_level", _("letters cannot tell facts of personnel that the public never learns")
        if level not in rules.disclosure_levels:
            yield f"{place}.disclosure_level", _("there is no level %(code)s") % {"code": level}
        if clock and clock not in rules.clocks:
            yield f"{place}.legal_deadline", _("there is no clock %(code)s") % {"code": clock}
