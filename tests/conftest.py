"""Test isolation: transactional tests put back a clone of the migrated database instead of flushing it.

The log's tables refuse TRUNCATE, and they refuse it in tests too. Tests of cases run on a second database, which holds
the shipped manual and the cast of `tests.cast` from the start; a test package asks for it with `harrow_bend`.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction
from django.test import TransactionTestCase, override_settings
from django.utils import translation
from hypothesis import settings

if TYPE_CHECKING:
    from tests.permissions.visitors import Stage

pytest_plugins = ["tests.as_the_program", "tests.manual", "tests.skips", "tests.turns", "pytester", "tests.signing_in"]

settings.register_profile("redress", deadline=None, print_blob=True)
settings.load_profile("redress")


@pytest.fixture(autouse=True)
def checkpoint_folder(settings, tmp_path_factory) -> Path:
    """Each test has a store of checkpoints of its own: one database must not be measured by another's checkpoint."""
    folder = tmp_path_factory.getbasetemp() / "checkpoints" / uuid4().hex
    settings.AUDIT_CHECKPOINT_STORE = {"BACKEND": "audit.store.FolderStore", "OPTIONS": {"folder": folder}}
    return folder


_KEPT: set[str] = set()
"""Databases that are not put back after each test."""
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-only", action="store_true", help="leave out the tests that use no database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("database_only"):
        items[:] = [item for item in items if item.get_closest_marker("django_db") or _uses_a_database(item)]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse to run where tests that share a scene would be scattered over processes, each of which would make it."""
    grouped = (item for item in session.items if item.get_closest_marker("xdist_group"))
    if session.config.getoption("loadgroup", default=False) and not all("@" in item.nodeid for item in grouped):
        raise pytest.UsageError(
            "pytest-xdist does not see the groups of tests. requirements-dev.in names the versions."
        )


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """Let the collector of garbage pass over what stays to the end, the tests and the program, and look less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _uses_a_database(item: pytest.Item) -> bool:
    return not DATABASE_FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))


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


def _drop(*names: str) -> None:
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        for name in names:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _put_back(_test: TransactionTestCase | None = None) -> None:
    name = connection.settings_dict["NAME"]
    if name not in _KEPT:
        _clone(f"{name}_pristine", name)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker) -> None:
    from tests import migrated

    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated.template()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, pytestconfig) -> Iterator[None]:
    name = connection.settings_dict["NAME"]
    if not name.startswith("test_"):  # none of the chosen tests asks for a database, so none was made
        yield
        return
    with django_db_blocker.unblock():
        pytestconfig.pluginmanager.get_plugin("tests.as_the_program").begin(pytestconfig)
        _clone(name, f"{name}_pristine")
    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", _put_back)
    yield
    patch.undo()
    with django_db_blocker.unblock():
        _drop(f"{name}_pristine")


@pytest.fixture(scope="session")
def harrow_bend_database(django_db_setup, django_db_blocker) -> Iterator[str]:
    """The name of a database with the shipped manual and the cast in it."""
    from tests import cast

    empty = connection.settings_dict["NAME"]
    if not empty.startswith("test_"):
        yield empty
        return
    with django_db_blocker.unblock():
        name = f"{empty}_harrow_bend"
        _clone(f"{empty}_pristine", name)
        connection.settings_dict["NAME"] = name
        cast.load()
        _clone(name, f"{name}_pristine")
        connection.settings_dict["NAME"] = empty
    yield name
    with django_db_blocker.unblock():
        _drop(name, f"{name}_pristine")


@pytest.fixture(scope="session")
def harrow_bend(harrow_bend_database, django_db_blocker) -> Callable[[], AbstractContextManager[None]]:
    """A place to stay: inside ``with harrow_bend():`` the connection leads to the database of Harrow Bend.

    Each package of tests has a fixture of its own that stays there; one here would last to the end of the session.
    """

    @contextmanager
    def stay() -> Iterator[None]:
        before = connection.settings_dict["NAME"]
        with django_db_blocker.unblock():
            connections.close_all()
        connection.settings_dict["NAME"] = harrow_bend_database
        yield
        with django_db_blocker.unblock():
            connections.close_all()
        connection.settings_dict["NAME"] = before

    return stay


@pytest.fixture(scope="session")
def kept_database(django_db_setup, django_db_blocker) -> Callable[[], AbstractContextManager[None]]:
    """Tests that share a scene: inside ``with kept_database():`` what is saved stays, and is put back at the end."""

    @contextmanager
    def keep() -> Iterator[None]:
        name = connection.settings_dict["NAME"]
        _KEPT.add(name)
        try:
            with django_db_blocker.unblock():
                yield
        finally:
            _KEPT.discard(name)
            with django_db_blocker.unblock():
                _put_back()

    return keep


@pytest.fixture(scope="session")
def undone_later(django_db_setup, django_db_blocker, tmp_path_factory) -> Callable[[], AbstractContextManager[None]]:
    """Tests of a class that share a scene: inside ``with undone_later():`` what each test saves is undone after it.

    What was saved before the first test is undone at the end. Nothing of it is ever committed.
    """

    @contextmanager
    def keep() -> Iterator[None]:
        folder = tmp_path_factory.mktemp("checkpoints")
        store = {"BACKEND": "audit.store.FolderStore", "OPTIONS": {"folder": folder}}
        with django_db_blocker.unblock(), override_settings(AUDIT_CHECKPOINT_STORE=store), transaction.atomic():
            yield
            transaction.set_rollback(True)

    return keep


@pytest.fixture(scope="module")
def stage(kept_database, tmp_path_factory) -> Iterator[Callable[..., Stage]]:
    """Build a scene of `tests.permissions` for those who visit it: ``stage("case_received")``.

    It stands until another is asked for, so tests that change it ask under a key of their own: ``key="the page"``.
    """
    from tests.permissions.visitors import SCENES, Stage, programs, standard_visitors

    with ExitStack() as standing:
        last: tuple[str, Stage] | None = None

        def build(name: str, *, key: str = "") -> Stage:
            nonlocal last
            if last is None or last[0] != (key or name):
                standing.close()
                folder = tmp_path_factory.mktemp("checkpoints")
                store = {"BACKEND": "audit.store.FolderStore", "OPTIONS": {"folder": folder}}
                standing.enter_context(kept_database())
                standing.enter_context(override_settings(AUDIT_CHECKPOINT_STORE=store))
                last = key or name, Stage(SCENES[name](), standard_visitors(), programs())
            return last[1]

        yield build
