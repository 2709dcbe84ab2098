"""`manage.py import_complaints --mapping FILE DATA...`: enter another system's complaints as cases."""

from __future__ import annotations

import json as json_format
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from casework.exceptions import Refused
from casework.importers import mapping as mappings
from casework.importers.mapping import MappingError
from casework.importers.report import Report
from casework.importers.run import Outcome, run
from casework.importers.tables import SourceError
from casework.permissions import SYSTEM


class Command(BaseCommand):
    help = (
        "Enter another system's complaints as cases. Everything is taken or nothing; rows that cannot be taken and "
        "cells that cannot be believed are listed in a report. A second run enters nothing twice."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--mapping",
            required=True,
            metavar="FILE",
            help=f"what the columns and codes mean: a TOML file, or one of {', '.join(mappings.shipped())}",
        )
        parser.add_argument("data", type=Path, nargs="+", metavar="DATA", help="the source's CSV files, in any order")
        parser.add_argument("--dry-run", action="store_true", help="try everything and keep nothing")
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="where the report goes (by default var/imports)"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(
        self, *, mapping: str, data: list[Path], dry_run: bool, report: Path | None, json: bool, **_options: Any
    ) -> None:
        """Import and print what came of it; raises CommandError with a sentence that says what to do."""
        console = Console(stderr=True)
        try:
            checked = mappings.load(mappings.find(mapping))
            with Report(report or _default_report(checked.name)) as lines, _progress(console) as bar:
                task = bar.add_task("Reading", total=None)

                def tell(done: int, total: int) -> None:
                    bar.update(task, description="Entering complaints", completed=done, total=total)

                outcome = run(checked, data, by=SYSTEM, report=lines, dry_run=dry_run, progress=tell)
        except (MappingError, SourceError) as error:
            raise CommandError(f"Nothing was imported. {error}") from error
        except Refused as refused:
            reasons = " ".join(str(refusal.sentence) for refusal in refused.refusals)
            raise CommandError(f"Nothing was imported. {reasons}") from refused
        self.stdout.write(json_format.dumps(outcome.as_dict()) if json else _in_words(outcome, dry_run=dry_run))
        if lines.lines:
            console.print(f"Each row rejected and each cell doubted: {lines.path}", soft_wrap=True)
        if outcome.rejected and not outcome.complaints:
            raise CommandError("No complaint could be taken from these files. See the report, then mend the mapping.")


def _default_report(source: str) -> Path:
    moment = timezone.localtime().strftime("%Y%m%d-%H%M%S")
    return settings.VAR_DIR / "imports" / f"{source}-{moment}.csv"


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )


def _in_words(outcome: Outcome, *, dry_run: bool) -> str:
    lines = [
        "Tried, and nothing kept:" if dry_run else "Imported:",
        f"  held: {outcome.complaints:,} complaints ({outcome.created:,} new) with {outcome.allegations:,} allegations",
        f"  rows rejected: {outcome.rejected:,}; rows doubted: {outcome.doubted:,}",
        *(f"    {count:>9,} {reason}" for reason, count in outcome.reasons.most_common()),
    ]
    return "\n".join(lines)
