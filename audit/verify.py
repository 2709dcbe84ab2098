"""Check the whole log against itself, its signatures, and what is kept outside it; and name the first bad place.

Here the tree is rebuilt; `audit.signed` checks what was signed, `audit.entries` each entry.

Apps above add their own checks with `register`: the log cannot look at their tables.
"""

from __future__ import annotations

import os
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import orjson
from django.db import DatabaseError, connection, transaction

from audit import bulk, merkle, proofs
from audit.entries import EntryCheck
from audit.faults import MOST_FAULTS, Fault, Progress, Report, Verified, VerifyContext
from audit.signed import SignedStatements, Statement
from audit.snapshot import select, snapshot
from audit.stretches import Agreeing

_CHUNK = 8192
_LEVELS = range(7)
"""Levels of tiles that a log can reach whose size is a 64-bit number."""

Check = Callable[[VerifyContext], Iterable[Fault]]
_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Add a check of what the log says against another app's tables; called from `AppConfig.ready`.

    The check yields a Fault for each disagreement. It reads on the default connection, where it sees one snapshot, and
    must write nothing. Raises ValueError for a name that is taken.
    """
    if name in _checks:
        raise ValueError(f"The check {name!r} is already registered.")
    _checks[name] = check


def verify(
    *,
    against: Sequence[str] = (),
    since: Verified | None = None,
    progress: Progress = lambda what, done, total: None,
) -> Report:
    """Check everything that was sealed, the form of everything still pending, and then what other apps registered.

    With `since`, what was found whole before is held to the root that it had, and its entries are not read again.

    `against` holds signed checkpoints that were kept elsewhere, beside the one in the store. Outside a transaction one
    snapshot is read, in REPEATABLE READ READ ONLY; inside a caller's transaction the isolation stays as it is.
    """
    workers = 1 if connection.in_atomic_block else os.cpu_count() or 1
    with snapshot():
        return _Verification(against, since, workers, progress).run()


def last_verified() -> Verified | None:
    """Return how far the log was found whole when that was last recorded, None where it never was or none can say."""
    try:
        with transaction.atomic():
            found = select(_LAST_VERIFIED)
        return Verified(int(found[0][0]), bytes.fromhex(found[0][1])) if found else None
    except (DatabaseError, TypeError, ValueError):  # an entry that no check made: then everything is read
        return None


_LAST_VERIFIED = """
    SELECT (leaf::jsonb -> 'facts' -> 'size')::bigint, leaf::jsonb -> 'facts' ->> 'root'
      FROM audit_entry JOIN audit_leaf ON entry_id = id
     WHERE action = 'log.verified' AND leaf::jsonb -> 'facts' @> '{"faults": 0, "codes": []}'
     ORDER BY position DESC LIMIT 1
"""


_ENTRY = """
    e.id, coalesce(e.leaf, ''), e.n, e.action, e.actor, e.actor_role, e.subject,
    array_to_json(e.objects)::text, array_to_json(e.basis)::text,
    CASE WHEN e.occurred_at > '1970-01-01'
         THEN to_char(e.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') END,
    d.salt, d.value
"""
_SEALED = f"""
    SELECT l.position, l.leaf_hash, l.entry_id, {_ENTRY}
      FROM audit_leaf l LEFT JOIN audit_entry e ON e.id = l.entry_id LEFT JOIN audit_detail d ON d.entry_id = e.id
     WHERE l.position >= %s AND l.position < %s
"""  # noqa: S608 - made of constants
_UNSEALED = f"""
    SELECT p.entry_id IS NOT NULL, {_ENTRY}
      FROM audit_entry e {{join}} JOIN audit_pending p ON p.entry_id = e.id
      LEFT JOIN audit_detail d ON d.entry_id = e.id
     WHERE NOT EXISTS (SELECT FROM audit_leaf l WHERE l.entry_id = e.id) ORDER BY e.id
"""  # noqa: S608 - made of constants
_PENDING = _UNSEALED.format(join="INNER")
_PENDING_OR_LOST = _UNSEALED.format(join="LEFT")
_GONE = """
    SELECT position, entry_id FROM audit_leaf
     WHERE position < %s AND NOT EXISTS (SELECT FROM audit_entry WHERE id = entry_id) ORDER BY position
"""
_PUT_BACK = """
    SELECT kept.entry_id, position, about.subject
      FROM audit_entry AS erasing
      JOIN audit_entry AS about ON about.subject = erasing.subject
      JOIN audit_detail AS kept ON kept.entry_id = about.id
      LEFT JOIN audit_leaf ON audit_leaf.entry_id = about.id
     WHERE erasing.action = 'log.detail_erased'
       AND 'detail:' || encode(sha256(kept.salt || convert_to(kept.value, 'UTF8')), 'hex') = ANY (erasing.objects)
     ORDER BY kept.entry_id
"""
_TILES = """
    SELECT level, index, hashes, root
      FROM unnest(%s::smallint[], %s::bigint[], %s::bigint[]) AS wanted (at_level, first, until)
      JOIN audit_tile ON level = at_level AND index >= first AND index < until
"""
_LEAVES_BEYOND = """
    SELECT position, entry_id FROM audit_leaf
     WHERE position < 0 OR position >= %s OR position IS NULL ORDER BY position
"""
_TILES_BEYOND = """
    SELECT level, index FROM audit_tile
     WHERE (level BETWEEN 0 AND 6 AND index >= 0 AND index < %s::bigint >> (8 * (level + 1))) IS NOT TRUE
     ORDER BY level, index
"""


class _Verification:
    """One run: reads the log once from its start, and keeps what later entries must agree with."""

    def __init__(self, against: Sequence[str], since: Verified | None, workers: int, progress: Progress) -> None:
        self.against = against
        self.since = since
        self.workers = workers
        self.progress = progress
        self.report = Report(entries=select("SELECT count(*) FROM audit_entry")[0][0])
        self.frontier = merkle.Frontier()
        self.statements: list[Statement] = []
        self.agreed = [0]
        self.disagreed: set[str] = set()
        self.passed_over = False
        self.sealed = 0
        self.entries = EntryCheck(self.report)

    def run(self) -> Report:
        self.statements = SignedStatements(self.against, self.report, self.progress).read()
        self._read_sealed_entries()
        self._read_pending_entries()
        self._look_for_strays()
        for name, check in _checks.items():
            self._run_registered(name, check)
        self.report.faults = self.report.faults[:MOST_FAULTS]
        return self.report

    def _read_sealed_entries(self) -> None:
        """Read the entries in their order, rebuild the tree, and compare it with each tile and each statement."""
        size = min(self.report.size, select("SELECT coalesce(max(position) + 1, 0) FROM audit_leaf")[0][0])
        if size < self.report.size:
            message = f"The entries from position {size} to {self.report.size - 1} were removed."
            self.report.fault("leaf_missing", message, size)
        done = self.sealed = self.report.read_from = self._stand_on_what_was_verified(size)
        statements = [statement for statement in self.statements if statement.size > done]
        self.waiting = deque(sorted(statements, key=lambda statement: statement.size))
        for stretch in bulk.compare(done, size, workers=self.workers):
            if len(self.report.faults) >= MOST_FAULTS:
                return
            self.progress("entries", done, size)
            done = stretch.until
            if stretch.agreeing is not None and self._follow(stretch.start, stretch.agreeing):
                self.sealed += stretch.until - stretch.start
                self._take_tiles(stretch.start, stretch.agreeing)
            else:
                self._read_rows(stretch.start, stretch.until)
        self._read_rows(done, size)
        self.progress("entries", size, size)

    def _stand_on_what_was_verified(self, size: int) -> int:
        """Return from where on entries are read; a tile that was not full then is read again."""
        if self.since is None or not 0 < self.since.size <= size:
            return 0
        start = self.since.size - self.since.size % merkle.TILE_WIDTH
        try:
            same = proofs.root_at(self.since.size) == self.since.root
            self.frontier = proofs.frontier(start)
            for statement in self.statements:
                if 0 < statement.size <= start and proofs.root_at(statement.size) != statement.root:
                    same = False
        except proofs.DamagedLogError:
            same = False
        if not same:
            self.frontier = merkle.Frontier()
            return 0
        self.passed_over = True
        self.agreed = [start]
        return start

    def _follow(self, start: int, agreeing: Agreeing) -> bool:
        if self.passed_over:
            self.entries.recall(agreeing.subjects.split(b"\n"), start)
        return self.entries.follow(agreeing)

    def _take_tiles(self, start: int, agreeing: Agreeing) -> None:
        """Build the tree on over entries that agree, tile by tile where no checkpoint lies inside one."""
        roots = merkle.split_hashes(agreeing.roots)
        stored = _stored_tiles(start, start + len(roots) * merkle.TILE_WIDTH)
        for number, root in enumerate(roots):
            tile = merkle.cut(agreeing.hashes, number * merkle.TILE_WIDTH, (number + 1) * merkle.TILE_WIDTH)
            if self.waiting and self.waiting[0].size < self.frontier.size + merkle.TILE_WIDTH:
                for leaf_hash in merkle.split_hashes(tile):
                    self._grow(self.frontier.append(leaf_hash), stored)
            else:
                self._grow(self.frontier.append_tile(tile, root), stored)

    def _grow(self, completed: list[merkle.Tile], tiles: dict[tuple[int, int], tuple[bytes, bytes]]) -> None:
        for tile in completed:
            self._compare_tile(tile, tiles.get((tile.level, tile.index)))
        while self.waiting and self.waiting[0].size == self.frontier.size:
            self._compare_root(self.waiting.popleft())

    def _read_rows(self, first: int, until: int) -> None:
        """Read the entries of a range one by one, and name what is wrong with each."""
        for start in range(first, until, _CHUNK):
            if len(self.report.faults) >= MOST_FAULTS:
                return
            self.progress("entries", start, self.report.size)
            end = min(start + _CHUNK, until)
            rows: dict[int, tuple[Any, ...]] = {}
            for row in select(_SEALED, start, end):
                if rows.setdefault(row[0], row) is not row:
                    message = f"Position {row[0]} is taken more than once, or its entry or its detail is there twice."
                    self.report.fault("leaf_extra", message, row[0])
            if self.passed_over:
                self.entries.recall(_subjects(row[4] for row in rows.values()), start)
            tiles = _stored_tiles(start, end)
            for position in range(start, end):
                leaf_hash = self._read_position(position, rows.get(position))
                self._grow(self.frontier.append(leaf_hash), tiles)

    def _read_position(self, position: int, row: tuple[Any, ...] | None) -> bytes:
        """Check the entry at a position and return the hash that is kept for it."""
        if row is None:
            self.report.fault("leaf_missing", f"Position {position} is empty: its row was removed.", position)
            return bytes(merkle.HASH_LENGTH)
        _, kept, entry_id, found_id, text, *_ = row
        kept = bytes(kept or b"")
        if found_id is None:
            message = f"Position {position} is of entry {entry_id}, which was removed."
            self.report.fault("entry_missing", message, position)
            return kept
        self.sealed += 1
        text_hash = merkle.leaf_hash(text.encode())
        if text_hash != kept:
            message = f"Position {position}: the text of entry {entry_id} does not give the hash kept for it."
            self.report.fault("leaf_altered", message, position)
        self.entries.check(position, row[3:], text_hash)
        return kept

    def _compare_tile(self, tile: merkle.Tile, stored: tuple[bytes, bytes] | None) -> None:
        width = 1 << merkle.TILE_HEIGHT * tile.level
        start = tile.index * merkle.TILE_WIDTH * width
        name = f"Tile {tile.level}/{tile.index}"
        if stored is None:
            self.report.fault("tile_missing", f"{name} was removed.", start)
            return
        hashes, root = stored
        if hashes != tile.hashes:
            pairs = zip(merkle.split_hashes(hashes), merkle.split_hashes(tile.hashes), strict=False)
            place = next((number for number, (a, b) in enumerate(pairs) if a != b), merkle.TILE_WIDTH - 1)
            position = start + place * width
            message = f"{name} does not hold what the entries from position {position} on give."
            self.report.fault("tile_differs", message, position)
        if root != tile.root:
            self.report.fault("tile_differs", f"{name} does not hold the root over the entries from {start} on.", start)

    def _compare_root(self, statement: Statement) -> None:
        """Compare the tree so far with what was signed for it; after a difference every later one differs too."""
        if self.frontier.root() == statement.root:
            self.agreed.append(statement.size)
        elif statement.code not in self.disagreed:
            self.disagreed.add(statement.code)
            start = next(size for size in reversed(self.agreed) if size < statement.size)
            self.report.fault(
                statement.code,
                f"Positions {start} to {statement.size - 1} do not hold the entries that {statement.where} was signed "
                "for.",
                start,
            )

    def _read_pending_entries(self) -> None:
        """Check the entries without a position: each must be pending, and go on where its subject's sealed ones end."""
        rows = select(_PENDING)
        if self.sealed + len(rows) != self.report.entries:
            rows = select(_PENDING_OR_LOST)
            self._look_for_gone()
        if self.passed_over:
            self.entries.recall(_subjects(row[2] for row in rows), self.report.size)
        for pending, *row in rows:
            entry_id, text, subject = row[0], row[1], row[6]
            if pending:
                self.report.pending += 1
            else:
                self.report.fault("entry_lost", f"Entry {entry_id} is neither in the log nor pending.", None, subject)
            self.entries.check(None, row, merkle.leaf_hash(text.encode()))

    def _look_for_gone(self) -> None:
        """Name the entries that are gone among those that were passed over, since they were found whole before."""
        for position, entry in select(_GONE, self.report.read_from):
            self.report.fault("entry_missing", f"Position {position} is of entry {entry}, which was removed.", position)

    def _look_for_strays(self) -> None:
        """Look for rows that belong to nothing."""
        size = self.report.size
        for position, entry in select(_LEAVES_BEYOND, size):
            message = f"Position {position} (entry {entry}) lies outside the {size} entries of the newest checkpoint."
            self.report.fault("leaf_extra", message, position)
        for level, index in select(_TILES_BEYOND, size):
            message = f"Tile {level}/{index} lies outside the {size} entries of the newest checkpoint."
            self.report.fault("tile_extra", message)
        for (entry,) in select("SELECT entry_id FROM audit_pending JOIN audit_leaf USING (entry_id)"):
            self.report.fault("pending_extra", f"Entry {entry} is in the log and yet pending.")
        missing = "WHERE NOT EXISTS (SELECT FROM audit_entry WHERE id = entry_id) ORDER BY entry_id"
        for (entry,) in select(f"SELECT entry_id FROM audit_pending {missing}"):  # noqa: S608 - made of constants
            self.report.fault("pending_extra", f"Entry {entry} is said to be pending, but there is no such entry.")
        for (entry,) in select(f"SELECT entry_id FROM audit_detail {missing}"):  # noqa: S608 - made of constants
            self.report.fault("detail_extra", f"Entry {entry} has a detail, but there is no such entry.")
        for entry, place, subject in select(_PUT_BACK):
            self.report.fault("detail_extra", f"The detail of entry {entry} was erased, and is back.", place, subject)

    def _run_registered(self, name: str, check: Check) -> None:
        """Run another app's check; one that stumbles over a damaged log must not hide what was found before."""
        try:
            with transaction.atomic():
                try:
                    self.report.faults.extend(check(VerifyContext(self.report.size, self.progress)))
                except Exception as error:
                    traceback.clear_frames(error.__traceback__)  # closes what it read from, while that can be closed
                    raise
        except Exception as error:  # noqa: BLE001 - whatever another app raises is a finding, not a crash
            self.report.fault("check_failed", f"The check of {name} could not be finished: {error!r}")


def _subjects(texts: Iterable[str]) -> Iterator[bytes]:
    """Yield the subject that each of these texts names, where it is a leaf."""
    for text in texts:
        with suppress(orjson.JSONDecodeError, AttributeError):
            yield str(orjson.loads(text or "{}").get("subject")).encode()


def _stored_tiles(start: int, end: int) -> dict[tuple[int, int], tuple[bytes, bytes]]:
    """Return the stored tiles that the entries of the range complete, by level and index; nothing of one kept twice."""
    heights = [(level, merkle.TILE_HEIGHT * (level + 1)) for level in _LEVELS]
    wanted = [(level, start >> height, end >> height) for level, height in heights if start >> height < end >> height]
    rows = select(_TILES, *map(list, zip(*wanted, strict=True))) if wanted else []
    tiles: dict[tuple[int, int], tuple[bytes, bytes]] = {}
    for level, index, hashes, root in rows:
        kept_twice = (level, index) in tiles
        tiles[level, index] = (b"", b"") if kept_twice else (bytes(hashes or b""), bytes(root or b""))
    return tiles
