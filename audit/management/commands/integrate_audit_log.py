"""Give pending entries their positions and sign the log."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.log import LogRefusedError, integrate


class Command(BaseCommand):
    help = "Seals the entries that wait for a position and signs a checkpoint. The worker does the same on its beat."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            newest = integrate()
        except LogRefusedError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Checkpoint {newest.short}" if newest else "The log is empty.")
