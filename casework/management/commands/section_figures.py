from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework.reporting import tallies


class Command(BaseCommand):
    help = "Count the figures of every section anew, or with --check compare the counts that are kept with the cases."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail where a count is not true")

    def handle(self, *_args: Any, check: bool, **_options: Any) -> None:
        """Rebuild and say how many counts there are, or name each that differs."""
        if not check:
            self.stdout.write(f"Counted anew: {tallies.rebuild():,} figures of sections.")
            return
        if wrong := tallies.differences():
            raise CommandError("\n".join([*wrong, "Count anew with: python manage.py section_figures"]))
        self.stdout.write("Every count is what the cases say.")
