"""Be a witness of a published log: cosign its checkpoint if it goes on from the last one seen."""

import json
import os
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audit.checkpoint import NoteError
from audit.following import PATIENCE_SECONDS, LogAlarm, OnTheWeb, Unreachable, published_at
from audit.management.log_keys import kept_keys
from audit.witness import Witness, new_secret_key, read_secret_key

ALARM, UNREACHABLE = 1, 2


class Command(BaseCommand):
    help = (
        "Checks that a published log goes on from the checkpoint kept in a file, cosigns the new one and keeps it "
        "in its place. Needs no database. Exits with 1 when the log forked or shrank, with 2 when it cannot be reached."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("log", nargs="?", metavar="URL", help="such as https://oversight.example/log; or a folder")
        parser.add_argument("--secret", type=Path, required=True, metavar="FILE", help="the witness's own secret key")
        parser.add_argument("--new-key", metavar="NAME", help="make the secret key, print the public one, and end")
        parser.add_argument("--kept", type=Path, metavar="FILE", help="where the last checkpoint is kept")
        parser.add_argument("--key", metavar="FILE", help="the log's key, from someone you trust; needed once at most")
        parser.add_argument("--return", action="store_true", dest="give_back", help="send the cosignature to the log")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["new_key"]:
            self._make_key(options["secret"], options["new_key"])
        elif options["log"] and options["kept"]:
            self._witness(options)
        else:
            raise CommandError("Say which log to watch, and with --kept where its last checkpoint is kept.")

    def _make_key(self, path: Path, name: str) -> None:
        try:
            secret = new_secret_key(name)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secret)
        except (OSError, NoteError) as error:
            raise CommandError(f"The key cannot be made: {error}") from error
        self.stdout.write(read_secret_key(secret, timezone.now()).verifier.text)

    def _witness(self, options: dict[str, Any]) -> None:
        log = published_at(options["log"])
        try:
            secret = options["secret"].read_text(encoding="utf-8")
            keys = kept_keys(log, options["kept"].with_suffix(".key"), options["key"], self.stderr.write)
            seen, grew = Witness(keys, secret, options["kept"]).look(log, timezone.now())
            if options["give_back"] and isinstance(log, OnTheWeb):
                _give_back(log, seen.note)
        except LogAlarm as alarm:
            if options["json"]:
                self.stdout.write(json.dumps({"ok": False, "code": alarm.code, "message": str(alarm)}))
            raise CommandError(f"ALARM ({alarm.code}): {alarm} Nothing was cosigned.", returncode=ALARM) from alarm
        except Unreachable as error:
            if options["json"]:
                self.stdout.write(json.dumps({"ok": None, "code": "unreachable", "message": str(error)}))
            raise CommandError(str(error), returncode=UNREACHABLE) from error
        except (OSError, UnicodeDecodeError, NoteError) as error:
            raise CommandError(f"The secret key or the kept checkpoint cannot be used: {error}") from error
        if options["json"]:
            found = {"ok": True, "size": seen.head.size, "root": seen.head.root.hex(), "grew": grew, "note": seen.note}
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        else:
            self.stdout.write(seen.note, ending="")


def _give_back(log: OnTheWeb, note: str) -> None:
    """Send a cosigned checkpoint to the log; raise Unreachable where it is not taken."""
    request = urllib.request.Request(  # noqa: S310 - http and https only
        f"{log.address}/cosignatures", note.encode(), {"Content-Type": "text/plain; charset=utf-8"}
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS):  # noqa: S310 - http and https only
            return
    except urllib.error.HTTPError as error:
        reason = error.read(500).decode(errors="replace").strip()
        raise Unreachable(f"The log did not take the cosignature ({error.code}): {reason}") from error
    except OSError as error:
        raise Unreachable(f"The log did not take the cosignature: {error}.") from error
