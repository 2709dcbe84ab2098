"""How the log stands, and its checks: the history, one that runs, and the button that begins one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from audit import keys
from audit.log import newest_checkpoint
from audit.models import Pending
from audit.outside import compare_with_outside
from audit.reopening import reopenings
from casework.actions.log import ask_for_check, faults_for, require_checker
from casework.models import LogVerification
from casework.web.entrance import WorkRequest, work_page
from casework.web.explorer.frame import answer

ON_ONE_PAGE = 25
READ = {
    "entries": _lazy("Entries"),
    "checkpoints": _lazy("Checkpoints"),
    "policy texts": _lazy("Policy texts"),
    "curricula": _lazy("Curricula"),
    "citations": _lazy("Citations"),
}
"""The words for what a check that runs is reading."""


@work_page()
def state(request: WorkRequest) -> HttpResponse:
    """Say in one sentence how the log stands, and on what the sentence rests."""
    require_checker(request.user)
    newest, outside = newest_checkpoint(), compare_with_outside()
    last = _last_word()
    broken = LogVerification.objects.exclude(error="").filter(pk__gt=last.pk if last else 0)
    plain, _timed = keys.verifiers()
    page = {
        "newest": newest,
        "pending": Pending.objects.count(),
        "outside": outside,
        "last": last,
        "since": newest.size - last.size if newest and last and newest.size > last.size else 0,
        "broken_off": broken.order_by("-pk").first(),
        "running": LogVerification.objects.under_way().first(),
        "verdict": _verdict(newest is not None, outside.is_good, last),
        "origin": settings.AUDIT_ORIGIN,
        "reopenings": list(reopenings()),
        "key": plain.text,
    }
    return answer(request, "explorer/log_state.html", page)


def _last_word() -> LogVerification | None:
    """Return the check on which the verdict rests: what a full one found is not cleared by one that read less."""
    finished = LogVerification.objects.finished()
    full = finished.filter(read_from=0).first()
    return full if full and full.faults else finished.first()


def _verdict(has_entries: bool, outside_agrees: bool, last: LogVerification | None) -> str:  # noqa: FBT001 - two facts
    """Return which sentence is true: "wrong", "good", "unchecked" or "empty"; what is wrong comes first."""
    if not outside_agrees or (last and last.faults):
        return "wrong"
    if not has_entries:
        return "empty"
    return "good" if last else "unchecked"


@work_page(methods=("GET", "HEAD", "POST"))
def check_list(request: WorkRequest) -> HttpResponse:
    """Show the checks that were made, the newest first; sent, begin one."""
    require_checker(request.user)
    if request.method == "POST":
        begun = ask_for_check(by=request.user, incremental=request.POST.get("scope") == "new")
        messages.success(request, _("The log is being checked. You can leave this page; the result is kept."))
        return redirect("audit:verification", pk=begun.pk)
    checks = LogVerification.objects.select_related("asked_by").order_by("-pk")
    page = Paginator(checks, ON_ONE_PAGE).get_page(request.GET.get("page"))
    was_whole = LogVerification.objects.finished().filter(faults=[]).exists()
    shown = {"page": page, "rows": [_row(check) for check in page], "was_whole": was_whole}
    return answer(request, "explorer/check_list.html", shown)


@work_page()
def check(request: WorkRequest, pk: int) -> HttpResponse:
    """Show one check: how far it is, or what it found."""
    require_checker(request.user)
    found = LogVerification.objects.select_related("asked_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    faults = [{**fault, **_about(fault["subject"])} for fault in faults_for(found, request.user)]
    return answer(request, "explorer/check_detail.html", {"row": _row(found), "check": found, "faults": faults})


def _about(subject: str) -> dict[str, str]:
    kind, _colon, number = subject.partition(":")
    return {"case": number} if kind == "case" else {}


def _row(check: LogVerification) -> dict[str, Any]:
    return {
        "check": check,
        "who": str(check.asked_by) if check.asked_by else _("Daily check"),
        "status": _status(check),
        "scope": _scope(check),
        "doing": READ.get(check.doing, check.doing),
        "speed": round((check.entries - check.read_from) / check.seconds) if check.seconds else None,
    }


def _scope(check: LogVerification) -> str:
    """Return what the check reads, or read: what was asked, until its end shows what was done."""
    reads_less = check.read_from if check.is_finished else check.incremental
    return _("What was new") if reads_less else _("Everything")


def _status(check: LogVerification) -> dict[str, str]:
    if check.error:
        return {"words": _("Broken off"), "kind": "bad"}
    if check.finished_at is not None:
        return {"words": _("Faults found"), "kind": "bad"} if check.faults else {"words": _("Whole"), "kind": "good"}
    if check.is_silent:
        return {"words": _("Broken off"), "kind": "bad"}
    return {"words": _("Running"), "kind": "key"} if check.started_at else {"words": _("Waiting"), "kind": ""}
