"""Compiles the message catalogues with Babel, since a bare machine has no msgfmt.

Run as ``python -m config.messages``; it needs neither Django nor a database.
"""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE_DIR = Path(__file__).resolve().parent.parent / "locale"


def compile_stale(folder: Path = LOCALE_DIR) -> list[Path]:
    """Compile every catalogue that changed since it was compiled last, and return those.

    Fuzzy messages are left out, so they show in English. A reader of the old file is never given half of the new one.
    """
    stale = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime > source.stat().st_mtime:
            continue
        new = target.with_suffix(f".{os.getpid()}")
        with source.open("rb") as read, new.open("wb") as written:
            write_mo(written, read_po(read, locale=source.parent.parent.name))
        new.replace(target)
        stale.append(source)
    return stale


if __name__ == "__main__":
    compile_stale()
