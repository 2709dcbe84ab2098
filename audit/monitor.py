"""A monitor: mirrors a published log into a folder, tile by tile, and makes sure that each checkpoint follows the last.

Knows no database. The mirror has the layout of C2SP tlog-tiles, so that any web server can hand it out, and a witness
or another monitor can read it.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from audit import merkle
from audit.checkpoint import Verifier
from audit.following import (
    InFolder,
    LogAlarm,
    Published,
    PublishedTiles,
    Seen,
    Unreachable,
    open_checkpoint,
    read_checkpoint,
    read_tile,
    require_same_course,
)
from audit.merkle import HASH_LENGTH, TILE_HEIGHT, TILE_WIDTH
from audit.store import replace_file
from audit.tiles import tile_place

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True)
class Followed:
    """What one look at the log found: how many entries it has, its root (hexadecimal), and how many of them are new."""

    size: int
    root: str
    new_entries: int

    def as_dict(self) -> dict[str, object]:
        """Return it as `follow_log --json` prints it."""
        return {"ok": True, **asdict(self)}


@dataclass(frozen=True)
class Mirror:
    """A folder that holds a log as far as it was followed: `checkpoint`, `checkpoints/SIZE`, and `tile/LEVEL/...`.

    `alarms/` keeps the checkpoints that gave a log away.
    """

    folder: Path
    keys: Sequence[Verifier]

    def follow(self, log: Published, now: datetime, progress: Progress = lambda what, done, total: None) -> Followed:
        """Bring the mirror up to the log's checkpoint and return what is new.

        The tree is computed from the hashes of all entries, so that every one of them is under the signed root. What
        was fetched before an interruption is not fetched again. Raises Unreachable, and LogAlarm after the note that
        gives the log away was kept.
        """
        with self._alone():
            kept = self.folder / "checkpoint"
            before = open_checkpoint(kept.read_text(encoding="utf-8"), self.keys) if kept.exists() else None
            try:
                seen = read_checkpoint(log, self.keys)
                grew = require_same_course(before, seen)
                if grew:
                    self._grow(log, before.head.size if before else 0, seen, progress)
            except LogAlarm as alarm:
                self._keep(f"alarms/{now:%Y%m%dT%H%M%SZ}-{alarm.code}", alarm.note)
                raise
            start = before.head.size if before else 0
            return Followed(seen.head.size, seen.head.root.hex(), seen.head.size - start)

    def _grow(self, log: Published, start: int, seen: Seen, progress: Progress) -> None:
        edge = [bytes(hashes) for hashes in PublishedTiles(InFolder(self.folder), start).frontier().partials]
        try:
            frontier = self._append(log, edge, seen, progress, anew=False)
        except LogAlarm:
            frontier = self._append(log, edge, seen, progress, anew=True)  # tiles of an interrupted look may be wrong
        for level, hashes in enumerate(frontier.partials):
            index = seen.head.size >> TILE_HEIGHT * (level + 1)
            self._write_partial(level, index, bytes(hashes))
        self._keep(f"checkpoints/{seen.head.size}", seen.note)
        self._keep("checkpoint", seen.note)

    def _append(
        self, log: Published, edge: Sequence[bytes], seen: Seen, progress: Progress, *, anew: bool
    ) -> merkle.Frontier:
        """Return the tree grown on from its edge; raise LogAlarm unless its root is the one signed.

        Tiles that an interrupted look has left are used, but with `anew` none.
        """
        size, frontier = seen.head.size, merkle.Frontier(edge)
        start = frontier.size
        for index in range(start // TILE_WIDTH, -(-size // TILE_WIDTH)):
            progress("entries", frontier.size, size)
            width = min(size - index * TILE_WIDTH, TILE_WIDTH)
            kept = self._path(0, index)
            left = not anew and width == TILE_WIDTH and kept.exists()
            hashes = kept.read_bytes() if left else read_tile(log, 0, index, width)
            if len(hashes) != width * HASH_LENGTH:
                raise Unreachable(f"Tile 0/{index} of the log is too short.")
            for leaf in merkle.split_hashes(hashes)[max(start - index * TILE_WIDTH, 0) :]:
                for tile in frontier.append(leaf):
                    self._write(tile.level, tile.index, tile.hashes)
        progress("entries", size, size)
        if frontier.root() != seen.head.root:
            message = f"The log signed a root for {size} entries that its hashes do not give" + (
                f", or it does not begin with the {start} entries that it had." if start else "."
            )
            raise LogAlarm("forked", message, seen.note)
        return frontier

    def _path(self, level: int, index: int, width: int = TILE_WIDTH) -> Path:
        return self.folder / f"tile/{level}/{tile_place(index, width)}"

    def _write(self, level: int, index: int, hashes: bytes) -> None:
        path = self._path(level, index)
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        new.write_bytes(hashes)
        new.replace(path)
        self._forget_partials(level, index)

    def _write_partial(self, level: int, index: int, hashes: bytes) -> None:
        self._forget_partials(level, index)
        if hashes:
            path = self._path(level, index, len(hashes) // HASH_LENGTH)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(hashes)

    def _forget_partials(self, level: int, index: int) -> None:
        for old in self._path(level, index, 1).parent.glob("*"):
            old.unlink()

    def _keep(self, name: str, note: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, note)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
