"""Writing a comment: by anyone, without an account, on a whole draft, a section, or words chosen in it."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import throttle
from moves.forms import ActForm, Answer
from policy_rules import hearing, labels, passages
from policy_rules.actions import comments
from policy_rules.models import Capacity, Docket, HeardText
from policy_rules.web.consultation import docket_of

MOST_FROM_VISITOR = 20
MOST_FROM_NETWORK = 60
"""Comments on one draft within the window of the throttle; a meeting hall is one network."""


class CommentForm(ActForm):
    """A comment, what it is about, and what someone wants to say of themselves."""

    place = forms.ChoiceField(
        label=_lazy("Which words do you mean?"), required=False, widget=forms.RadioSelect, help_text=""
    )
    words = forms.CharField(
        label=_lazy("Other words of this section"),
        required=False,
        max_length=2_000,
        help_text=_lazy("Copy them here if you mean less than a sentence or more than one."),
    )
    text = forms.CharField(
        label=_lazy("Your comment"),
        max_length=comments.LONGEST,
        widget=forms.Textarea,
        help_text=_lazy(
            "Write in any language. Leave out names and addresses of private persons: comments are public."
        ),
    )
    capacity = forms.ChoiceField(
        label=_lazy("How do you comment?"),
        required=False,
        choices=[("", _lazy("I would rather not say")), *Capacity.choices],
    )
    written_in = forms.ChoiceField(
        label=_lazy("Language you write in"), required=False, choices=list(labels.WRITTEN.items())
    )
    district = forms.CharField(label=_lazy("Your district"), required=False, max_length=100)
    name = forms.CharField(
        label=_lazy("Name to publish with your comment"),
        required=False,
        max_length=200,
        help_text=_lazy("You do not have to give one. If you do, everyone can read it."),
    )
    website = forms.CharField(label=_lazy("Leave this empty"), required=False)

    def __init__(self, *args: Any, section: HeardText | None, **kwargs: Any) -> None:
        kwargs["initial"] = {"written_in": get_language()}
        super().__init__(*args, **kwargs)
        if section is None:
            del self.fields["place"], self.fields["words"]
            return
        choices = [
            (passage.place, format_html('<span lang="{}">{}</span>', section.language, passage.words))
            for passage in passages.sentences(section.text)
        ]
        self.fields["place"].choices = [("", _("The whole section")), *choices]  # type: ignore[attr-defined]

    def clean_website(self) -> str:
        """Turn away programs that fill in every field; nobody sees this one."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Leave the last field empty, so that we know that a person writes."))
        return ""

    def answers(self) -> dict[str, Any]:
        told = {name: value for name, value in self.cleaned_data.items() if name not in ("website", "written_in")}
        return told | {"language": self.cleaned_data["written_in"] or get_language()}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: HttpRequest, docket: str) -> HttpResponse:
    """Take a comment: write it, read it back, send it. A draft that is closed says so, and nothing typed is lost."""
    row = docket_of(docket)
    texts = _texts(row, request.GET.get("section", ""))
    section = texts[0] if texts else None
    form = CommentForm(request.POST if request.method == "POST" else None, section=section)
    given: dict[str, Any] = {"docket": row}
    if section is not None:
        given |= {"section": section.code, "read_in": section.language}
    if request.method != "POST" and not row.is_open():
        return redirect("policies:docket", docket=row.code)
    if request.method == "POST" and _too_many(request, row):
        form.add_error(None, TOO_MANY)
        return _comment_page(request, row, texts, form, HTTPStatus.TOO_MANY_REQUESTS)
    answer = form.settle(comments.receive, **given)
    if answer is Answer.RECORDED:
        _count(request, row)
        said = _("We have your comment. Its number is %(number)s: keep it to find the answer.")
        messages.success(request, said % {"number": form.outcome.receipt})
        return redirect("policies:comment", docket=row.code, number=form.outcome.number)
    if answer is Answer.READ_BACK:
        page = {
            "form": form,
            "docket": row,
            "section": section,
            "comment": form.outcome,
            "written_in": labels.WRITTEN[form.outcome.language],
            "title": hearing.title_of(row),
        }
        return render(request, "policy_rules/docket_comment_check.html", page)
    return _comment_page(request, row, texts, form, form.status)


TOO_MANY = _lazy(
    "Many comments came from this device or this network in the last 15 minutes. What you wrote is still here: wait, "
    "then send it, or call us and we will write it down."
)


def _too_many(request: HttpRequest, row: Docket) -> bool:
    name = f"comment/{row.pk}"
    mine = len(throttle.recent(request, name))
    return mine >= MOST_FROM_VISITOR or throttle.sent_from_network(request, name) >= MOST_FROM_NETWORK


def _count(request: HttpRequest, row: Docket) -> None:
    throttle.count(request, f"comment/{row.pk}")
    throttle.count_network(request, f"comment/{row.pk}")


def _texts(row: Docket, code: str) -> list[HeardText]:
    """Return a section as it is put before the public: in the reader's language first, then in the manual's own."""
    if not code:
        return []
    known = {text.language: text for text in row.texts.filter(code=code)}
    wanted = dict.fromkeys((get_language() or "", row.version.chapter.manual.language))
    if not (found := [known[language] for language in wanted if language in known]):
        raise Http404
    return found


def _comment_page(
    request: HttpRequest, row: Docket, texts: Sequence[HeardText], form: CommentForm, status: int
) -> HttpResponse:
    page = {
        "form": form,
        "docket": row,
        "section": texts[0] if texts else None,
        "original": texts[1] if len(texts) > 1 else None,
        "title": hearing.title_of(row),
        "reasons": form.refusals,
        "law_language": row.version.chapter.manual.language,
    }
    return render(request, "policy_rules/docket_comment.html", page, status=status)
