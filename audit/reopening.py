"""Going on under a new name when sealed entries are lost for good, with a first leaf that says what is missing.

The entries that survived keep their places, and what was proved of them stays proved. Whoever holds a checkpoint of the
lost ones still sees that they are gone: the log says so itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.conf import settings
from django.db import transaction

from audit import checkpoint, keys, proofs
from audit.log import LogRefusedError, newest_checkpoint, publish, record, seal, wait_for_turn
from audit.models import Checkpoint, Entry
from audit.store import checkpoint_store

REOPENED = "log.reopened"


@dataclass(frozen=True)
class Reopening:
    """That the log had the name `before` until it lost what came after its first `kept` entries, of `had` it had."""

    before: str
    kept: int
    had: int
    at: datetime


def reopen(before: str, *, reason: str) -> Checkpoint:
    """Begin the log AUDIT_ORIGIN where what is left of the log `before` ends, and return its first checkpoint.

    The first leaf holds the old name, how many entries are left, and size and root of the last checkpoint known of the
    old log, which stays in the store; `reason` goes with it as its detail. Raises LogRefusedError where nothing is
    lost, where what is left was edited, and where the new name was used before.
    """
    origin = settings.AUDIT_ORIGIN
    with transaction.atomic():
        wait_for_turn()
        if origin == before or checkpoint_store().read(origin) or _entry_of(origin):
            raise LogRefusedError(f"The name {origin} was used before. Set AUDIT_ORIGIN to a new one, once for all.")
        if not reason.strip():
            raise LogRefusedError("Say why the entries are lost and who decided to go on without them.")
        last = _last_known(before)
        newest = newest_checkpoint()
        size = newest.size if newest else 0
        try:
            frontier = proofs.frontier(size)
            agrees = last.size <= size and proofs.root_at(last.size) == last.root
        except proofs.DamagedLogError as error:
            raise LogRefusedError(str(error)) from error
        if newest and _head(newest.note, before) != checkpoint.TreeHead(before, size, frontier.root()):
            raise LogRefusedError(
                f"What is left of the log {before} is not what was signed. Run manage.py verify_audit_log under its "
                "own name to see where, and restore another copy."
            )
        if agrees:
            raise LogRefusedError(f"The log {before} has lost nothing. Set AUDIT_ORIGIN back to {before} and go on.")
        entry = record(
            REOPENED,
            actor="system",
            role="system",
            subject=f"origin:{origin}",
            facts={"before": before, "kept": size, "lost_size": last.size, "lost_root": last.root.hex()},
            detail={"reason": reason.strip()},
        )
        first = cast("Checkpoint", seal(frontier, only=entry.pk))
        transaction.on_commit(lambda: publish(first, None))
    return first


def _last_known(before: str) -> checkpoint.TreeHead:
    kept = checkpoint_store().read(before)
    if kept is None:
        raise LogRefusedError(
            f"The store outside the database holds no checkpoint of a log {before}. Give the name that the log had, "
            "and put the note back from a copy if it is gone."
        )
    return _head(kept, before)


def _head(note: str, origin: str) -> checkpoint.TreeHead:
    try:
        return checkpoint.TreeHead.parse(checkpoint.open_note(note, keys.verifiers(origin)).text)
    except checkpoint.NoteError as error:
        raise LogRefusedError(
            f"A checkpoint was not signed by the log {origin} with the key in use: {error}"
        ) from error


def _entry_of(origin: str) -> Entry | None:
    return Entry.objects.about(f"origin:{origin}").filter(action=REOPENED).first()


def reopenings() -> Iterator[Reopening]:
    """Yield how the log came to the name that it has, the latest first; nothing for one that never lost any."""
    origin, seen = settings.AUDIT_ORIGIN, set[str]()
    while origin not in seen and (entry := _entry_of(origin)):
        seen.add(origin)
        facts = entry.facts
        yield Reopening(facts["before"], facts["kept"], facts["lost_size"], entry.occurred_at)
        origin = facts["before"]
