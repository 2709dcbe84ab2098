"""Test isolation: transactional tests put back a clone of the migrated database instead of flushing it.

The log's tables refuse TRUNCATE, and they refuse it in tests too.
"""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import settings

pytest_plugins = ["tests.manual", "tests.skips", "tests.turns", "pytester"]

settings.register_profile("redress", deadline=None, print_blob=True)
settings.load_profile("redress")


@pytest.fixture(autouse=True)
def checkpoint_folder(settings, tmp_path_factory) -> Path:
    """Each test has a store of checkpoints of its own: one database must not be measured by another's checkpoint."""
    folder = tmp_path_factory.getbasetemp() / "checkpoints" / uuid4().hex
    settings.AUDIT_CHECKPOINT_STORE = {"BACKEND": "audit.store.FolderStore", "OPTIONS": {"folder": folder}}
    return folder


def _clone(source: str, target: str) -> None:
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}" STRATEGY file_copy')


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """A request leaves its language active; the next test begins without it."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        name = connection.settings_dict["NAME"]
        pristine = f"{name}_pristine"
        _clone(name, pristine)
    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: _clone(pristine, name))
    yield
    patch.undo()
    with django_db_blocker.unblock():
        connections.close_all()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{pristine}" WITH (FORCE)')
