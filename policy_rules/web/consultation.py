"""The public side of a consultation: what is asked, until when, the draft with what it changes, and the sessions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from policy_rules import draft_reading, hearing
from policy_rules.answers import Answer
from policy_rules.calendar_files import MEDIA_TYPE, calendar
from policy_rules.drafted_rules import changes_of
from policy_rules.models import Docket, ListeningSession
from policy_rules.rule_rows import RuleChange
from policy_rules.states import PUBLIC_DRAFTS
from policy_rules.web.finding import FindForm

NEWEST = 5
"""Comments shown on the page of the docket itself."""


def dockets() -> QuerySet[Docket]:
    """Return dockets with all that their pages ask for."""
    return Docket.objects.select_related("version__chapter__manual")


def docket_of(code: str) -> Docket:
    """Return a docket by its name, or answer that there is none."""
    return get_object_or_404(dockets(), code=code)


@require_safe
def consultations(request: HttpRequest) -> HttpResponse:
    """Show the drafts that anyone may comment on now, those whose comments are being answered, and those before."""
    found = dockets().annotate(
        said=Count("comments"), answered=Count("comments", filter=Q(comments__group__answer__gt=""))
    )
    rows: list[dict[str, Any]] = [
        {"docket": docket, "title": hearing.title_of(docket), "is_open": docket.is_open()} for docket in found
    ]
    page = {
        "open": [row for row in rows if row["is_open"]],
        "answering": [row for row in rows if not row["is_open"] and row["docket"].version.state in PUBLIC_DRAFTS],
        "past": [row for row in rows if row["docket"].version.state not in PUBLIC_DRAFTS],
        "sessions": _coming(ListeningSession.objects.all()),
        "now": timezone.now(),
        "find": FindForm(),
    }
    return render(request, "policy_rules/consultations.html", page)


def _coming(sessions: QuerySet[ListeningSession]) -> QuerySet[ListeningSession]:
    return sessions.filter(starts_at__gte=timezone.now()).select_related("docket__version__chapter__manual")


@require_safe
def docket(request: HttpRequest, docket: str) -> HttpResponse:
    """Say what is asked, until when and by which ways, and show sessions, the newest comments, and the answers."""
    row = docket_of(docket)
    newest = hearing.comments_of(row).order_by("-number")[:NEWEST]
    page = {
        "docket": row,
        "chapter": row.version.chapter,
        "title": hearing.title_of(row),
        "summary": hearing.summary_of(row),
        "rule_changes": _rule_changes(row),
        "is_open": row.is_open(),
        "sessions": row.sessions.select_related("docket"),
        "now": timezone.now(),
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
    row = docket_of(docket)
    if not row.version.draft_sections.exists():
        return redirect("policies:chapter_version", code=row.version.chapter.code, version=row.version.version)
    sections = draft_reading.sections_of(row, get_language() or row.version.chapter.manual.language)
    page = {
        "docket": row,
        "chapter": row.version.chapter,
        "title": hearing.title_of(row),
        "is_open": row.is_open(),
        "law_language": row.version.chapter.manual.language,
        "base": draft_reading.base_of(row.version),
        "rule_changes": _rule_changes(row),
        "changed": [section for section in sections if section.row.is_changed],
        "unchanged": [section for section in sections if not section.row.is_changed],
    }
    return render(request, "policy_rules/docket_draft.html", page)


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
