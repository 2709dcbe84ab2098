"""Proofs about the log as it is stored, from tiles: a proof over n entries reads a number of rows that grows as log n.

Positions and sizes count entries from the start of the log. Hashes are 32 bytes of SHA-256 (RFC 6962).
"""

from __future__ import annotations

from collections.abc import Sequence

from audit import merkle
from audit.merkle import TILE_HEIGHT, TILE_WIDTH
from audit.models import Leaf, Tile

LEVELS = 7
"""Levels of tiles that a log can reach whose size is a 64-bit number."""


class DamagedLogError(RuntimeError):
    """Rows that the log must have are missing; `manage.py verify_audit_log` says which."""


class _Tiles:
    """The tiles of the log's first `size` entries; each is read once."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._read: dict[tuple[int, int], list[bytes]] = {}

    def hashes(self, level: int, index: int) -> list[bytes]:
        """Return the hashes of a tile, fewer than 256 at the right edge; raise DamagedLogError if the log lacks any."""
        if (level, index) not in self._read:
            count = min((self.size >> TILE_HEIGHT * level) - index * TILE_WIDTH, TILE_WIDTH)
            found = self._full(level, index) if count == TILE_WIDTH else self._growing(level, index, count)
            if len(found) != count:
                raise DamagedLogError(
                    f"The log lacks hashes of tile {level}/{index}. Run manage.py verify_audit_log to see what is gone."
                )
            self._read[level, index] = found
        return self._read[level, index]

    def _full(self, level: int, index: int) -> list[bytes]:
        found = Tile.objects.filter(level=level, index=index).values_list("hashes", flat=True).first()
        return merkle.split_hashes(bytes(found or b""))

    def _growing(self, level: int, index: int, count: int) -> list[bytes]:
        start = index * TILE_WIDTH
        if level == 0:
            rows = Leaf.objects.filter(position__gte=start, position__lt=start + count).order_by("position")
            return [bytes(leaf_hash) for leaf_hash in rows.values_list("leaf_hash", flat=True)]
        below = Tile.objects.filter(level=level - 1, index__gte=start, index__lt=start + count).order_by("index")
        return [bytes(root) for root in below.values_list("root", flat=True)]

    def node(self, height: int, number: int) -> bytes:
        """Return the root over the perfect subtree of 2**height leaves that is the `number`-th of its height."""
        level, rest = divmod(height, TILE_HEIGHT)
        index, start = divmod(number << rest, TILE_WIDTH)
        return merkle.perfect_root(self.hashes(level, index)[start : start + (1 << rest)])

    def roots(self, parts: Sequence[merkle.Range]) -> list[bytes]:
        """Return the root over each of the parts."""
        return [
            merkle.join_parts([self.node(height, number) for height, number in merkle.perfect_parts(start, end)])
            for start, end in parts
        ]


def root_at(size: int) -> bytes:
    """Return the root of the log's first `size` entries. Raises DamagedLogError if it does not have so many."""
    return _Tiles(size).roots([(0, size)])[0]


def tile(level: int, index: int, width: int, size: int) -> list[bytes]:
    """Return the first `width` hashes of a tile of the log's first `size` entries (C2SP tlog-tiles).

    Raises merkle.ProofError where the log of that size has no such tile, DamagedLogError where rows are missing.
    """
    there = min((size >> TILE_HEIGHT * level) - index * TILE_WIDTH, TILE_WIDTH) if level < LEVELS else 0
    if not 0 < width <= there:
        raise merkle.ProofError(f"A log of {size} entries has no {width} hashes in tile {level}/{index}.")
    return _Tiles(size).hashes(level, index)[:width]


def inclusion_proof(position: int, size: int) -> list[bytes]:
    """Return the hashes that prove the entry at `position` to be in the log of `size` entries.

    Raises merkle.ProofError unless 0 <= position < size, DamagedLogError if the log does not have so many entries.
    """
    return _Tiles(size).roots(merkle.inclusion_parts(position, size))


def consistency_proof(old: int, new: int) -> list[bytes]:
    """Return the hashes that prove the log of `new` entries to begin with the log of `old` entries.

    Raises merkle.ProofError unless 0 < old <= new, DamagedLogError if the log does not have so many entries.
    """
    return _Tiles(new).roots(merkle.consistency_parts(old, new))


def frontier(size: int) -> merkle.Frontier:
    """Return the right edge of the log's first `size` entries. Raises DamagedLogError if it does not have so many."""
    tiles = _Tiles(size)
    partials: list[bytes] = []
    while size >> TILE_HEIGHT * len(partials):
        index, count = divmod(size >> TILE_HEIGHT * len(partials), TILE_WIDTH)
        partials.append(b"".join(tiles.hashes(len(partials), index)) if count else b"")
    return merkle.Frontier(partials)
