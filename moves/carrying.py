"""Entering a whole history under the days on which its acts took place, while a register is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_carrying_over: ContextVar[bool] = ContextVar("carrying_over", default=False)


@contextmanager
def carrying_over() -> Iterator[None]:
    """Let acts keep the day on which they took place while a whole history is entered; every entry says so.

    For commands that load a register, never for a person's own session. The days must still be in order.
    """
    token = _carrying_over.set(True)
    try:
        yield
    finally:
        _carrying_over.reset(token)


def is_carrying_over() -> bool:
    """Say whether a history is being entered."""
    return _carrying_over.get()
