"""Where those who watch a log from outside have its key from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.core.management.base import CommandError

from audit.checkpoint import LONGEST_NOTE, NoteError, Verifier
from audit.following import Published
from audit.store import replace_file


def kept_keys(log: Published, kept: Path, given: str | None, tell: Callable[[str], object]) -> list[Verifier]:
    """Return the log's keys: those kept from the first time, or those in the file given, or what the log itself says.

    They are kept from then on, and a log that changes its key is one that nobody vouches for. Raises CommandError for
    a file that holds no key, and for one that holds others than were kept.
    """
    before = kept.read_text(encoding="utf-8") if kept.exists() else None
    if given is not None:
        try:
            text = Path(given).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The key cannot be read: {error}") from error
    elif before is not None:
        text = before
    else:
        text = log.read("key", most=LONGEST_NOTE).decode(errors="replace")
        tell(
            "The key is the one that the log itself gave now. Compare it with one from somebody you trust: " + str(kept)
        )
    keys = _parse(text)
    if before is not None and set(_parse(before)) != set(keys):
        raise CommandError(f"{kept} holds another key. To follow another log, take another place for it.")
    if before is None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        replace_file(kept, "".join(f"{key.text}\n" for key in keys))
    return keys


def _parse(text: str) -> list[Verifier]:
    """Return the keys of the name that stands first; below may stand those of names that the log had before."""
    try:
        keys = [Verifier.parse(line) for line in text.splitlines() if line.strip()]
    except NoteError as error:
        raise CommandError(f"The log's key cannot be used: {error}") from error
    if not keys:
        raise CommandError("The log's key must be one or more lines of the form name+id+base64.")
    return [key for key in keys if key.name == keys[0].name]
