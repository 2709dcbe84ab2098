"""A witness: keeps the last checkpoint of a log, and cosigns a later one only if the log goes on from there.

Knows no database and needs none, so that a newspaper or a city clerk can run it. It cosigns as C2SP tlog-cosignature
says: the signature states the time, and that the witness has seen no other course of the log.
"""

from __future__ import annotations

import fcntl
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from audit import checkpoint
from audit.checkpoint import ED25519_COSIGNATURE, ED25519_KEY_LENGTH, Ed25519Signer, NoteError, Verifier
from audit.following import LogAlarm, Published, Seen, open_checkpoint, read_checkpoint, require_consistent
from audit.store import replace_file

_SECRET = "PRIVATE+KEY+"  # noqa: S105 - how the line begins that holds one
_EPOCH = datetime.fromtimestamp(0, UTC)


def new_secret_key(name: str) -> str:
    """Return a new secret key in one line, ``PRIVATE+KEY+name+id+base64``; raise NoteError for a name with spaces."""
    return _SECRET + _secret_text(Ed25519Signer(name, secrets.token_bytes(ED25519_KEY_LENGTH), _EPOCH))


def _secret_text(signer: Ed25519Signer) -> str:
    verifier = Verifier.parse(signer.verifier.text)
    value = checkpoint.encode(bytes([ED25519_COSIGNATURE]) + signer.seed)
    return f"{signer.name}+{verifier.key_id.hex()}+{value}\n"


def read_secret_key(text: str, moment: datetime) -> Ed25519Signer:
    """Return who signs with this key at `moment`; raise NoteError where the text is no secret key of a witness."""
    name, _, rest = text.strip().removeprefix(_SECRET).partition("+")
    value = checkpoint.decode(rest.partition("+")[2], "The secret key")
    signer = Ed25519Signer(name, value[1:], moment)
    if len(signer.seed) != ED25519_KEY_LENGTH or text.strip() != (_SECRET + _secret_text(signer)).strip():
        raise NoteError("The secret key must be a line PRIVATE+KEY+name+id+base64, as --new-key writes it.")
    return signer


@dataclass(frozen=True)
class Witness:
    """One log under watch: its keys, the witness's own secret key, and the file that keeps the last checkpoint."""

    keys: Sequence[Verifier]
    secret_key: str
    kept: Path

    def look(self, log: Published, now: datetime) -> tuple[Seen, bool]:
        """Read the log's checkpoint, and cosign it if the log goes on from the one kept.

        Returns the cosigned checkpoint, and whether the log grew. The file is replaced before the cosignature is given
        out. Raises Unreachable, and LogAlarm after the note that gives the log away was written beside the file.
        """
        signer = read_secret_key(self.secret_key, now)
        with self._alone():
            before = open_checkpoint(self.kept.read_text(encoding="utf-8"), self.keys) if self.kept.exists() else None
            try:
                seen = read_checkpoint(log, self.keys)
                grew = require_consistent(log, before, seen)
            except LogAlarm as alarm:
                self.kept.with_suffix(f".{alarm.code}").write_text(alarm.note, encoding="utf-8")
                raise
            lines = seen.note.removeprefix(f"{seen.text}\n").splitlines(keepends=True)
            own = "".join(line for line in lines if line.split(" ")[1] == seen.head.origin)
            cosigned = replace(seen, note=f"{seen.text}\n{own}{signer.sign(seen.text)}")
            replace_file(self.kept, cosigned.note)
        return cosigned, grew

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.kept.parent.mkdir(parents=True, exist_ok=True)
        with self.kept.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
