"""Whether tables are still guarded: they are tables, with their keys, and their triggers fire in every session.

Who owns the database can switch a guard off, and on again. That one is off now, or gone, is said before any harm shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from audit.faults import Fault, VerifyContext
from audit.models import Checkpoint, Cosignature, Detail, Entry, Leaf, Pending, Tile, TimeStamp
from audit.snapshot import select

REFUSED = ("keeps_its_rows", "is_not_emptied")
GUARDS: dict[str, tuple[str, ...]] = {
    model._meta.db_table: REFUSED for model in (Entry, Pending, Leaf, Tile, Checkpoint, Cosignature, TimeStamp, Detail)
}
GUARDS[Pending._meta.db_table] += ("is_placed",)
GUARDS[Detail._meta.db_table] += ("is_erased",)
"""The triggers of each table of the log: their names are the table's with one of these behind."""

_TRIGGERS_OFF = """
    SELECT name FROM unnest(%s::text[], %s::text[]) AS wanted (relation, name)
     WHERE NOT EXISTS (SELECT FROM pg_trigger
                        WHERE tgrelid = to_regclass(relation) AND tgname = name AND tgenabled = 'A')
     ORDER BY name
"""
_NO_TABLES = """
    SELECT name FROM unnest(%s::text[]) AS wanted (name) LEFT JOIN pg_class ON pg_class.oid = to_regclass(name)
     WHERE relkind IS DISTINCT FROM 'r' OR relhasrules OR relrowsecurity
        OR NOT EXISTS (SELECT FROM pg_index WHERE indrelid = pg_class.oid AND indisprimary AND indisvalid)
     ORDER BY name
"""


def unguarded(guards: Mapping[str, Iterable[str]]) -> Iterator[Fault]:
    """Yield a fault for each trigger that does not fire always, and for each table that is none, or has no key."""
    triggers = [(table, f"{table}_{end}") for table, ends in guards.items() for end in ends]
    for (name,) in select(_TRIGGERS_OFF, *map(list, zip(*triggers, strict=True))):
        yield Fault("guard_missing", f"The trigger {name} is gone, or does not fire in every session.")
    for (name,) in select(_NO_TABLES, list(guards)):
        yield Fault("guard_missing", f"{name} is no plain table with its key: what it shows may be made up.")


def check(_context: VerifyContext) -> Iterator[Fault]:
    """Look at the guards of the log's own tables."""
    return unguarded(GUARDS)
