"""The rules kept as data, and the section from which each authority comes."""

from __future__ import annotations

from audit.canonical import canonical
from policy_rules.canonical import digest
from policy_rules.importers.document import RuleSetDocument
from policy_rules.models import Authority, RuleSet
from policy_rules.models.dates import date_range
from policy_rules.publishing.work import Work, only_ends
from policy_rules.rule_reading import cited_sections


def publish_rules(work: Work) -> None:
    """Add the rule sets that are new; a published one can only be given its last day."""
    if work.problems:
        return
    known = {row.reference: row for row in work.manual.rule_sets.all()}
    stated = {_rules_reference(work, rules): rules for rules in work.document.rule_sets}
    for gone in (reference for reference in known if reference not in stated):
        work.refuse(work.document.where, f"{gone} is published and is not in this file; a set ends by `effective_to`")
    for reference, row in known.items():
        if reference in stated:
            _unchanged_rules(work, stated[reference], row)
    for reference, rules in stated.items():
        if reference not in known and not work.problems:
            _create_rules(work, rules)


def _rules_reference(work: Work, rules: RuleSetDocument) -> str:
    return f"{work.manual.code}/rules@{rules.effective_from.isoformat()}"


def _create_rules(work: Work, stated: RuleSetDocument) -> None:
    row = RuleSet.objects.create(
        manual=work.manual,
        effective=date_range(stated.effective_from, stated.effective_to),
        reference=_rules_reference(work, stated),
        data=stated.data,
        data_digest=digest(canonical(stated.data)),
    )
    work.new_rules.append(row)
    work.note(work.done.created, "rule_sets", 1)
    work.bulk(
        Authority,
        [
            Authority(rule_set=row, kind=kind, name=name, section=work.sections[code])
            for kind, name, code in cited_sections(stated.data)
        ],
        "authorities",
    )


def _unchanged_rules(work: Work, stated: RuleSetDocument, row: RuleSet) -> None:
    days = date_range(stated.effective_from, stated.effective_to)
    if row.data_digest != digest(canonical(stated.data)):
        work.refuse(
            stated.where, f"{row.reference} is published with other rules; a change is a new set with its own day"
        )
    elif days != row.effective:
        if not only_ends(row.effective, days):
            work.refuse(
                stated.where, f"{row.reference} is published with other days; only a missing last day can be set"
            )
            return
        row.effective = days
        row.save(update_fields=["effective"])
        work.ended_rules.append(row)
        work.note(work.done.updated, "rule_sets", 1)
