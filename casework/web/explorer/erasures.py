"""Erasing what is kept behind entries: the proposals, the form for one, and the answer of a second person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import RoleCode
from audit import proofs
from audit.log import newest_checkpoint
from audit.models import Detail
from casework.actions import erasure as acts
from casework.actions.holds import sentence_of
from casework.models import Case, Erasure, Hold
from casework.vocabulary import ErasureGround
from casework.web.entrance import WorkRequest, sent, work_page
from casework.web.events import events
from casework.web.explorer.frame import answer
from moves.forms import ActForm

ON_ONE_PAGE = 25


class ProposeForm(ActForm):
    """Which details are to go, and by what order."""

    position = forms.IntegerField(
        label=_lazy("Place in the log"),
        min_value=0,
        max_value=2**62,
        help_text=_lazy("The timeline of a case names it: “Entry 1,234 of the log” is 1234."),
    )
    ground = forms.ChoiceField(label=_lazy("Ground"), choices=ErasureGround.choices, widget=forms.RadioSelect)
    order = forms.CharField(
        label=_lazy("Which order or schedule"),
        max_length=200,
        help_text=_lazy("For example its court, number and day. It is sealed in the log, without being shown there."),
    )


class AnswerForm(ActForm):
    """The second person's answer bears nothing but itself."""


@work_page(methods=("GET", "HEAD", "POST"))
def erasure_list(request: WorkRequest) -> HttpResponse:
    """Show what was proposed and answered, the newest first, and what is held.

    A records officer proposes another here.
    """
    acts.require_role(request.user)
    proposes = RoleCode.RECORDS_OFFICER in request.user.role_codes()
    form = ProposeForm(sent(request))
    if request.method == "POST":
        acts.require_role(request.user, acts.PROPOSERS)
    if request.method == "POST" and form.carry_out(acts.propose, by=request.user):
        messages.success(request, _("Proposed. A second person must agree before anything is erased."))
        return redirect("audit:erasure", pk=form.outcome.pk)
    found = Erasure.objects.select_related("entry__placement", "proposed_by", "answered_by")
    page = Paginator(found, ON_ONE_PAGE).get_page(request.GET.get("page"))
    rows = [_row(erasure) for erasure in page if acts.may_see(request.user, erasure.entry)]
    held = Hold.objects.standing().filter(case__in=Case.objects.visible_to(request.user))
    shown = {
        "form": form if proposes else None,
        "page": page,
        "rows": rows,
        "reasons": _reasons(form),
        "held": held.select_related("case", "set_by").order_by("set_on", "pk"),
    }
    return answer(request, "explorer/erasure_list.html", shown, status=form.status)


@work_page(methods=("GET", "HEAD", "POST"))
def erasure(request: WorkRequest, pk: int) -> HttpResponse:
    """Show a proposal, take the answer of a second person, and after an erasure prove its effect."""
    acts.require_role(request.user)
    found = Erasure.objects.select_related("entry__placement", "proposed_by", "answered_by").filter(pk=pk).first()
    if found is None or not acts.may_see(request.user, found.entry):
        raise Http404
    form = AnswerForm(sent(request))
    if request.method == "POST":
        agrees = request.POST.get("answer") == "agree"
        if form.carry_out(acts.agree if agrees else acts.decline, erasure=found, by=request.user):
            said = _("Erased. The log keeps its root.") if agrees else _("The proposal is put aside.")
            messages.success(request, said)
            return redirect("audit:erasure", pk=found.pk)
    page = {
        "row": _row(found),
        "erasure": found,
        "form": form,
        "reasons": _reasons(form),
        "own": found.proposed_by_id == request.user.pk,
        "line": events([found.entry])[0],
        "held": _held(found) if found.is_open and not form.refusals else [],
        "effect": _effect(found) if found.agreed else None,
    }
    return answer(request, "explorer/erasure_detail.html", page, status=form.status)


def _reasons(form: ActForm) -> list[Any]:
    return [refusal.sentence for refusal in form.refusals]


def _held(erasure: Erasure) -> list[str]:
    """Return what stands against the erasure: each hold on the record of its case."""
    standing = Hold.objects.standing().filter(case__number=acts.case_number(erasure.entry))
    return [sentence_of(hold) for hold in standing.select_related("set_by")]


def _row(erasure: Erasure) -> dict[str, Any]:
    if erasure.is_open:
        status = {"words": _("Waiting"), "kind": "key"}
    elif erasure.agreed:
        status = {"words": _("Erased"), "kind": "good"}
    else:
        status = {"words": _("Put aside"), "kind": ""}
    return {"erasure": erasure, "status": status, "number": acts.case_number(erasure.entry)}


def _effect(erasure: Erasure) -> dict[str, Any]:
    """Return what can be seen now of an erasure: that the detail is gone, and that the log leads to the root before."""
    newest = newest_checkpoint()
    try:
        root = proofs.root_at(erasure.size).hex() if newest and 0 < erasure.size <= newest.size else ""
    except proofs.DamagedLogError:
        root = ""
    return {
        "is_gone": not Detail.objects.filter(entry=erasure.entry).exists(),
        "same_root": root == erasure.root,
        "copies_gone": acts.erases_copies(erasure.entry),
    }
