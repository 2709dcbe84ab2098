"""What a verification of the log finds, and what a check that takes part in it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from audit.merkle import EMPTY_ROOT

MOST_FAULTS = 1000
"""Faults that a report lists; where everything is wrong, more lines say nothing more."""
Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True)
class Fault:
    """Something that is not as it was sealed. `position` counts entries from the start of the log."""

    code: str
    message: str
    position: int | None = None
    subject: str = ""


@dataclass(frozen=True)
class VerifyContext:
    """What a registered check is given: how many entries the newest checkpoint covers, and where to tell progress."""

    size: int
    progress: Progress


@dataclass(frozen=True)
class Verified:
    """That the log's first `size` entries were found whole, and had this root (32 bytes)."""

    size: int
    root: bytes


@dataclass
class Report:
    """The outcome of a verification.

    `entries` counts all entries, `size` those that the newest checkpoint covers, `pending` those that wait for a
    position; `root` is hexadecimal. `read_from` is the position from which on entries were read: those before it were
    only held to the root that they had when they were found whole.
    """

    entries: int = 0
    size: int = 0
    root: str = EMPTY_ROOT.hex()
    pending: int = 0
    faults: list[Fault] = field(default_factory=list)
    read_from: int = field(default=0, compare=False)

    def fault(self, code: str, message: str, position: int | None = None, subject: str = "") -> None:
        """Add a fault."""
        self.faults.append(Fault(code, message, position, subject))

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def as_dict(self) -> dict[str, Any]:
        """Return the report as `verify_audit_log --json` prints it."""
        faults = [vars(fault) for fault in self.faults]
        return {"ok": self.ok, "entries": self.entries, "size": self.size, "root": self.root, "faults": faults}
