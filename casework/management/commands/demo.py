from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import Progress

from casework.exceptions import Invalid
from casework.importers import demonstration


class Command(BaseCommand):
    help = "Load the fictional city of Harrow Bend: its manual, people, officers and cases, through the real actions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing where something has been entered")

    def handle(self, *_args: Any, if_empty: bool, **_options: Any) -> None:
        """Load the city, with a bar on standard error, and say what was loaded and how to sign in."""
        if not settings.OFFICE["demonstration"]:
            raise CommandError("OFFICE_DEMONSTRATION is off: this installation is for a real city.")
        if if_empty and not demonstration.is_empty():
            return
        console = Console(stderr=True)
        try:
            with Progress(console=console, transient=True) as bar:
                task = bar.add_task("Loading Harrow Bend")
                loaded = demonstration.load(progress=lambda done, total: bar.update(task, completed=done, total=total))
        except Invalid as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Loaded {loaded.cases} cases: " + ", ".join(f"{n} {s}" for s, n in sorted(loaded.by_state.items()))
        )
        for key, reason in loaded.stopped.items():
            self.stdout.write(f"  {key} stops here: {reason}")
