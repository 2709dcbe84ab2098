"""Whether the checkpoint that is kept outside the database agrees with the log."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.conf import settings

from audit import checkpoint, keys, proofs
from audit.log import newest_checkpoint
from audit.store import checkpoint_store


class Agreement(Enum):
    """How the log stands to the checkpoint kept outside."""

    NOTHING_KEPT = "nothing_kept"
    AGREES = "agrees"
    LOG_IS_SHORTER = "log_is_shorter"
    DIFFERS = "differs"
    CANNOT_BE_READ = "cannot_be_read"


@dataclass(frozen=True)
class Outside:
    """What the store says: how it agrees, and the number of entries that its checkpoint covers."""

    agreement: Agreement
    size: int = 0

    @property
    def is_good(self) -> bool:
        """Whether nothing speaks against the log."""
        return self.agreement in {Agreement.AGREES, Agreement.NOTHING_KEPT}


def compare_with_outside() -> Outside:
    """Compare the log with the checkpoint in the store; reads a number of rows that grows as the log's logarithm."""
    try:
        kept = checkpoint_store().read(settings.AUDIT_ORIGIN)
        if kept is None:
            return Outside(Agreement.NOTHING_KEPT)
        head = checkpoint.TreeHead.parse(checkpoint.open_note(kept, keys.verifiers()).text)
    except (OSError, UnicodeDecodeError, checkpoint.NoteError):
        return Outside(Agreement.CANNOT_BE_READ)
    newest = newest_checkpoint()
    if newest is None or head.size > newest.size:
        return Outside(Agreement.LOG_IS_SHORTER, head.size)
    try:
        agrees = head == checkpoint.TreeHead(settings.AUDIT_ORIGIN, head.size, proofs.root_at(head.size))
    except proofs.DamagedLogError:
        agrees = False
    return Outside(Agreement.AGREES if agrees else Agreement.DIFFERS, head.size)
