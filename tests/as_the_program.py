"""Pytest plugin: with `--as-the-program` tests use the database as the role that `manage.py setup_roles` makes.

Tests marked `superuser` do what only a superuser could, such as changing the log, and keep that role.
"""

from contextlib import suppress

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.db.backends.signals import connection_created

OWNER, PROGRAM = "redress_tests_owner", "redress_tests_program"
WANTED, IN_USE = pytest.StashKey[bool](), pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--as-the-program", action="store_true", help="use the database as the role of the program")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    stash = item.config.stash
    stash[WANTED] = not item.get_closest_marker("superuser")
    if IN_USE in stash and stash[IN_USE] != stash[WANTED]:
        _switch(item.config, to_the_program=stash[WANTED])


def _switch(config: pytest.Config, *, to_the_program: bool) -> None:
    config.stash[IN_USE] = to_the_program
    (connection_created.connect if to_the_program else connection_created.disconnect)(_take_the_role)
    connections.close_all()


def _take_the_role(connection, **_more) -> None:
    if connection.alias == "default":
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {PROGRAM}")


def begin(config: pytest.Config) -> None:
    """Set the roles up in the database at hand, and take that of the program unless the first test keeps its own.

    Roles belong to the whole server, where another process may be faster by a moment.
    """
    from config import database_roles

    if not config.getoption("as_the_program"):
        return
    for _ in range(20):
        with suppress(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            database_roles.set_up(cursor, OWNER, PROGRAM)
            cursor.execute(
                f"GRANT UPDATE ON ALL SEQUENCES IN SCHEMA public TO {PROGRAM}"
            )  # fixtures begin to count anew
            break
    _switch(config, to_the_program=config.stash[WANTED])
