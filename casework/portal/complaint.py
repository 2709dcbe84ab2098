"""The pages on which a complaint is written and sent. The draft's key is in the session, never in an address."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import throttle
from casework.actions import drafts
from casework.actions.intake import Receipt
from casework.clocks import due_on
from casework.documents.render import why_unavailable
from casework.exceptions import Invalid, Refused
from casework.models import Case, Draft
from casework.models.drafts import KEPT
from casework.models.kept_files import LARGEST
from casework.portal import questions
from casework.vocabulary import Clock
from policy_rules.rules import rules_on

DRAFT = "draft"
SENT = "sent"


def _draft(request: HttpRequest) -> Draft | None:
    key = request.session.get(DRAFT)
    return Draft.objects.alive().filter(pk=key).first() if key else None


def _begin(request: HttpRequest) -> Draft:
    draft, code = drafts.begin(get_language() or "en")
    request.session[DRAFT] = draft.pk
    request.session["resume_code"] = code
    return draft


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Say who may complain, what is needed and what happens with a name, before the first question."""
    page = {"draft": _draft(request), "first": questions.QUESTIONS[0].code, "days": KEPT.days}
    return render(request, "portal/start.html", page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, code: str) -> HttpResponse:
    """Ask one question. What was typed is kept on every way forward; a draft begins with the first answer."""
    asked = questions.BY_CODE.get(code)
    if asked is None:
        return redirect("portal:start")
    draft = _draft(request)
    answers = draft.answers if draft else {}
    form = asked.form(request.POST or None, initial=_initial(asked, answers))
    if request.method == "POST" and form.is_valid():
        draft = draft or _begin(request)
        drafts.answer(draft, questions.to_keep(asked, form, draft.answers))
        return redirect(_next(request, asked, draft))
    back = questions.preceding(code, answers)
    listed = questions.asked(answers)
    return render(
        request,
        "portal/question.html",
        {
            "form": form,
            "asked": asked,
            "number": listed.index(asked) + 1 if asked in listed else len(listed),
            "total": len(listed),
            "back_url": _back(request, back),
            "single": len(form.fields) == 1,
            "draft": draft,
        },
    )


def _initial(asked: questions.Question, answers: dict[str, Any]) -> dict[str, Any]:
    initial = {name: answers[name] for name in asked.form.base_fields if name in answers}
    if "language" in asked.form.base_fields:
        initial.setdefault("language", get_language())
    return initial


def _next(request: HttpRequest, asked: questions.Question, draft: Draft) -> str:
    if "save" in request.POST:
        return reverse("portal:saved")
    if request.GET.get("check"):
        return reverse("portal:check")
    following = questions.following(asked.code, draft.answers)
    return reverse("portal:files") if following is None else reverse("portal:question", args=[following.code])


def _back(request: HttpRequest, before: questions.Question | None) -> str:
    if request.GET.get("check"):
        return reverse("portal:check")
    return reverse("portal:start") if before is None else reverse("portal:question", args=[before.code])


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Add a photo, video, sound recording or document"),
        help_text=gettext_lazy("Up to 100 MB each. On a phone this may use much of your data."),
        error_messages={
            "required": gettext_lazy("Choose a file first, or continue without one."),
            "empty": gettext_lazy("This file is empty. Choose another file."),
        },
        widget=forms.ClearableFileInput(attrs={"accept": "image/*,video/*,audio/*,.pdf,.txt"}),
    )
    description = forms.CharField(label=gettext_lazy("What does it show?"), required=False, max_length=200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    """Take files one by one; each is kept at once, so that nothing is lost when the next one fails."""
    draft = _draft(request)
    if draft is None:
        return redirect("portal:start")
    form = FileForm()
    if request.method == "POST":
        if "remove" in request.POST:
            drafts.remove_file(draft, request.POST["remove"])
            return redirect("portal:files")
        form = FileForm(request.POST, request.FILES)
        if form.is_valid() and _took_file(form, draft):
            return redirect("portal:files")
    return render(request, "portal/files.html", {"form": form, "draft": draft, "largest": LARGEST})


def _took_file(form: FileForm, draft: Draft) -> bool:
    upload = form.cleaned_data["file"]
    try:
        drafts.add_file(draft, upload.chunks(), upload.name, form.cleaned_data["description"])
    except Invalid as error:
        form.add_error("file", str(error))
        return False
    return True


@never_cache
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """Show which parts are done, so that a person can stop and come back."""
    draft = _draft(request)
    if draft is None:
        return redirect("portal:start")
    rows = [
        {
            "label": item.name,
            "url": reverse("portal:question", args=[item.code]),
            "state": "done" if questions.is_answered(item, draft.answers) else "todo",
        }
        for item in questions.asked(draft.answers)
    ]
    rows.append({"label": _("Files"), "url": reverse("portal:files"), "state": "done" if draft.files else "todo"})
    ready = questions.is_answered(questions.BY_CODE["what"], draft.answers)
    rows.append(
        {
            "label": _("Check and send"),
            "url": reverse("portal:check") if ready else "",
            "state": "todo" if ready else "locked",
            "hint": "" if ready else _("Tell us what happened first."),
        }
    )
    return render(request, "portal/tasks.html", {"draft": draft, "tasks": rows})


@never_cache
@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """Show the code to come back, once; asking again makes a new one."""
    draft = _draft(request)
    if draft is None:
        return redirect("portal:start")
    code = request.session.pop("resume_code", "")
    return render(request, "portal/saved.html", {"draft": draft, "code": code, "days": KEPT.days})


@require_POST
def new_code(request: HttpRequest) -> HttpResponse:
    """Give the draft a new code, for someone who lost the old one while the draft is still open here."""
    draft = _draft(request)
    if draft is None:
        return redirect("portal:start")
    request.session["resume_code"] = drafts.new_code(draft)
    return redirect("portal:saved")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the draft on this device; the code still opens it."""
    request.session.flush()
    return redirect("home")


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Your code to come back"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Write the code that we showed you.")},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """Open a draft with its code."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and throttle.is_exhausted(request, "resume"):
        form.add_error(None, throttle.WAIT)
        return render(request, "portal/resume.html", {"form": form}, status=HTTPStatus.TOO_MANY_REQUESTS)
    if request.method == "POST" and form.is_valid():
        draft = drafts.continue_with(form.cleaned_data["code"])
        if draft is not None:
            request.session.cycle_key()
            request.session[DRAFT] = draft.pk
            return redirect("portal:tasks")
        throttle.count(request, "resume")
        form.add_error("code", _("This code opens nothing. It may be mistyped, or older than %(days)d days.") % {
            "days": KEPT.days
        })  # fmt: skip
    return render(request, "portal/resume.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Show every answer before the complaint is sent; sending twice files it once."""
    draft = _draft(request)
    if draft is None:
        return redirect("portal:sent" if SENT in request.session else "portal:start")
    problem: list[str] = []
    if request.method == "POST":
        try:
            return _sent(request, drafts.send(draft, questions.filing(draft.answers)))
        except Invalid as error:
            problem = [str(error)]
        except Refused as refused:
            problem = [str(refusal.sentence) for refusal in refused.refusals]
    rows = [
        {
            "label": item.name,
            "value": item.shown(draft.answers),
            "url": reverse("portal:question", args=[item.code]) + "?check=1",
            "what": item.name,
            "quote": item.is_quote and bool(item.shown(draft.answers)),
        }
        for item in questions.asked(draft.answers)
    ]
    names = "\n".join(file["name"] for file in draft.files)
    rows.append({"label": _("Files"), "value": names, "url": reverse("portal:files"), "what": _("Files")})
    return render(request, "portal/check.html", {"draft": draft, "rows": rows, "problem": problem})


def _sent(request: HttpRequest, outcome: Receipt | Case) -> HttpResponse:
    case = outcome.case if isinstance(outcome, Receipt) else outcome
    request.session.pop(DRAFT, None)
    request.session.pop("resume_code", None)
    request.session[SENT] = case.pk
    if isinstance(outcome, Receipt):
        request.session["secret"] = outcome.secret
    return redirect("portal:sent")


def next_steps(case: Case) -> list[dict[str, Any]]:
    """Return what happens after a complaint was received, each with its last day under the rules in force."""
    rules = rules_on(case.received_on)
    steps = [
        (Clock.ACKNOWLEDGE, _("We write to you"), _("You get the name of the person who has your complaint.")),
        (Clock.CLASSIFY, _("We decide how to handle it"), _("Serious matters are always investigated.")),
        (
            Clock.PRELIMINARY_INQUIRY,
            _("We find out which rules it is about"),
            _("We look at the first records and may ask you questions."),
        ),
    ]
    return [
        {"when": due_on(rules.clock(code), case.received_on), "title": title, "text": text, "state": "next"}
        for code, title, text in steps
        if code in rules.clocks
    ]


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Confirm that the complaint was received. The secret is shown once; a bookmark shows all but the secret."""
    case = Case.objects.filter(pk=request.session.get(SENT)).first()
    if case is None:
        return redirect("portal:track")
    secret = request.session.pop("secret", "")
    context = {"case": case, "secret": secret, "steps": next_steps(case), "no_pdf": why_unavailable()}
    return render(request, "portal/sent.html", context)
