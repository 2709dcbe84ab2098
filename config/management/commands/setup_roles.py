"""Makes the two database roles of docs/how-to/run.md, or brings them up to date after a migration."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from config import database_roles


class Command(BaseCommand):
    help = (
        "Make a database role that owns the tables and one that the program runs as, which can add to the log and not "
        "change it. Run it as a superuser of the database, once, and again after each migrate."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--owner", default="redress_owner", help="the role that owns the tables and migrates")
        parser.add_argument("--application", default="redress", help="the role that the program runs as")
        parser.add_argument("--dry-run", action="store_true", help="show the statements; change nothing")

    def handle(self, *, owner: str, application: str, dry_run: bool, **_options: Any) -> None:
        if owner == application:
            raise CommandError("The two roles must have different names: name them with --owner and --application.")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper, current_user FROM pg_roles WHERE rolname = current_user")
            is_superuser, current = cursor.fetchone()
            if not is_superuser:
                raise CommandError(
                    f"{current} is not a superuser of this database. Run this command once with a DATABASE_URL that "
                    "names one; the program itself never needs it."
                )
            if current in {owner, application}:
                raise CommandError(f"{current} is the superuser you are signed in as; choose other names.")
            done = database_roles.set_up(cursor, owner, application)
            if dry_run:
                transaction.set_rollback(True)
        for statement in done if dry_run else []:
            self.stdout.write(f"{statement};")
        if not dry_run:
            self.stdout.write(
                f"{owner} owns the tables, and {application} may use them. Give both a password with \\password in "
                f"psql. The program runs with a DATABASE_URL of {application}; manage.py migrate runs with one of "
                f"{owner}, and this command after it."
            )
