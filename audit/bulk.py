"""Comparing stretches of the log, several at once: what agrees need not be read row by row.

A stretch that does not agree in every row is left to `audit.verify`, which reads it and names what is wrong.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from queue import SimpleQueue
from typing import IO, cast

import psycopg
from django.conf import settings
from django.db import connection, transaction
from psycopg.conninfo import make_conninfo

from audit import stretches
from audit.stretches import Agreeing

STRETCH = 4096
"""Entries compared by one query: whole tiles, so that a tree can be built from their roots."""
WORTH_PROCESSES = 32
"""Stretches from which on processes, which take some tenths of a second to begin, save time."""


@dataclass(frozen=True)
class Stretch:
    """The positions from `start` on, `until` left out; `agreeing` is None where a row disagrees."""

    start: int
    until: int
    agreeing: Agreeing | None


def compare(start: int, end: int, *, workers: int) -> Iterator[Stretch]:
    """Compare the positions from `start` to `end`, in order; only whole stretches are compared, the rest is not.

    With more than one worker, and enough to do for them, each is a process with a connection of its own that sees the
    snapshot of the caller's transaction.
    """
    whole = [(first, first + STRETCH) for first in range(start, end - STRETCH + 1, STRETCH)]
    if workers <= 1 or len(whole) < WORTH_PROCESSES:
        for first, until in whole:
            yield Stretch(first, until, _compare_here(first, until))
        return
    with ExitStack() as stack:
        processes = SimpleQueue[subprocess.Popen[bytes]]()
        for process in [stack.enter_context(process) for process in _begin(workers)]:
            processes.put(process)
        pool = stack.enter_context(ThreadPoolExecutor(workers))
        stack.callback(pool.shutdown, cancel_futures=True)
        asked = deque[Future[Stretch]]()
        for place in whole:
            asked.append(pool.submit(_compare_there, processes, *place))
            if len(asked) > 4 * workers:
                yield asked.popleft().result()
        yield from (future.result() for future in asked)


def _begin(workers: int) -> list[subprocess.Popen[bytes]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
    info = connection.connection.info
    address = make_conninfo(**{**info.get_parameters(), "password": info.password or None})
    begun = []
    for _ in range(workers):
        process = subprocess.Popen(
            [sys.executable, "-m", stretches.__name__], cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,  # ends with its input
        )  # fmt: skip
        _say(process, f"{address}\t{snapshot}")
        begun.append(process)
    return begun


def _say(process: subprocess.Popen[bytes], line: str) -> None:
    with suppress(BrokenPipeError):  # one that came to an end answers nothing
        os.write(cast("IO[bytes]", process.stdin).fileno(), line.encode() + b"\n")


def _compare_there(processes: SimpleQueue[subprocess.Popen[bytes]], start: int, until: int) -> Stretch:
    """Have a process that is free compare a stretch; of one that came to an end, the rows are read one by one."""
    process = processes.get()
    try:
        _say(process, f"{start} {until}")
        return Stretch(start, until, Agreeing.read(cast("IO[bytes]", process.stdout)))
    finally:
        processes.put(process)


def _compare_here(start: int, until: int) -> Agreeing | None:
    connection.ensure_connection()
    with suppress(psycopg.Error), transaction.atomic():
        return stretches.compare(cast("psycopg.Connection", connection.connection), start, until)
    return None
