"""The public side of a consultation: the draft, comments by anyone without an account, sessions, and every answer."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import throttle
from moves.forms import ActForm
from policy_rules import hearing, passages
from policy_rules.actions import comments
from policy_rules.answers import Answer
from policy_rules.calendar_files import MEDIA_TYPE, calendar
from policy_rules.drafted_rules import changes_of
from policy_rules.models import Capacity, Channel, Comment, Docket, DraftSection, ListeningSession
from policy_rules.rule_rows import RuleChange
from policy_rules.states import PUBLIC_DRAFTS

ON_A_PAGE = 50
NEWEST = 5
"""Comments shown on the page of the docket itself."""
MOST_FROM_VISITOR = 20
MOST_FROM_NETWORK = 60
"""Comments on one draft within the window of the throttle; a meeting hall is one network."""


def _dockets() -> QuerySet[Docket]:
    return Docket.objects.select_related("version__chapter__manual")


def _docket(code: str) -> Docket:
    return get_object_or_404(_dockets(), code=code)


@require_safe
def consultations(request: HttpRequest) -> HttpResponse:
    """Show the drafts that anyone may comment on now, those whose comments are being answered, and those before."""
    dockets = _dockets().annotate(
        said=Count("comments"), answered=Count("comments", filter=Q(comments__group__answer__gt=""))
    )
    rows: list[dict[str, Any]] = [
        {"docket": docket, "title": hearing.title_of(docket), "is_open": docket.is_open()} for docket in dockets
    ]
    page = {
        "open": [row for row in rows if row["is_open"]],
        "answering": [row for row in rows if not row["is_open"] and row["docket"].version.state in PUBLIC_DRAFTS],
        "past": [row for row in rows if row["docket"].version.state not in PUBLIC_DRAFTS],
        "sessions": _coming(ListeningSession.objects.all()),
        "find": FindForm(),
    }
    return render(request, "policy_rules/consultations.html", page)


def _coming(sessions: QuerySet[ListeningSession]) -> QuerySet[ListeningSession]:
    return sessions.filter(starts_at__gte=timezone.now()).select_related("docket__version__chapter__manual")


@require_safe
def docket(request: HttpRequest, docket: str) -> HttpResponse:
    """Say what is asked, until when and by which ways, and show sessions, the newest comments, and the answers."""
    row = _docket(docket)
    newest = hearing.comments_of(row).order_by("-number")[:NEWEST]
    page = {
        "docket": row,
        "chapter": row.version.chapter,
        "title": hearing.title_of(row),
        "summary": hearing.summary_of(row),
        "rule_changes": _rule_changes(row),
        "is_open": row.is_open(),
        "sessions": row.sessions.all(),
        "tally": row.comments.tally(),
        "answers": _answers(row),
        "newest": hearing.read(newest, row),
    }
    return render(request, "policy_rules/docket.html", page)


def _rule_changes(row: Docket) -> list[RuleChange]:
    """Return the rules kept as data that a draft changes; once it is adopted they stand among the rules."""
    return changes_of(row.version) if row.version.is_draft else []


def _answers(row: Docket) -> list[dict[str, Any]]:
    counted = row.comments.filter(group__answer__gt="").order_by().values("group__answer").annotate(n=Count("pk"))
    found = {item["group__answer"]: item["n"] for item in counted}
    return [{"code": code, "label": label, "n": found[code]} for code, label in Answer.choices if code in found]


@require_safe
def draft(request: HttpRequest, docket: str) -> HttpResponse:
    """Show the draft section by section, with what it changes and a way to comment on each."""
    row = _docket(docket)
    if not row.version.draft_sections.exists():
        return redirect("policies:chapter_version", code=row.version.chapter.code, version=row.version.version)
    sections = hearing.sections_of(row)
    page = {
        "docket": row,
        "chapter": row.version.chapter,
        "title": hearing.title_of(row),
        "is_open": row.is_open(),
        "base": hearing.base_of(row.version),
        "rule_changes": _rule_changes(row),
        "changed": [section for section in sections if section.row.is_changed],
        "unchanged": [section for section in sections if not section.row.is_changed],
    }
    return render(request, "policy_rules/docket_draft.html", page)


class CommentForm(ActForm):
    """A comment, what it is about, and what someone wants to say of themselves."""

    place = forms.ChoiceField(
        label=_lazy("Which words do you mean?"), required=False, widget=forms.RadioSelect, help_text=""
    )
    words = forms.CharField(
        label=_lazy("Other words of this section"),
        required=False,
        max_length=2_000,
        help_text=_lazy("Copy them here if you mean less than a sentence or more than one."),
    )
    text = forms.CharField(
        label=_lazy("Your comment"),
        max_length=comments.LONGEST,
        widget=forms.Textarea,
        help_text=_lazy(
            "Write in any language. Leave out names and addresses of private persons: comments are public."
        ),
    )
    capacity = forms.ChoiceField(
        label=_lazy("How do you comment?"),
        required=False,
        choices=[("", _lazy("I would rather not say")), *Capacity.choices],
    )
    district = forms.CharField(label=_lazy("Your district"), required=False, max_length=100)
    name = forms.CharField(
        label=_lazy("Name to publish with your comment"),
        required=False,
        max_length=200,
        help_text=_lazy("You do not have to give one. If you do, everyone can read it."),
    )
    website = forms.CharField(label=_lazy("Leave this empty"), required=False)

    def __init__(self, *args: Any, section: DraftSection | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if section is None:
            del self.fields["place"], self.fields["words"]
            return
        own = section.version.chapter.manual.language
        choices = [
            (passage.place, format_html('<span lang="{}">{}</span>', own, passage.words))
            for passage in passages.sentences(section.text)
        ]
        self.fields["place"].choices = [("", _("The whole section")), *choices]  # type: ignore[attr-defined]

    def clean_website(self) -> str:
        """Turn away programs that fill in every field; nobody sees this one."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Leave the last field empty, so that we know that a person writes."))
        return ""

    def answers(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "website"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: HttpRequest, docket: str) -> HttpResponse:
    """Take a comment: write it, read it back, send it. A draft that is closed says so, and nothing typed is lost."""
    row = _docket(docket)
    section = _section(row, request.GET.get("section", ""))
    form = CommentForm(request.POST if request.method == "POST" else None, section=section)
    given = {"docket": row, "section": section.code if section else "", "language": get_language() or "en"}
    if request.method != "POST" and not row.is_open():
        return redirect("policies:docket", docket=row.code)
    if request.method == "POST" and _too_many(request, row):
        form.add_error(None, TOO_MANY)
        return _comment_page(request, row, section, form, HTTPStatus.TOO_MANY_REQUESTS)
    if request.method == "POST" and form.is_confirmed and form.carry_out(comments.receive, **given):
        _count(request, row)
        said = _("We have your comment. Its number is %(number)s: keep it to find the answer.")
        messages.success(request, said % {"number": form.outcome.receipt})
        return redirect("policies:comment", docket=row.code, number=form.outcome.number)
    if request.method == "POST" and not form.is_taken_back and form.rehearse(comments.receive, **given):
        page = {
            "form": form,
            "docket": row,
            "section": section,
            "comment": form.outcome,
            "title": hearing.title_of(row),
        }
        return render(request, "policy_rules/docket_comment_check.html", page)
    return _comment_page(request, row, section, form, form.status)


TOO_MANY = _lazy(
    "Many comments came from this device or this network in the last 15 minutes. What you wrote is still here: wait, "
    "then send it, or call us and we will write it down."
)


def _too_many(request: HttpRequest, row: Docket) -> bool:
    name = f"comment/{row.pk}"
    mine = len(throttle.recent(request, name))
    return mine >= MOST_FROM_VISITOR or throttle.sent_from_network(request, name) >= MOST_FROM_NETWORK


def _count(request: HttpRequest, row: Docket) -> None:
    throttle.count(request, f"comment/{row.pk}")
    throttle.count_network(request, f"comment/{row.pk}")


def _section(row: Docket, code: str) -> DraftSection | None:
    if not code:
        return None
    return get_object_or_404(
        DraftSection.objects.select_related("version__chapter__manual"), version=row.version, code=code
    )


def _comment_page(
    request: HttpRequest, row: Docket, section: DraftSection | None, form: CommentForm, status: int
) -> HttpResponse:
    page = {
        "form": form,
        "docket": row,
        "section": section,
        "title": hearing.title_of(row),
        "reasons": form.refusals,
        "law_language": row.version.chapter.manual.language,
    }
    return render(request, "policy_rules/docket_comment.html", page, status=status)


class ListForm(forms.Form):
    """What the list of comments is narrowed to."""

    section = forms.ChoiceField(label=_lazy("Section"), required=False)
    answer = forms.ChoiceField(
        label=_lazy("Answer"),
        required=False,
        choices=[("", _lazy("All")), ("none", _lazy("Not answered yet")), *Answer.choices],
    )
    channel = forms.ChoiceField(label=_lazy("Came by"), required=False, choices=[("", _lazy("All")), *Channel.choices])
    order = forms.ChoiceField(
        label=_lazy("Order"), required=False, choices=[("", _lazy("As they came")), ("new", _lazy("Newest first"))]
    )

    def __init__(self, *args: Any, docket: Docket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = docket.comments.exclude(section="").order_by("section").values_list("section", flat=True).distinct()
        whole = [("whole", _("The whole draft"))]
        self.fields["section"].choices = [("", _("All")), *whole, *((code, code) for code in codes)]  # type: ignore[attr-defined]

    def narrow(self, rows: QuerySet[Comment]) -> QuerySet[Comment]:
        """Keep the comments that were asked for; what cannot be read asks for nothing."""
        asked = self.cleaned_data if self.is_valid() else {}
        if section := asked.get("section"):
            rows = rows.filter(section="" if section == "whole" else section)
        if answer := asked.get("answer"):
            rows = (
                rows.filter(Q(group=None) | Q(group__answer=""))
                if answer == "none"
                else rows.filter(group__answer=answer)
            )
        if channel := asked.get("channel"):
            rows = rows.filter(channel=channel)
        return rows.order_by("-number" if asked.get("order") == "new" else "number")


@require_safe
def comment_list(request: HttpRequest, docket: str) -> HttpResponse:
    """Show what was said and what was done with it, each comment beside its answer."""
    row = _docket(docket)
    form = ListForm(request.GET, docket=row)
    page = Paginator(form.narrow(hearing.comments_of(row)), ON_A_PAGE).get_page(request.GET.get("page"))
    shown = {
        "docket": row,
        "title": hearing.title_of(row),
        "form": form,
        "page": page,
        "rows": hearing.read(page.object_list, row),
        "tally": row.comments.tally(),
        "query": request.GET.urlencode(),
    }
    return render(request, "policy_rules/docket_comments.html", shown)


@require_safe
def matrix(request: HttpRequest, docket: str) -> HttpResponse:
    """Hand out comments and answers as CSV, narrowed as the page is."""
    row = _docket(docket)
    rows = ListForm(request.GET, docket=row).narrow(hearing.comments_of(row))
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{row.code}-comments.csv"'
    hearing.write_matrix(rows.iterator(chunk_size=1_000), answer)
    return answer


@never_cache
@require_safe
def one_comment(request: HttpRequest, docket: str, number: int) -> HttpResponse:
    """Show one comment by its number, with its answer or when one can be expected."""
    row = _docket(docket)
    found = get_object_or_404(hearing.comments_of(row), number=number)
    same = row.comments.filter(group=found.group).exclude(pk=found.pk).count() if found.group else 0
    page = {"docket": row, "title": hearing.title_of(row), "item": hearing.read([found], row)[0], "same": same}
    return render(request, "policy_rules/docket_one_comment.html", page)


class FindForm(forms.Form):
    """The number of a comment."""

    number = forms.CharField(
        label=_lazy("Number of the comment"),
        max_length=70,
        help_text=_lazy("For example DE-2026-0007."),
        error_messages={"required": _lazy("Write the number that you were given.")},
    )


@require_safe
def find_comment(request: HttpRequest) -> HttpResponse:
    """Lead to a comment by its number."""
    form = FindForm(request.GET or None)
    if form.is_valid():
        code, _dash, number = form.cleaned_data["number"].strip().rpartition("-")
        rows = Comment.objects.filter(docket__code__iexact=code, number=int(number) if number.isdecimal() else 0)
        found = rows.select_related("docket").first()
        if found is not None:
            return redirect("policies:comment", docket=found.docket.code, number=found.number)
        form.add_error(
            "number", _("There is no comment of this number. Check it; it begins with the name of the docket.")
        )
    return render(request, "policy_rules/find_comment.html", {"form": form})


@require_safe
def all_sessions(request: HttpRequest) -> HttpResponse:
    """Give all listening sessions as a calendar."""
    rows = ListeningSession.objects.select_related("docket__version__chapter").order_by("starts_at")
    return _calendar(request, rows, "policies:consultations", [], "sessions")


@require_safe
def one_session(request: HttpRequest, docket: str, number: int) -> HttpResponse:
    """Give one listening session as a calendar."""
    rows = ListeningSession.objects.filter(docket__code=docket, number=number).select_related("docket")
    if not rows:
        raise Http404
    return _calendar(request, rows, "policies:docket", [docket], f"{docket}-{number}")


def _calendar(
    request: HttpRequest, rows: Iterable[ListeningSession], route: str, names: list[str], filename: str
) -> HttpResponse:
    url = request.build_absolute_uri(reverse(route, args=names))
    headers = {"Content-Disposition": f'attachment; filename="{filename}.ics"'}
    return HttpResponse(
        calendar(rows, url=url, language=get_language() or "en"), content_type=MEDIA_TYPE, headers=headers
    )
