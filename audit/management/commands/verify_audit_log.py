"""Check the audit log and say what is wrong with it."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from audit.faults import Report
from audit.verify import last_verified, verify


class Command(BaseCommand):
    help = "Checks every entry, tile, checkpoint and signature of the audit log. Exits with 1 if anything is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--against",
            action="append",
            type=Path,
            default=[],
            metavar="FILE",
            help="a signed checkpoint that was kept elsewhere; may be given several times",
        )
        parser.add_argument(
            "--incremental",
            action="store_true",
            help="hold what was found whole at the last recorded check to its root, and read only what came later",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            against = [path.read_text(encoding="utf-8") for path in options["against"]]
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The checkpoint cannot be read: {error}") from error
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("")
            since = last_verified() if options["incremental"] else None
            report = verify(
                against=against,
                since=since,
                progress=lambda what, done, total: bar.update(task, description=what, completed=done, total=total),
            )
        if options["json"]:
            found = {**report.as_dict(), **({"since": since.size if since else 0} if options["incremental"] else {})}
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        else:
            self._tell(report)
        if not report.ok:
            raise CommandError(f"The log has {len(report.faults)} faults.", returncode=1)

    def _tell(self, report: Report) -> None:
        for fault in report.faults:
            self.stdout.write(f"{fault.code}: {fault.message}")
        if report.ok:
            self.stdout.write(
                f"The log is whole: {report.size} entries sealed, {report.pending} pending. Root {report.root}"
            )
