"""The holds on the record of a case: those that stand, those that were lifted, and the forms for both."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _

from casework.actions import holds as acts
from casework.models import Case, Hold
from casework.vocabulary import HoldGround, Perm
from casework.web import words
from casework.web.desk import case_answer
from casework.web.entrance import WorkRequest, case_page, done, may_backdate, require, sent
from casework.web.forms import BackdatedForm


class HoldForm(BackdatedForm):
    """For what the record is held."""

    ground = forms.ChoiceField(label=_("Held for"), choices=HoldGround.choices, widget=forms.RadioSelect)
    matter = forms.CharField(
        label=_("Which one"),
        max_length=200,
        help_text=_("For example the court and its number, or who asked and when. It is sealed in the log."),
    )


class LiftForm(BackdatedForm):
    """Why a hold is no longer needed."""

    reason = forms.CharField(label=_("Why it is no longer needed"), max_length=300)


@case_page(Perm.VIEW_FILE, methods=("GET", "HEAD", "POST"))
def hold_list(request: WorkRequest, case: Case) -> HttpResponse:
    """Show what the record is held for; who may holds it for another matter here."""
    if request.method == "POST":
        require(request.user, case, Perm.HOLD)
    backdates = may_backdate(request.user, case)
    form = HoldForm(sent(request), may_backdate=backdates)
    if request.method == "POST" and form.carry_out(acts.set_hold, case=case, by=request.user):
        return done(request, case, "staff:holds", number=case.number)
    return _show(request, case, form, backdates=backdates)


@case_page(Perm.HOLD, methods=("POST",))
def lift_hold(request: WorkRequest, case: Case, hold: int) -> HttpResponse:
    """Lift a hold for a reason."""
    found = case.holds.standing().filter(pk=hold).first()
    if found is None:
        raise Http404
    backdates = may_backdate(request.user, case)
    form = _lift_form(found, request.POST, backdates=backdates)
    if form.carry_out(acts.lift_hold, hold=found, by=request.user):
        return done(request, case, "staff:holds", number=case.number)
    return _show(request, case, HoldForm(may_backdate=backdates), lifting=(found, form), backdates=backdates)


def _lift_form(hold: Hold, given: Any = None, *, backdates: bool) -> LiftForm:
    return LiftForm(given, may_backdate=backdates, auto_id=f"id_{hold.pk}_%s")


def _show(
    request: WorkRequest,
    case: Case,
    form: HoldForm,
    *,
    lifting: tuple[Hold, LiftForm] | None = None,
    backdates: bool,
) -> HttpResponse:
    asked, answered = lifting or (None, form)
    holds = case.holds.select_related("set_by", "lifted_by")
    page = {
        "standing": [
            {"hold": hold, "form": answered if hold == asked else _lift_form(hold, backdates=backdates)}
            for hold in holds
            if hold.stands
        ],
        "lifted": [hold for hold in holds if not hold.stands],
        "form": form,
        "answered": answered,
        "reasons": words.refusal_lines(answered.refusals, case.number),
    }
    return case_answer(request, case, "casework/hold_list.html", page, status=answered.status)
