"""The log: `record` an act, `integrate` what was recorded, ask for the `newest_checkpoint`.

An entry is one insert in the caller's own transaction. It gets its position later, when `integrate` seals what has been
committed: a transaction that commits late is simply still pending, so none is lost and no writer waits for another.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction

from audit import actions, checkpoint, keys, merkle, proofs
from audit.canonical import canonical
from audit.models import LARGEST_LEAF, Checkpoint, Entry, Tile
from audit.store import checkpoint_store

_REFERENCE = re.compile(r"[!#-\[\]-~]{1,200}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_FIXED_LENGTH = 400
"""Bytes of a leaf that are not of the caller's making, at most: names of fields, time, number, hash, random value."""
_INTEGRATING = (0x6C6F67, 1)
"""The advisory lock of `integrate`."""
_COLUMNS = (
    "id", "leaf", "occurred_at", "actor", "actor_role", "action", "subject", "n", "object_references", "basis",
)  # fmt: skip

logger = structlog.get_logger(__name__)


class OutsideTransactionError(RuntimeError):
    """An entry was to be recorded outside the transaction of the act it records."""


class LogRefusedError(RuntimeError):
    """The log does not go on as it was signed before, so nothing more is signed; the message says what to do."""


@dataclass(frozen=True)
class Basis:
    """A section of the policy manual that an act rests on, bound to the wording it had.

    `reference` is ``manual/section@version``; `text_digest` is the hexadecimal SHA-256 of the version's text.
    """

    reference: str
    text_digest: str


def record(
    action: str,
    *,
    actor: str,
    role: str,
    subject: str,
    objects: Sequence[str] = (),
    basis: Sequence[Basis] = (),
    facts: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
) -> Entry:
    """Add an entry to the log in the caller's transaction, in one round trip.

    `actor`, `subject` and `objects` are references such as ``user:17`` or ``case:2026-000042``. `facts` go into the
    leaf, which outlives every erasure: codes, references, digests, whole numbers and booleans, and lists and dicts of
    them. Names, addresses and all prose go into `detail`, which the leaf holds only as a salted digest.

    Raises actions.UnknownAction, OutsideTransactionError, canonical.NotCanonicalError, and ValueError for a reference
    or fact that is not a code and for a leaf of 65,536 bytes or more.
    """
    actions.get(action)
    if not connection.in_atomic_block:
        raise OutsideTransactionError(f"{action} must be recorded inside the transaction of the act it records.")
    for name, value in (("actor", actor), ("role", role), ("subject", subject), *(("objects", o) for o in objects)):
        _check_reference(name, value)
    for section in basis:
        _check_reference("basis", section.reference)
        if not _DIGEST.fullmatch(section.text_digest):
            raise ValueError(f"The text digest of {section.reference} must be 64 hexadecimal digits.")
    _check_facts(facts or {}, "facts")
    action, actor, role, subject, *objects = map(str, (action, actor, role, subject, *objects))
    basis_json = canonical([{"section": section.reference, "sha256": section.text_digest} for section in basis])
    facts_json = canonical(facts or {})
    length = len(basis_json) + len(facts_json) + sum(len(o) + 3 for o in (*objects, action, actor, role, subject))
    if length + _FIXED_LENGTH >= LARGEST_LEAF:
        raise ValueError(
            f"The entry {action} would be {length:,} bytes long; an entry stays below {LARGEST_LEAF:,}. Put long lists "
            "into `detail`, or record the digest of a file that holds them."
        )
    salt, detail_json = secrets.token_bytes(32), canonical(detail) if detail is not None else b""
    commitment = hashlib.sha256(salt + detail_json).hexdigest() if detail_json else None
    references = [section.reference for section in basis]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM audit_append("
            "%s, %s, %s, %s, %s::text[], %s::text[], %s, %s, %s, %s, %s, %s)",
            [
                action, actor, role, subject, objects, references, basis_json.decode(), facts_json.decode(),
                commitment, secrets.token_hex(16), salt, detail_json.decode(),
            ],
        )  # fmt: skip
        number, moment, n, leaf = cursor.fetchone()
    values = [number, leaf, moment, actor, role, action, subject, n, objects, references]
    return Entry.from_db(connection.alias, _COLUMNS, values)


def _check_reference(name: str, value: str) -> None:
    if not _REFERENCE.fullmatch(value):
        raise ValueError(
            f"{name} is {value!r}; a reference is a code of up to 200 ASCII characters without spaces or quotation "
            "marks, such as case:2026-000042."
        )


def _check_facts(value: Any, where: str) -> None:
    if isinstance(value, str):
        if not _REFERENCE.fullmatch(value):
            raise ValueError(
                f"{where} is {value!r}; facts are codes, references and digests without spaces. Prose and personal "
                "values belong in `detail`, where they can be erased."
            )
    elif isinstance(value, Mapping):
        for key, item in value.items():
            _check_facts(item, f"{where}[{key!r}]")
    elif isinstance(value, Sequence):
        for position, item in enumerate(value):
            _check_facts(item, f"{where}[{position}]")


def newest_checkpoint() -> Checkpoint | None:
    """Return the last signed statement of the log's size and root, None before the first entry is integrated."""
    return Checkpoint.objects.order_by("-size").first()


def integrate(limit: int | None = None) -> Checkpoint | None:
    """Give the committed entries their positions, at most `limit` of them, and sign the log as it then is.

    Everything happens in one transaction, under a lock, so two may be started at once. Returns the newest checkpoint,
    which is the one before where nothing was pending, and None for an empty log. Raises LogRefusedError where the log
    is not the one that was signed before, here or in the store outside the database.
    """
    with transaction.atomic():
        wait_for_turn()
        newest = newest_checkpoint()
        try:
            frontier = proofs.frontier(newest.size if newest else 0)
            _refuse_another_log(newest, frontier.root())
            kept = checkpoint_store().read(settings.AUDIT_ORIGIN)
            _refuse_to_leave(kept, newest)
        except proofs.DamagedLogError as error:
            raise LogRefusedError(str(error)) from error
        newest = seal(frontier, limit=limit) or newest
        if newest and newest.note != kept:
            transaction.on_commit(lambda: publish(newest, kept))
    return newest


def wait_for_turn() -> None:
    """Wait until no one else seals, and keep others from it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", _INTEGRATING)


def seal(frontier: merkle.Frontier, *, limit: int | None = None, only: int | None = None) -> Checkpoint | None:
    """Give pending entries their positions after those of the frontier, and sign; None where there are none.

    `limit` is how many at most, `only` the number of the one entry to take. To be called with `wait_for_turn`, after a
    look at what was signed before.
    """
    before = frontier.size
    tiles = []
    for leaf in _place_pending(before, limit, only):
        tiles += frontier.append(leaf)
    if frontier.size == before:
        return None
    Tile.objects.bulk_create([Tile(**asdict(tile)) for tile in tiles], batch_size=500)
    return _sign(before, frontier.size, frontier.root())


def _place_pending(start: int, limit: int | None, only: int | None) -> list[bytes]:
    """Give pending entries the positions from `start` on, and return their leaf hashes in that order.

    OFFSET 0 keeps the look at each entry by its number: a join planned with old statistics of the pending table, which
    swells and empties, can read the whole log.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            r"""
            INSERT INTO audit_leaf (position, entry_id, leaf_hash)
            SELECT %s + row_number() OVER (ORDER BY entry_id) - 1, entry_id, hash
              FROM (SELECT entry_id FROM audit_pending WHERE entry_id = coalesce(%s, entry_id)
                     ORDER BY entry_id LIMIT %s) AS batch,
                   LATERAL (SELECT sha256('\x00'::bytea || convert_to(leaf, 'UTF8')) AS hash
                              FROM audit_entry WHERE id = entry_id OFFSET 0) AS hashed
            RETURNING position, leaf_hash
            """,
            [start, only, limit],
        )
        placed = sorted(cursor.fetchall())
        if placed:
            cursor.execute("SELECT audit_unqueue(%s)", [start])
    return [bytes(leaf_hash) for _, leaf_hash in placed]


def _sign(previous: int, size: int, root: bytes) -> Checkpoint:
    with connection.cursor() as cursor:
        cursor.execute("SELECT date_trunc('second', clock_timestamp())")
        (moment,) = cursor.fetchone()
    head = checkpoint.TreeHead(settings.AUDIT_ORIGIN, size, root)
    note = checkpoint.sign_note(head.text, keys.signers(moment))
    return Checkpoint.objects.create(size=size, previous=previous, root=root, note=note, created_at=moment)


def _refuse_another_log(newest: Checkpoint | None, root: bytes) -> None:
    if newest is None:
        return
    try:
        note = checkpoint.open_note(newest.note, keys.verifiers())
        head = checkpoint.TreeHead.parse(note.text)
    except checkpoint.NoteError as error:
        raise LogRefusedError(
            f"The newest checkpoint was not signed by the log {settings.AUDIT_ORIGIN} with the key in use: {error} Set "
            "AUDIT_ORIGIN and AUDIT_SIGNING_KEY to those the log began with; the key is never replaced silently."
        ) from error
    if head != checkpoint.TreeHead(settings.AUDIT_ORIGIN, newest.size, root):
        raise LogRefusedError(
            f"The log was edited: its first {newest.size} entries do not have the root that was signed for them. "
            "Nothing more is signed. Run manage.py verify_audit_log to see where, and restore the database."
        )


def _refuse_to_leave(kept: str | None, newest: Checkpoint | None) -> None:
    """Make sure that the log still begins with what the note kept outside the database says of it."""
    if kept is None or (newest and newest.note == kept):
        return
    try:
        head = checkpoint.TreeHead.parse(checkpoint.open_note(kept, keys.verifiers()).text)
    except checkpoint.NoteError as error:
        raise LogRefusedError(
            f"The checkpoint kept outside the database cannot be read: {error} Find out who changed it, and put it "
            "back from a copy."
        ) from error
    size = newest.size if newest else 0
    if head.size > size:
        raise LogRefusedError(
            f"The log shrank: it has {size} entries, but the checkpoint kept outside the database is of {head.size}. "
            "An old copy of the database was put back, or the checkpoint belongs to another database. Nothing more is "
            "signed until the missing entries are back (docs/how-to/restore.md)."
        )
    if proofs.root_at(head.size) != head.root:
        raise LogRefusedError(
            f"The log forked: its first {head.size} entries are not those that the checkpoint kept outside the "
            "database was signed for. Nothing more is signed. Run manage.py verify_audit_log to see where."
        )


def publish(newest: Checkpoint, checked: str | None) -> None:
    """Replace the note kept outside, `checked` before the commit, by that of the newest checkpoint.

    Where another process was faster, its note is checked in turn; it is newer, or this one is put in its place.
    """
    store = checkpoint_store()
    while not store.swap(settings.AUDIT_ORIGIN, expected=checked, note=newest.note):
        checked = store.read(settings.AUDIT_ORIGIN)
        latest = newest_checkpoint()
        _refuse_to_leave(checked, latest)
        newest = latest or newest


def integrate_until(stop: threading.Event, *, every: float, batch: int = 10_000) -> None:
    """Integrate at each full multiple of `every` seconds until `stop` is set, so that when an entry came tells nothing.

    What goes wrong is logged and tried again at the next beat: entries stay pending, and no one's work is held up.
    """
    while not stop.wait(every - time.monotonic() % every):
        try:
            integrate(batch)
        except LogRefusedError as refusal:
            logger.error("log_not_integrated", reason=str(refusal))  # noqa: TRY400 - the sentence says what to do
        except Exception:
            logger.exception("log_not_integrated")
        finally:
            connection.close()
