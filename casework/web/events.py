"""Entries of the log as lines of a page: what was done, by whom, on what authority, and where it stands in the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.actions import UnknownAction
from audit.canonical import NotCanonicalError
from audit.models import Entry
from policy_rules.models import Citation


def events(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return the entries as lines, in three queries; `entries` come with their positions."""
    people = User.objects.names_of(entry.actor for entry in entries)
    cited: dict[int, list[dict[str, str]]] = {}
    for row in Citation.objects.filter(entry__in=entries).select_related("section_version__section").order_by("pk"):
        cited.setdefault(row.entry_id, []).append(section_link(row.section_version))
    return [
        {
            "entry": entry,
            "title": sentence(entry),
            "at": (day := _day(entry)) or entry.occurred_at,
            "entered": entry.occurred_at if day else None,
            "who": people.get(entry.actor) or actor_name(entry.actor),
            "sections": cited.get(entry.pk, []),
            "position": entry.position,
        }
        for entry in entries
    ]


DAMAGED = (NotCanonicalError, KeyError, TypeError, ValueError)
"""What reading a leaf raises that somebody wrote over; the page must still show it."""


def _day(entry: Entry) -> date | None:
    try:
        return entry.took_place_on
    except DAMAGED:
        return None


def sentence(entry: Entry) -> str | Promise:
    """Return what was done; the code of an action that no app has any more."""
    try:
        return entry.known_action.sentence
    except UnknownAction:
        return entry.action


NO_USERS: dict[str, str | Promise] = {
    "complainant": _("Complainant"),
    "system": "Redress",
    "anonymous": _("Nobody known"),
}
"""The words for actors of the log who are no users, by the kind of their reference."""


def actor_name(reference: str) -> str | Promise:
    """Return the words for an actor of the log who is no user."""
    return NO_USERS.get(reference.partition(":")[0], reference)


def section_link(version: Any) -> dict[str, str]:
    """Return a section version as a link to its public page, where there is one."""
    try:
        url = reverse("policies:section", kwargs={"code": version.section.code})
    except NoReverseMatch:
        url = ""
    return {"code": version.section.code, "title": version.title, "version": version.version, "url": url}
