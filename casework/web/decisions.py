"""The chief's answer: each allegation decided beside the board's finding, and the outcome for each violation."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from casework import clocks
from casework.actions import decisions as acts
from casework.exceptions import Invalid
from casework.models import Allegation, Case, Discipline
from casework.models.decisions import matrix_for
from casework.permissions import permissions_of
from casework.reporting.trained import trained_before
from casework.vocabulary import FINDING_MEANINGS, Perm, Stage
from casework.web import words
from casework.web.desk import case_answer, steps
from casework.web.dossier import allegations_of, dossier, finding_words
from casework.web.entrance import WorkRequest, case_page, done, sent
from casework.web.forms import OPEN_CHOICE, offer, text_field
from moves.forms import ActForm, Answer
from policy_rules.outcomes import violation
from policy_rules.rules import rules_on

POSTS = ("GET", "HEAD", "POST")


class DecideForm(ActForm):
    """The finding of the chief on one allegation."""

    code = forms.ChoiceField(label=_("Finding"), widget=forms.RadioSelect)
    reason = text_field(
        _("Why you depart from the recommendation"), required=False, help_text=_("Needed only where you do.")
    )

    def __init__(self, *args: Any, codes: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["code"], words.labelled(codes))


class DisciplineForm(ActForm):
    """The outcome for the officer on one violation."""

    outcome = forms.ChoiceField(label=_("Outcome"))
    days = forms.IntegerField(
        label=_("Number of days"), required=False, min_value=1, max_value=365, help_text=_("For days without pay.")
    )
    reason = text_field(_("Why you go outside the range"), required=False, help_text=_("Needed only where you do."))

    def __init__(self, *args: Any, scale: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["outcome"], [*OPEN_CHOICE, *words.labelled(scale)])


@case_page(Perm.VIEW_DECISION)
def overview(request: WorkRequest, case: Case) -> HttpResponse:
    """Show each allegation with the findings of every stage and the outcome for the officer, and what is left to do."""
    decides = Perm.DECIDE_ALLEGATION in permissions_of(request.user, case)
    broken = violation(rules_on(clocks.today()))
    rows = [_row(case, allegation, broken) for allegation in _decidable(case)]
    page = {"rows": rows, "decides": decides, "steps": steps(request.user, case), "told_on": case.board_told_on}
    return case_answer(request, case, "casework/decision_overview.html", page)


def _decidable(case: Case) -> Any:
    return allegations_of(case).filter(section_version__isnull=False)


def _row(case: Case, allegation: Allegation, broken: str) -> dict[str, Any]:
    chief = allegation.finding_at(Stage.CHIEF)
    imposed: Discipline | None = getattr(allegation, "discipline", None)
    return {
        **_file(case, allegation),
        "is_violation": chief is not None and chief.code == broken,
        "discipline": imposed,
        "outcome": words.penalty(imposed.days or imposed.outcome) if imposed else "",
        "range": _range(imposed.range_from, imposed.range_to) if imposed else "",
    }


def _file(case: Case, allegation: Allegation) -> dict[str, Any]:
    def address(item: Any) -> str:
        return reverse("staff:evidence_item", kwargs={"number": case.number, "item": item.number})

    return dossier(allegation, address)


def _range(low: str | int, high: str | int) -> str:
    if low == high:
        return words.penalty(low)
    return _("%(low)s to %(high)s") % {"low": words.penalty(low), "high": words.penalty(high)}


def _allegation(case: Case, number: int) -> Allegation:
    found: Allegation | None = _decidable(case).filter(number=number).first()
    if found is None:
        raise Http404
    return found


@case_page(Perm.DECIDE_ALLEGATION, methods=POSTS)
def decide(request: WorkRequest, case: Case, allegation: int) -> HttpResponse:
    """Decide one allegation; the answer is read back before it is sealed."""
    alleged = _allegation(case, allegation)
    before = alleged.finding_at(Stage.BOARD) or alleged.finding_at(Stage.INVESTIGATOR)
    chosen = alleged.finding_at(Stage.CHIEF)
    initial = {"code": chosen.code, "reason": chosen.reason} if chosen else {}
    form = DecideForm(sent(request), codes=acts.findings_open(alleged, clocks.today()), initial=initial)
    answer = form.settle(acts.decide, allegation=alleged, by=request.user)
    if answer is Answer.RECORDED:
        return done(request, case, "staff:decision", number=case.number)
    page = {
        "form": form,
        "allegation": alleged,
        "file": _file(case, alleged),
        "trained": trained_before(alleged.officer, alleged.cited[0].section, alleged.cited[1]),
        "before": finding_words(before.code) if before else None,
        "meanings": FINDING_MEANINGS,
        "reasons": words.refusal_lines(form.refusals, case.number),
    }
    if answer is Answer.READ_BACK:
        code = form.cleaned_data["code"]
        shown = {"chosen": finding_words(code), "departs": before is not None and before.code != code}
        return case_answer(request, case, "casework/decision_read_back.html", {**page, **shown})
    return case_answer(request, case, "casework/decision_form.html", page, status=form.status)


@case_page(Perm.DECIDE_ALLEGATION, methods=POSTS)
def discipline(request: WorkRequest, case: Case, allegation: int) -> HttpResponse:
    """Record the outcome for the officer inside the range of the matrix, or outside it with a reason."""
    alleged = _allegation(case, allegation)
    decided = alleged.finding_at(Stage.CHIEF)
    if decided is None or decided.code != violation(rules_on(clocks.today())):
        raise Invalid(_("Only an allegation that you decided as a violation has an outcome."))
    imposed: Discipline | None = getattr(alleged, "discipline", None)
    initial = {"outcome": imposed.outcome, "days": imposed.days, "reason": imposed.reason} if imposed else {}
    form = DisciplineForm(sent(request), scale=matrix_for(alleged, clocks.today()).scale, initial=initial)
    answer = form.settle(acts.discipline, allegation=alleged, by=request.user)
    if answer is Answer.RECORDED:
        return done(request, case, "staff:decision", number=case.number)
    page = {
        "form": form,
        "allegation": alleged,
        "file": _file(case, alleged),
        "matrix": _matrix(alleged),
        "reasons": words.refusal_lines(form.refusals, case.number),
    }
    if answer is Answer.READ_BACK:
        row = cast("Discipline", form.outcome)
        shown = {"outcome": words.penalty(row.days or row.outcome), "departs": row.is_departure}
        return case_answer(request, case, "casework/discipline_read_back.html", {**page, **shown})
    return case_answer(request, case, "casework/discipline_form.html", page, status=form.status)


def _matrix(allegation: Allegation) -> list[dict[str, Any]]:
    """Return what the matrix says of the violation, as pairs: class, earlier violations, range, presumption."""
    today = clocks.today()
    span, prior = acts.range_for(allegation, today), acts.prior_sustained(allegation, today)
    row = matrix_for(allegation, today).classes[allegation.cited[0].discipline_class]
    years = _("the whole career") if row.look_back_years is None else row.look_back_years
    pairs = [
        (_("Class of the section"), row.code),
        (_("Earlier violations of this class that count"), str(prior)),
        (_("Years that count"), years),
        (_("Range"), _range(span.low, span.high)),
        (_("Presumed"), words.penalty(row.presumptive) if row.presumptive else ""),
    ]
    return [{"label": label, "value": value} for label, value in pairs if value]
