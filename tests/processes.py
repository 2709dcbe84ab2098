"""Watching the processes that a test starts."""

import os
import socket
import time
import uuid
from pathlib import Path

PATIENCE = 240
MARK = "REDRESS_TEST_MARK"


def until(condition):
    """Wait until the condition holds; fail when it takes far longer than it may on a busy machine."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)


def marked():
    """Return a variable for the environment of a process; its children and theirs inherit it."""
    return {MARK: uuid.uuid4().hex}


def alive(mark):
    """Return the processes that carry the mark, with all they were started by and have started."""
    wanted = f"{MARK}={mark[MARK]}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
        except OSError:
            continue
    return [pid for pid in found if pid != os.getpid()]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
