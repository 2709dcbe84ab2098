"""Checking what was signed of the log: checkpoints, cosignatures, time stamps, and notes kept elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, transaction

from audit import canonical, checkpoint, keys, time_stamps
from audit.faults import Progress, Report
from audit.reopening import Reopening, reopenings
from audit.snapshot import select
from audit.store import checkpoint_store

_GAP = "\n\n"
_CHECKPOINTS = """
    SELECT coalesce(size, -1), previous, coalesce(root, ''), coalesce(note, ''), extract(epoch FROM created_at)::text
      FROM audit_checkpoint ORDER BY 1
"""
_COUNTED = """
    SELECT size, counted, (SELECT count(*) FROM audit_checkpoint WHERE audit_checkpoint.size <= sealed.size)
      FROM (SELECT (facts -> 'size')::bigint AS size, (facts -> 'checkpoints')::bigint AS counted
              FROM (SELECT n, leaf::jsonb -> 'facts' AS facts
                      FROM audit_entry JOIN audit_leaf ON entry_id = id
                     WHERE subject = %s AND action = 'log.verified' OFFSET 0) AS checks
             WHERE jsonb_typeof(facts -> 'checkpoints') = 'number' AND jsonb_typeof(facts -> 'size') = 'number'
             ORDER BY n DESC LIMIT 1) AS sealed
"""
"""How many checkpoints the last check counted that found nothing wrong, and how many there are now of those."""


@dataclass(frozen=True)
class Statement:
    """A size and root that the log once signed, and where that was found."""

    size: int
    root: bytes
    where: str
    code: str


class SignedStatements:
    """Reads what was signed, puts what is wrong with it into the report, and keeps what the entries must agree with."""

    def __init__(self, against: Sequence[str], report: Report, progress: Progress) -> None:
        self.against = against
        self.report = report
        self.progress = progress
        self.reopenings = _reopenings()
        self.statements: list[Statement] = []

    def read(self) -> list[Statement]:
        """Return the sizes and roots with a good signature; the report gets those of the newest checkpoint."""
        self._read_checkpoints()
        self._count_checkpoints()
        self._read_cosignatures()
        for size, message in time_stamps.damaged():
            self.report.fault("time_stamp_altered", message, size)
        self._read_outside_checkpoints()
        return self.statements

    def _read_checkpoints(self) -> None:
        """Compare each checkpoint's row with its signed note, and see that none is missing between two."""
        checkpoints = select(_CHECKPOINTS)
        before = 0
        for done, (size, previous, root, text, created_at) in enumerate(checkpoints):
            self.progress("checkpoints", done, len(checkpoints))
            self.report.size, self.report.root = size, bytes(root).hex()
            name = f"Checkpoint {size}"
            if previous != before:
                message = f"{name} follows checkpoint {previous}, but the one before it is {before}."
                self.report.fault("checkpoint_missing", message, before)
            before = size
            origin = self._origin_at(size)
            plain, timed = keys.verifiers(origin)
            try:
                note = checkpoint.open_note(text, (plain, timed))
                head = checkpoint.TreeHead.parse(note.text)
            except checkpoint.NoteError as error:
                self.report.fault("checkpoint_not_signed", f"{name} is not signed by the log: {error}", size)
                continue
            if head != checkpoint.TreeHead(origin, size, bytes(root)):
                self.report.fault("checkpoint_altered", f"{name} differs from its signed note.", size)
            if text.rpartition(_GAP)[2].count("\n") != len(note.signed_by):
                self.report.fault("checkpoint_altered", f"{name} bears a line that the log did not sign.", size)
            signed_at = note.signed_by.get(timed)
            if plain not in note.signed_by or not signed_at or f"{signed_at.timestamp():.6f}" != created_at:
                self.report.fault("checkpoint_altered", f"{name} was not signed at the time that its row gives.", size)
            self.statements.append(Statement(head.size, head.root, f"checkpoint {head.size}", "root_differs"))

    def _count_checkpoints(self) -> None:
        """See that none is gone together with what the next one says of the one before, which nobody signed."""
        try:
            with transaction.atomic():
                sealed = select(_COUNTED, f"log:{settings.AUDIT_ORIGIN}")
        except DatabaseError as error:
            self.report.fault("checkpoint_missing", f"What checks counted of them cannot be read: {error}")
            return
        for size, counted, found in sealed:
            if found != counted:
                message = (
                    f"Up to checkpoint {size} there were {counted} when the log was last found whole; now {found}."
                )
                self.report.fault("checkpoint_missing", message, size)

    def _origin_at(self, size: int) -> str:
        """Return the name that the log had when it had so many entries."""
        earlier = (reopening.before for reopening in reversed(self.reopenings) if size <= reopening.kept)
        return next(earlier, settings.AUDIT_ORIGIN)

    def _read_cosignatures(self) -> None:
        """Check each signature of a witness over the checkpoint that it is kept with."""
        notes = (
            "SELECT c.size, c.key, c.line, k.note FROM audit_cosignature c LEFT JOIN audit_checkpoint k USING (size)"
        )
        for size, key, line, note in select(f"{notes} ORDER BY size, key"):
            try:
                witness = checkpoint.Verifier.parse(key)
                checkpoint.open_note(f"{(note or '').rpartition(_GAP)[0]}{_GAP}{line}\n", [witness])
            except checkpoint.NoteError as error:
                message = f"The cosignature of {key.partition('+')[0]} on checkpoint {size} is not good: {error}"
                self.report.fault("cosignature_altered", message, size)

    def _read_outside_checkpoints(self) -> None:
        names = {**{past.before: past.kept for past in self.reopenings}, settings.AUDIT_ORIGIN: self.report.size}
        notes = self._note_in_the_store()
        notes += [(f"checkpoint {number} given to compare", note) for number, note in enumerate(self.against, 1)]
        for where, note in notes:
            known = [verifier for name in names for verifier in keys.verifiers(name)]
            try:
                head = checkpoint.TreeHead.parse(checkpoint.open_note(note, known).text)
            except checkpoint.NoteError as error:
                self.report.fault("outside_checkpoint_not_signed", f"In {where}: not signed by this log: {error}")
                continue
            reached = names.get(head.origin, self.report.size)
            if head.size > reached:
                message = (
                    f"The log {head.origin} has {reached} sealed entries, but {where} has a checkpoint of {head.size}."
                )
                self.report.fault("log_shrank", message, reached)
            if head.size > reached < self.report.size:
                continue
            self.statements.append(Statement(head.size, head.root, where, "log_forked"))

    def _note_in_the_store(self) -> list[tuple[str, str]]:
        where = "the store outside the database"
        try:
            kept = checkpoint_store().read(settings.AUDIT_ORIGIN)
        except (OSError, UnicodeDecodeError) as error:
            self.report.fault("outside_checkpoint_not_signed", f"In {where}: the checkpoint cannot be read: {error}")
            return []
        return [(where, kept)] if kept else []


def _reopenings() -> list[Reopening]:
    """Return how the log came to its name; an entry of it that was tampered with is named where it is read."""
    try:
        found = list(reopenings())
    except (canonical.NotCanonicalError, KeyError, TypeError):
        return []
    return [past for past in found if isinstance(past.before, str) and isinstance(past.kept, int)]
