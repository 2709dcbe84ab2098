"""Who opened sealed data and why, what is unusual about it, and who was refused: for auditors."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import RoleCode, User
from casework.clocks import today
from casework.exceptions import NotPermitted
from casework.permissions import readable_entries
from casework.reporting.unusual_access import OPENINGS, Unusual, limits_on, unusual
from casework.web.entrance import WorkRequest, work_page
from casework.web.events import actor_name
from casework.web.explorer.entries import rows_of, with_reasons
from casework.web.explorer.frame import answer
from casework.web.explorer.search import REFUSED

SHOWN = 50
"""Entries of each kind on the page; the rest is found among the entries."""


@work_page()
def access(request: WorkRequest) -> HttpResponse:
    """Show unusual access in the window of the rules, then the newest openings with their reasons, then refusals."""
    if RoleCode.AUDITOR not in request.user.role_codes():
        raise NotPermitted(_("see who opened sealed data"))
    readable, limits = readable_entries(request.user), limits_on(today())
    page = {
        "limits": limits,
        "unusual": _told(unusual(readable, limits, now=timezone.now())) if limits else [],
        "openings": with_reasons(list(readable.with_positions().filter(action__in=OPENINGS).order_by("-pk")[:SHOWN])),
        "refusals": rows_of(list(readable.with_positions().filter(action__in=REFUSED).order_by("-pk")[:SHOWN])),
    }
    return answer(request, "explorer/access.html", page)


def _told(found: list[Unusual]) -> list[dict[str, Any]]:
    people = User.objects.names_of(one.actor for one in found)
    return [
        {
            "who": people.get(one.actor) or actor_name(one.actor),
            "why": _why(one),
            "url": f"{reverse('audit:entries')}?who={one.actor}"
            + (f"&case={one.subject.removeprefix('case:')}" if one.subject.startswith("case:") else ""),
        }
        for one in found
    ]


def _why(one: Unusual) -> str:
    if one.why == "refusals":
        return ngettext("%(n)d refused attempt", "%(n)d refused attempts", one.number) % {"n": one.number}
    if one.why == "searches":
        words = ngettext("%(n)d search for a complainant’s name", "%(n)d searches for a complainant’s name", one.number)
        return words % {"n": one.number}
    words = ngettext("%(n)d opening", "%(n)d openings", one.number) % {"n": one.number}
    if one.why == "openings":
        return words
    told = {"openings": words, "subject": one.subject.removeprefix("case:")}
    if one.why == "same_unit":
        return _("%(openings)s in %(subject)s, about an officer of their own unit") % told
    return _("%(openings)s in %(subject)s, with no other act there") % told
