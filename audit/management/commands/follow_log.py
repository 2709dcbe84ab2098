"""Mirror a published log and raise the alarm when it is not what it was."""

import json
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from audit.following import LogAlarm, Published, Unreachable, published_at
from audit.management.log_keys import kept_keys
from audit.monitor import Mirror
from audit.tiles import MissingHashesError

ALARM, UNREACHABLE = 1, 2


class Command(BaseCommand):
    help = (
        "Mirrors a published log into a folder and makes sure that each checkpoint goes on from the last. Needs no "
        "database. Exits with 1 when the log is not what it was, and, with --once, with 2 when it cannot be reached."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("log", metavar="URL", help="such as https://oversight.example/log; or a folder")
        parser.add_argument("folder", type=Path, metavar="DIR", help="the mirror; a later run goes on with it")
        parser.add_argument("--key", metavar="FILE", help="the log's key, from someone you trust; needed once at most")
        parser.add_argument("--every", type=float, default=60, metavar="SECONDS", help="between two looks (60)")
        parser.add_argument("--once", action="store_true", help="look once and end")
        parser.add_argument("--json", action="store_true", help="print one JSON object for each look and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        log = published_at(options["log"])
        while True:
            try:
                self._look(log, options)
            except LogAlarm as alarm:
                if options["json"]:
                    self._print({"ok": False, "code": alarm.code, "message": str(alarm)})
                raise CommandError(f"ALARM ({alarm.code}): {alarm}", returncode=ALARM) from alarm
            except (Unreachable, MissingHashesError) as error:
                if options["json"]:
                    self._print({"ok": None, "code": "unreachable", "message": str(error)})
                if options["once"]:
                    raise CommandError(str(error), returncode=UNREACHABLE) from error
                self.stderr.write(str(error))
            if options["once"]:
                return
            time.sleep(options["every"])

    def _look(self, log: Published, options: dict[str, Any]) -> None:
        keys = kept_keys(log, options["folder"] / "key", options["key"], self.stderr.write)
        with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
            task = bar.add_task("")
            found = Mirror(options["folder"], keys).follow(
                log,
                timezone.now(),
                lambda what, done, total: bar.update(task, description=what, completed=done, total=total),
            )
        if options["json"]:
            self._print(found.as_dict())
        else:
            self.stdout.write(f"{found.size} entries, {found.new_entries} of them new; root {found.root}")

    def _print(self, found: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(found, ensure_ascii=False))
        self.stdout.flush()
