"""The mark of the log that every document bears."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

import segno
from django.conf import settings

from audit.log import newest_checkpoint


@dataclass(frozen=True, kw_only=True)
class Mark:
    """The log's newest checkpoint: the number of entries it seals and its root hash, 64 hexadecimal digits.

    Printed on every document, it makes each reader a witness: a log that is changed contradicts it.
    """

    size: int
    root: str

    @property
    def entries(self) -> str:
        """The number of entries, with separators."""
        return f"{self.size:,}"

    @property
    def groups(self) -> list[str]:
        """The root in eights, which people can compare."""
        return [self.root[at : at + 8] for at in range(0, len(self.root), 8)]

    @property
    def short(self) -> str:
        """The size and the first 16 digits, for the foot of a page."""
        return f"{self.entries} · " + " ".join(self.root[at : at + 4] for at in range(0, 16, 4))

    @property
    def address(self) -> str:
        """The page of the log where the checkpoint can be compared."""
        return f"{settings.SITE_URL}/log/?size={self.size}&root={self.root}"

    @property
    def qr(self) -> tuple[int, str]:
        """The QR code of that page, as `qr_path` gives it."""
        return qr_path(self.address)


def newest_mark() -> Mark | None:
    """Return the mark of now, None while nothing is sealed."""
    newest = newest_checkpoint()
    return Mark(size=newest.size, root=newest.root_hex) if newest else None


def qr_path(address: str) -> tuple[int, str]:
    """Return the side of the address's QR code in modules, margin included, and the SVG path of its dark modules."""
    rows = list(segno.make(address, error="m", boost_error=False).matrix_iter(border=2))
    runs = (f"M{x} {y}h{len(run)}v1h-{len(run)}z" for y, row in enumerate(rows) for x, run in _dark_runs(row))
    return len(rows), "".join(runs)


def _dark_runs(row: Iterable[int]) -> Iterator[tuple[int, list[int]]]:
    """Yield each run of dark modules with the place where it begins; few long strokes draw faster than many dots."""
    at = 0
    for is_dark, modules in groupby(row):
        run = list(modules)
        if is_dark:
            yield at, run
        at += len(run)
