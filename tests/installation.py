"""The two commands on a machine that has only Python and git, as an ordinary user in a folder with a space.

Run by `script/check`; not collected with the other tests, since it fetches the packages anew.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import pytest

from config.embedded_postgres import BASE_DIR
from tests.processes import alive, free_port, marked, until

DEBIAN_PYTHON = "/usr/bin/python3"
MINUTES = 60


def copy_checkout(target):
    """Copy the files that are, or may come, under version control: what a clone would hold."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=BASE_DIR, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (BASE_DIR / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(BASE_DIR / name, target / name)


@pytest.fixture(scope="module")
def clone():
    """A fresh copy of the checkout, in a folder of the user who will run it."""
    with tempfile.TemporaryDirectory(prefix="a folder ") as folder:
        top = Path(folder)
        copy_checkout(top / "redress")
        (top / "home").mkdir()
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            for path in (top, *top.rglob("*")):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
        yield top / "redress"


class Visitor:
    """Somebody without rights, in a shell without variables, standing in another folder."""

    def __init__(self, clone):
        self.clone = clone
        self.mark = marked()
        as_nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
        self.before = as_nobody if os.geteuid() == 0 else []
        python = DEBIAN_PYTHON if Path(DEBIAN_PYTHON).exists() else sys.executable
        self.environment = {
            "HOME": str(clone.parent / "home"),
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "PYTHON": python,
            **{name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_"))},
            **self.mark,
        }

    def starts(self, script, *arguments):
        return subprocess.Popen(
            [*self.before, self.clone / "script" / script, *arguments],
            cwd="/", env=self.environment, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip


@pytest.fixture
def visitor(clone):
    visitor = Visitor(clone)
    yield visitor
    for pid in alive(visitor.mark):
        os.kill(pid, signal.SIGKILL)


def serve(visitor):
    """Start the server, read its home page, stop it; return what it said."""
    port = free_port()
    process = visitor.starts("server", "--port", str(port))
    said = []
    for line in process.stdout:
        said.append(line)
        if "ready at" in line:
            break
    assert f"ready at http://localhost:{port}" in said[-1], "".join(said)
    with urllib.request.urlopen(f"http://localhost:{port}/en/", timeout=MINUTES) as page:
        assert page.status == 200
    process.terminate()
    said += process.communicate(timeout=2 * MINUTES)[0].splitlines(keepends=True)
    assert process.returncode == 0, "".join(said)
    until(lambda: not alive(visitor.mark))
    return "".join(said)


def test_script_server_runs_from_a_fresh_clone_and_leaves_no_process(visitor):
    said = serve(visitor)
    assert "making .venv" in said
    assert "bringing the database up to date" in said


def test_a_second_start_has_nothing_to_do(visitor):
    said = serve(visitor)
    assert "installing" not in said
    assert "bringing the database up to date" not in said


def test_it_still_runs_after_the_folder_was_moved(clone, visitor):
    moved = clone.with_name("redress, moved")
    clone.rename(moved)
    visitor.clone = moved
    try:
        serve(visitor)
    finally:
        moved.rename(clone)


def test_script_test_runs_and_closes_with_the_line_of_pytest(visitor):
    tests = ["tests/config/test_embedded_postgres.py", "tests/config/test_setup.py", "tests/config/test_home.py"]
    process = visitor.starts("test", "-q", *tests)
    said = process.communicate(timeout=15 * MINUTES)[0]
    assert process.returncode == 0, said
    assert " passed" in said.splitlines()[-1]
