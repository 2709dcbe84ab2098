"""What the log is told of a publication."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import timezone

from policy_rules import citations
from policy_rules.canonical import digest_of_texts
from policy_rules.models import ChapterVersion, RuleSet
from policy_rules.publishing.work import Work
from policy_rules.rules import NoAuthority, authority_for


def seal(work: Work, *, actor: str, role: str) -> None:
    """Seal what was published: the act, and each chapter version and rule set with the digest of its texts."""
    try:
        authority = [authority_for("policy_move", "bring_into_force", on=timezone.localdate())]
    except NoAuthority:
        authority = []
    for action, subject, objects, facts in _seals(work):
        citations.record(action, *authority, actor=actor, role=role, subject=subject, objects=objects, facts=facts)


def _seals(work: Work) -> Iterator[tuple[str, str, list[str], Mapping[str, Any]]]:
    made: dict[str, Any] = {"created": dict(work.done.created), "updated": dict(work.done.updated)}
    if work.document.source_digest:
        made["file_sha256"] = work.document.source_digest
    yield "policy.imported", work.manual.reference, [], made
    for version in work.new_chapters:
        texts = list(version.sections.values_list("reference", "text_digest"))
        sealed = {"sections": len(texts), "texts_sha256": digest_of_texts(texts)}
        yield "policy.chapter_published", version.chapter.reference, [version.reference], sealed | _days(version)
    for version in work.ended_chapters:
        yield "policy.chapter_ended", version.chapter.reference, [version.reference], _days(version)
    for rules in work.new_rules:
        sealed = {"rules_sha256": rules.data_digest}
        yield "policy.rules_published", work.manual.rules_reference, [rules.reference], sealed | _days(rules)
    for rules in work.ended_rules:
        yield "policy.rules_ended", work.manual.rules_reference, [rules.reference], _days(rules)


def _days(row: ChapterVersion | RuleSet) -> dict[str, str]:
    days = {"effective_from": row.effective_from, "effective_to": row.effective_to}
    return {name: day.isoformat() for name, day in days.items() if day}
