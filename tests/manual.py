"""The shipped policy manual, for every test that needs rules or sections.

It is published once for the session, through the front door, and taken back; each test that asks for it gets the rows
put back by COPY inside its own transaction, its entries in the log included.
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


@pytest.fixture(scope="session")
def published_rows(django_db_setup, django_db_blocker) -> dict[str, list[bytes]]:
    """What publishing the manual writes, by table; the database is left as it was."""
    models = [*apps.get_app_config("policy_rules").get_models(include_auto_created=True), apps.get_model("audit.Entry")]
    with django_db_blocker.unblock(), transaction.atomic():
        translations = [read_translation(path) for path in DEMO_TRANSLATIONS]
        publish(read_manual(DEMO_MANUAL), translations, actor="system", role="system")
        rows = {
            model._meta.db_table: list(_copy(f"COPY {model._meta.db_table} TO STDOUT (FORMAT binary)"))
            for model in models
        }
        transaction.set_rollback(True)
    return rows


@pytest.fixture
def manual(published_rows, db) -> Manual:
    """The manual of Harrow Bend with its rules and its Spanish translation, published."""
    with connection.cursor() as cursor:
        for table, rows in published_rows.items():
            with cursor.copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:
                for row in rows:
                    copy.write(row)
        cursor.execute(" UNION ALL ".join(NEXT_NUMBER.format(table=table) for table in published_rows))
    return Manual.objects.get(governs=True)


def _copy(statement: str) -> Iterator[bytes]:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        yield from (bytes(row) for row in copy)
