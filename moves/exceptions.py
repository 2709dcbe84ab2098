"""What can go wrong when someone asks for a move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from moves.refusals import Refusal


class UnknownMove(LookupError):
    """No move of that name is in the table."""


class Invalid(ValueError):
    """What was given cannot be taken. `field` names the value, the message says what to write instead."""

    def __init__(self, message: object, field: str = "") -> None:
        self.field = field
        super().__init__(str(message))


class Refused(Exception):
    """The act was refused. `refusals` holds every reason, each with a code and a sentence."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("; ".join(f"{refusal.code}: {refusal.sentence}" for refusal in self.refusals))

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons, in the order in which they are told."""
        return tuple(refusal.code for refusal in self.refusals)
