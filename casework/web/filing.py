"""Taking a complaint down for someone who calls, writes or comes in."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from casework.actions.intake import Filing, receive
from casework.exceptions import NotPermitted
from casework.permissions import may_file
from casework.vocabulary import Perm
from casework.web import words
from casework.web.entrance import WorkRequest, sent, work_page
from casework.web.forms import FilingForm

FILED = "filed"
"""Where the session keeps the numbers of complaints filed from forms that were sent, so that none is filed twice."""


@work_page(methods=("GET", "HEAD", "POST"))
def new_case(request: WorkRequest) -> HttpResponse:
    """Record a complaint and show its code and secret, this once: the secret is kept nowhere."""
    if not may_file(request.user):
        raise NotPermitted(Perm.RECEIVE.label)
    form = FilingForm(sent(request), initial={"once": secrets.token_hex(16)})
    filed = request.session.get(FILED, {})
    if request.POST.get("once") in filed:
        return redirect("staff:case", number=filed[request.POST["once"]])
    if request.method == "POST" and form.carry_out(lambda **_answers: _receive(form, request.user)):
        receipt = form.outcome
        request.session[FILED] = {**filed, form.cleaned_data["once"]: receipt.case.number}
        return render(request, "casework/case_receipt.html", {"receipt": receipt, "case": receipt.case})
    page: dict[str, Any] = {"form": form, "reasons": words.refusal_lines(form.refusals, "")}
    return render(request, "casework/case_new.html", page, status=form.status)


def _receive(form: FilingForm, by: Any) -> Any:
    given = dict(form.cleaned_data)
    identity = form.identity()
    fields = set(Filing.__dataclass_fields__) - {"identity"}
    filing = Filing(**{name: value for name, value in given.items() if name in fields}, identity=identity)
    return receive(filing, by=by, on=given["received"])
