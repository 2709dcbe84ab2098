"""Telling how far a long run is while it goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.utils import timezone

from casework.models.runs import Run

TELL_EVERY = 1.0
"""Seconds between two notes of a run's progress."""
Progress = Callable[[str, int, int], None]
"""What is told of a run: what it is doing, how much of it is done, and of how much."""


@contextmanager
def telling(run: Run) -> Iterator[Progress]:
    """Note the progress of a run from a connection of its own: the run's own reads one snapshot, and only reads."""
    newest: list[tuple[str, int, int]] = []
    stop = threading.Event()
    rows = type(run)._default_manager.filter(pk=run.pk, finished_at=None)

    def note() -> None:
        try:
            while not stop.wait(TELL_EVERY):
                if newest:
                    doing, done, total = newest[-1]
                    del newest[:-1]
                    row: dict[str, Any] = {"doing": doing, "done": done, "total": total, "told_at": timezone.now()}
                    rows.update(**row)
        finally:
            connection.close()

    teller = threading.Thread(target=note)
    teller.start()
    try:
        yield lambda doing, done, total: newest.append((doing, done, total))
    finally:
        stop.set()
        teller.join()
