"""Keeps the programs of one installation together: they start together, and when one ends, all end.

Knows nothing of Django, so that it can be tried on programs of any kind.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from types import FrameType
from typing import Any, Self

PR_SET_PDEATHSIG = 1
BEAT_SECONDS = 0.05


class PortRefusedError(RuntimeError):
    """The port cannot be had; the message says what to do."""


def require_free_port(host: str, port: int) -> None:
    """Raise PortRefusedError where another program listens on the port.

    The web server binds with SO_REUSEPORT, and so would share the port with a second server without a word.
    """
    for family, kind, protocol, _name, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections that linger are no obstacle
            try:
                probe.bind(address)
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    raise PortRefusedError(
                        f"Port {port} is in use by another program. Stop it, or choose another port, for example"
                        f" --port {port + 1}."
                    ) from error
                if error.errno == errno.EACCES:
                    raise PortRefusedError(
                        f"Port {port} is for root alone. Choose one above 1023 with --port."
                    ) from error
                if family != socket.AF_INET6:  # a machine may name ::1 and not have it
                    raise PortRefusedError(f"Cannot listen on {host}, port {port}: {error.strerror}.") from error


class Supervisor:
    """Runs programs, given by name and command, until one of them ends or a signal asks to stop.

    Leaving the context stops them: each gets TERM and all of them `patience` seconds; what is left then, or when one
    more signal comes, is killed with its children. Should the supervisor itself be killed, Linux sends them TERM.
    """

    ended: str | None = None
    """The program that ended by itself, if one did."""

    def __init__(self, programs: Mapping[str, Sequence[str]], *, patience: float = 10) -> None:
        self._commands = programs
        self._patience = patience
        self._programs: dict[str, subprocess.Popen[bytes]] = {}
        self._signals = 0
        self._handlers: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._handlers[number] = signal.signal(number, self._count)
        prepare = _dies_with_this_process()
        try:
            for name, command in self._commands.items():
                self._programs[name] = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                    preexec_fn=prepare,  # noqa: PLW1509  (this process has one thread)
                )
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def keep_running(self, *, until: Callable[[], bool] = lambda: False) -> bool:
        """Return True as soon as `until` holds, and False as soon as it is time to stop."""
        while not self._signals:
            self.ended = next((name for name, program in self._programs.items() if program.poll() is not None), None)
            if self.ended:
                return False
            if until():
                return True
            time.sleep(BEAT_SECONDS)
        return False

    def status(self, name: str) -> str:
        """Say how a program ended."""
        code = self._programs[name].returncode
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"

    def _count(self, _number: int, _frame: FrameType | None) -> None:
        self._signals += 1

    def _stop(self) -> None:
        signals = self._signals
        deadline = time.monotonic() + self._patience
        for program in self._programs.values():
            program.terminate()
        while (
            any(program.poll() is None for program in self._programs.values())
            and time.monotonic() < deadline
            and self._signals == signals
        ):
            time.sleep(BEAT_SECONDS)
        for program in self._programs.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGKILL)
            program.wait()


def _dies_with_this_process() -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def prepare() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return prepare
