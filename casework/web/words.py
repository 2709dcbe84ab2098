"""Words for what the records hold as codes and dates, and the addresses where a missing thing can be mended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import NoReverseMatch, reverse
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework.actions.moves import PROCESS
from casework.models import Case, CaseClock
from casework.vocabulary import (
    CLASSIFICATION_LABELS,
    CONCLUSION_LABELS,
    FINDING_LABELS,
    OUTCOME_LABELS,
    Channel,
    ContactMethod,
    VoteChoice,
)
from moves.refusals import Refusal
from policy_rules.rule_data import Penalty

PLACES = {
    "access": "staff:access",
    "allegations": "staff:allegations",
    "classify": "staff:classify",
    "contacts": "staff:messages",
    "declare": "staff:access",
    "decisions": "staff:decision",
    "discipline": "staff:decision",
    "holds": "staff:holds",
    "letters": "staff:letters",
    "packet": "staff:packet",
    "panel": "board:panel",
    "report": "staff:report",
    "summary": "staff:case",
    "votes": "board:votes",
}
"""Where each `place` of a guard is mended."""

SOON_DAYS = 7


def place_url(place: str, number: str) -> str:
    """Return the address where a missing thing is mended, or "" where there is none."""
    if place not in PLACES or not number:
        return ""
    try:
        return reverse(PLACES[place], kwargs={"number": number})
    except NoReverseMatch:
        return ""


def refusal_lines(refusals: Iterable[Refusal], number: str) -> list[dict[str, object]]:
    """Return each reason as the parts of a page take it: its sentence, what is missing, and where to mend that."""
    return [
        {"sentence": refusal.sentence, "url": place_url(refusal.place, number), "items": refusal.items}
        for refusal in refusals
    ]


def code_label(code: str) -> str | Promise:
    """Return the words for a code of the rules or the vocabulary; the code itself where none are known."""
    for labels in (CLASSIFICATION_LABELS, FINDING_LABELS, CONCLUSION_LABELS, OUTCOME_LABELS):
        if code in labels:
            return labels[code]
    known = dict(Channel.choices + ContactMethod.choices + VoteChoice.choices)
    return known.get(code, code.replace("_", " "))


def penalty(value: Penalty) -> str:
    """Return the words for a penalty of the matrix; a number is that many days without pay."""
    if isinstance(value, int) or value.isdigit():
        days = int(value)
        return ngettext("%(days)d day without pay", "%(days)d days without pay", days) % {"days": days}
    return str(code_label(value))


def labelled(codes: Iterable[str]) -> list[tuple[str, str | Promise]]:
    """Return choices of a form for codes of the rules."""
    return [(code, code_label(code)) for code in codes]


def case_title(case: Case) -> str:
    """Return what the case is called: its title, else its place, else the day on which it came."""
    return case.title or case.place or _("Complaint of %(day)s") % {"day": formats.date_format(case.received_on)}


@dataclass(frozen=True)
class Due:
    """How a limit stands, in words and as the kind of a badge: bad when late, warn when near."""

    words: str
    kind: str


def due(on: date, today: date) -> Due:
    """Return how far a due date lies from today: late and near ones by count, others by date."""
    left = (on - today).days
    if left < 0:
        return Due(ngettext("Late by %(days)d day", "Late by %(days)d days", -left) % {"days": -left}, "bad")
    if left == 0:
        return Due(_("Due today"), "warn")
    if left <= SOON_DAYS:
        return Due(ngettext("Due in %(days)d day", "Due in %(days)d days", left) % {"days": left}, "warn")
    return Due(_("Due %(day)s") % {"day": formats.date_format(on)}, "")


def clock_line(clock: CaseClock, today: date) -> dict[str, object]:
    """Return a clock as a row of a page: which it is, the day it is at, and how its due date stands."""
    end = clock.stopped_on or today
    day, length = (end - clock.started_on).days, (clock.due_on - clock.started_on).days
    stands = due(clock.due_on, today)
    return {
        "label": clock.get_code_display(),
        "day": day,
        "length": length,
        "running": clock.stopped_on is None,
        "due_on": clock.due_on,
        "due": stands,
        "state": {"bad": "late", "warn": "soon"}.get(stands.kind, ""),
        "authority": clock.authority,
        "stopped_on": clock.stopped_on,
    }


def move_label(name: str) -> str | Promise:
    """Return the words of a move's button."""
    return PROCESS.table()[name].label
