"""Letters: one person prepares, a second checks what the letter states, and what goes out is kept to the byte."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from casework import clocks
from casework.actions import letters as acts
from casework.documents.letters import as_sent
from casework.exceptions import Invalid
from casework.models import Case, Letter
from casework.models.kept_files import stored_path
from casework.permissions import permissions_of
from casework.vocabulary import LetterCode, Perm
from casework.web import words
from casework.web.desk import case_answer
from casework.web.entrance import WorkRequest, case_page, done, may_backdate, sent
from casework.web.forms import BackdatedForm
from casework.web.letter_forms import AgainForm, DeliveredForm, PostedForm, PrepareForm, ReturnedForm, SendForm
from policy_rules.rules import rules_on

POSTS = ("GET", "HEAD", "POST")
READS = (Perm.DRAFT_LETTER, Perm.APPROVE_LETTER, Perm.SEND_LETTER)
"""What opens a letter itself: it may greet its reader by name, so that the file alone is not enough."""


@case_page(Perm.VIEW_FILE)
def letter_list(request: WorkRequest, case: Case) -> HttpResponse:
    """Show the letters of the case: drafted, prepared, checked, sent."""
    letters = case.letters.select_related("party", "officer")
    opens = not permissions_of(request.user, case).isdisjoint(READS)
    return case_answer(request, case, "casework/letter_list.html", {"letters": letters, "opens": opens})


@dataclass(frozen=True)
class After:
    """What can be recorded of a letter that was sent."""

    act: Callable[..., Any]
    form: type[BackdatedForm]
    heading: str | Promise
    button: str | Promise


AFTERWARDS = {
    "posted": After(acts.record_posting, PostedForm, _("The letter left the office"), _("It is mailed")),
    "delivered": After(acts.record_delivery, DeliveredForm, _("The letter arrived"), _("Record the delivery")),
    "returned": After(acts.record_return, ReturnedForm, _("The letter came back"), _("Record the return")),
    "again": After(acts.send_again, AgainForm, _("Send the letter again"), _("Send it again")),
}


def _letter(case: Case, pk: int) -> Letter:
    found = case.letters.filter(pk=pk).select_related("party", "officer", "prepared_by", "approved_by", "sent_by")
    letter = found.first()
    if letter is None:
        raise Http404
    return letter


@case_page(*READS)
def letter(request: WorkRequest, case: Case, letter: int) -> HttpResponse:
    """Show one letter as it stands, and what is to be done with it next."""
    found = _letter(case, letter)
    return case_answer(request, case, "casework/letter_detail.html", _page(case, found, request))


def _page(case: Case, letter: Letter, request: WorkRequest, form: SendForm | None = None) -> dict[str, Any]:
    composed, stated, missing = None, "", ""
    if letter.sent_on is None:
        try:
            composed = acts.preview(letter, signer=request.user, on=clocks.today())
            stated = acts.states(letter) if letter.prepared_by else ""
        except Invalid as wrong:
            missing = str(wrong)
    return {
        "letter": letter,
        "article": _under_our_headings(letter.article if letter.sent_on else composed.article if composed else ""),
        "states": stated,
        "missing": missing,
        "dispatches": letter.dispatches.select_related("by"),
        "last": letter.dispatches.last(),
        "prepared_by_me": letter.prepared_by_id == request.user.pk,
        "send": form or SendForm(initial={"way": acts.way_for(letter)}),
        "form": form,
        "reasons": words.refusal_lines(form.refusals, case.number) if form else [],
    }


def _under_our_headings(article: str) -> SafeString:
    """Return a letter with its headings below those of the page around it."""
    for ours, theirs in (("h4", "h2"), ("h3", "h1")):
        article = article.replace(f"<{theirs}", f"<{ours}").replace(f"</{theirs}>", f"</{ours}>")
    return mark_safe(article)  # noqa: S308 - a template's output, escaped there


@case_page(Perm.DRAFT_LETTER, methods=POSTS)
def prepare(request: WorkRequest, case: Case, letter: int) -> HttpResponse:
    """Take a draft up and sign it."""
    found = _letter(case, letter)
    levels: list[tuple[str, str]] = []
    if found.code == LetterCode.OUTCOME:
        levels = [(code, f"{code}: {told}") for code, told in rules_on(clocks.today()).disclosure_levels.items()]
    initial = {"language": found.language, "note": found.note, "level": found.disclosure_level}
    form = PrepareForm(sent(request), levels=levels, initial={**initial, "legal_basis": found.legal_basis})
    if request.method == "POST" and form.carry_out(acts.prepare_letter, letter=found, by=request.user):
        return done(request, case, "staff:letter", number=case.number, letter=letter)
    page = {"form": form, "letter": found, "reasons": words.refusal_lines(form.refusals, case.number)}
    return case_answer(request, case, "casework/letter_prepare.html", page, status=form.status)


@case_page(Perm.APPROVE_LETTER, methods=("POST",))
def approve(request: WorkRequest, case: Case, letter: int) -> HttpResponse:
    """Agree, as a second person, to what the letter states."""
    acts.approve_letter(letter=_letter(case, letter), by=request.user, seen=request.POST.get("seen", ""))
    return done(request, case, "staff:letter", number=case.number, letter=letter)


@case_page(Perm.SEND_LETTER, methods=("POST",))
def send(request: WorkRequest, case: Case, letter: int) -> HttpResponse:
    """Send the letter that was checked."""
    found, form = _letter(case, letter), SendForm(request.POST)
    if form.carry_out(acts.send_letter, letter=found, by=request.user):
        return done(request, case, "staff:letter", number=case.number, letter=letter)
    page = _page(case, found, request, form)
    return case_answer(request, case, "casework/letter_detail.html", page, status=form.status)


@case_page(Perm.SEND_LETTER, methods=("POST",))
def mail_again(request: WorkRequest, case: Case, letter: int) -> HttpResponse:
    """Mail the reader once more that the letter waits, where the mail could not be sent."""
    last = _letter(case, letter).dispatches.last()
    if last is None:
        raise Http404
    acts.mail_again(dispatch=last, by=request.user)
    return done(request, case, "staff:letter", number=case.number, letter=letter)


@case_page(*READS)
def letter_file(request: WorkRequest, case: Case, letter: int) -> HttpResponseBase:
    """Hand out the bytes that were sent."""
    found = _letter(case, letter)
    if not found.sha256:
        raise Http404
    name = found.filename
    return FileResponse(
        stored_path(found.sha256).open("rb"), as_attachment=True, filename=name, content_type=found.media_type
    )


@case_page(Perm.SEND_LETTER)
def letter_print(request: WorkRequest, case: Case, letter: int) -> HttpResponse:
    """Show a letter alone, as it was sent, to print and mail it."""
    found = _letter(case, letter)
    if found.sent_on is None:
        raise Http404
    page = {"letter": found, "article": as_sent(found.article), "case": case, "last": found.dispatches.last()}
    return render(request, "casework/letter_print.html", page)


@case_page(Perm.SEND_LETTER, methods=POSTS)
def afterwards(request: WorkRequest, case: Case, letter: int, act: str) -> HttpResponse:
    """Record what became of a letter that was sent: mailed, delivered, come back, or sent again."""
    found = _letter(case, letter)
    last = found.dispatches.last()
    if last is None:
        raise Http404
    what = AFTERWARDS[act]
    form = what.form(sent(request), may_backdate=may_backdate(request.user, case))
    given = {"letter": found} if act == "again" else {"dispatch": last}
    if request.method == "POST" and form.carry_out(what.act, **given, by=request.user):
        return done(request, case, "staff:letter", number=case.number, letter=letter)
    page = {"form": form, "letter": found, "last": last, "heading": what.heading, "button": what.button}
    reasons = words.refusal_lines(form.refusals, case.number)
    return case_answer(request, case, "casework/letter_after.html", {**page, "reasons": reasons}, status=form.status)
