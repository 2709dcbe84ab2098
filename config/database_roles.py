"""Two database roles: one that owns the tables and migrates, and one that the program runs as and that owns nothing.

The second may add to the log and read it, and no more: it can neither change nor empty its tables, nor switch their
triggers off, nor put a table of its own in the place of one of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, models
from django.db.backends.utils import CursorWrapper

from audit.models import Checkpoint, Cosignature, Detail, Entry, Leaf, Pending, Tile, TimeStamp
from casework.models import RawChange

GROWS_ONLY: tuple[type[models.Model], ...] = (
    Entry, Pending, Leaf, Tile, Checkpoint, Cosignature, TimeStamp, Detail, RawChange,
)  # fmt: skip
"""Tables to which the program adds rows. What may go from two of them goes by functions of the owner."""
READ_ONLY = frozenset({"django_migrations"})

_OWNED = """
SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, quote_ident(relname)
  FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'S')
   AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid
                    AND (deptype = 'e' OR deptype IN ('a', 'i') AND relkind = 'S'))
 ORDER BY relkind, relname
"""
_ROUTINES = """
SELECT CASE prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, oid::regprocedure::text
  FROM pg_proc
 WHERE pronamespace = 'public'::regnamespace AND prokind IN ('f', 'p')
   AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e')
 ORDER BY 2
"""
_TYPES = """
SELECT quote_ident(typname) FROM pg_type
 WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
   AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_type'::regclass AND objid = pg_type.oid AND deptype = 'e')
 ORDER BY 1
"""


def roles_exist(cursor: CursorWrapper, *names: str) -> list[bool]:
    """Say of each name whether the server has a role of it."""
    cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [list(names)])
    found = {name for (name,) in cursor.fetchall()}
    return [name in found for name in names]


def statements(cursor: CursorWrapper, owner: str, application: str) -> Iterator[str]:
    """Yield the statements that set the two roles up in the database at hand; they can be repeated at any time.

    `owner` gets all tables, sequences, functions and types of the schema public; `application` gets what the program
    needs of them. Run them as a superuser, and again after each migration.
    """
    quote = connection.ops.quote_name
    to_owner, to_application = quote(owner), quote(application)
    for name, exists in zip((owner, application), roles_exist(cursor, owner, application), strict=True):
        if not exists:
            yield f"CREATE ROLE {quote(name)} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION"
    cursor.execute("SELECT quote_ident(current_database())")
    (database,) = cursor.fetchone()
    yield f"REVOKE ALL ON DATABASE {database} FROM PUBLIC"
    yield f"REVOKE ALL ON DATABASE {database} FROM {to_application}"
    yield f"GRANT CONNECT ON DATABASE {database} TO {to_owner}, {to_application}"
    yield f"GRANT CREATE, TEMPORARY ON DATABASE {database} TO {to_owner}"
    yield f"ALTER ROLE {to_application} SET search_path = public"
    yield "REVOKE ALL ON SCHEMA public FROM PUBLIC"
    yield f"GRANT USAGE, CREATE ON SCHEMA public TO {to_owner}"
    yield f"GRANT USAGE ON SCHEMA public TO {to_application}"
    for query in (_OWNED, _ROUTINES):
        cursor.execute(query)
        for kind, name in cursor.fetchall():
            yield f"ALTER {kind} {name} OWNER TO {to_owner}"
    cursor.execute(_TYPES)
    for (name,) in cursor.fetchall():
        yield f"ALTER TYPE {name} OWNER TO {to_owner}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {to_application}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {to_application}"
    for table in sorted(model._meta.db_table for model in GROWS_ONLY):
        yield f"REVOKE UPDATE, DELETE ON {quote(table)} FROM {to_application}"
    for table in sorted(READ_ONLY):
        yield f"REVOKE INSERT, UPDATE, DELETE ON {quote(table)} FROM {to_application}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {to_application}"
    yield "REVOKE ALL ON ALL ROUTINES IN SCHEMA public FROM PUBLIC"
    yield f"GRANT EXECUTE ON ALL ROUTINES IN SCHEMA public TO {to_application}"


def set_up(cursor: CursorWrapper, owner: str, application: str) -> list[str]:
    """Set the two roles up, and return the statements that did it."""
    done = []
    for statement in statements(cursor, owner, application):
        cursor.execute(statement)
        done.append(statement)
    return done
