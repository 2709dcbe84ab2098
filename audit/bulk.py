"""Comparing stretches of the log at a time: what agrees need not be read row by row.

The database compares each text with its hash, its columns and its detail, several stretches at once on connections of
their own, and gives back the hashes and what each text states of its subject's entry before. A stretch that does not
agree in every row is left to `audit.verify`, which reads it and names what is wrong.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from django.db import DatabaseError, connection, transaction

from audit import merkle

STRETCH = 8192
"""Entries compared by one query: whole tiles, so that a tree can be built from their hashes."""

_AGREES = r"""
SELECT string_agg(kept, ''::bytea), string_agg(subject, E'\n'), string_agg(n::text, ' '),
       string_agg(convert_from(substr(written, starts + octet_length(its_order), its_prev), 'UTF8'), ' '),
       bool_and(coalesce(
           after_1970
           AND kept = sha256('\x00'::bytea || written)
           AND starts_with(leaf, head)
           AND substr(written, octet_length(head) + hole + 1, octet_length(after_hole)) = after_hole
           AND CASE WHEN sections < 2 THEN true ELSE strpos(leaf, sealed) > 0 AND
                    basis = ARRAY(SELECT one ->> 'section' FROM jsonb_array_elements(leaf::jsonb -> 'basis') AS one)
               END
           AND substr(written, starts, octet_length(its_order)) = its_order
           AND substr(written, starts + octet_length(its_order) + its_prev, 6) = ',"r":"'
           AND substr(written, octet_length(written) - octet_length(tail) + 1) = tail, false))
  FROM (
    SELECT *, octet_length(written) - octet_length(tail) - 37 - its_prev - octet_length(its_order) AS starts,
           '{"action":"' || action || '","actor":"' || actor || '","at":"' || moment || '","basis":['
           || CASE sections WHEN 0 THEN '' ELSE '{"section":"' || basis[1] || '","sha256":"' END AS head,
           CASE sections WHEN 0 THEN 0 ELSE 64 END AS hole,
           convert_to(CASE sections WHEN 0 THEN sealed WHEN 1 THEN '"}' || sealed
                                    ELSE '"},{"section":"' || basis[2] || '"' END, 'UTF8') AS after_hole
      FROM (
        SELECT l.leaf_hash AS kept, e.leaf, convert_to(e.leaf, 'UTF8') AS written, e.subject, e.n,
               e.action, e.actor, e.basis, cardinality(e.basis) AS sections, e.occurred_at > '1970-01-01' AS after_1970,
               to_char(e.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS moment,
               '],"commitment":' || CASE WHEN d.salt IS NULL OR d.value IS NULL THEN 'null'
                    ELSE '"' || encode(sha256(d.salt || convert_to(d.value, 'UTF8')), 'hex') || '"' END
               || ',"facts":{' AS sealed,
               convert_to(',"n":' || e.n || ',"objects":' || CASE cardinality(e.objects) WHEN 0 THEN '[]'
                    ELSE '["' || array_to_string(e.objects, '","') || '"]' END || ',"prev":', 'UTF8') AS its_order,
               CASE e.n WHEN 1 THEN 4 ELSE 66 END AS its_prev,
               convert_to('","role":"' || e.actor_role || '","subject":"' || e.subject || '","v":1}', 'UTF8') AS tail
          FROM audit_leaf l
          JOIN audit_entry e ON e.id = l.entry_id
          LEFT JOIN audit_detail d ON d.entry_id = e.id
         WHERE l.position >= %(start)s AND l.position < %(until)s
         ORDER BY l.position OFFSET 0) AS stored
    OFFSET 0) AS rebuilt
"""
"""The text is rebuilt from the columns and the detail, but for the digests of the sections it cites and its facts and
random value, which the hash alone speaks for, and for the hash of its subject's entry before."""


@dataclass(frozen=True)
class Agreeing:
    """What is known of the entries of a stretch that agree with themselves; one of each for every position.

    `previous` holds what each text states of its subject's entry before: ``null`` or a hash in quotes.
    """

    hashes: Sequence[bytes]
    subjects: Sequence[str]
    numbers: Sequence[int]
    previous: Sequence[str]


@dataclass(frozen=True)
class Stretch:
    """The positions from `start` on, `until` left out; `agreeing` is None where a row disagrees."""

    start: int
    until: int
    agreeing: Agreeing | None


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
            kept, subjects, numbers, previous, agrees = cursor.fetchone()
    except DatabaseError:  # a text that is no JSON, for instance
        return Stretch(start, until, None)
    if not agrees:
        return Stretch(start, until, None)
    hashes = merkle.split_hashes(bytes(kept))
    found = Agreeing(hashes, subjects.split("\n"), [*map(int, numbers.split(" "))], previous.split(" "))
    whole = {len(part) for part in (hashes, found.subjects, found.numbers, found.previous)} == {until - start}
    return Stretch(start, until, found if whole else None)
