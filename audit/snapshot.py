"""One snapshot of the database, in which everything that a verification reads agrees."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """Open a transaction that only reads one snapshot; inside a caller's transaction its isolation stays."""
    inside = connection.in_atomic_block
    with transaction.atomic():
        if not inside:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                cursor.execute("SET LOCAL search_path = public")  # no function of another schema answers for the server
        yield


def select(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Return what a query finds."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
