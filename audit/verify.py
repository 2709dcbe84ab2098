"""Check the whole log against itself, its signatures, and what is kept outside it; and name the first bad place.

Apps above add their own checks with `register`: the log cannot look at their tables.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.conf import settings
from django.db import connection, transaction

from audit import bulk, canonical, checkpoint, keys, merkle, proofs, time_stamps
from audit.reopening import Reopening, reopenings
from audit.store import checkpoint_store

MOST_FAULTS = 1000
"""Faults that a report lists; where everything is wrong, more lines say nothing more."""
_CHUNK = 8192
_LEVELS = range(7)
"""Levels of tiles that a log can reach whose size is a 64-bit number."""
_FIELDS = (
    "action", "actor", "at", "basis", "commitment", "facts", "n", "objects", "prev", "r", "role", "subject", "v",
)  # fmt: skip
_KINDS = {
    (str, str, str, list, commitment, dict, int, list, prev, str, str, str, int)
    for commitment in (str, type(None))
    for prev in (str, type(None))
}
"""The types that the fields of a leaf may have."""
_GAP = "\n\n"
_COLUMNS = ("n", "action", "actor", "actor_role", "subject", "objects", "basis", "occurred_at")

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True)
class Fault:
    """Something that is not as it was sealed. `position` counts entries from the start of the log."""

    code: str
    message: str
    position: int | None = None
    subject: str = ""


@dataclass(frozen=True)
class VerifyContext:
    """What a registered check is given: how many entries the newest checkpoint covers, and where to tell progress."""

    size: int
    progress: Progress


@dataclass(frozen=True)
class Verified:
    """That the log's first `size` entries were found whole, and had this root (32 bytes)."""

    size: int
    root: bytes


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


@dataclass
class Report:
    """The outcome of a verification.

    `entries` counts all entries, `size` those that the newest checkpoint covers, `pending` those that wait for a
    position; `root` is hexadecimal. `read_from` is the position from which on entries were read: those before it were
    only held to the root that they had when they were found whole.
    """

    entries: int = 0
    size: int = 0
    root: str = merkle.EMPTY_ROOT.hex()
    pending: int = 0
    faults: list[Fault] = field(default_factory=list)
    read_from: int = field(default=0, compare=False)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def as_dict(self) -> dict[str, Any]:
        """Return the report as `verify_audit_log --json` prints it."""
        faults = [vars(fault) for fault in self.faults]
        return {"ok": self.ok, "entries": self.entries, "size": self.size, "root": self.root, "faults": faults}


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
    with _snapshot():
        return _Verification(against, since, workers, progress).run()


def last_verified() -> Verified | None:
    """Return how far the log was found whole when that was last recorded, None where it never was."""
    found = _rows(_LAST_VERIFIED)
    return Verified(found[0][0], bytes.fromhex(found[0][1])) if found else None


_LAST_VERIFIED = """
    SELECT (leaf::jsonb -> 'facts' -> 'size')::bigint, leaf::jsonb -> 'facts' ->> 'root'
      FROM audit_entry JOIN audit_leaf ON entry_id = id
     WHERE action = 'log.verified' AND leaf::jsonb -> 'facts' @> '{"faults": 0, "codes": []}'
     ORDER BY position DESC LIMIT 1
"""


@contextmanager
def _snapshot() -> Iterator[None]:
    inside = connection.in_atomic_block
    with transaction.atomic():
        if not inside:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def _rows(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


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
      FROM audit_entry e LEFT JOIN audit_pending p ON p.entry_id = e.id LEFT JOIN audit_detail d ON d.entry_id = e.id
     WHERE NOT EXISTS (SELECT FROM audit_leaf l WHERE l.entry_id = e.id) ORDER BY e.id
"""  # noqa: S608 - made of constants
_LAST_OF_SUBJECT = """
    SELECT DISTINCT ON (subject) subject, n, leaf
      FROM audit_entry JOIN audit_leaf ON entry_id = id
     WHERE subject = ANY(%s) AND position < %s ORDER BY subject, n DESC
"""
_CHECKPOINTS = """
    SELECT size, previous, root, note, extract(epoch FROM created_at)::text FROM audit_checkpoint ORDER BY size
"""
_TILES = """
    SELECT level, index, hashes, root
      FROM unnest(%s::smallint[], %s::bigint[], %s::bigint[]) AS wanted (at_level, first, until)
      JOIN audit_tile ON level = at_level AND index >= first AND index < until
"""
_TILES_BEYOND = """
    SELECT level, index FROM audit_tile
     WHERE level NOT BETWEEN 0 AND 6 OR index < 0 OR index >= %s::bigint >> (8 * (level + 1)) ORDER BY level, index
"""


@dataclass(frozen=True)
class _Statement:
    """A size and root that the log once signed, and where that was found."""

    size: int
    root: bytes
    where: str
    code: str


class _Verification:
    """One run: reads the log once from its start, and keeps what later entries must agree with."""

    def __init__(self, against: Sequence[str], since: Verified | None, workers: int, progress: Progress) -> None:
        self.against = against
        self.since = since
        self.workers = workers
        self.progress = progress
        self.report = Report(entries=_rows("SELECT count(*) FROM audit_entry")[0][0])
        self.frontier = merkle.Frontier()
        self.reopenings = _reopenings()
        self.statements: list[_Statement] = []
        self.agreed = [0]
        self.disagreed: set[str] = set()
        self.last_of_subject: dict[str, tuple[int, str | None]] = {}
        self.passed_over = False
        self.erased = {
            reference
            for (references,) in _rows("SELECT objects FROM audit_entry WHERE action = 'log.detail_erased'")
            for reference in references
        }

    def run(self) -> Report:
        self._read_checkpoints()
        self._read_cosignatures()
        for size, message in time_stamps.damaged():
            self._fault("time_stamp_altered", message, size)
        self._read_outside_checkpoints()
        self._read_sealed_entries()
        self._read_pending_entries()
        self._look_for_strays()
        for name, check in _checks.items():
            self._run_registered(name, check)
        self.report.faults = self.report.faults[:MOST_FAULTS]
        return self.report

    def _fault(self, code: str, message: str, position: int | None = None, subject: str = "") -> None:
        self.report.faults.append(Fault(code, message, position, subject))

    def _read_checkpoints(self) -> None:
        """Compare each checkpoint's row with its signed note, and see that none is missing between two."""
        rows = _rows(_CHECKPOINTS)
        before = 0
        for done, (size, previous, root, text, created_at) in enumerate(rows):
            self.progress("checkpoints", done, len(rows))
            self.report.size, self.report.root = size, bytes(root).hex()
            name = f"Checkpoint {size}"
            if previous != before:
                message = f"{name} follows checkpoint {previous}, but the one before it is {before}."
                self._fault("checkpoint_missing", message, before)
            before = size
            origin = self._origin_at(size)
            plain, timed = keys.verifiers(origin)
            try:
                note = checkpoint.open_note(text, (plain, timed))
                head = checkpoint.TreeHead.parse(note.text)
            except checkpoint.NoteError as error:
                self._fault("checkpoint_not_signed", f"{name} is not signed by the log: {error}", size)
                continue
            if head != checkpoint.TreeHead(origin, size, bytes(root)):
                self._fault("checkpoint_altered", f"{name} differs from its signed note.", size)
            signed_at = note.signed_by.get(timed)
            if plain not in note.signed_by or not signed_at or f"{signed_at.timestamp():.6f}" != created_at:
                self._fault("checkpoint_altered", f"{name} was not signed at the time that its row gives.", size)
            self.statements.append(_Statement(head.size, head.root, f"checkpoint {head.size}", "root_differs"))

    def _origin_at(self, size: int) -> str:
        """Return the name that the log had when it had so many entries."""
        earlier = (reopening.before for reopening in reversed(self.reopenings) if size <= reopening.kept)
        return next(earlier, settings.AUDIT_ORIGIN)

    def _read_cosignatures(self) -> None:
        """Check each signature of a witness over the checkpoint that it is kept with."""
        notes = (
            "SELECT c.size, c.key, c.line, k.note FROM audit_cosignature c LEFT JOIN audit_checkpoint k USING (size)"
        )
        for size, key, line, note in _rows(f"{notes} ORDER BY size, key"):
            try:
                witness = checkpoint.Verifier.parse(key)
                checkpoint.open_note(f"{(note or '').rpartition(_GAP)[0]}{_GAP}{line}\n", [witness])
            except checkpoint.NoteError as error:
                message = f"The cosignature of {key.partition('+')[0]} on checkpoint {size} is not good: {error}"
                self._fault("cosignature_altered", message, size)

    def _read_outside_checkpoints(self) -> None:
        kept = checkpoint_store().read(settings.AUDIT_ORIGIN)
        names = {settings.AUDIT_ORIGIN: self.report.size, **{past.before: past.kept for past in self.reopenings}}
        notes = [("the store outside the database", kept)] if kept else []
        notes += [(f"checkpoint {number} given to compare", note) for number, note in enumerate(self.against, 1)]
        for where, note in notes:
            known = [verifier for name in names for verifier in keys.verifiers(name)]
            try:
                head = checkpoint.TreeHead.parse(checkpoint.open_note(note, known).text)
            except checkpoint.NoteError as error:
                self._fault("outside_checkpoint_not_signed", f"In {where}: not signed by this log: {error}")
                continue
            reached = names.get(head.origin, self.report.size)
            if head.size > reached:
                message = (
                    f"The log {head.origin} has {reached} sealed entries, but {where} has a checkpoint of {head.size}."
                )
                self._fault("log_shrank", message, reached)
            if head.size > reached < self.report.size:
                continue
            self.statements.append(_Statement(head.size, head.root, where, "log_forked"))

    def _read_sealed_entries(self) -> None:
        """Read the entries in their order, rebuild the tree, and compare it with each tile and each statement."""
        size = min(self.report.size, _rows("SELECT coalesce(max(position) + 1, 0) FROM audit_leaf")[0][0])
        if size < self.report.size:
            message = f"The entries from position {size} to {self.report.size - 1} were removed."
            self._fault("leaf_missing", message, size)
        done = self.report.read_from = self._stand_on_what_was_verified(size)
        statements = [statement for statement in self.statements if statement.size > done]
        self.waiting = deque(sorted(statements, key=lambda statement: statement.size))
        for stretch in bulk.compare(done, size, workers=self.workers):
            if len(self.report.faults) >= MOST_FAULTS:
                return
            self.progress("entries", done, size)
            done = stretch.until
            if stretch.hashes is None:
                self._read_rows(stretch.start, stretch.until)
            else:
                self.passed_over = True
                self._take_tiles(stretch.start, stretch.hashes)
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

    def _take_tiles(self, start: int, hashes: bytes) -> None:
        """Build the tree on over entries that agree, tile by tile where no checkpoint lies inside one."""
        width = merkle.TILE_WIDTH * merkle.HASH_LENGTH
        tiles = _stored_tiles(start, start + len(hashes) // merkle.HASH_LENGTH)
        for offset in range(0, len(hashes), width):
            tile = hashes[offset : offset + width]
            if self.waiting and self.waiting[0].size < self.frontier.size + merkle.TILE_WIDTH:
                for leaf_hash in merkle.split_hashes(tile):
                    self._grow(self.frontier.append(leaf_hash), tiles)
            else:
                self._grow(self.frontier.append_tile(tile), tiles)

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
            rows = {row[0]: row for row in _rows(_SEALED, start, end)}
            if self.passed_over:
                self._recall([row[4] for row in rows.values()], start)
            tiles = _stored_tiles(start, end)
            for position in range(start, end):
                leaf_hash = self._read_position(position, rows.get(position))
                self._grow(self.frontier.append(leaf_hash), tiles)

    def _recall(self, texts: Sequence[str], before: int) -> None:
        """Find out what came last of the subjects of these texts among the entries that were not read one by one."""
        subjects = set()
        for text in texts:
            with suppress(orjson.JSONDecodeError, AttributeError):
                subjects.add(str(orjson.loads(text or "{}").get("subject")))
        for subject, number, text in _rows(_LAST_OF_SUBJECT, list(subjects), before):
            self.last_of_subject[subject] = number, merkle.leaf_hash(text.encode()).hex()

    def _read_position(self, position: int, row: tuple[Any, ...] | None) -> bytes:
        """Check the entry at a position and return the hash that is kept for it."""
        if row is None:
            self._fault("leaf_missing", f"Position {position} is empty: its row was removed.", position)
            return bytes(merkle.HASH_LENGTH)
        _, kept, entry_id, found_id, text, *_ = row
        kept = bytes(kept)
        if found_id is None:
            message = f"Position {position} is of entry {entry_id}, which was removed."
            self._fault("entry_missing", message, position)
            return kept
        text_hash = merkle.leaf_hash(text.encode())
        if text_hash != kept:
            message = f"Position {position}: the text of entry {entry_id} does not give the hash kept for it."
            self._fault("leaf_altered", message, position)
        self._check_entry(position, row[3:], text_hash)
        return kept

    def _check_entry(self, position: int | None, row: Sequence[Any], text_hash: bytes) -> None:
        """Compare an entry's columns with its text, its place among its subject's entries, and its detail."""
        entry_id, text, n, action, actor, role, subject, objects, basis, moment, salt, detail = row
        where = f"Entry {entry_id} (pending)" if position is None else f"Position {position} (entry {entry_id})"
        try:
            leaf = canonical.parse(text)
        except canonical.NotCanonicalError as error:
            self._fault("leaf_malformed", f"{where}: the text is no leaf: {error}", position)
            return
        if not _is_leaf(leaf):
            self._fault("leaf_malformed", f"{where}: the text does not have the fields of a leaf.", position)
            return
        stored = (n, action, actor, role, subject, objects, basis, moment)
        sealed = (
            leaf["n"], leaf["action"], leaf["actor"], leaf["role"], leaf["subject"], _json(leaf["objects"]),
            _json([section["section"] for section in leaf["basis"]]), leaf["at"],
        )  # fmt: skip
        if stored != sealed:
            differing = [name for name, a, b in zip(_COLUMNS, stored, sealed, strict=True) if a != b]
            message = f"{where}: what stands in {', '.join(differing)} differs from the text."
            self._fault("column_altered", message, position, leaf["subject"])
        self._check_order(where, position, leaf, text_hash)
        self._check_detail(where, position, leaf, salt, detail)

    def _check_order(self, where: str, position: int | None, leaf: dict[str, Any], text_hash: bytes) -> None:
        subject, number = leaf["subject"], leaf["n"]
        last, last_hash = self.last_of_subject.get(subject, (0, None))
        self.last_of_subject[subject] = number, text_hash.hex()
        if number != last + 1:
            message = f"{where}: number {number} of the entries of {subject} comes after number {last}."
            self._fault("order_broken", message, position, subject)
        elif leaf["prev"] != last_hash:
            message = f"{where}: number {number} of the entries of {subject} does not follow the number {last} here."
            self._fault("order_broken", message, position, subject)

    def _check_detail(
        self, where: str, position: int | None, leaf: dict[str, Any], salt: bytes | None, detail: str | None
    ) -> None:
        commitment = leaf["commitment"]
        if salt is None or detail is None:
            if commitment and f"detail:{commitment}" not in self.erased:
                message = f"{where}: its detail was removed, and no entry erases it."
                self._fault("detail_missing", message, position, leaf["subject"])
        elif hashlib.sha256(bytes(salt) + detail.encode()).hexdigest() != commitment:
            message = f"{where}: its detail is not the one that was sealed."
            self._fault("detail_altered", message, position, leaf["subject"])

    def _compare_tile(self, tile: merkle.Tile, stored: tuple[bytes, bytes] | None) -> None:
        width = 1 << merkle.TILE_HEIGHT * tile.level
        start = tile.index * merkle.TILE_WIDTH * width
        name = f"Tile {tile.level}/{tile.index}"
        if stored is None:
            self._fault("tile_missing", f"{name} was removed.", start)
            return
        hashes, root = stored
        if hashes != tile.hashes:
            pairs = zip(merkle.split_hashes(hashes), merkle.split_hashes(tile.hashes), strict=False)
            place = next((number for number, (a, b) in enumerate(pairs) if a != b), merkle.TILE_WIDTH - 1)
            position = start + place * width
            message = f"{name} does not hold what the entries from position {position} on give."
            self._fault("tile_differs", message, position)
        if root != tile.root:
            self._fault("tile_differs", f"{name} does not hold the root over the entries from {start} on.", start)

    def _compare_root(self, statement: _Statement) -> None:
        """Compare the tree so far with what was signed for it; after a difference every later one differs too."""
        if self.frontier.root() == statement.root:
            self.agreed.append(statement.size)
        elif statement.code not in self.disagreed:
            self.disagreed.add(statement.code)
            start = next(size for size in reversed(self.agreed) if size < statement.size)
            self._fault(
                statement.code,
                f"Positions {start} to {statement.size - 1} do not hold the entries that {statement.where} was signed "
                "for.",
                start,
            )

    def _read_pending_entries(self) -> None:
        """Check the entries without a position: each must be pending, and go on where its subject's sealed ones end."""
        rows = _rows(_UNSEALED)
        if self.passed_over:
            self._recall([row[2] for row in rows], self.report.size)
        for pending, *row in rows:
            entry_id, text, subject = row[0], row[1], row[6]
            if pending:
                self.report.pending += 1
            else:
                self._fault("entry_lost", f"Entry {entry_id} is neither in the log nor pending.", None, subject)
            self._check_entry(None, row, merkle.leaf_hash(text.encode()))

    def _look_for_strays(self) -> None:
        """Look for rows that belong to nothing."""
        size = self.report.size
        for position, entry in _rows(
            "SELECT position, entry_id FROM audit_leaf WHERE position < 0 OR position >= %s ORDER BY position", size
        ):
            message = f"Position {position} (entry {entry}) lies outside the {size} entries of the newest checkpoint."
            self._fault("leaf_extra", message, position)
        for level, index in _rows(_TILES_BEYOND, size):
            message = f"Tile {level}/{index} lies outside the {size} entries of the newest checkpoint."
            self._fault("tile_extra", message)
        for (entry,) in _rows("SELECT entry_id FROM audit_pending JOIN audit_leaf USING (entry_id)"):
            self._fault("pending_extra", f"Entry {entry} is in the log and yet pending.")
        missing = "WHERE NOT EXISTS (SELECT FROM audit_entry WHERE id = entry_id) ORDER BY entry_id"
        for (entry,) in _rows(f"SELECT entry_id FROM audit_pending {missing}"):  # noqa: S608 - made of constants
            self._fault("pending_extra", f"Entry {entry} is said to be pending, but there is no such entry.")
        for (entry,) in _rows(f"SELECT entry_id FROM audit_detail {missing}"):  # noqa: S608 - made of constants
            self._fault("detail_extra", f"Entry {entry} has a detail, but there is no such entry.")

    def _run_registered(self, name: str, check: Check) -> None:
        """Run another app's check; one that stumbles over a damaged log must not hide what was found before."""
        try:
            with transaction.atomic():
                self.report.faults.extend(check(VerifyContext(self.report.size, self.progress)))
        except Exception as error:  # noqa: BLE001 - whatever another app raises is a finding, not a crash
            self._fault("check_failed", f"The check of {name} could not be finished: {error!r}")


def _reopenings() -> list[Reopening]:
    """Return how the log came to its name; an entry of it that was tampered with is named where it is read."""
    try:
        return list(reopenings())
    except (canonical.NotCanonicalError, KeyError, TypeError):
        return []


def _json(references: list[Any]) -> str:
    return orjson.dumps(references).decode()


def _is_leaf(leaf: dict[str, Any]) -> bool:
    return (
        tuple(leaf) == _FIELDS
        and tuple(map(type, leaf.values())) in _KINDS
        and all(isinstance(section, dict) and section.keys() == {"section", "sha256"} for section in leaf["basis"])
        and leaf["v"] == 1
    )


def _stored_tiles(start: int, end: int) -> dict[tuple[int, int], tuple[bytes, bytes]]:
    """Return the stored tiles that the entries of the range complete, by level and index."""
    heights = [(level, merkle.TILE_HEIGHT * (level + 1)) for level in _LEVELS]
    wanted = [(level, start >> height, end >> height) for level, height in heights if start >> height < end >> height]
    rows = _rows(_TILES, *map(list, zip(*wanted, strict=True))) if wanted else []
    return {(level, index): (bytes(hashes), bytes(root)) for level, index, hashes, root in rows}
