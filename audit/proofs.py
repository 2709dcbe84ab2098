"""Proofs about the log as it is stored, from tiles: a proof over n entries reads a number of rows that grows as log n.

Positions and sizes count entries from the start of the log. Hashes are 32 bytes of SHA-256 (RFC 6962).
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection

from audit import merkle
from audit.merkle import TILE_HEIGHT, TILE_WIDTH
from audit.tiles import MissingHashesError, Place, Tiles

LEVELS = 7
"""Levels of tiles that a log can reach whose size is a 64-bit number."""


class DamagedLogError(MissingHashesError):
    """Rows that the log must have are missing; `manage.py verify_audit_log` says which."""


_HASHES = """
    SELECT level, index, hashes
      FROM unnest(%s::smallint[], %s::bigint[]) AS wanted (level, index) JOIN audit_tile USING (level, index)
    UNION ALL
    SELECT 0, first / 256, (SELECT string_agg(leaf_hash, '' ORDER BY position)
                              FROM audit_leaf WHERE position >= first AND position < until)
      FROM unnest(%s::bigint[], %s::bigint[]) AS growing (first, until)
    UNION ALL
    SELECT at_level, first / 256, (SELECT string_agg(root, '' ORDER BY index)
                                     FROM audit_tile WHERE level = at_level - 1 AND index >= first AND index < until)
      FROM unnest(%s::integer[], %s::bigint[], %s::bigint[]) AS growing (at_level, first, until)
"""
"""Full tiles; the leaves of the one that grows; and, above, the roots of the tiles below those that grow."""


class _StoredTiles(Tiles):
    lacking = DamagedLogError

    def fetch(self, wanted: Mapping[Place, int]) -> Mapping[Place, bytes]:
        full = [place for place, width in wanted.items() if width == TILE_WIDTH]
        growing = [(level, index * TILE_WIDTH, width) for (level, index), width in wanted.items() if width < TILE_WIDTH]
        leaves = [(start, start + width) for level, start, width in growing if level == 0]
        above = [(level, start, start + width) for level, start, width in growing if level > 0]
        parameters = [[row[column] for row in rows] for rows, columns in ((full, 2), (leaves, 2), (above, 3))
                      for column in range(columns)]  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(_HASHES, parameters)
            return {(level, index): bytes(hashes or b"") for level, index, hashes in cursor.fetchall()}


def root_at(size: int) -> bytes:
    """Return the root of the log's first `size` entries. Raises DamagedLogError if it does not have so many."""
    return _StoredTiles(size).root()


def tile(level: int, index: int, width: int, size: int) -> list[bytes]:
    """Return the first `width` hashes of a tile of the log's first `size` entries (C2SP tlog-tiles).

    Raises merkle.ProofError where the log of that size has no such tile, DamagedLogError where rows are missing.
    """
    there = min((size >> TILE_HEIGHT * level) - index * TILE_WIDTH, TILE_WIDTH) if level < LEVELS else 0
    if not 0 < width <= there:
        raise merkle.ProofError(f"A log of {size} entries has no {width} hashes in tile {level}/{index}.")
    return _StoredTiles(size).hashes(level, index)[:width]


def inclusion_proof(position: int, size: int) -> list[bytes]:
    """Return the hashes that prove the entry at `position` to be in the log of `size` entries.

    Raises merkle.ProofError unless 0 <= position < size, DamagedLogError if the log does not have so many entries.
    """
    return _StoredTiles(size).roots(merkle.inclusion_parts(position, size))


class Prover:
    """Proves many entries of the log's first `size` to be in it; each tile is read once for all of them."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._tiles = _StoredTiles(size)

    def inclusion_proof(self, position: int) -> list[bytes]:
        """Return the hashes that prove the entry at `position`; raises what `inclusion_proof` raises."""
        return self._tiles.roots(merkle.inclusion_parts(position, self.size))


def consistency_proof(old: int, new: int) -> list[bytes]:
    """Return the hashes that prove the log of `new` entries to begin with the log of `old` entries.

    Raises merkle.ProofError unless 0 < old <= new, DamagedLogError if the log does not have so many entries.
    """
    return _StoredTiles(new).roots(merkle.consistency_parts(old, new))


def frontier(size: int) -> merkle.Frontier:
    """Return the right edge of the log's first `size` entries. Raises DamagedLogError if it does not have so many."""
    return _StoredTiles(size).frontier()
