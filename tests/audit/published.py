"""A log as an outsider finds it, in a folder: honest while it grows, until it is told to lie."""

from datetime import UTC, datetime

from audit import merkle
from audit.checkpoint import Ed25519Signer, TreeHead, sign_note
from audit.tiles import tile_place

ORIGIN = "oversight.example/log"
SIGNER = Ed25519Signer(ORIGIN, bytes(range(32)))
MOMENT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


class PublishedLog:
    """Writes checkpoint, key and tiles as `/log/` hands them out."""

    def __init__(self, folder, size=0):
        self.folder = folder
        self.leaves = [merkle.leaf_hash(number.to_bytes(4, "big")) for number in range(size)]
        self._write("key", f"{SIGNER.verifier.text}\n".encode())
        self.publish()

    def grow(self, entries):
        start = len(self.leaves)
        self.leaves += [merkle.leaf_hash(number.to_bytes(4, "big")) for number in range(start, start + entries)]
        self.publish()

    def publish(self, signer=SIGNER):
        """Sign the entries as they are, and write all their tiles."""
        frontier = merkle.Frontier()
        for leaf in self.leaves:
            for tile in frontier.append(leaf):
                self._write(f"tile/{tile.level}/{tile_place(tile.index)}", tile.hashes)
        for level, hashes in enumerate(frontier.partials):
            if hashes:
                index = len(self.leaves) >> merkle.TILE_HEIGHT * (level + 1)
                self._write(f"tile/{level}/{tile_place(index, len(hashes) // 32)}", bytes(hashes))
        head = TreeHead(ORIGIN, len(self.leaves), frontier.root())
        self._write("checkpoint", sign_note(head.text, [signer]).encode())

    def _write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
