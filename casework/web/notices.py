"""News of one's own cases, and who was told what in a case."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as flash
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from casework.actions import notices as acts
from casework.models import Case, Notice
from casework.vocabulary import NoticeState, Perm
from casework.web.desk import READS_MESSAGES, case_answer
from casework.web.entrance import WorkRequest, case_page, done, work_page

ON_ONE_PAGE = 25
KINDS = {NoticeState.SENT: "good", NoticeState.FAILED: "bad", NoticeState.QUEUED: "warn", NoticeState.ON_PAGE: "bare"}


def news_row(notice: Notice) -> dict[str, Any]:
    """Return a notice as a row of the news; `notice` comes with its case and entry."""
    return {
        "number": notice.case.number,
        "url": reverse("staff:case", kwargs={"number": notice.case.number}),
        "sentence": notice.entry.known_action.sentence,
        "at": notice.queued_at,
        "unread": notice.read_at is None,
    }


def news_of(user: User) -> Any:
    """Return what a person was told, the newest first, with what a row shows."""
    return Notice.objects.news_of(user).select_related("case", "entry")


@work_page()
def news(request: WorkRequest) -> HttpResponse:
    """Show what the person was told of their cases, unread or not."""
    page = Paginator(news_of(request.user), ON_ONE_PAGE).get_page(request.GET.get("page"))
    unread = Notice.objects.news_of(request.user).unread().count()
    shown = {"page": page, "rows": [news_row(notice) for notice in page], "unread": unread}
    return render(request, "casework/news_list.html", shown)


@work_page(methods=("POST",))
def read_all(request: WorkRequest) -> HttpResponse:
    """Note that the person has seen all their news."""
    acts.mark_read(request.user)
    flash.success(request, _("All news is marked as read."))
    return redirect("staff:news")


@case_page(*READS_MESSAGES)
def case_notices(request: WorkRequest, case: Case) -> HttpResponse:
    """Show who was told what in the case, and which mail could not be sent."""
    told = case.notices.select_related("entry", "user", "party").order_by("-pk")
    page = Paginator(told, ON_ONE_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "notice": notice,
            "sentence": notice.entry.known_action.sentence,
            "reader": notice.user or notice.party,
            "state": notice.state.label,
            "kind": KINDS[notice.state],
            "failed": notice.state == NoticeState.FAILED,
        }
        for notice in page
    ]
    return case_answer(request, case, "casework/notice_list.html", {"page": page, "rows": rows})


@case_page(Perm.MESSAGE, methods=("POST",))
def repeat(request: WorkRequest, case: Case, notice: int) -> HttpResponse:
    """Send a mail once more that could not be sent."""
    found = case.notices.filter(pk=notice).first()
    if found is None:
        raise Http404
    acts.repeat(notice=found, by=request.user)
    return done(request, case, "staff:notices", number=case.number)
