"""Reading a log by its tiles (C2SP tlog-tiles): roots and proofs, wherever the tiles are kept. Knows no database."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence

from audit import merkle
from audit.merkle import HASH_LENGTH, TILE_HEIGHT, TILE_WIDTH

Place = tuple[int, int]
"""The level and number of a tile."""


class MissingHashesError(RuntimeError):
    """A tile that the log must have cannot be had, or is too short."""


def tile_place(index: int, width: int = TILE_WIDTH) -> str:
    """Return how the address of a tile names it: 1234067 is ``x001/x234/067``, and ``.p/W`` follows a partial one."""
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[start : start + 3] for start in range(0, len(digits), 3)]
    written = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
    return written if width == TILE_WIDTH else f"{written}.p/{width}"


class Tiles(ABC):
    """The tiles of a log's first `size` entries; each is read once."""

    lacking: type[MissingHashesError] = MissingHashesError

    def __init__(self, size: int) -> None:
        self.size = size
        self._read: dict[Place, bytes] = {}

    @abstractmethod
    def fetch(self, wanted: Mapping[Place, int]) -> Mapping[Place, bytes]:
        """Return the hashes of tiles; each is asked for with its width, fewer than 256 at the right edge."""

    def hashes(self, level: int, index: int) -> list[bytes]:
        """Return the hashes of a tile; raise MissingHashesError if the log lacks any."""
        self._need([(level, index)])
        return merkle.split_hashes(self._read[level, index])

    def _need(self, places: Iterable[Place]) -> None:
        wanted = {
            (level, index): min((self.size >> TILE_HEIGHT * level) - index * TILE_WIDTH, TILE_WIDTH)
            for level, index in places
            if (level, index) not in self._read
        }
        found = self.fetch(wanted) if wanted else {}
        for (level, index), width in wanted.items():
            hashes = found.get((level, index), b"")
            if len(hashes) != width * HASH_LENGTH:
                raise self.lacking(
                    f"The log lacks hashes of tile {level}/{index}. Run manage.py verify_audit_log to see what is gone."
                )
            self._read[level, index] = hashes

    def roots(self, parts: Sequence[merkle.Range]) -> list[bytes]:
        """Return the root over each of the parts; all tiles that it takes are asked for at once."""
        subtrees = [
            [(*divmod(height, TILE_HEIGHT), number) for height, number in merkle.perfect_parts(start, end)]
            for start, end in parts
        ]
        self._need((level, (number << rest) // TILE_WIDTH) for part in subtrees for level, rest, number in part)
        return [merkle.join_parts([self._node(*subtree) for subtree in part]) for part in subtrees]

    def _node(self, level: int, rest: int, number: int) -> bytes:
        """Return the root over the perfect subtree that is the `number`-th of height 8 * `level` + `rest`."""
        index, start = divmod(number << rest, TILE_WIDTH)
        return merkle.perfect_root(merkle.cut(self._read[level, index], start, start + (1 << rest)))

    def root(self) -> bytes:
        """Return the root of the whole."""
        return self.roots([(0, self.size)])[0]

    def frontier(self) -> merkle.Frontier:
        """Return the right edge, from which the tree can grow on."""
        edge: list[tuple[Place, int]] = []
        while self.size >> TILE_HEIGHT * len(edge):
            index, count = divmod(self.size >> TILE_HEIGHT * len(edge), TILE_WIDTH)
            edge.append(((len(edge), index), count))
        self._need(place for place, count in edge if count)
        return merkle.Frontier([self._read[place] if count else b"" for place, count in edge])
