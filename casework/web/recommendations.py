"""The recommendations for change in the office: the list, one of them with its next steps, and a new one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import RoleCode
from audit.models import Entry
from casework import clocks
from casework.actions import recommendations
from casework.exceptions import NotPermitted
from casework.models import Case, Recommendation
from casework.permissions import permissions_of
from casework.recommending import ADDRESSEES, RecommendationPerm, RecommendationState
from casework.vocabulary import Perm
from casework.web import words
from casework.web.entrance import WorkRequest, sent, work_page
from casework.web.forms import SHORT, text_field
from moves.forms import ActForm, field_for
from moves.table import Move
from policy_rules.reading import titles_of

POSTS = ("GET", "HEAD", "POST")
ON_ONE_PAGE = 25
OVERDUE, MINE = "overdue", "mine"
MAIN = frozenset({"send", "accept", "report_done", "verify"})
"""Moves that are the way on."""


class RecommendForm(ActForm):
    """A recommendation for change."""

    title = forms.CharField(label=_lazy("What is to change, in one line"), max_length=200)
    text = text_field(
        _lazy("What you recommend, and why"),
        help_text=_lazy("Everyone reads this once it is sent. Name nobody and describe no case."),
        max_length=10_000,
    )
    language = forms.ChoiceField(
        label=_lazy("Language it is written in"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
    sections = forms.CharField(
        label=_lazy("Sections of the manual that it is about"),
        max_length=SHORT,
        help_text=_lazy("Codes with spaces between them, for example DE-4.1 DE-4.6."),
    )
    addressed_to = forms.ChoiceField(
        label=_lazy("Who is asked"),
        choices=[(role.value, role.label) for role in ADDRESSEES],
        widget=forms.RadioSelect,
    )
    cases = forms.CharField(
        label=_lazy("Cases that gave rise to it"),
        required=False,
        max_length=SHORT,
        help_text=_lazy("Numbers with spaces between them. Only those who may see a case see that it is named here."),
    )
    comments = forms.CharField(
        label=_lazy("Public comments that gave rise to it"),
        required=False,
        max_length=SHORT,
        help_text=_lazy("Numbers with spaces between them."),
    )

    def answers(self) -> dict[str, Any]:
        lists = {name: self.cleaned_data[name].split() for name in ("sections", "cases", "comments")}
        return self.cleaned_data | lists


class StepForm(ActForm):
    """What a move of a recommendation asks to be stated."""

    def __init__(self, *args: Any, move: Move, recommendation: Recommendation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {item.name: field_for(item, recommendation, words.labelled) for item in move.states}


def _role(code: str) -> str:
    return str(dict(RoleCode.choices).get(code, code))


@work_page()
def listing(request: WorkRequest) -> HttpResponse:
    """List the recommendations, the newest first; those of one state, or those that are overdue."""
    recommendations.require(request.user, RecommendationPerm.READ)
    asked, today = request.GET.get("state", ""), clocks.today()
    rows = Recommendation.objects.prefetch_related("sections")
    waiting = recommendations.waiting_for(request.user)
    if asked == OVERDUE:
        rows = rows.overdue(today)
    elif asked == MINE:
        rows = waiting.prefetch_related("sections")
    elif asked in RecommendationState.values:
        rows = rows.filter(state=asked)
    page = Paginator(rows, ON_ONE_PAGE).get_page(request.GET.get("page"))
    shown = {
        "page": page,
        "rows": [{"row": row, "overdue": row.is_overdue(today), "to": _role(row.addressed_to)} for row in page],
        "states": [
            (MINE, _("Waiting for you (%(n)d)") % {"n": waiting.count()}),
            *RecommendationState.choices,
            (OVERDUE, _("Overdue")),
        ],
        "asked": asked,
        "may_make": recommendations.may(request.user, RecommendationPerm.MAKE),
    }
    return render(request, "casework/recommendation_list.html", shown)


@work_page(methods=POSTS)
def new(request: WorkRequest) -> HttpResponse:
    """Recommend a change; coming from a case, its number and the sections alleged in it are filled in."""
    recommendations.require(request.user, RecommendationPerm.MAKE)
    form = RecommendForm(sent(request), initial={"language": get_language(), **_from_case(request)})
    if request.method == "POST" and form.carry_out(recommendations.make, by=request.user):
        return _done(request, form.outcome)
    page = {"form": form, "reasons": words.refusal_lines(form.refusals, "")}
    return render(request, "casework/recommendation_form.html", page, status=form.status)


def _from_case(request: WorkRequest) -> dict[str, str]:
    case = Case.objects.visible_to(request.user).filter(number=request.GET.get("case", "")).first()
    if case is None:
        return {}
    reads = Perm.VIEW_FILE in permissions_of(request.user, case)
    alleged = case.allegations.filter(section_version__isnull=False) if reads else case.allegations.none()
    codes = alleged.order_by("number").values_list("section_version__section__code", flat=True)
    return {"cases": case.number, "sections": " ".join(dict.fromkeys(codes))}


@work_page()
def detail(request: WorkRequest, number: str) -> HttpResponse:
    """Show a recommendation: what is asked, what came of it, what gave rise to it, and its next steps."""
    row = _fetch(request, number)
    today = clocks.today()
    cases = Case.objects.visible_to(request.user).filter(recommendations=row)
    codes = list(row.sections.values_list("code", flat=True))
    titles = titles_of(codes, get_language() or "en")
    page = {
        "row": row,
        "overdue": row.is_overdue(today),
        "sections": [(code, titles.get(code, "")) for code in codes],
        "cases": cases,
        "votes": row.votes.filter(case__in=cases).select_related("case", "section_version__section"),
        "comments": row.public_comments,
        "facts": _facts(row),
        "steps": [
            {
                "name": name,
                "label": recommendations.PROCESS.table()[name].label,
                "url": reverse("staff:recommendation_step", args=[row.number, name]),
                "main": name in MAIN,
                "refusals": refusals,
            }
            for name, refusals in recommendations.PROCESS.open_moves(row, by=request.user).items()
        ],
        "history": [
            {"when": entry.occurred_at, "title": entry.known_action.sentence, "state": "done"}
            for entry in Entry.objects.about(row.reference).order_by("-id")
        ],
    }
    return render(request, "casework/recommendation_detail.html", page)


def _facts(row: Recommendation) -> list[dict[str, Any]]:
    facts = (
        (_("Recommended by"), f"{row.proposed_by}, {_role(row.body)}"),
        (_("Addressed to"), _role(row.addressed_to)),
        (_("Written in"), dict(settings.LANGUAGES).get(row.language, row.language)),
        (_("Proposed"), row.proposed_on),
        (_("Sent"), row.sent_on),
        (_("Answer due"), row.answer_due_on),
        (_("Answered"), row.answered_on),
        (_("To be done by"), row.promised_for),
        (_("Done"), row.done_on),
        (_("Verified"), row.verified_on),
    )
    return [{"label": label, "value": value} for label, value in facts if value]


@work_page(methods=POSTS)
def step(request: WorkRequest, number: str, move: str) -> HttpResponse:
    """Show what a move asks for, and make it."""
    row = _fetch(request, number)
    table = recommendations.PROCESS.table()
    if move not in table or not table[move].leaves(row.state):
        raise Http404
    if table[move].permission not in recommendations.permissions_on(request.user, row):
        raise NotPermitted(str(table[move].label))
    form = StepForm(sent(request), move=table[move], recommendation=row)
    if request.method == "POST" and form.carry_out(
        lambda **stated: recommendations.perform(move, row, by=request.user, **stated)
    ):
        return _done(request, row)
    page = {"row": row, "move": table[move], "form": form, "reasons": words.refusal_lines(form.refusals, "")}
    return render(request, "casework/recommendation_step.html", page, status=form.status)


def _fetch(request: WorkRequest, number: str) -> Recommendation:
    recommendations.require(request.user, RecommendationPerm.READ)
    return get_object_or_404(Recommendation.objects.select_related("proposed_by"), number=number)


def _done(request: WorkRequest, row: Recommendation) -> HttpResponse:
    entry = Entry.objects.about(row.reference).filter(actor=request.user.reference).last()
    if entry is not None:
        said = _("%(act)s. This is entry %(number)s in the log of this recommendation.")
        messages.success(request, said % {"act": entry.known_action.sentence, "number": entry.n})
    return redirect("staff:recommendation", number=row.number)
