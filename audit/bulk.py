"""Comparing stretches of the log inside the database, several at a time: what agrees need not be read row by row.

A stretch that does not agree in every row is left to `audit.verify`, which reads it and names what is wrong.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from django.db import DatabaseError, connection, transaction

STRETCH = 16_384
"""Entries compared by one query: whole tiles, so that a tree can be built from their hashes."""

_AGREES = r"""
SELECT string_agg(kept, ''::bytea ORDER BY position), count(*) = %(until)s - %(start)s AND bool_and(agrees)
  FROM (
    SELECT l.position, l.leaf_hash AS kept, coalesce(
           e.occurred_at > '1970-01-01'
           AND l.leaf_hash = sha256('\x00'::bytea || convert_to(e.leaf, 'UTF8'))
           AND starts_with(e.leaf, head)
           AND substr(e.leaf, length(head) + hole + 1, length(after_hole)) = after_hole
           AND CASE WHEN sections < 2 THEN true ELSE strpos(e.leaf, sealed) > 0 AND
                    e.basis = ARRAY(SELECT one ->> 'section' FROM jsonb_array_elements(e.leaf::jsonb -> 'basis') AS one)
               END
           AND substr(e.leaf, length(e.leaf) - length(tail) - 31 - length(its_order), length(its_order)) = its_order
           AND right(e.leaf, length(tail)) = tail, false) AS agrees
      FROM audit_leaf l
      JOIN audit_entry e ON e.id = l.entry_id
      LEFT JOIN audit_detail d ON d.entry_id = e.id
      LEFT JOIN audit_entry p ON e.n > 1 AND p.subject = e.subject AND p.n = e.n - 1
      LEFT JOIN audit_leaf before ON before.entry_id = p.id AND before.position < l.position
     CROSS JOIN LATERAL (
           SELECT cardinality(e.basis) AS sections, '],"commitment":'
                  || coalesce('"' || encode(sha256(d.salt || convert_to(d.value, 'UTF8')), 'hex') || '"', 'null')
                  || ',"facts":{' AS sealed) AS known
     CROSS JOIN LATERAL (
           SELECT '{"action":"' || e.action || '","actor":"' || e.actor || '","at":"'
                  || to_char(e.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '","basis":['
                  || CASE sections WHEN 0 THEN '' ELSE '{"section":"' || e.basis[1] || '","sha256":"' END AS head,
                  CASE sections WHEN 0 THEN 0 ELSE 64 END AS hole,
                  CASE sections WHEN 0 THEN sealed WHEN 1 THEN '"}' || sealed
                       ELSE '"},{"section":"' || e.basis[2] || '"' END AS after_hole,
                  ',"n":' || e.n || ',"objects":'
                  || CASE cardinality(e.objects) WHEN 0 THEN '[]'
                          ELSE '["' || array_to_string(e.objects, '","') || '"]' END
                  || ',"prev":' || CASE e.n WHEN 1 THEN 'null' ELSE '"' || encode(before.leaf_hash, 'hex') || '"' END
                  || ',"r":"' AS its_order,
                  '","role":"' || e.actor_role || '","subject":"' || e.subject || '","v":1}' AS tail
           OFFSET 0) AS written
     WHERE l.position >= %(start)s AND l.position < %(until)s
    OFFSET 0) AS compared
"""
"""The text is rebuilt from the columns, the detail and the entry before, but for the digests of the sections it cites
and its facts and random value, which the hash alone speaks for."""


@dataclass(frozen=True)
class Stretch:
    """The positions from `start` on, `until` left out, and their hashes; `hashes` is None where a row disagrees."""

    start: int
    until: int
    hashes: bytes | None


def compare(start: int, end: int, *, workers: int) -> Iterator[Stretch]:
    """Compare the positions from `start` to `end`, in order; only whole stretches are compared, the rest is not.

    With more than one worker, each has a connection of its own that sees the snapshot of the caller's transaction.
    """
    whole = [(first, first + STRETCH) for first in range(start, end - STRETCH + 1, STRETCH)]
    workers = min(workers, len(whole))
    if workers <= 1:
        for first, until in whole:
            yield _compare(first, until)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
    waiting: deque[Future[Stretch]] = deque()
    with ThreadPoolExecutor(workers, initializer=_begin, initargs=(snapshot,)) as pool:
        try:
            for place in whole:
                waiting.append(pool.submit(_compare, *place))
                if len(waiting) > 2 * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
            all_here = threading.Barrier(workers)
            for _ in range(workers):
                pool.submit(_end, all_here)


_mine = threading.local()


def _begin(snapshot: str) -> None:
    _mine.block = transaction.atomic()
    _mine.block.__enter__()
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET TRANSACTION SNAPSHOT %s", [snapshot])
        for setting in ("max_parallel_workers_per_gather = 0", "enable_seqscan = off", "jit = off"):
            cursor.execute(f"SET LOCAL {setting}")  # the planner does not know that a stretch is a small part


def _end(all_here: threading.Barrier) -> None:
    """Give a worker's connection back; each worker waits for the others, so that every one of them comes here."""
    all_here.wait()
    _mine.block.__exit__(None, None, None)
    connection.close()


def _compare(start: int, until: int) -> Stretch:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_AGREES, {"start": start, "until": until})
            hashes, agrees = cursor.fetchone()
    except DatabaseError:  # a text that is no JSON, for instance
        return Stretch(start, until, None)
    return Stretch(start, until, bytes(hashes) if agrees else None)
