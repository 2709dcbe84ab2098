"""`manage.py import_policy PATH`: bring a policy manual and its translations into the register."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from policy_rules.importers.dclaw_format import read_law
from policy_rules.importers.markdown_format import read_markdown
from policy_rules.importers.problems import ImportRefused
from policy_rules.importers.yaml_format import read_manual, read_translation
from policy_rules.publishing import Publication, publish

READERS = {"yaml": read_manual, "markdown": read_markdown, "dclaw": read_law}
ROLE = "policy_analyst"


class Command(BaseCommand):
    help = "Import a policy manual. All of it is taken or nothing; a second run of the same file changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the manual")
        parser.add_argument("--format", choices=sorted(READERS), default="yaml", help="how the manual is written")
        parser.add_argument(
            "--translation", type=Path, action="append", default=[], metavar="PATH", help="a translation of the manual"
        )
        parser.add_argument("--by", metavar="LOGIN", help="the policy analyst who imports it; the system if not given")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *, path: Path, translation: list[Path], by: str | None, json: bool, **options: Any) -> None:
        """Read, check and publish; raises CommandError with every problem, by line and place in the file.

        With `json` they are printed as an object too.
        """
        actor, role = _importer(by)
        try:
            manual = READERS[options["format"]](path)
            done = publish(manual, [read_translation(file) for file in translation], actor=actor, role=role)
        except ImportRefused as refused:
            if json:
                self.stdout.write(_refused_as_json(refused))
            lines = "\n".join(f"  {problem}" for problem in refused.problems)
            raise CommandError(f"Nothing was imported. To be mended ({len(refused.problems)}):\n{lines}") from refused
        for doubt in done.doubts:
            self.stderr.write(f"Please look at {doubt}")
        self.stdout.write(_as_json(done) if json else _in_words(done))


def _importer(login: str | None) -> tuple[str, str]:
    """Return the references of the person who imports and of their role; raises CommandError if they may not."""
    if login is None:
        return "system", "system"
    user = User.objects.filter(login=login, is_active=True).first()
    if user is None:
        raise CommandError(f"Nobody signs in as {login}.")
    if ROLE not in user.role_codes():
        raise CommandError(f"{login} does not hold the role {ROLE}, which imports policy (section CH-13.1).")
    return user.reference, ROLE


def _as_json(done: Publication) -> str:
    return json.dumps(
        {"manual": done.manual}
        | done.counts
        | {
            "created": dict(done.created),
            "updated": dict(done.updated),
            "changed": done.changed,
            "doubts": [str(doubt) for doubt in done.doubts],
        }
    )


def _refused_as_json(refused: ImportRefused) -> str:
    return json.dumps({"changed": False, "problems": [asdict(problem) for problem in refused.problems]})


def _in_words(done: Publication) -> str:
    if not done.changed:
        return f"{done.manual} stands as this file states it; nothing was changed."
    made = ", ".join(f"{number} {what.replace('_', ' ')}" for what, number in done.created.items()) or "nothing"
    mended = ", ".join(f"{number} {what.replace('_', ' ')}" for what, number in done.updated.items()) or "nothing"
    return f"{done.manual}: new are {made}; changed are {mended}."
