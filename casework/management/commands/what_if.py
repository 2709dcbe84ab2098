import csv
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework.reporting.what_if import Difference, Tally, as_row, differences, reading_only
from policy_rules.drafted_rules import drafted_rules
from policy_rules.models import ChapterVersion


class Command(BaseCommand):
    help = "Show what the rules of a draft would have changed in past cases. No case is touched."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("draft", help="chapter and version of the draft, for example CH@2.2")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--csv", type=Path, metavar="PATH", help="write each difference, case by case, to a file")

    def handle(self, *_args: Any, draft: str, **options: Any) -> None:
        """Print how much was looked at and what would have been otherwise."""
        rules = drafted_rules(_version(draft))
        tally = Tally()
        with reading_only():
            found = differences(rules, tally)
            if options["csv"]:
                with options["csv"].open("w", newline="", encoding="utf-8") as file:
                    writer = csv.DictWriter(file, [item.name for item in fields(Difference)])
                    writer.writeheader()
                    writer.writerows(as_row(row) for row in found)
            else:
                for _row in found:
                    pass
        rows = tally.rows()
        if options["json"]:
            self.stdout.write(json.dumps({"draft": draft, "looked_at": tally.looked_at, "differences": rows}))
            return
        for kind, number in tally.looked_at.items():
            self.stdout.write(f"looked at {number:,} {kind}")
        for row in rows:
            told = f": {row['before']} -> {row['after']}" if row["before"] or row["after"] else ""
            self.stdout.write(f"{row['number']:>8,}  {row['kind']} {row['subject']}{told}")
        if not rows:
            self.stdout.write("Nothing would have been otherwise.")


def _version(name: str) -> ChapterVersion:
    code, _at, version = name.partition("@")
    row = (
        ChapterVersion.objects.select_related("chapter__manual")
        .filter(chapter__manual__governs=True, chapter__code=code, version=version)
        .first()
    )
    if row is None or not row.is_draft:
        raise CommandError(f"There is no draft {name}. Give chapter and version, for example CH@2.2.")
    return row
