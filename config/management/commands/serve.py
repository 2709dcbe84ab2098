"""Serves Redress: the web server and the job worker under one supervisor."""

import contextlib
import http.client
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from casework.importers import demonstration
from config import embedded_postgres
from config.supervisor import PortRefusedError, Supervisor, require_free_port

OLDEST_POSTGRES = 15


class Command(BaseCommand):
    help = "Serve Redress: the web server and the job worker, which start and end together."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8000"))
        parser.add_argument("--host", default="localhost", help="the address to listen on (default: this machine only)")
        parser.add_argument(
            "--prepare",
            action="store_true",
            help="bring the database up to date first, and load the demonstration city into an empty one",
        )

    def handle(self, *, port: int, host: str, prepare: bool, **_options: Any) -> None:
        try:
            require_free_port(host, port)
        except PortRefusedError as error:
            raise CommandError(str(error)) from error
        self._say(f"using {_database()}")
        self._require_database(prepare=prepare)
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        os.environ.setdefault("SITE_URL", f"http://{host}:{port}")  # for the links in letters and messages
        with Supervisor({"web server": _web(host, port), "job worker": _worker()}) as supervisor:
            if supervisor.keep_running(until=lambda: _answers(host, port)):
                self._say(f"ready at http://{host}:{port} (Ctrl-C stops it)")
                self._say_who_signs_in()
                supervisor.keep_running()
            if not supervisor.ended:
                self._say("stopping")
        if supervisor.ended:
            raise CommandError(
                f"the {supervisor.ended} ended by itself ({supervisor.status(supervisor.ended)}),"
                " so everything was stopped. The lines above say why."
            )

    def _require_database(self, *, prepare: bool) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
                (version,) = cursor.fetchone()
        except OperationalError as error:
            raise CommandError(f"the database that DATABASE_URL names does not answer: {error}") from error
        if version < OLDEST_POSTGRES:
            raise CommandError(f"PostgreSQL {OLDEST_POSTGRES} or later is needed; this is {version}.")
        executor = MigrationExecutor(connection)
        steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if steps and not prepare:
            raise CommandError("the database is not up to date. Run: python manage.py migrate")
        if steps:
            self._say(f"bringing the database up to date ({len(steps)} steps)")
            call_command("migrate", verbosity=0, interactive=False)
        if prepare and settings.OFFICE["demonstration"] and demonstration.is_empty():
            self._say("loading the made-up city of Harrow Bend; the first start takes a minute for it")
            call_command("demo", stdout=self.stdout)
        connection.close()

    def _say_who_signs_in(self) -> None:
        people = demonstration.who_signs_in()
        if people:
            self._say(f"people of the made-up city sign in with the password {demonstration.PASSWORD}:")
            for login, role in people:
                self._say(f"  {login} ({role})")

    def _say(self, sentence: str) -> None:
        self.stdout.write(f"redress: {sentence}")
        self.stdout.flush()


def _web(host: str, port: int) -> list[str]:
    threads = os.environ.get("WEB_THREADS") or str(2 * (os.cpu_count() or 1) + 1)
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "config.wsgi:application",
        "--host", "127.0.0.1" if host == "localhost" else host, "--port", str(port), "--no-ws", "--http", "1",
        "--workers", os.environ.get("WEB_WORKERS", "1"), "--blocking-threads", threads,
        "--workers-kill-timeout", "5", "--log-level", "warning",
    ]  # fmt: skip


def _database() -> str:
    if os.environ.get("DATABASE_URL"):
        return f"the database {settings.DATABASES['default']['NAME']} that DATABASE_URL names"
    return f"the embedded PostgreSQL in {os.path.relpath(embedded_postgres.folder())}"


def _worker() -> list[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), "work"]


def _answers(host: str, port: int) -> bool:
    """Tell whether the web server gives any answer at all."""
    web = http.client.HTTPConnection(host, port, timeout=5)
    with contextlib.closing(web), contextlib.suppress(OSError, http.client.HTTPException):
        web.request("HEAD", "/", headers={"Host": "localhost"})
        return bool(web.getresponse().status)
    return False
