"""The mark of the log that every document bears."""

from __future__ import annotations

from dataclasses import dataclass

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


def newest_mark() -> Mark | None:
    """Return the mark of now, None while nothing is sealed."""
    newest = newest_checkpoint()
    return Mark(size=newest.size, root=newest.root_hex) if newest else None
