"""`manage.py export_policy FORMAT PATH`: write a policy manual out of the register."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from casework.documents.manual import manual_page, manual_pdf
from casework.documents.render import PdfError
from policy_rules.exporters.files import as_json, as_yaml, translation_as
from policy_rules.models import Manual

WHOLE: dict[str, Callable[[Manual], bytes]] = {"yaml": as_yaml, "json": as_json}
"""Formats that hold every version; the others hold the texts in force on a day, in one language."""
READ = ("html", "pdf")
LANGUAGE_HELP = "of html and pdf; of yaml and json, the translation that import_policy reads beside the manual"


class Command(BaseCommand):
    help = "Write a policy manual: all its versions as YAML or JSON, or the texts in force on a day as HTML or PDF/UA."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("form", choices=[*WHOLE, *READ], metavar="FORMAT", help="yaml, json, html or pdf")
        parser.add_argument("path", type=Path, help="the file to write")
        parser.add_argument("--manual", metavar="CODE", help="the manual; the one that governs if not given")
        parser.add_argument("--on", type=datetime.date.fromisoformat, metavar="DAY", help="for html and pdf; today")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], help=LANGUAGE_HELP)

    def handle(self, *, form: str, path: Path, manual: str | None, **options: Any) -> None:
        """Write the file; raises CommandError where there is no such manual or the file cannot be made."""
        found = Manual.objects.filter(**({"code": manual} if manual else {"governs": True})).first()
        if found is None:
            raise CommandError(f"There is no manual {manual}." if manual else "No manual governs yet; import one.")
        try:
            content = _whole(found, form, options["language"]) if form in WHOLE else _read(found, form, options)
            path.write_bytes(content)
        except PdfError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}") from error
        self.stdout.write(f"{found.code} is in {path} ({len(content):,} bytes).")


def _whole(manual: Manual, form: str, language: str | None) -> bytes:
    if language in (None, manual.language):
        return WHOLE[form](manual)
    content = translation_as(form, manual, language)
    if content is None:
        raise CommandError(f"{manual.code} is not translated into {language}.")
    return content


def _read(manual: Manual, form: str, options: dict[str, Any]) -> bytes:
    on, language = options["on"] or timezone.localdate(), options["language"] or manual.language
    if form == "pdf":
        return manual_pdf(manual, on=on, language=language)
    return manual_page(manual, on=on, language=language).encode()
