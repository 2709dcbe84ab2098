"""Following a published log from outside: its checkpoints, and whether each goes on from the one before.

Knows no database. The log lies at an address of the web or in a folder, in the layout of C2SP tlog-tiles.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Protocol

from audit import checkpoint, merkle
from audit.checkpoint import LONGEST_NOTE, NoteError, TreeHead, Verifier
from audit.merkle import HASH_LENGTH, TILE_WIDTH
from audit.tiles import MissingHashesError, Place, Tiles, tile_place

PATIENCE_SECONDS = 30


class Unreachable(RuntimeError):
    """The log did not answer, or not with what was asked for; nothing is said about its honesty."""


class LogAlarm(RuntimeError):
    """The log is not what it said before. `code` says how; `note` is the checkpoint that gives it away.

    The codes: ``not_signed``, ``other_log``, ``shrank``, ``forked``.
    """

    def __init__(self, code: str, message: str, note: str) -> None:
        super().__init__(message)
        self.code = code
        self.note = note


class Published(Protocol):
    """Where a log is published."""

    def read(self, name: str, *, most: int) -> bytes:
        """Return what stands under a name such as ``checkpoint``; raise Unreachable, also beyond `most` bytes."""


@dataclass(frozen=True)
class InFolder:
    """A log, or a mirror of one, as files."""

    folder: Path

    def read(self, name: str, *, most: int) -> bytes:
        """Return what stands under a name; raise Unreachable, also beyond `most` bytes."""
        try:
            content = (self.folder / name).read_bytes()
        except OSError as error:
            raise Unreachable(f"{self.folder / name} cannot be read: {error.strerror}.") from error
        return _at_most(most, content, name)


@dataclass(frozen=True)
class OnTheWeb:
    """A log at an address, such as ``https://oversight.example/log``."""

    address: str

    def read(self, name: str, *, most: int) -> bytes:
        """Return what stands under a name; raise Unreachable, also beyond `most` bytes."""
        address = f"{self.address}/{name}"
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310 - http and https only
                return _at_most(most, answer.read(most + 1), name)
        except urllib.error.HTTPError as error:
            raise Unreachable(f"{address} answers {error.code} {error.reason}.") from error
        except (OSError, HTTPException, ValueError) as error:
            raise Unreachable(f"{address} does not answer: {error}.") from error


def _at_most(most: int, content: bytes, name: str) -> bytes:
    if len(content) > most:
        raise Unreachable(f"{name} is longer than {most:,} bytes.")
    return content


def published_at(place: str) -> Published:
    """Return the log at an address that begins with http:// or https://, or in a folder."""
    web = place.startswith(("http://", "https://"))
    return OnTheWeb(place.rstrip("/")) if web else InFolder(Path(place))


class PublishedTiles(Tiles):
    """The tiles of a published log's first `size` entries. They are believed only once a signed root comes of them."""

    def __init__(self, log: Published, size: int) -> None:
        super().__init__(size)
        self.log = log

    def fetch(self, wanted: Mapping[Place, int]) -> Mapping[Place, bytes]:
        return {(level, index): read_tile(self.log, level, index, width) for (level, index), width in wanted.items()}


def read_tile(log: Published, level: int, index: int, width: int) -> bytes:
    """Return the first `width` hashes of a tile; where a partial one is gone, from the full one that took its place."""
    most = TILE_WIDTH * HASH_LENGTH
    try:
        return log.read(f"tile/{level}/{tile_place(index, width)}", most=most)
    except Unreachable:
        if width == TILE_WIDTH:
            raise
        return log.read(f"tile/{level}/{tile_place(index)}", most=most)[: width * HASH_LENGTH]


@dataclass(frozen=True)
class Seen:
    """A checkpoint that the log showed: the note, the text of it that is signed, and what that states."""

    note: str
    text: str
    head: TreeHead


def read_checkpoint(log: Published, keys: Sequence[Verifier]) -> Seen:
    """Return the checkpoint that the log shows now. Raises Unreachable, and LogAlarm where the keys did not sign it."""
    note = log.read("checkpoint", most=LONGEST_NOTE).decode(errors="replace")
    return open_checkpoint(note, keys)


def open_checkpoint(note: str, keys: Sequence[Verifier]) -> Seen:
    """Return what a checkpoint states. Raises LogAlarm where the keys did not sign it or it is of another log."""
    try:
        text = checkpoint.open_note(note, keys).text
        head = TreeHead.parse(text)
    except NoteError as error:
        raise LogAlarm("not_signed", f"The checkpoint is not signed by the log: {error}", note) from error
    if head.origin not in {key.name for key in keys}:
        raise LogAlarm("other_log", f"The checkpoint is of the log {head.origin}, and the key is not.", note)
    return Seen(note, text, head)


def require_same_course(before: Seen | None, now: Seen) -> bool:
    """Return whether the log grew since `before`; raise LogAlarm where it became shorter or shows another root."""
    if before is None:
        return True
    old, new = before.head, now.head
    if old.origin != new.origin:
        raise LogAlarm("other_log", f"This is the log {new.origin}; the one watched is {old.origin}.", now.note)
    if new.size < old.size:
        raise LogAlarm("shrank", f"The log had {old.size} entries and now shows {new.size}.", now.note)
    if new.size == old.size and new.root != old.root:
        raise LogAlarm("forked", f"The log shows two roots for its first {old.size} entries.", now.note)
    return new.size > old.size


def require_consistent(log: Published, before: Seen | None, now: Seen) -> bool:
    """Make sure, by a proof from tiles, that the log goes on from `before`; return whether it grew.

    Raises LogAlarm where it does not, and Unreachable where its tiles cannot be had.
    """
    if not require_same_course(before, now):
        return False
    if before is None or before.head.size == 0:
        return True
    old, new = before.head, now.head
    try:
        proof = PublishedTiles(log, new.size).roots(merkle.consistency_parts(old.size, new.size))
    except MissingHashesError as error:
        raise Unreachable(f"A tile of the log is too short: {error}") from error
    try:
        merkle.verify_consistency(old=old.size, old_root=old.root, new=new.size, new_root=new.root, proof=proof)
    except merkle.ProofError as error:
        message = f"The log of {new.size} entries does not begin with the {old.size} entries that it had."
        raise LogAlarm("forked", message, now.note) from error
    return True
