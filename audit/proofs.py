"""Proofs about the log as it is stored, from tiles: a proof over n entries reads a number of rows that grows as log n.

Positions and sizes count entries from the start of the log. Hashes are 32 bytes of SHA-256 (RFC 6962).
"""

from __future__ import annotations

from collections.abc import Sequence

from audit import merkle
from audit.merkle import HASH_LENGTH, TILE_HEIGHT, TILE_WIDTH
from audit.models import Leaf, Tile


class DamagedLogError(RuntimeError):
    """Rows that the log must have are missing; `manage.py verify_audit_log` says which."""


class _Tiles:
    """Reads tiles, full or not, each once."""

    def __init__(self) -> None:
        self._read: dict[tuple[int, int], bytes] = {}

    def hashes(self, level: int, index: int, count: int) -> bytes:
        """Return the first `count` hashes of a tile; raise DamagedLogError if the log lacks them."""
        if (level, index) not in self._read:
            self._read[level, index] = self._full(level, index) or self._growing(level, index)
        found = self._read[level, index][: count * HASH_LENGTH]
        if len(found) < count * HASH_LENGTH:
            raise DamagedLogError(
                f"The log lacks hashes of tile {level}/{index}. Run manage.py verify_audit_log to see what was removed."
            )
        return found

    def _full(self, level: int, index: int) -> bytes:
        found = Tile.objects.filter(level=level, index=index).values_list("hashes", flat=True).first()
        return bytes(found or b"")

    def _growing(self, level: int, index: int) -> bytes:
        start, end = index * TILE_WIDTH, (index + 1) * TILE_WIDTH
        if level == 0:
            rows = Leaf.objects.filter(position__gte=start, position__lt=end).order_by("position")
            return b"".join(rows.values_list("leaf_hash", flat=True))
        below = Tile.objects.filter(level=level - 1, index__gte=start, index__lt=end).order_by("index")
        return b"".join(below.values_list("root", flat=True))

    def node(self, height: int, number: int) -> bytes:
        """Return the root over the perfect subtree of 2**height leaves that is the `number`-th of its height."""
        level, rest = divmod(height, TILE_HEIGHT)
        first = number << rest
        index, start = divmod(first, TILE_WIDTH)
        end = start + (1 << rest)
        return merkle.perfect_root(merkle.split_hashes(self.hashes(level, index, end)[start * HASH_LENGTH :]))

    def roots(self, parts: Sequence[merkle.Range]) -> list[bytes]:
        return [
            merkle.join_parts([self.node(height, number) for height, number in merkle.perfect_parts(start, end)])
            for start, end in parts
        ]


def root_at(size: int) -> bytes:
    """Return the root of the log's first `size` entries. Raises DamagedLogError if it does not have so many."""
    return _Tiles().roots([(0, size)])[0]


def inclusion_proof(position: int, size: int) -> list[bytes]:
    """Return the hashes that prove the entry at `position` to be in the log of `size` entries.

    Raises merkle.ProofError unless 0 <= position < size, DamagedLogError if the log does not have so many entries.
    """
    return _Tiles().roots(merkle.inclusion_parts(position, size))


def consistency_proof(old: int, new: int) -> list[bytes]:
    """Return the hashes that prove the log of `new` entries to begin with the log of `old` entries.

    Raises merkle.ProofError unless 0 < old <= new, DamagedLogError if the log does not have so many entries.
    """
    return _Tiles().roots(merkle.consistency_parts(old, new))


def frontier(size: int) -> merkle.Frontier:
    """Return the right edge of the log's first `size` entries. Raises DamagedLogError if it does not have so many."""
    tiles = _Tiles()
    partials: list[bytes] = []
    while size >> TILE_HEIGHT * len(partials):
        index, count = divmod(size >> TILE_HEIGHT * len(partials), TILE_WIDTH)
        partials.append(tiles.hashes(len(partials), index, count) if count else b"")
    return merkle.Frontier(partials)
