"""Evidence: the list, each item with its custody, adding one, and opening a file, which is recorded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase

from accounts.models import User
from casework import clocks
from casework.actions import evidence as acts
from casework.actions import preservation
from casework.models import Case, EvidenceCite
from casework.permissions import permissions_of
from casework.vocabulary import Perm
from casework.web import words
from casework.web.desk import case_answer
from casework.web.entrance import WorkRequest, case_page, done, may_backdate, sent
from casework.web.events import actor_name
from casework.web.forms import EvidenceForm, PreservationAnswerForm, PreserveForm

ANSWER_WITHIN = timedelta(days=7)
"""What the form proposes as the time for an answer; the person states the day."""


@case_page(Perm.VIEW_EVIDENCE)
def evidence_list(request: WorkRequest, case: Case) -> HttpResponse:
    """Show every item, also those that were not to be had."""
    items = case.evidence.select_related("given_by", "obtained_by")
    today = clocks.today()
    asked = [
        {"request": row, "due": words.due(row.due_on, today)}
        for row in case.preservation_requests.select_related("asked_by")
    ]
    return case_answer(request, case, "casework/evidence_list.html", {"items": items, "asked": asked})


@case_page(Perm.ADD_EVIDENCE, methods=("GET", "HEAD", "POST"))
def preserve(request: WorkRequest, case: Case) -> HttpResponse:
    """Record that the holder of a recording was asked to keep it."""
    week = clocks.today() + ANSWER_WITHIN
    form = PreserveForm(sent(request), may_backdate=may_backdate(request.user, case), initial={"due_on": week})
    if request.method == "POST" and form.carry_out(preservation.preserve_recordings, case=case, by=request.user):
        return done(request, case, "staff:evidence", number=case.number)
    page = {"form": form, "reasons": words.refusal_lines(form.refusals, case.number)}
    return case_answer(request, case, "casework/preservation_ask.html", page, status=form.status)


@case_page(Perm.ADD_EVIDENCE, methods=("GET", "HEAD", "POST"))
def preservation_answer(request: WorkRequest, case: Case, asked: int) -> HttpResponse:
    """Record what the holder of a recording answered."""
    found = case.preservation_requests.filter(pk=asked, answered_on=None).first()
    if found is None:
        raise Http404
    form = PreservationAnswerForm(sent(request), may_backdate=may_backdate(request.user, case))
    if request.method == "POST" and form.carry_out(preservation.record_answer, request=found, by=request.user):
        return done(request, case, "staff:evidence", number=case.number)
    page = {"form": form, "asked": found, "reasons": words.refusal_lines(form.refusals, case.number)}
    return case_answer(request, case, "casework/preservation_answer.html", page, status=form.status)


@case_page(Perm.ADD_EVIDENCE, methods=("GET", "HEAD", "POST"))
def add_evidence(request: WorkRequest, case: Case) -> HttpResponse:
    """Add a file, a reference to a recording, or an item that could not be collected."""
    form = EvidenceForm(sent(request), request.FILES or None)
    if request.method == "POST" and form.carry_out(acts.add_evidence, case=case, by=request.user):
        return done(request, case, "staff:evidence", number=case.number)
    page = {"form": form, "reasons": words.refusal_lines(form.refusals, case.number)}
    return case_answer(request, case, "casework/evidence_add.html", page, status=form.status)


@case_page(Perm.VIEW_EVIDENCE)
def item(request: WorkRequest, case: Case, item: int) -> HttpResponse:
    """Show one item: where it came from, its digest, who handled it, and what rests on it."""
    found = case.evidence.filter(number=item).select_related("given_by", "obtained_by").first()
    if found is None:
        raise Http404
    custody = list(found.custody.all())
    people = {user.reference: str(user) for user in User.objects.filter(pk__in=_users(event.by for event in custody))}
    cites = EvidenceCite.objects.filter(evidence=found).select_related("conclusion__allegation", "conclusion__element")
    page = {
        "item": found,
        "custody": [{"event": event, "who": people.get(event.by) or actor_name(event.by)} for event in custody],
        "cites": cites,
        "opens": not found.is_compelled or Perm.OPEN_COMPELLED in permissions_of(request.user, case),
    }
    return case_answer(request, case, "casework/evidence_item.html", page)


def _users(references: Iterable[str]) -> list[int]:
    return [int(text.partition(":")[2]) for text in references if text.startswith("user:")]


@case_page(Perm.VIEW_EVIDENCE, methods=("POST",))
def file(request: WorkRequest, case: Case, item: int) -> HttpResponseBase:
    """Hand out the file after the viewing is recorded. The bytes are never shown as part of a page of ours."""
    found, opened = acts.open_evidence(case=case, number=item, by=request.user)
    return FileResponse(opened, as_attachment=True, filename=found.filename, content_type=found.media_type)
