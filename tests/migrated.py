"""A database that holds what the migrations make, kept on the server: test databases are cloned from it.

Applying the migrations takes far longer than all that a test needs after them, and each process of a run needs a
database of its own.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections

PREFIX = "redress_migrated_"
MAKING = "redress_being_migrated"
LOCK = 7_263_511_204
"""Number of the advisory lock under which one process migrates and the others wait for it."""


def template() -> str:
    """Return the name of the database that these migrations made, which is made now if the server has none."""
    name = PREFIX + _digest()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"])
        present = {row[0] for row in cursor}
        if name not in present:
            for other in present:
                cursor.execute(f'DROP DATABASE "{other}" WITH (FORCE)')
            cursor.execute(f'DROP DATABASE IF EXISTS "{MAKING}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{MAKING}"')
            _migrate()
            cursor.execute(f'ALTER DATABASE "{MAKING}" RENAME TO "{name}"')
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    return name


def _migrate() -> None:
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = MAKING
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = before


def _digest() -> str:
    """Return the digest of all migrations of all apps, ours and others', and of the Django that applies them."""
    digest = hashlib.sha256(django.__version__.encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        for path in sorted(Path(app.path, "migrations").glob("*.py")):
            digest.update(f"\0{app.label}/{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
