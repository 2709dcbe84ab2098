"""Where the newest checkpoint is kept outside the database, so that a database put back or edited gives itself away."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from django.conf import settings
from django.utils.module_loading import import_string


class CheckpointStore(Protocol):
    """Holds one signed note for each log. It must never go back to an earlier note by itself."""

    def read(self, origin: str) -> str | None:
        """Return the note kept for the log, None if there is none."""

    def swap(self, origin: str, *, expected: str | None, note: str) -> bool:
        """Replace the note by `note` if it still is `expected`; return whether it was."""


class FolderStore:
    """Keeps each log's newest note as a file of a folder: a local disk or, better, a share of another machine."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def _path(self, origin: str) -> Path:
        return self.folder / f"{quote(origin, safe='')}.checkpoint"

    def read(self, origin: str) -> str | None:
        """Return the note kept for the log, None if there is none."""
        try:
            return self._path(origin).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def swap(self, origin: str, *, expected: str | None, note: str) -> bool:
        """Replace the note by `note` if it still is `expected`; return whether it was."""
        path = self._path(origin)
        self.folder.mkdir(parents=True, exist_ok=True)
        with path.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self.read(origin) != expected:
                return False
            replace_file(path, note)
        return True


def replace_file(path: Path, text: str) -> None:
    """Put a text into a file; the new file is on disk before it takes the old one's name."""
    new = path.with_suffix(".new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def checkpoint_store() -> CheckpointStore:
    """Return the store named by the setting AUDIT_CHECKPOINT_STORE."""
    choice = settings.AUDIT_CHECKPOINT_STORE
    return import_string(choice["BACKEND"])(**choice.get("OPTIONS", {}))
