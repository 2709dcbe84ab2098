"""Whether each version of a chapter stands where the log says that it was brought."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from audit.faults import Fault, VerifyContext
from audit.models import Entry
from moves.table import moves_of
from policy_rules.models import Chapter, ChapterVersion
from policy_rules.states import DRAFTS, UNBEGUN, State

ONLY_BY_MOVES = frozenset({UNBEGUN, *DRAFTS, State.UNDER_REVIEW})
"""Stages that no file brings a version to."""


def check_stages(context: VerifyContext) -> Iterable[Fault]:
    """Replay the moves of every version, and hold its stage to the last of them."""
    names = [f"policy.{name}" for name in moves_of(ChapterVersion)]
    chapters = Chapter.objects.select_related("manual").prefetch_related("versions")
    for chapter in chapters:
        told = _moves(chapter.reference, names)
        for version in chapter.versions.all():
            version.chapter = chapter
            yield from _stage_faults(version, told.get(version.reference, []))


def _moves(subject: str, names: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Return what the log says of the moves of a chapter's versions, by version and in order."""
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in Entry.objects.about(subject).filter(action__in=names).order_by("pk"):
        found.setdefault(entry.object_references[0], []).append(entry.facts)
    return found


def _stage_faults(version: ChapterVersion, moves: list[dict[str, Any]]) -> Iterator[Fault]:
    subject, reached = version.chapter.reference, ""
    for facts in moves:
        if reached and facts.get("from") != reached:
            message = (
                f"{version.reference} was moved from {facts.get('from')}, and the log had brought it to {reached}."
            )
            yield Fault("policy_move_skipped", message, subject=subject)
        reached = str(facts.get("to", ""))
    if moves and version.state != reached:
        message = f"{version.reference} stands in {version.state}, and the log says {reached}."
        yield Fault("policy_stage_altered", message, subject=subject)
    elif not moves and version.state in ONLY_BY_MOVES:
        message = f"{version.reference} stands in {version.state}, and no entry of the log brought it there."
        yield Fault("policy_stage_altered", message, subject=subject)
