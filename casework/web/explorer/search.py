"""Finding entries of the log: by who, what, case, policy section, position and day; pages by cursor, never by count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.actions import all_actions
from audit.models import Entry, EntryQuerySet
from casework.reporting.unusual_access import OPENINGS, REFUSALS
from casework.web.events import NO_USERS
from casework.web.forms import offer
from moves.forms import day_field
from policy_rules.models import Citation

ROWS = 50
"""Entries on one page."""
MOST_PEOPLE = 200

REFUSED = REFUSALS | {"sign_in.failed", "tracking.refused"}
"""Acts that somebody tried and was not allowed."""
OPENED = "opened"
KINDS = {"refused": (_("Refused attempts"), REFUSED), OPENED: (_("Openings of sealed data"), OPENINGS)}


class EntryFilter(forms.Form):
    """What a list of entries is narrowed by; every field may be left out."""

    ANY = (("", _("Any")),)

    who = forms.CharField(label=_("Person"), required=False, max_length=200)
    action = forms.ChoiceField(label=_("Act"), required=False)
    kind = forms.ChoiceField(
        label=_("Only"), required=False, choices=[*ANY, *((code, words) for code, (words, _acts) in KINDS.items())]
    )
    case = forms.CharField(label=_("Case"), required=False, max_length=20)
    section = forms.CharField(label=_("Policy section"), required=False, max_length=80)
    position = forms.IntegerField(label=_("Place in the log"), required=False, min_value=0, max_value=2**62)
    first = day_field(_("First day"))
    last = day_field(_("Last day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        acts = sorted(((action.code, str(action.sentence)) for action in all_actions()), key=lambda act: act[1].lower())
        offer(self.fields["action"], [*self.ANY, *acts])

    @property
    def asks_for_openings(self) -> bool:
        """Whether nothing but openings of sealed data is asked for."""
        return self.is_valid() and self.cleaned_data["kind"] == OPENED

    def narrow(self, entries: EntryQuerySet) -> EntryQuerySet:
        """Keep the entries that fit what was asked; an answer that is not valid finds nothing and is marked."""
        if not self.is_valid():
            return entries.none()
        asked = self.cleaned_data
        if asked["who"]:
            entries = entries.filter(_by(asked["who"].strip()))
        if asked["action"]:
            entries = entries.filter(action=asked["action"])
        if asked["kind"]:
            entries = entries.filter(action__in=KINDS[asked["kind"]][1])
        if asked["case"]:
            entries = entries.filter(subject=f"case:{asked['case'].strip()}")
        if asked["section"]:
            entries = entries.filter(pk__in=citing(asked["section"].strip()))
        if asked["position"] is not None:
            entries = entries.filter(placement__position=asked["position"])
        return entries.filter(_between(asked["first"], asked["last"]))


def citing(section: str) -> Any:
    """Return the numbers of the entries that cite a section, in any version or in the one after an ``@``."""
    code, _at, version = section.rpartition("/")[2].partition("@")
    cited = Citation.objects.filter(section_version__section__code__iexact=code)
    if version:
        cited = cited.filter(section_version__chapter_version__version=version)
    return cited.values("entry_id")


def _by(who: str) -> Q:
    """Return the condition for the acts of those meant by a name, a login, a reference or the words for no user."""
    people = User.objects.filter(Q(name__icontains=who) | Q(login__iexact=who)).order_by("pk")[:MOST_PEOPLE]
    meant = Q(actor__in=[who, *(f"user:{pk}" for pk in people.values_list("pk", flat=True))])
    for kind, words in NO_USERS.items():
        if who.casefold() in {kind, str(words).casefold()}:
            meant |= Q(actor=kind) | Q(actor__startswith=f"{kind}:")
    return meant


def _between(first: date | None, last: date | None) -> Q:
    """Return the condition for entries of these days, as the office's clock counts days."""
    condition = Q()
    if first:
        condition &= Q(occurred_at__gte=_midnight(first))
    if last:
        condition &= Q(occurred_at__lt=_midnight(last + timedelta(days=1)))
    return condition


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True)
class EntryPage:
    """Some entries, the newest first, and the addresses of newer and older ones, "" where there are none."""

    entries: list[Entry]
    newer: str
    older: str


def page_of(entries: EntryQuerySet, query: QueryDict) -> EntryPage:
    """Return the page that the query names by the number of an entry: those before it, or those after it."""
    before, after = _number(query.get("before")), _number(query.get("after"))
    found = entries.with_positions()
    if after is not None:
        rows = list(found.filter(pk__gt=after).order_by("pk")[: ROWS + 1])
        more_newer, more_older = len(rows) > ROWS, True
        rows = rows[:ROWS][::-1]
    else:
        older = found if before is None else found.filter(pk__lt=before)
        rows = list(older.order_by("-pk")[: ROWS + 1])
        more_newer, more_older = before is not None, len(rows) > ROWS
        rows = rows[:ROWS]
    if not rows:
        return EntryPage([], "", "")
    return EntryPage(
        rows,
        _with(query, after=rows[0].pk) if more_newer else "",
        _with(query, before=rows[-1].pk) if more_older else "",
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < len(str(2**63)) else None


def _with(query: QueryDict, **cursor: int) -> str:
    changed = query.copy()
    for name in ("before", "after"):
        changed.pop(name, None)
    for name, value in cursor.items():
        changed[name] = str(value)
    return f"?{changed.urlencode()}"
