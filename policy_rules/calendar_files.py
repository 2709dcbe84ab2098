"""Listening sessions as a calendar that programs read (RFC 5545)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from policy_rules.models import ListeningSession

LONGEST_LINE = 75
"""Octets of a line before it is folded (RFC 5545, section 3.1)."""
MEDIA_TYPE = "text/calendar; charset=utf-8"


def calendar(sessions: Iterable[ListeningSession], *, url: str, language: str) -> str:
    """Return a calendar with an event for each session; `url` is the address of the page about one, by its docket."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Redress//Consultation//EN", "METHOD:PUBLISH"]
    for session in sessions:
        lines += _event(session, url, language)
    return "".join(f"{folded}\r\n" for line in [*lines, "END:VCALENDAR"] for folded in _fold(line))


def _event(session: ListeningSession, url: str, language: str) -> Iterator[str]:
    docket = session.docket
    title = docket.title_es if language == "es" and docket.title_es else docket.title or docket.code
    yield "BEGIN:VEVENT"
    yield f"UID:{docket.code}-{session.number}@redress"
    yield f"DTSTAMP:{_moment(docket.opened_at)}"
    yield f"DTSTART:{_moment(session.starts_at)}"
    yield f"DTEND:{_moment(session.ends_at)}"
    yield _text("SUMMARY", _("Listening session: %(title)s") % {"title": title})
    yield _text("LOCATION", ", ".join(filter(None, (session.place, session.district))))
    told = (_("Languages: %(codes)s") % {"codes": ", ".join(session.languages)}, session.accessibility)
    yield _text("DESCRIPTION", ". ".join(filter(None, told)))
    yield f"URL:{url}"
    yield f"STATUS:{'CANCELLED' if session.cancelled_because else 'CONFIRMED'}"
    yield "END:VEVENT"


def _moment(moment: datetime.datetime) -> str:
    return f"{moment.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"


def _text(name: str, value: str) -> str:
    for mark in "\\;,":
        value = value.replace(mark, f"\\{mark}")
    return f"{name}:{value}".replace("\r\n", "\\n").replace("\n", "\\n")


def _fold(line: str) -> Iterator[str]:
    """Yield a line in pieces of at most 75 octets, each after the first led by a space; letters are not cut."""
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > LONGEST_LINE:
            yield piece
            piece = " "
        piece += letter
    yield piece
