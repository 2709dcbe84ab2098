"""Go on with the log under a new name when entries are lost for good."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.log import LogRefusedError
from audit.reopening import reopen


class Command(BaseCommand):
    help = "Begins the log AUDIT_ORIGIN with a leaf that says which entries the log before it lost, and why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("before", help="the name that the log had: AUDIT_ORIGIN as it was")
        parser.add_argument("--reason", required=True, help="why they are lost, and who decided to go on without them")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            first = reopen(options["before"], reason=options["reason"])
        except LogRefusedError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Checkpoint {first.short}")
