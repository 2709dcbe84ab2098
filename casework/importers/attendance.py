"""Reading who attended a session from a CSV file: every row is checked, and every fault is told with its line.

The head names the columns: `badge` and `result`, and where they are known `score` (percent) and `minutes`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from casework.actions.training.sessions import MOST_AT_ONCE, Took
from casework.exceptions import Invalid
from casework.models import Officer, TrainingSession
from casework.training_vocabulary import Attended

REQUIRED = ("badge", "result")
KNOWN = (*REQUIRED, "score", "minutes")
LARGEST = 500_000
"""Bytes of a file; a thousand rows need less than a tenth."""
HIGHEST_SCORE = 100


@dataclass(frozen=True)
class Fault:
    """What is wrong in a line of the file, counted from 1 with the head; line 0 is the file as a whole."""

    line: int
    sentence: str


@dataclass(frozen=True)
class Read:
    """What a file says; `taken` is empty where there is any fault."""

    taken: tuple[Took, ...]
    faults: tuple[Fault, ...]


def read_attendance(data: bytes, session: TrainingSession) -> Read:
    """Read a file for a session. Nothing is written; whatever is wrong comes back, all of it."""
    try:
        head, lines = _table(data)
    except Invalid as wrong:
        return Read((), (Fault(0, str(wrong)),))
    return _rows(head, lines, session)


def _table(data: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the names of the columns and the lines under them; raises Invalid for what cannot be read as a whole."""
    if len(data) > LARGEST:
        raise Invalid(_("The file is larger than half a megabyte. Send it in parts."))
    try:
        lines = list(_lines(data.decode("utf-8-sig")))
    except UnicodeDecodeError:
        raise Invalid(_("The file is not UTF-8 text. Save it as “CSV UTF-8” and send it again.")) from None
    except csv.Error as error:
        raise Invalid(_("The file is not CSV: %(error)s.") % {"error": error}) from error
    if not lines:
        raise Invalid(_("The file is empty."))
    head = [name.strip().lower() for name in lines[0][1]]
    if missing := [name for name in REQUIRED if name not in head]:
        raise Invalid(_("The first line must name the columns; missing: %(names)s.") % {"names": ", ".join(missing)})
    if unknown := [name for name in head if name not in KNOWN]:
        raise Invalid(_("Unknown columns: %(names)s.") % {"names": ", ".join(unknown)})
    if not 0 < len(lines) - 1 <= MOST_AT_ONCE:
        raise Invalid(_("A file has at least one row under its head, and at most %(most)d.") % {"most": MOST_AT_ONCE})
    return head, lines[1:]


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num, cells


def _rows(head: list[str], lines: list[tuple[int, list[str]]], session: TrainingSession) -> Read:
    known = {officer.badge: officer for officer in Officer.objects.all()}
    recorded = set(session.attendance.values_list("officer__badge", flat=True))
    taken: list[Took] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for line, cells in lines:
        if len(cells) != len(head):
            told = {"found": len(cells), "wanted": len(head)}
            faults.append(Fault(line, _("The row has %(found)d cells, and the head %(wanted)d.") % told))
            continue
        row = dict(zip(head, (cell.strip() for cell in cells), strict=True))
        wrong = list(_wrong(row, known, recorded, seen, session))
        seen.setdefault(row["badge"], line)
        faults += [Fault(line, sentence) for sentence in wrong]
        if not wrong:
            score, minutes = (int(row[name]) if row.get(name) else None for name in ("score", "minutes"))
            taken.append(Took(known[row["badge"]], row["result"].lower(), score, minutes))
    return Read((), tuple(faults)) if faults else Read(tuple(taken), ())


def _wrong(
    row: dict[str, str], known: dict[str, Officer], recorded: set[str], seen: dict[str, int], session: TrainingSession
) -> Iterator[str]:
    badge, result = row["badge"], row["result"].lower()
    if badge not in known:
        yield _("No officer with badge %(badge)s is in the register.") % {"badge": badge or "–"}
    elif badge in seen:
        yield _("Badge %(badge)s stands in line %(line)d already.") % {"badge": badge, "line": seen[badge]}
    elif badge in recorded:
        yield _("Badge %(badge)s is recorded for this session already.") % {"badge": badge}
    if result not in Attended.values:
        yield _("“%(result)s” is no result; write one of %(codes)s.") % {
            "result": row["result"],
            "codes": ", ".join(Attended.values),
        }
    if row.get("score") and not _is_number(row["score"], HIGHEST_SCORE):
        yield _("A score is a number from 0 to 100.")
    yield from _wrong_minutes(row.get("minutes", ""), result, session.minutes)


def _wrong_minutes(minutes: str, result: str, length: int) -> Iterator[str]:
    if minutes and not _is_number(minutes, length):
        yield _("Minutes are a number from 0 to %(length)d, the length of the session.") % {"length": length}
    elif result == Attended.IN_PART and not 0 < int(minutes or 0) < length:
        yield _("Say for how much of the session the member was there.")
    elif result == Attended.COMPLETED and minutes and int(minutes) < length:
        yield _("Who was there for a part only has not completed it.")


def _is_number(text: str, highest: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= highest  # noqa: PLR2004 digits of an int
