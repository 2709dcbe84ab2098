"""Cosignatures of witnesses: that someone outside has seen a checkpoint, and no other course of the log before it.

They are kept beside the checkpoints and are no entries: an entry for each would call for a checkpoint for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from audit import checkpoint
from audit.checkpoint import ED25519_COSIGNATURE, NoteError, Verifier
from audit.models import Checkpoint, Cosignature


class NotTaken(ValueError):
    """The note is no checkpoint of this log, or no witness known here cosigned it; the message says which."""


def witnesses() -> list[Verifier]:
    """Return the keys of the setting AUDIT_WITNESSES; raises NoteError for a malformed one."""
    keys = [Verifier.parse(text) for text in settings.AUDIT_WITNESSES]
    for key in keys:
        if key.type != ED25519_COSIGNATURE:
            raise NoteError(f"The key of {key.name} in AUDIT_WITNESSES is not that of a witness.")
    return keys


def take(note: str) -> int:
    """Keep the cosignatures that known witnesses put on a checkpoint, and return how many there are on it.

    Raises NotTaken. A witness that signs the same checkpoint again changes nothing.
    """
    try:
        opened = checkpoint.open_note(note, witnesses())
        head = checkpoint.TreeHead.parse(opened.text)
    except NoteError as error:
        raise NotTaken(f"This is no checkpoint that a witness known here signed: {error}") from error
    signed = Checkpoint.objects.filter(size=head.size).first()
    if signed is None or not signed.note.startswith(f"{opened.text}\n"):
        raise NotTaken("This log has signed no such checkpoint.")
    lines = dict(_lines(note))
    for verifier in opened.signed_by:
        row = Cosignature(size=head.size, key=verifier.text, line=lines[verifier.name, verifier.key_id])
        Cosignature.objects.bulk_create([row], ignore_conflicts=True)
    return len(opened.signed_by)


def _lines(note: str) -> Iterator[tuple[tuple[str, bytes], str]]:
    """Yield the signature lines, each with the name and key id it gives; the first of each is the one that counts."""
    for line in reversed(note.rpartition("\n\n")[2].splitlines()):
        _dash, name, value = line.split(" ")
        yield (name, checkpoint.decode(value, "A signature")[: checkpoint.KEY_ID_LENGTH]), line


def cosigned(signed: Checkpoint) -> str:
    """Return the checkpoint's note with the cosignatures of the witnesses known now."""
    known = [key.text for key in witnesses()]
    kept = Cosignature.objects.filter(size=signed.size, key__in=known).order_by("key") if known else []
    return signed.note + "".join(f"{row.line}\n" for row in kept)


@dataclass(frozen=True)
class Seen:
    """That a witness saw a checkpoint of `size` entries `at` a time by its own clock; None where it signed no such."""

    witness: str
    size: int
    at: datetime | None


@dataclass(frozen=True)
class Standing:
    """A witness: its key in one line, whether it is known here now, and the newest checkpoint that it saw, if any."""

    key: str
    is_known: bool
    newest: Seen | None

    @property
    def name(self) -> str:
        """The name of the witness."""
        return self.key.partition("+")[0]


def seen(rows: Iterable[Cosignature]) -> list[Seen]:
    """Return what the cosignatures say, each checked against the checkpoint that it is kept with."""
    kept = list(rows)
    notes = Checkpoint.objects.in_bulk({row.size for row in kept})
    return [Seen(row.witness, row.size, _signed_at(row, notes.get(row.size))) for row in kept]


def _signed_at(row: Cosignature, signed: Checkpoint | None) -> datetime | None:
    text = signed.note.rpartition("\n\n")[0] if signed else ""
    try:
        witness = Verifier.parse(row.key)
        return checkpoint.open_note(f"{text}\n\n{row.line}\n", [witness]).signed_by[witness]
    except NoteError:
        return None


def standing() -> list[Standing]:
    """Return the witnesses known now, and those whose cosignatures are kept though they are known no longer."""
    newest = list(Cosignature.objects.order_by("key", "-size").distinct("key"))
    last = dict(zip((row.key for row in newest), seen(newest), strict=True))
    known = [key.text for key in witnesses()]
    return [Standing(key, key in known, last.get(key)) for key in [*known, *(key for key in last if key not in known)]]
