"""The Merkle tree of RFC 6962, section 2.1: hashes, roots, proofs and their verification. Knows no database.

A part of a tree is a range of leaf positions, `(start, end)` with `end` left out. Hashes are 32 bytes of SHA-256.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

HASH_LENGTH = 32
TILE_HEIGHT = 8
TILE_WIDTH = 2**TILE_HEIGHT
"""Hashes in a full tile, as in C2SP tlog-tiles."""
EMPTY_ROOT = hashlib.sha256().digest()
"""The root of a tree without leaves."""

Range = tuple[int, int]


class ProofError(ValueError):
    """The proof does not show what it was given for; the message says why."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A full tile: the 256 hashes of height 8 * `level` from number 256 * `index` on, and the root over them."""

    level: int
    index: int
    hashes: bytes
    root: bytes


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256(0x00 || leaf)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split_hashes(hashes: bytes) -> list[bytes]:
    """Return the hashes that stand one after the other in `hashes`."""
    return [hashes[start : start + HASH_LENGTH] for start in range(0, len(hashes), HASH_LENGTH)]


def perfect_parts(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the perfect subtrees that make up the range, left to right, each as (height, number at that height).

    `start` is a multiple of the largest power of two in the range, as it is in every part that a proof names.
    """
    while start < end:
        height = (end - start).bit_length() - 1
        yield height, start >> height
        start += 1 << height


def perfect_root(hashes: bytes) -> bytes:
    """Return the root over 2**n hashes, which stand one after the other."""
    row = hashes
    while len(row) > HASH_LENGTH:
        pairs = range(0, len(row), 2 * HASH_LENGTH)
        row = b"".join([hashlib.sha256(b"\x01" + row[at : at + 2 * HASH_LENGTH]).digest() for at in pairs])
    return row


def cut(hashes: bytes, start: int, end: int) -> bytes:
    """Return those from number `start` on, `end` left out, of hashes that stand one after the other."""
    return hashes[start * HASH_LENGTH : end * HASH_LENGTH]


def join_parts(roots: Sequence[bytes]) -> bytes:
    """Return the root over perfect subtrees that stand side by side, the largest first."""
    if not roots:
        return EMPTY_ROOT
    *rest, node = roots
    for left in reversed(rest):
        node = node_hash(left, node)
    return node


class Frontier:
    """The right edge of a growing tree: what must be known of it to add leaves and to name its root.

    `partials` holds, for each level of tiles, the hashes of the last tile while it is not full.
    """

    def __init__(self, partials: Sequence[bytes] = ()) -> None:
        self.partials = [bytearray(partial) for partial in partials]
        self.size = 0
        self._peaks: list[bytes] = []
        for level in reversed(range(len(partials))):
            count = len(partials[level]) // HASH_LENGTH
            self.size += count << TILE_HEIGHT * level
            for height, number in perfect_parts(0, count):
                self._peaks.append(perfect_root(cut(partials[level], number << height, (number + 1) << height)))

    def append(self, leaf: bytes) -> list[Tile]:
        """Add a leaf by its hash and return the tiles that it completed, the lowest level first."""
        self._keep(0, leaf)
        return self._carry(leaf, 0)

    def append_tile(self, hashes: bytes, root: bytes = b"") -> list[Tile]:
        """Add 256 leaves by their hashes where a tile begins, and return the tiles that they completed.

        `root` is the root over them where it is known already. Raises ValueError for anything but a whole tile.
        """
        if self.size % TILE_WIDTH or len(hashes) != TILE_WIDTH * HASH_LENGTH:
            raise ValueError("A whole tile is added where one begins.")
        root = root or perfect_root(hashes)
        completed = Tile(0, self.size >> TILE_HEIGHT, hashes, root)
        self.partials = self.partials or [bytearray()]
        self._keep(1, root)
        return [completed, *self._carry(root, TILE_HEIGHT)]

    def _carry(self, node: bytes, height: int) -> list[Tile]:
        completed, added = [], 1 << height
        while self.size >> height & 1:
            node = node_hash(self._peaks.pop(), node)
            height += 1
            level, rest = divmod(height, TILE_HEIGHT)
            if not rest:
                completed.append(Tile(level - 1, self.size >> height, bytes(self.partials[level - 1]), node))
                self.partials[level - 1].clear()
                self._keep(level, node)
        self._peaks.append(node)
        self.size += added
        return completed

    def _keep(self, level: int, node: bytes) -> None:
        if level == len(self.partials):
            self.partials.append(bytearray())
        self.partials[level] += node

    def root(self) -> bytes:
        """Return the root of the tree so far."""
        return join_parts(self._peaks)


def _split(start: int, end: int) -> int:
    return start + (1 << (end - start - 1).bit_length() - 1)


def inclusion_parts(position: int, size: int) -> list[Range]:
    """Return the parts of the tree whose roots prove that a leaf stands at `position`, the nearest first.

    Raises ProofError unless 0 <= position < size.
    """
    if not 0 <= position < size:
        raise ProofError(f"There is no position {position} in a tree of {size} leaves.")
    start, end = 0, size
    parts = []
    while end - start > 1:
        middle = _split(start, end)
        if position < middle:
            parts.append((middle, end))
            end = middle
        else:
            parts.append((start, middle))
            start = middle
    return parts[::-1]


def consistency_parts(old: int, new: int) -> list[Range]:
    """Return the parts whose roots prove that the first `old` leaves of `new` are the whole old tree, nearest first.

    Raises ProofError unless 0 < old <= new: an empty tree is the beginning of every tree, so there is nothing to show.
    """
    if not 0 < old <= new:
        raise ProofError(f"Nothing can be shown between a tree of {old} leaves and one of {new}.")
    start, end = 0, new
    parts = []
    while end != old:
        middle = _split(start, end)
        if old <= middle:
            parts.append((middle, end))
            end = middle
        else:
            parts.append((start, middle))
            start = middle
    if start:
        parts.append((start, end))
    return parts[::-1]


def verify_inclusion(*, leaf: bytes, position: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the leaf with this hash stands at `position` of the tree of `size` leaves with this root.

    Raises ProofError if the proof does not show it.
    """
    parts = inclusion_parts(position, size)
    _check_shape(parts, proof, leaf, root)
    node = leaf
    for (start, _), sibling in zip(parts, proof, strict=True):
        node = node_hash(sibling, node) if start < position else node_hash(node, sibling)
    if node != root:
        raise ProofError("The proof leads to another root: the leaf is not at this position of this tree.")


def verify_consistency(*, old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Check that the tree of `new` leaves begins with the tree of `old` leaves.

    Raises ProofError if the proof does not show it, and always for an old tree without leaves.
    """
    parts = consistency_parts(old, new)
    _check_shape(parts, proof, old_root, new_root)
    steps = list(zip(parts, proof, strict=True))
    old_node = new_node = old_root
    if parts and parts[0][1] == old:
        old_node = new_node = steps.pop(0)[1]
    for (start, _), sibling in steps:
        if start < old:
            old_node = node_hash(sibling, old_node)
            new_node = node_hash(sibling, new_node)
        else:
            new_node = node_hash(new_node, sibling)
    if old_node != old_root or new_node != new_root:
        raise ProofError("The proof leads to other roots: the later tree does not begin with the earlier one.")


def _check_shape(parts: Sequence[Range], proof: Sequence[bytes], *roots: bytes) -> None:
    if len(proof) != len(parts):
        raise ProofError(f"The proof has {len(proof)} hashes; for these sizes it must have {len(parts)}.")
    if any(len(value) != HASH_LENGTH for value in (*proof, *roots)):
        raise ProofError("Every hash must have 32 bytes.")
