"""Checking one entry of the log: its columns, its place among those of its subject, and its detail."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from audit import canonical, merkle
from audit.bulk import Agreeing
from audit.faults import Report
from audit.snapshot import select

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
        self.last_of_subject: dict[str, tuple[int, str | None]] = {}
        self.erased = {
            reference
            for (references,) in select("SELECT objects FROM audit_entry WHERE action = 'log.detail_erased'")
            for reference in references or ()
        }

    def recall(self, subjects: Iterable[str], before: int) -> None:
        """Find out what came last of these subjects among the entries that were found whole before."""
        unknown = set(subjects) - self.last_of_subject.keys()
        for subject, number, text in select(_LAST_OF_SUBJECT, list(unknown), before):
            self.last_of_subject[subject] = number, merkle.leaf_hash(text.encode()).hex()

    def follow(self, stretch: Agreeing) -> bool:
        """Say whether each entry of a stretch comes after its subject's last one, and if so keep the last of each."""
        last = self.last_of_subject
        latest: dict[str, tuple[int, str]] = {}
        for subject, number, previous, leaf_hash in zip(
            stretch.subjects, stretch.numbers, stretch.previous, stretch.hashes, strict=True
        ):
            before = latest.get(subject) or last.get(subject)
            if before is None:
                follows = number == 1 and previous == "null"
            else:
                follows = number == before[0] + 1 and previous == f'"{before[1]}"'
            if not follows:
                return False
            latest[subject] = number, leaf_hash.hex()
        last.update(latest)
        return True

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
        last, last_hash = self.last_of_subject.get(subject, (0, None))
        self.last_of_subject[subject] = number, text_hash.hex()
        if number != last + 1:
            message = f"{where}: number {number} of the entries of {subject} comes after number {last}."
            self.report.fault("order_broken", message, position, subject)
        elif leaf["prev"] != last_hash:
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


def _json(references: list[Any]) -> str:
    return orjson.dumps(references).decode()


def _is_leaf(leaf: dict[str, Any]) -> bool:
    return (
        tuple(leaf) == _FIELDS
        and tuple(map(type, leaf.values())) in _KINDS
        and all(isinstance(section, dict) and section.keys() == {"section", "sha256"} for section in leaf["basis"])
        and leaf["v"] == 1
    )
