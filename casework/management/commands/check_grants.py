from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework.models import Case
from casework.permissions import check_grants, grant

AT_ONCE = 500


class Command(BaseCommand):
    help = "Prove that the permissions projected for django-guardian are exactly what the assignments give."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--mend",
            action="store_true",
            help="make them so first, as is needed once after an update that gives a role more or less",
        )

    def handle(self, *_args: Any, mend: bool, **_options: Any) -> None:
        """Print one line for each difference; exit 1 if there is any."""
        if mend:
            keys = list(Case.objects.order_by("pk").values_list("pk", flat=True))
            for start in range(0, len(keys), AT_ONCE):
                grant(*Case.objects.filter(pk__in=keys[start : start + AT_ONCE]))
        differences = check_grants()
        for line in differences:
            self.stdout.write(line)
        if differences:
            raise CommandError(f"{len(differences)} permissions differ from what the assignments give.")
        self.stdout.write("Every permission is explained by an assignment.")
