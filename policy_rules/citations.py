"""Citing the policy: entries of the log that rest on sections, and the rows by which a section finds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from audit import log
from audit.models import Entry
from policy_rules.models import Citation, SectionVersion


def record(
    action: str,
    *section_versions: SectionVersion,
    actor: str,
    role: str,
    subject: str,
    objects: Sequence[str] = (),
    facts: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
) -> Entry:
    """Add an entry to the log that rests on these texts, each once, in its leaf by reference and digest.

    In the caller's transaction; takes and raises what `audit.log.record` does.
    """
    texts = list(dict.fromkeys(section_versions))
    entry = log.record(
        action,
        actor=actor,
        role=role,
        subject=subject,
        objects=objects,
        basis=[log.Basis(text.reference, text.text_digest) for text in texts],
        facts=facts,
        detail=detail,
    )
    Citation.objects.bulk_create(Citation(entry=entry, section_version=text) for text in texts)
    return entry
