"""Checking one entry of the log: its columns, its place among those of its subject, and its detail."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Any

import orjson

from audit import canonical, merkle
from audit.faults import Report
from audit.snapshot import select
from audit.stretches import FIRST, Agreeing

_FIELDS = (
    "action", "actor", "at", "basis", "commitment", "facts", "n", "objects", "prev", "r", "role", "subject", "v",
)  # fmt: skip
_KINDS = {
    (str, str, str, list, commitment, dict, int, list, prev, str, str, str, int)
    for commitment in (str, type(None))
    for prev in (str, type(None))
}
"""The types that the fields of a leaf may have."""
_COLUMNS = ("n", "action", "actor", "actor_role", "subject", "objects", "basis", "occurred_at")

_LAST_OF_SUBJECT = """
    SELECT DISTINCT ON (subject) subject, n, leaf
      FROM audit_entry JOIN audit_leaf ON entry_id = id
     WHERE subject = ANY(%s) AND position < %s ORDER BY subject, n DESC
"""


class EntryCheck:
    """Compares entries with their texts in the order of the log; keeps what came last of each subject."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.last_of_subject: dict[bytes, bytes] = {}
        """The number of each subject's last entry and its hash, as the entry after it must state them."""
        self.erased = {
            reference
            for (references,) in select("SELECT objects FROM audit_entry WHERE action = 'log.detail_erased'")
            for reference in references or ()
        }

    def recall(self, subjects: Iterable[bytes], before: int) -> None:
        """Find out what came last of these subjects among the entries that stand before a position."""
        unknown = set(subjects) - self.last_of_subject.keys()
        for subject, number, text in select(_LAST_OF_SUBJECT, [one.decode() for one in unknown], before):
            self.last_of_subject[subject.encode()] = _stated(number, merkle.leaf_hash(text.encode()).hex())

    def follow(self, stretch: Agreeing) -> bool:
        """Say whether each entry of a stretch comes after its subject's last one, and if so keep the last of each."""
        subjects, before, after = (part.split(b"\n") for part in (stretch.subjects, stretch.before, stretch.after))
        if len(set(subjects)) == len(subjects):
            follows = list(map(self.last_of_subject.get, subjects, repeat(FIRST))) == before
        else:
            latest = {subject: self.last_of_subject.get(subject, FIRST) for subject in subjects}
            follows = True
            for subject, stated, own in zip(subjects, before, after, strict=True):
                follows = follows and latest[subject] == stated
                latest[subject] = own
        if follows:
            self.last_of_subject.update(zip(subjects, after, strict=True))
        return follows

    def check(self, position: int | None, row: Sequence[Any], text_hash: bytes) -> None:
        """Compare an entry's columns with its text, its place among its subject's entries, and its detail."""
        entry_id, text, n, action, actor, role, subject, objects, basis, moment, salt, detail = row
        where = f"Entry {entry_id} (pending)" if position is None else f"Position {position} (entry {entry_id})"
        try:
            leaf = canonical.parse(text)
        except canonical.NotCanonicalError as error:
            self.report.fault("leaf_malformed", f"{where}: the text is no leaf: {error}", position)
            return
        if not _is_leaf(leaf):
            self.report.fault("leaf_malformed", f"{where}: the text does not have the fields of a leaf.", position)
            return
        stored = (n, action, actor, role, subject, objects, basis, moment)
        sealed = (
            leaf["n"], leaf["action"], leaf["actor"], leaf["role"], leaf["subject"], _json(leaf["objects"]),
            _json([section["section"] for section in leaf["basis"]]), leaf["at"],
        )  # fmt: skip
        if stored != sealed:
            differing = [name for name, a, b in zip(_COLUMNS, stored, sealed, strict=True) if a != b]
            message = f"{where}: what stands in {', '.join(differing)} differs from the text."
            self.report.fault("column_altered", message, position, leaf["subject"])
        self._check_order(where, position, leaf, text_hash)
        self._check_detail(where, position, leaf, salt, detail)

    def _check_order(self, where: str, position: int | None, leaf: dict[str, Any], text_hash: bytes) -> None:
        subject, number = leaf["subject"], leaf["n"]
        before = self.last_of_subject.get(subject.encode(), FIRST).decode()
        self.last_of_subject[subject.encode()] = _stated(number, text_hash.hex())
        last = int(before.removesuffix("null").partition('"')[0])
        if number != last + 1:
            message = f"{where}: number {number} of the entries of {subject} comes after number {last}."
            self.report.fault("order_broken", message, position, subject)
        elif before != f"{last}{_json(leaf['prev'])}":
            message = f"{where}: number {number} of the entries of {subject} does not follow the number {last} here."
            self.report.fault("order_broken", message, position, subject)

    def _check_detail(
        self, where: str, position: int | None, leaf: dict[str, Any], salt: bytes | None, detail: str | None
    ) -> None:
        commitment = leaf["commitment"]
        if salt is None or detail is None:
            if commitment and f"detail:{commitment}" not in self.erased:
                message = f"{where}: its detail was removed, and no entry erases it."
                self.report.fault("detail_missing", message, position, leaf["subject"])
        elif hashlib.sha256(bytes(salt) + detail.encode()).hexdigest() != commitment:
            message = f"{where}: its detail is not the one that was sealed."
            self.report.fault("detail_altered", message, position, leaf["subject"])


def _stated(number: int, text_hash: str) -> bytes:
    return f'{number}"{text_hash}"'.encode()


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _is_leaf(leaf: dict[str, Any]) -> bool:
    return (
        tuple(leaf) == _FIELDS
        and tuple(map(type, leaf.values())) in _KINDS
        and all(isinstance(section, dict) and section.keys() == {"section", "sha256"} for section in leaf["basis"])
        and leaf["v"] == 1
    )
