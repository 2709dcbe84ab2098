"""Pytest plugin: two runs on the same test databases take turns."""

import fcntl
import hashlib
import os
import sys
from pathlib import Path
from typing import IO

import pytest
from django.conf import settings

TURN = pytest.StashKey[IO[str]]()


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        database = os.environ.get("DATABASE_URL") or settings.DATABASES["default"]["HOST"]
        tag = hashlib.sha256(database.encode()).hexdigest()[:12]
        config.stash[TURN] = take_turn(settings.VAR_DIR / f"tests-{tag}.lock")


def take_turn(path: Path) -> IO[str]:
    """Wait until no other run holds the lock, and return it; the turn lasts until the file is closed."""
    lock = path.open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.stderr.write("redress: waiting for another run of the tests to end\n")
        fcntl.flock(lock, fcntl.LOCK_EX)
    return lock
