"""My work and the list of cases: what waits for whom, and what is due first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import RoleHolding, User
from casework import clocks
from casework.actions.alarms import note_search
from casework.actions.exports import export_cases
from casework.actions.moves import PROCESS
from casework.models import (
    Assignment,
    Case,
    CaseClock,
    CaseOfficer,
    CaseUserPermission,
    Dispatch,
    Evidence,
    Message,
    MoveProposal,
)
from casework.permissions import may_export, may_file, may_take_up
from casework.roles import ROLES
from casework.states import ENDED, State
from casework.vocabulary import CLASSIFICATION_LABELS, CaseRole, Channel, Clock, Perm
from casework.web import words
from casework.web.duties import duties_of, work_outside_cases
from casework.web.entrance import WorkRequest, work_page
from casework.web.forms import offer
from casework.web.notices import news_of, news_row
from moves.table import Move

ROWS = 25
"""Rows of a list on one page."""

NEWEST = 6
"""Unread notices shown on My work; all stand on the page of news."""

NEW_FOR = timedelta(days=14)
"""How long a file that a complainant sent is called new."""

EARLY_ENDS = ENDED - {State.CLOSED}
ORDER = {state: place for place, state in enumerate(State)}
SORTS = {"number": "number", "received": "received_on", "state": "state", "due": "next_due"}
WAITS = (Clock.RECONSIDERATION_WINDOW, Clock.DISCIPLINE_LIMIT)
"""Clocks that ask nobody for an act."""


def forward_moves(state: str) -> list[Move]:
    """Return the moves that carry a case on from a state; not those that keep it, return it or end it early."""
    return [
        row
        for row in PROCESS.table().values()
        if row.leaves(state)
        and any(target not in EARLY_ENDS and ORDER[State(target)] > ORDER[State(state)] for target in row.targets)
    ]


def steps_of_roles() -> dict[CaseRole, list[str]]:
    """Return for each role the states in which the next step is its own, as the tables of moves and roles say."""
    return {
        role: [state for state in State if any(row.permission in table.at(state) for row in forward_moves(state))]
        for role, table in ROLES.items()
    }


def needs_action_of(user: User) -> Q:
    """Return the condition for cases whose next step is this person's, or that hold a proposal they may agree to."""
    held = Assignment.objects.current().filter(case=OuterRef("pk"), user=user)
    proposed = MoveProposal.objects.filter(case=OuterRef("pk"), performed_by=None, declined_by=None)
    condition = Q(pk__in=[])
    for role, states in steps_of_roles().items():
        if states:
            condition |= Q(Exists(held.filter(role=role)), state__in=states)
    for row in PROCESS.table().values():
        if row.second_person:
            condition |= Q(Exists(proposed.filter(move=row.name).exclude(proposed_by=user)), may(user, row.permission))
    return condition


def may(user: User, perm: str) -> Exists:
    """Return the condition for cases in which the person has this permission, from guardian's rows."""
    return Exists(
        CaseUserPermission.objects.filter(content_object=OuterRef("pk"), user=user, permission__codename=perm)
    )


def listed(user: User) -> Any:
    """Return the cases that the person may know of, with what a row of a list shows of them."""
    running = CaseClock.objects.running().exclude(code__in=WAITS)
    investigators = Assignment.objects.current().filter(role=CaseRole.INVESTIGATOR).select_related("user")
    first = running.filter(case=OuterRef("pk")).order_by("due_on", "pk").values("due_on")[:1]
    return (
        Case.objects.visible_to(user)
        .annotate(next_due=Subquery(first), is_readable=may(user, Perm.VIEW_FILE))
        .prefetch_related(
            Prefetch("clocks", running.order_by("due_on", "pk"), to_attr="running_clocks"),
            Prefetch("assignments", investigators, to_attr="investigators"),
        )
    )


def case_row(case: Any) -> dict[str, Any]:
    """Return a case as a row of a list; `case` comes from `listed`."""
    today = clocks.today()
    clock = case.running_clocks[0] if case.running_clocks else None
    forward = forward_moves(case.state)
    return {
        "number": case.number,
        "url": reverse("staff:case", kwargs={"number": case.number}),
        "title": words.case_title(case) if case.is_readable else "",
        "state": case.get_state_display(),
        "classification": CLASSIFICATION_LABELS.get(case.classification, case.classification),
        "received_on": case.received_on,
        "assigned": ", ".join(str(row.user) for row in case.investigators),
        "next": forward[0].label if forward else "",
        "clock": words.clock_line(clock, today) if clock else None,
    }


@work_page()
def my_work(request: WorkRequest) -> HttpResponse:
    """Show what waits for this person, what waits for others, what came in, and what nobody has.

    Someone who holds no case and works on the policy or the training is shown that alone.
    """
    mine = listed(request.user).open()
    needed = mine.filter(needs_action_of(request.user)).order_by(F("next_due").asc(nulls_last=True), "pk")
    waiting = mine.exclude(needs_action_of(request.user)).order_by(F("next_due").asc(nulls_last=True), "pk")
    unassigned = mine.filter(may(request.user, Perm.ASSIGN), state__in=_WITH_INVESTIGATOR).exclude(
        Exists(Assignment.objects.current().filter(case=OuterRef("pk"), role=CaseRole.INVESTIGATOR))
    )
    news, today = _news(request.user), clocks.today()
    roles = request.user.role_codes()
    duties = duties_of(request.user, roles, today)
    told = news_of(request.user).unread()
    files = may_file(request.user)
    page = {
        "duties": duties,
        "has_cases": files or not work_outside_cases(roles) or Case.objects.visible_to(request.user).exists(),
        "needed": [case_row(case) for case in needed[:ROWS]],
        "waiting": [case_row(case) for case in waiting[:ROWS]],
        "unassigned": [case_row(case) for case in unassigned.order_by("received_on", "pk")[:ROWS]],
        "news": news,
        "to_mail": _on_paper(request.user, Dispatch.objects.to_print()),
        "came_back": _on_paper(request.user, Dispatch.objects.came_back()),
        "told": [news_row(notice) for notice in told[:NEWEST]],
        "counts": {
            "needed": needed.count() + len(duties),
            "waiting": waiting.count(),
            "unassigned": unassigned.count(),
            "news": len(news),
        },
        "may_file": files,
        "today": today,
    }
    return render(request, "casework/work_list.html", page)


_WITH_INVESTIGATOR = (State.RECEIVED, State.INTAKE_REVIEW, State.PRELIMINARY_INQUIRY, State.INVESTIGATION)


def _news(user: User) -> list[dict[str, Any]]:
    """Return messages that wait for an answer and files that complainants sent lately, the newest first."""
    answered = Message.objects.filter(case=OuterRef("case"), author__isnull=False, pk__gt=OuterRef("pk"))
    visible = Case.objects.visible_to(user).open()
    reads = visible.filter(may(user, Perm.MESSAGE) | may(user, Perm.VIEW_NOTES))
    written = Message.objects.filter(~Exists(answered), case__in=reads, author=None).select_related("case")
    since = clocks.today() - NEW_FOR
    sent = Evidence.objects.filter(
        case__in=visible.filter(may(user, Perm.VIEW_EVIDENCE)), given_by__isnull=False, obtained_on__gte=since
    ).select_related("case")
    news: list[dict[str, Any]] = [
        {
            "at": message.at,
            "url": reverse("staff:messages", kwargs={"number": message.case.number}),
            "number": message.case.number,
            "text": message.text,
            "lang": message.language,
            "kind": _("Message"),
        }
        for message in written.order_by("-pk")[:ROWS]
    ] + [
        {
            "at": item.added_at,
            "url": reverse("staff:evidence_item", kwargs={"number": item.case.number, "item": item.number}),
            "number": item.case.number,
            "text": item.title,
            "lang": item.case.language,
            "kind": _("File"),
        }
        for item in sent.order_by("-pk")[:ROWS]
    ]
    return sorted(news, key=lambda row: row["at"], reverse=True)[:ROWS]


def _on_paper(user: User, dispatches: Any) -> list[dict[str, Any]]:
    """Return letters that this person may print, mail or send again, the oldest first."""
    cases = Case.objects.visible_to(user).filter(may(user, Perm.SEND_LETTER))
    waiting = dispatches.filter(letter__case__in=cases).select_related("letter__case").order_by("on", "pk")
    return [
        {
            "number": row.letter.case.number,
            "url": reverse("staff:letter", kwargs={"number": row.letter.case.number, "letter": row.letter_id}),
            "letter": row.letter.get_code_display(),
            "way": row.get_way_display(),
            "on": row.returned_on or row.on,
            "reason": row.return_reason,
        }
        for row in waiting[:ROWS]
    ]


class CaseFilter(forms.Form):
    """What a list of cases is narrowed by; every field may be left out."""

    ANY = (("", _("Any")),)

    q = forms.CharField(label=_("Number, title, place or words"), required=False, max_length=200)
    state = forms.ChoiceField(label=_("Stage"), required=False, choices=[*ANY, *State.choices])
    classification = forms.ChoiceField(label=_("Class"), required=False, choices=[*ANY, *CLASSIFICATION_LABELS.items()])
    channel = forms.ChoiceField(label=_("How it came"), required=False, choices=[*ANY, *Channel.choices])
    district = forms.CharField(label=_("District"), required=False, max_length=60)
    language = forms.ChoiceField(label=_("Language"), required=False, choices=[*ANY, *settings.LANGUAGES])
    assignee = forms.TypedChoiceField(label=_("Investigator"), required=False, coerce=int, empty_value=None)
    due = forms.ChoiceField(
        label=_("Due"),
        required=False,
        choices=[*ANY, ("late", _("Late")), ("week", _("In the next 7 days")), ("nobody", _("Nobody assigned"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        holders = RoleHolding.objects.in_force().filter(role_id=CaseRole.INVESTIGATOR).select_related("user")
        people = sorted({(row.user_id, str(row.user)) for row in holders}, key=lambda person: person[1])
        offer(self.fields["assignee"], [*self.ANY, *people])

    def narrow(self, cases: Any) -> Any:
        """Keep the cases that fit what was chosen; a choice that is not valid is left out."""
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        for name in ("state", "classification", "channel", "language"):
            if name in chosen:
                cases = cases.filter(**{name: chosen[name]})
        if "district" in chosen:
            cases = cases.filter(district__iexact=chosen["district"])
        if "assignee" in chosen:
            held = Assignment.objects.current().filter(case=OuterRef("pk"), role=CaseRole.INVESTIGATOR)
            cases = cases.filter(Exists(held.filter(user=chosen["assignee"])))
        if "q" in chosen:
            cases = cases.filter(matching(chosen["q"]))
        return self.standing(cases, chosen.get("due", ""))

    @staticmethod
    def standing(cases: Any, due: str) -> Any:
        """Keep the cases whose first limit is late or near, or that nobody investigates."""
        today = clocks.today()
        match due:
            case "late":
                return cases.filter(next_due__lt=today)
            case "week":
                return cases.filter(next_due__range=(today, today + timedelta(days=7)))
            case "nobody":
                held = Assignment.objects.current().filter(case=OuterRef("pk"), role=CaseRole.INVESTIGATOR)
                return cases.open().exclude(Exists(held))
            case _:
                return cases


def matching(text: str) -> Q:
    """Return the condition for cases that a search finds: by number, and where the file may be read by what it says.

    That is title, place, narrative and the officers. No civilian's name is searched: opening one is an act of its own,
    and an answer to a search would tell it without an entry. The narrative is searched in English and in Spanish,
    whichever it was written in.
    """
    named = CaseOfficer.objects.filter(Q(name__icontains=text) | Q(badge__iexact=text), case=OuterRef("pk"))
    found = Q(title__icontains=text) | Q(place__icontains=text) | Q(Exists(named))
    for language in ("english", "spanish"):
        query = SearchQuery(text, config=language, search_type="websearch")
        found |= Q(**{f"narrative_{language}": query})
    return Q(number__icontains=text) | (Q(is_readable=True) & found)


@work_page()
def cases(request: WorkRequest) -> HttpResponse:
    """List the cases that this person may know of, filtered and sorted as asked."""
    form = CaseFilter(request.GET, auto_id="filter_%s")
    page = Paginator(_found(request, form), ROWS).get_page(request.GET.get("page"))
    if "page" not in request.GET:
        note_search(by=request.user, text=form.cleaned_data.get("q", ""))
    shown = {
        "filter": form,
        "page": page,
        "rows": [case_row(case) for case in page],
        "may_file": may_file(request.user),
        "may_take_up": may_take_up(request.user),
        "may_export": may_export(request.user),
        "views": _views(request.user),
    }
    return render(request, "casework/case_list.html", shown)


def _found(request: WorkRequest, form: CaseFilter) -> Any:
    """Return the cases that this person may know of and that fit the form, in the order asked for."""
    found = form.narrow(
        listed(request.user).alias(
            narrative_english=SearchVector("narrative", config="english"),
            narrative_spanish=SearchVector("narrative", config="spanish"),
        )
    )
    return found.order_by(*_order(request.GET.get("sort", "")))


def _views(user: User) -> list[dict[str, Any]]:
    """Return the filters that are asked for most, as links with the number of cases behind each."""
    mine = listed(user)
    return [
        {"label": label, "url": f"?due={due}", "count": CaseFilter.standing(mine, due).count()}
        for due, label in (("late", _("Late")), ("week", _("Due in the next 7 days")), ("nobody", _("Nobody assigned")))
    ]


@work_page(methods=("POST",))
def export(request: WorkRequest) -> HttpResponse:
    """Hand out the list as it is filtered, as CSV; who took it and its digest are an entry of the log."""
    form = CaseFilter(request.GET)
    header = ("number", "title", "state", "classification", "received", "closed", "investigator", "due")
    rows = (
        (
            case.number,
            words.case_title(case) if case.is_readable else "",
            case.state,
            case.classification,
            case.received_on,
            case.closed_on or "",
            "; ".join(str(held.user) for held in case.investigators),
            case.next_due or "",
        )
        for case in _found(request, form)
    )
    used = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    data = export_cases(by=request.user, header=header, rows=rows, filters=used)
    name = f"cases-{clocks.today().isoformat()}.csv"
    return HttpResponse(
        data, content_type="text/csv; charset=utf-8", headers={"content-disposition": f'attachment; filename="{name}"'}
    )


def _order(asked: str) -> Iterable[Any]:
    name = SORTS.get(asked.removeprefix("-"))
    if name is None:
        return ("-received_on", "-pk")
    field = F(name).desc(nulls_last=True) if asked.startswith("-") else F(name).asc(nulls_last=True)
    return (field, "-pk")
