"""The pages on which a person follows a complaint: opened by code and secret, closed by itself after 15 minutes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages as flash
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import throttle
from audit.models import Entry
from casework import clocks
from casework.actions import evidence, intake, messages, notices
from casework.actions.drafts import kind_of
from casework.actions.moves import PROCESS, perform
from casework.documents.letters import as_sent, as_text
from casework.exceptions import Invalid, NotPermitted, Refused
from casework.models import Case, Letter, Notice
from casework.models.kept_files import media_type_of, stored_path
from casework.permissions import Complainant, permissions_of
from casework.portal.complaint import FileForm
from casework.roles import ROLE_LABELS
from casework.states import TO_COME, WITHOUT_BOARD, Phase, State
from casework.vocabulary import CaseRole, Perm
from policy_rules.rules import board_reviews_on

OPEN_CASE = "tracking"
CLOSES_AFTER = 15 * 60
"""Seconds without a request after which the page asks for code and secret again."""

HOLDERS = {
    State.RECEIVED: gettext_lazy("Intake, in our office"),
    State.INTAKE_REVIEW: gettext_lazy("Intake, in our office"),
    State.PRELIMINARY_INQUIRY: gettext_lazy("A supervising investigator in our office"),
    State.INVESTIGATION: gettext_lazy("An investigator in our office"),
    State.QUALITY_REVIEW: gettext_lazy("A supervising investigator in our office"),
    State.BOARD_REFERRED: gettext_lazy("The review board"),
    State.BOARD_REVIEW: gettext_lazy("The review board"),
    State.CHIEF_DECISION: gettext_lazy("The chief of police"),
    State.DISPOSITION_ISSUED: gettext_lazy("Our office"),
    State.CLOSED: gettext_lazy("Nobody: the complaint is closed"),
    State.REFERRED_OUT: gettext_lazy("Another agency"),
    State.CLOSED_SCREENED: gettext_lazy("Nobody: the complaint is closed"),
}


class OpenForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Tracking code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("Three groups of four, for example 7KQ4-93FM-X2TD."),
        error_messages={"required": gettext_lazy("Write the tracking code on your receipt.")},
    )
    secret = forms.CharField(
        label=gettext_lazy("Secret"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("Five groups, shown once when you sent the complaint."),
        error_messages={"required": gettext_lazy("Write the secret on your receipt.")},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Ask for the code and the secret. One message for every mistake, so that nothing can be learned from it."""
    form = OpenForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    if request.method == "POST" and throttle.is_exhausted(request, "track"):
        form.add_error(None, throttle.WAIT)
        return render(request, "portal/track.html", {"form": form}, status=HTTPStatus.TOO_MANY_REQUESTS)
    if request.method == "POST" and form.is_valid():
        case = intake.open_by_code(form.cleaned_data["code"], form.cleaned_data["secret"])
        if case is not None:
            request.session.cycle_key()
            request.session[OPEN_CASE] = case.pk
            request.session.set_expiry(CLOSES_AFTER)
            return redirect("portal:complaint")
        throttle.count(request, "track")
        form.add_error(None, _("Code and secret do not open a complaint. Check both; they are on your receipt."))
    return render(request, "portal/track.html", {"form": form})


View = Callable[..., HttpResponseBase]


def of_the_open_case(view: View) -> View:
    """Give the view the case that code and secret opened in this session, or ask for them again."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        case = Case.objects.filter(pk=request.session.get(OPEN_CASE)).first()
        if case is None:
            return redirect("portal:track")
        return never_cache(view)(request, case, *args, **kwargs)

    return wrapper


def timeline(case: Case) -> list[dict[str, Any]]:
    """Return what the complainant is told happened, newest first: in which role somebody acted, and nobody's name."""
    entries = [entry for entry in Entry.objects.about(case.reference) if entry.known_action.complainant]
    return [
        {
            "when": entry.took_place_on or entry.occurred_at,
            "title": entry.known_action.complainant,
            "text": _("Done by: %(role)s") % {"role": _acting(entry, case)},
            "state": "done",
        }
        for entry in reversed(entries)
    ]


def _acting(entry: Entry, case: Case) -> str | Promise:
    if entry.actor == Complainant(case).reference:
        return _("you")
    if entry.actor_role == CaseRole.SYSTEM:
        return _("the system, as the rules say")
    return ROLE_LABELS.get(entry.actor_role, _("Our office"))


class MessageForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Your message"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Write in any language."),
        error_messages={"required": gettext_lazy("Write a message.")},
    )


class AddFileForm(FileForm):
    prefix = "upload"


class WithdrawForm(forms.Form):
    free_choice = forms.BooleanField(
        label=gettext_lazy("This is my free choice: nobody pressed, threatened or promised me anything"),
        error_messages={
            "required": gettext_lazy(
                "Confirm that it is your free choice. If someone pressed you, write to us instead."
            )
        },
    )
    wish = forms.CharField(
        label=gettext_lazy("Anything you want to tell us about it"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def _page(request: HttpRequest, case: Case, news: Sequence[Notice] = (), **forms_given: forms.Form) -> HttpResponse:
    stage = clocks.stage_clock(case)
    phases = list(Phase)
    instead = {} if board_reviews_on(clocks.today()) or case.draws.exists() else WITHOUT_BOARD
    may = permissions_of(Complainant(case), case)
    context = {
        "case": case,
        "phases": [instead.get(phase, phase.label) for phase in phases],
        "phase": phases.index(case.phase),
        "holder": HOLDERS[State(case.state)],
        "stage": clocks.reading(stage) if stage else None,
        "to_come": instead.get(State(case.state), TO_COME.get(State(case.state))),
        "overall": case.clocks.running().filter(code="overall").first(),
        "timeline": timeline(case),
        "news": [notice.entry.known_action.complainant for notice in news],
        "thread": case.messages.select_related("author"),
        "letters": case.letters.filter(sent_on__isnull=False, party__isnull=False),
        "evidence": case.evidence.filter(given_by__isnull=False),
        "may_write": Perm.MESSAGE in may,
        "may_add": Perm.ADD_EVIDENCE in may,
        "may_withdraw": Perm.WITHDRAW in may and case.withdrawn_on is None,
        "message_form": MessageForm(),
        "file_form": AddFileForm(),
        **forms_given,
    }
    return render(request, "portal/complaint.html", context)


@require_safe
@of_the_open_case
def complaint(request: HttpRequest, case: Case) -> HttpResponse:
    """Say in plain words where the complaint stands, who has it, what comes next and by when."""
    return _page(request, case, notices.read_by_complainant(case))


def sent_from_the_page(view: View) -> View:
    """Lead whoever opens the address of a form back to its page: it stays in the bar when a form was not taken."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs) if request.method == "POST" else redirect("portal:complaint")

    return wrapper


@sent_from_the_page
@of_the_open_case
def write(request: HttpRequest, case: Case) -> HttpResponse:
    """Send a message to the office."""
    form = MessageForm(request.POST)
    if form.is_valid():
        messages.send_message(
            case=case, text=form.cleaned_data["text"], language=get_language() or "en", by=Complainant(case)
        )
        flash.success(request, _("We have your message."))
        return redirect("portal:complaint")
    return _page(request, case, message_form=form)


@sent_from_the_page
@of_the_open_case
def add_file(request: HttpRequest, case: Case) -> HttpResponse:
    """Add a file to the complaint."""
    form = AddFileForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            head = upload.read(4096)
            upload.seek(0)
            evidence.add_evidence(
                case=case,
                kind=kind_of(media_type_of(head, upload.name)),
                title=form.cleaned_data["description"] or upload.name,
                chunks=upload.chunks(),
                filename=upload.name,
                by=Complainant(case),
            )
        except NotPermitted:
            form.add_error(None, _("The complaint is closed. Write to us instead."))
        except Invalid as error:
            form.add_error("file", str(error))
        else:
            flash.success(request, _("We have your file."))
            return redirect("portal:complaint")
    return _page(request, case, file_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@of_the_open_case
def withdraw(request: HttpRequest, case: Case) -> HttpResponse:
    """Record the wish to withdraw, after the person confirmed that it is a free choice."""
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            perform("withdraw", case=case, by=Complainant(case), **form.cleaned_data)
        except Refused as refused:
            for refusal in refused.refusals:
                form.add_error(None, str(refusal.sentence))
        else:
            flash.success(request, _("We noted that you wish to withdraw. We will write to you about what follows."))
            return redirect("portal:complaint")
    return render(request, "portal/withdraw.html", {"form": form, "case": case, "move": PROCESS.table()["withdraw"]})


def _letter_of(case: Case, pk: int) -> Letter | None:
    return case.letters.filter(pk=pk, sent_on__isnull=False, party__isnull=False).first()


@require_safe
@of_the_open_case
def letter(request: HttpRequest, case: Case, pk: int) -> HttpResponse:
    """Show a letter to the complainant as it was sent to them, in its own language."""
    sent = _letter_of(case, pk)
    if sent is None:
        return redirect("portal:complaint")
    context = {"letter": sent, "title": sent.get_code_display(), "article": as_sent(sent.article)}
    return render(request, "portal/letter.html", context)


@require_safe
@of_the_open_case
def letter_file(_request: HttpRequest, case: Case, pk: int) -> HttpResponseBase:
    """Give the complainant the bytes of a letter that were sent to them."""
    sent = _letter_of(case, pk)
    if sent is None:
        return redirect("portal:complaint")
    return FileResponse(
        stored_path(sent.sha256).open("rb"), content_type=sent.media_type, filename=sent.filename, as_attachment=True
    )


@require_safe
@of_the_open_case
def letter_text(_request: HttpRequest, case: Case, pk: int) -> HttpResponse:
    """Give the complainant the words of a letter."""
    sent = _letter_of(case, pk)
    if sent is None:
        return redirect("portal:complaint")
    name = Path(sent.filename).with_suffix(".txt")
    return HttpResponse(
        as_text(as_sent(sent.article), sent.language),
        content_type="text/plain; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Forget the complaint on this device."""
    request.session.flush()
    return redirect("portal:track")
