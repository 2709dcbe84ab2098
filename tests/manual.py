"""The shipped policy manual, for every test that needs rules or sections.

It is published once in a process, through the front door, and taken back; each test that asks for it gets the rows put
back by COPY, its entries in the log included.
"""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, transaction

from policy_rules.importers.yaml_format import read_manual, read_translation
from policy_rules.manuals import DEMO_MANUAL, DEMO_TRANSLATIONS
from policy_rules.models import Manual
from policy_rules.publishing import publish

NEXT_NUMBER = "SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id) + 1000) FROM {table} HAVING max(id) > 0"
_rows: dict[str, list[bytes]] = {}


@pytest.fixture
def manual(db) -> Manual:
    """The manual of Harrow Bend with its rules and its Spanish translation, published."""
    return put_in_place()


def put_in_place() -> Manual:
    """Make sure that the database holds the manual, and return it."""
    if not Manual.objects.filter(governs=True).exists():
        with transaction.atomic(), connection.cursor() as cursor:
            rows = _published()
            for table, parts in rows.items():
                with cursor.copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:
                    for part in parts:
                        copy.write(part)
            cursor.execute(" UNION ALL ".join(NEXT_NUMBER.format(table=table) for table in rows))
    return Manual.objects.get(governs=True)


def _published() -> dict[str, list[bytes]]:
    """Return what publishing the manual writes, by table; the database is left as it was."""
    if not _rows:
        models = [*apps.get_app_config("policy_rules").get_models(include_auto_created=True)]
        tables = [model._meta.db_table for model in (*models, apps.get_model("audit.Entry"))]
        with transaction.atomic():
            translations = [read_translation(path) for path in DEMO_TRANSLATIONS]
            publish(read_manual(DEMO_MANUAL), translations, actor="system", role="system")
            _rows.update({table: list(_copy(f"COPY {table} TO STDOUT (FORMAT binary)")) for table in tables})
            transaction.set_rollback(True)
    return _rows


def _copy(statement: str) -> Iterator[bytes]:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        yield from (bytes(row) for row in copy)
