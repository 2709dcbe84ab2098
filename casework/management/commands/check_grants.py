from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casework.permissions import check_grants


class Command(BaseCommand):
    help = "Prove that the permissions projected for django-guardian are exactly what the assignments give."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print one line for each difference; exit 1 if there is any."""
        differences = check_grants()
        for line in differences:
            self.stdout.write(line)
        if differences:
            raise CommandError(f"{len(differences)} permissions differ from what the assignments give.")
        self.stdout.write("Every permission is explained by an assignment.")
