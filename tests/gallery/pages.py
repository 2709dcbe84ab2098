"""The gallery: every part with made-up content, in a public frame and in a workbench frame."""

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.utils.translation import get_language

from casework.documents.letters import compose
from config import errors
from moves.refusals import Refusal
from tests.casework.documents import samples

PARTS = Path(__file__).parent / "parts.html"
DIGEST = "37a8eaec86c36cb1c972e8c3130bd6c4508bbf7ff6e5e70432767be8638703f4"
NOON = datetime(2026, 6, 9, 18, 33, 7, tzinfo=UTC)


class ThreeBoxes(forms.MultiWidget):
    labels = ("Month", "Day", "Year")

    def __init__(self):
        super().__init__([forms.TextInput({"class": "w2"}), forms.TextInput({"class": "w2"}), forms.TextInput()])

    def decompress(self, value):
        return [value.month, value.day, value.year] if value else [None, None, None]


class DayField(forms.MultiValueField):
    widget = ThreeBoxes

    def __init__(self, **options):
        super().__init__([forms.IntegerField()] * 3, **options)

    def compress(self, parts):
        return date(parts[2], parts[0], parts[1]) if parts else None


class EveryKind(forms.Form):
    account = forms.CharField(label="What happened", widget=forms.Textarea, help_text="Write in any language.")
    name = forms.CharField(label="Your name", required=False)
    day = DayField(label="Date", help_text="For example, 3 14 2026")
    kind = forms.ChoiceField(label="Kind", widget=forms.RadioSelect, choices=[("day", "On one day"), ("many", "More")])
    seen = forms.MultipleChoiceField(
        label="What you saw", widget=forms.CheckboxSelectMultiple, choices=[("a", "Force"), ("b", "Search")]
    )
    rule = forms.ChoiceField(label="Rule", choices=[("", "Any"), ("DE-4.1", "DE-4.1"), ("DE-4.6", "DE-4.6")])
    photo = forms.FileField(label="Photo")
    true = forms.BooleanField(label="This is true")

    def clean(self):
        raise forms.ValidationError("These answers do not fit together.")


class Filters(forms.Form):
    rule = forms.MultipleChoiceField(
        label="Rule", choices=[("DE-4.1", "Attempt de-escalation"), ("DE-4.6", "Barriers")]
    )
    q = forms.CharField(label="Words")


STEPS = [
    {
        "name": "submit_for_quality_review",
        "label": "Send to quality review",
        "refusals": [
            {"sentence": "Element b has no conclusion", "url": "#b"},
            Refusal("has_findings", "The officer has no finding", items=("Officer B, DE-4.1",)),
        ],
    },
    {"name": "extend", "label": "Ask for more time", "url": "#extend", "hint": "Needs a reason and a second person."},
]
SHOWN = {
    "answers": [
        {"label": "What happened", "value": "Lo tiraron al suelo.", "url": "#", "quote": True, "lang": "es"},
        {"label": "Officers", "value": ["Tall", "Younger"], "url": "#", "what": "officers"},
        {"label": "Help", "value": "", "url": "#"},
    ],
    "tasks": [
        {"label": label, "url": "#", "state": state, "hint": "A hint."}
        for label, state in zip(
            ["Tell", "Say", "Add", "Ask", "Send"], ["done", "problem", "begun", "todo", "locked"], strict=True
        )
    ],
    "phases": ["Received", "Being reviewed", "Being investigated", "With the review board", "Decided"],
    "events": [
        {"when": NOON, "title": "A question", "url": "#", "link": "Answer", "new": True, "state": "now"},
        {"when": date(2026, 5, 15), "title": "We wrote to you", "state": "done"},
        {"when": "By July 14", "title": "The board votes", "state": "next"},
    ],
    "facts": [{"label": "When", "value": NOON}, {"label": "Who", "value": "N. Fenwarrow", "url": "#"}],
    "steps": STEPS,
    "stages": [
        {"code": "sustained", "label": "Sustained", "by": "N. Fenwarrow", "when": date(2026, 6, 4)},
        {"code": "not_sustained", "label": "not sustained", "departs": True, "reason": "One clock"},
        {"code": "", "label": "Waiting"},
        None,
    ],
    "findings": [
        ("sustained", "Sustained"), ("not_sustained", "Not sustained"), ("exonerated", "Exonerated"),
        ("unfounded", "Unfounded"), ("policy_failure", "Policy failure"), ("withdrawn", "Withdrawn"),
    ],
    "votes": [("agree", "Agree"), ("disagree", "Disagree"), ("abstain", "Abstain"), ("recused", "Recused")],
    "bears": ["supports", "against", "neutral"],
    "badges": [{"label": kind, "kind": kind} for kind in ("key", "good", "warn", "bad", "bare")],
    "places": [
        SimpleNamespace(label="Summary", url="/gallery/work/", count=""),
        SimpleNamespace(label="Notes", url="#", count=3),
    ],
    "digest": DIGEST,
    "noon": NOON,
}  # fmt: skip


def gallery(request, name):
    """Show the parts: `public` and `work` in their frames, `errors` with a form that was refused."""
    form = EveryKind({"name": "Ana"}, {}) if name == "errors" else EveryKind()
    messages.success(request, "Finding recommended.")
    filters = Filters(request.GET, auto_id="filter_%s")
    page = Paginator(range(1_000), 25).get_page(3)
    frame = "case_desk.html" if name == "work" else "base.html"
    template = engines["django"].from_string(f'{{% extends "{frame}" %}}{PARTS.read_text()}')
    return HttpResponse(template.render(SHOWN | {"form": form, "filters": filters, "page": page}, request))


def letter(request, name):
    """Show one of the letters of Harrow Bend as a page."""
    facts, withheld = samples.LETTERS[name]
    composed = compose(facts, language=get_language(), envelope=samples.ENVELOPE, withheld=withheld)
    return render(request, "documents/letter_page.html", {"title": composed.title, "article": composed.article})


FAULTS = {
    400: SuspiciousOperation("a secret of ours"),
    403: PermissionDenied("a secret of ours"),
    404: Http404("a secret of ours"),
    413: RequestDataTooBig("a secret of ours"),
    500: RuntimeError("a secret of ours"),
}


def fault(request, status):
    """Fail in the way that leads to this status, or show the page that an entrance shows for it."""
    if status in FAULTS:
        raise FAULTS[status]
    return errors.page(request, status, detail="The case changed at 2:31 pm.")
