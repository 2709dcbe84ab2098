"""Writing the rules of a draft: each change names its rule, says why, and is held to all the other rules at once."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.canonical import canonical
from moves.exceptions import Invalid
from policy_rules.actions import acts
from policy_rules.actions.drafts import AUTHORITY, drafting
from policy_rules.canonical import digest
from policy_rules.drafted_rules import drafted_data
from policy_rules.models import ChapterVersion, DraftRule
from policy_rules.permissions import Actor
from policy_rules.roles import PolicyPerm
from policy_rules.rule_checks import Fault
from policy_rules.rule_data import FIXED_CLOCKS
from policy_rules.rule_reading import parse_rules
from policy_rules.rule_rows import Row, row_at, with_value

ADDED_TO = ("authorities.clocks", "profiles")
"""Where a draft can state a rule that no set had."""


def is_of_chapter(version: ChapterVersion, row: Row) -> bool:
    """Say whether a rule is drafted with this chapter: it comes from one of the sections that the draft holds."""
    return version.draft_sections.filter(code=row.section).exists()


def faults_in(version: ChapterVersion, path: str, value: Any) -> list[Fault]:
    """Return what would be wrong with the rules if the draft gave a rule this value, each with its place.

    The place is the name of a part of the rule, or the whole path where another rule no longer holds.
    """
    data = drafted_data(version)
    _rules, before = parse_rules(data)
    changed = with_value(data, path, value)
    _rules, found = parse_rules(changed)
    faults = [(_within(path, place), message) for place, message in found if (place, message) not in before]
    row = row_at(changed, path)
    if row is not None and not is_of_chapter(version, row):
        message = _("Name a section of this chapter. A rule is drafted with the chapter that it comes from.")
        faults.append(("section", message))
    return faults


def _within(path: str, place: str) -> str:
    return place.removeprefix(f"{path}.") if place.startswith(f"{path}.") else place


def change_rule(
    version: ChapterVersion, path: str, *, by: Actor, value: Any, reason: str, source: str = ""
) -> DraftRule:
    """Say what a rule is to be from the draft's first day, and why; a value of None ends it.

    Raises Invalid for what cannot be taken, and Refused where the draft is not at a stage at which it is written.
    """
    with drafting(version, by, "change_rule") as draft:
        if not reason.strip():
            raise Invalid(_("Say why it is to change."), "reason")
        known = row_at(drafted_data(draft), path)
        parent, _dot, name = path.rpartition(".")
        if known is None and (parent not in ADDED_TO or not name.isidentifier()):
            raise Invalid(_("There is no rule %(path)s.") % {"path": path}, "path")
        if known is not None and not is_of_chapter(draft, known):
            told = _("This rule comes from %(section)s, a section of another chapter. Change it with that chapter.")
            raise Invalid(told % {"section": known.section}, "path")
        if value is None and not may_end(path):
            raise Invalid(_("This rule cannot end; the others rest on it."), "path")
        for place, message in faults_in(draft, path, value):
            raise Invalid(f"{place}: {message}", place)
        row, _made = DraftRule.objects.update_or_create(
            version=draft, path=path, defaults={"value": value, "reason": reason.strip(), "source": source.strip()}
        )
        _record(draft, by, row, {"draft_sha256": digest(canonical({path: value}))})
        return row


def may_end(path: str) -> bool:
    """Say whether a rule can be taken out: time limits and arrangements can, but for those that acts reckon with."""
    parent, _dot, name = path.rpartition(".")
    return parent in ADDED_TO and name not in FIXED_CLOCKS


def keep_rule(version: ChapterVersion, path: str, *, by: Actor) -> None:
    """Take a change of a rule back, so that the rule stays as it is in force; raises Invalid and Refused."""
    with drafting(version, by, "keep_rule") as draft:
        row = draft.draft_rules.filter(path=path).first()
        if row is None:
            raise Invalid(_("This rule does not change in the draft."), "path")
        row.delete()
        _rules, faults = parse_rules(drafted_data(draft))
        for place, message in faults:
            raise Invalid(f"{place}: {message}")
        _record(draft, by, row, {"kept": True})


def _record(draft: ChapterVersion, by: Actor, row: DraftRule, facts: dict[str, Any]) -> None:
    acts.record(
        "policy.rule_drafted",
        version=draft,
        by=by,
        perm=PolicyPerm.DRAFT,
        section=acts.authority(AUTHORITY, timezone.localdate()),
        facts={"rule": row.path, **facts},
        detail={"reason": row.reason, "source": row.source},
    )
