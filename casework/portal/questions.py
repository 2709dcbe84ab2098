"""The questions of the complaint form, one a page, and how their answers become a filing.

Nothing but the first answer is required; "I do not know" is always an answer. Forms check words; what an answer means
for the case is for `casework.actions.intake`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from casework.actions.intake import Filing
from casework.clocks import today
from casework.vocabulary import Channel, Confidentiality, Relation
from policy_rules.rules import board_reviews_on

LONGEST = 50_000
YEARS_BACK = 80


class What(forms.Form):
    narrative = forms.CharField(
        label=_("What happened?"),
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Write in any language, in your own words. Nobody will change them."),
        error_messages={"required": _("Tell us what happened. A sentence is enough.")},
    )

    def clean_narrative(self) -> str:
        text: str = self.cleaned_data["narrative"]
        if not text.strip():
            raise forms.ValidationError(_("Tell us what happened. A sentence is enough."))
        return text


class Wish(forms.Form):
    desired_outcome = forms.CharField(
        label=_("What would you like to come of it?"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("You can leave this empty. We cannot promise an outcome, but we will know what matters to you."),
    )


class When(forms.Form):
    how = forms.ChoiceField(
        label=_("When did it happen?"),
        choices=[
            ("day", _("On a day I remember")),
            ("between", _("Some time between two days")),
            ("unknown", _("I do not know")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the answers. “I do not know” is one.")},
    )
    first = forms.DateField(
        label=_("The day, or the first possible day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write a day with month, day and year, for example 3/14/2026.")},
    )
    last = forms.DateField(
        label=_("The last possible day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write a day with month, day and year, for example 3/14/2026.")},
    )
    time = forms.CharField(label=_("Time of day"), required=False, max_length=60)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        how, first, last = data.get("how"), data.get("first"), data.get("last")
        if how in {"day", "between"} and not first and "first" not in self.errors:
            self.add_error("first", _("Write the day, or choose “I do not know”."))
        if how == "between" and not last and "last" not in self.errors:
            self.add_error("last", _("Write the last possible day, or choose another answer."))
        for name, day in (("first", first), ("last", last)):
            if day and day > timezone.localdate():
                self.add_error(name, _("This day lies in the future."))
            elif day and day.year < timezone.localdate().year - YEARS_BACK:
                self.add_error(name, _("Check the year."))
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first."))
        return data


class Where(forms.Form):
    place = forms.CharField(
        label=_("Where did it happen?"),
        required=False,
        max_length=300,
        help_text=_("An address, a corner, a shop, or how you would tell a friend."),
    )


class Officers(forms.Form):
    officers = forms.CharField(
        label=_("Who were the officers?"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "One officer on each line: a name, a badge or car number, or what the person looked like. "
            "If you do not know, leave this empty. Finding out is our work."
        ),
    )


class You(forms.Form):
    relation = forms.ChoiceField(
        label=_("What are you to what happened?"),
        choices=[
            (Relation.PERSON_AFFECTED, _("It happened to me")),
            (Relation.PARENT_OR_GUARDIAN, _("I am a parent or guardian of the person")),
            (Relation.RELATIVE, _("I am a relative")),
            (Relation.LEGAL_REPRESENTATIVE, _("I represent the person")),
            (Relation.WITNESS, _("I saw or heard it")),
            (Relation.THIRD_PARTY, _("Someone else")),
            (Relation.UNKNOWN, _("I would rather not say")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the answers.")},
    )


class Contact(forms.Form):
    name = forms.CharField(
        label=_("Your name"), required=False, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("Write an e-mail address with an @, for example name@example.com.")},
    )
    phone = forms.CharField(
        label=_("Phone"), required=False, max_length=60, widget=forms.TextInput(attrs={"autocomplete": "tel"})
    )
    address = forms.CharField(
        label=_("Postal address"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    safe_contact = forms.CharField(
        label=_("When and how is it safe to reach you?"),
        required=False,
        max_length=300,
        help_text=_("For example: text only, or after 5 pm, or not at this address."),
    )
    no_contact = forms.BooleanField(label=_("Do not contact me. I will look on the tracking page."), required=False)


class Help(forms.Form):
    language = forms.ChoiceField(
        label=_("In which language shall we write to you?"),
        choices=[("en", _("English")), ("es", _("Spanish"))],
        widget=forms.RadioSelect,
    )
    needs = forms.CharField(
        label=_("What help do you need?"),
        required=False,
        max_length=300,
        help_text=_("For example an interpreter, and for which language; large print; relay; someone to read to you."),
    )


class Board(forms.Form):
    board_requested = forms.ChoiceField(
        label=_("Shall the review board hear your complaint?"),
        choices=[
            ("yes", _("Yes, I ask for the review board")),
            ("no", _("Only if the rules send it there")),
        ],
        widget=forms.RadioSelect,
        help_text=_(
            "The board is made up of residents. It always hears serious matters; any other only when you ask for it."
        ),
        error_messages={"required": _("Choose one of the answers.")},
    )


class Way(forms.Form):
    confidentiality = forms.ChoiceField(
        label=_("How far may your name be known?"),
        choices=[
            (Confidentiality.NAMED, _("I give my name to the office")),
            (Confidentiality.CONFIDENTIAL, _("I give my name, but only those who must know it may see it")),
            (Confidentiality.ANONYMOUS, _("I do not give my name")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the answers. You do not have to give your name.")},
    )


Shown = Callable[[Mapping[str, Any]], str]


def _said(name: str) -> Shown:
    return lambda answers: str(answers.get(name) or "")


def _chosen(form: type[forms.Form], name: str) -> Shown:
    def show(answers: Mapping[str, Any]) -> str:
        choices = dict(form.base_fields[name].choices)  # type: ignore[attr-defined]
        return str(choices.get(answers.get(name), ""))

    return show


def _when(answers: Mapping[str, Any]) -> str:
    days = [date_format(date.fromisoformat(answers[key])) for key in ("first", "last") if answers.get(key)]
    words = " – ".join(days) or str(dict(When.base_fields["how"].choices).get(answers.get("how"), ""))  # type: ignore[attr-defined]
    return ", ".join(filter(None, [words, answers.get("time")]))


def _contact(answers: Mapping[str, Any]) -> str:
    given = [answers.get(key) for key in ("name", "email", "phone", "address", "safe_contact")]
    if answers.get("no_contact"):
        given.append(str(Contact.base_fields["no_contact"].label))
    return "\n".join(filter(None, given))


def _help(answers: Mapping[str, Any]) -> str:
    return ", ".join(filter(None, [_chosen(Help, "language")(answers), answers.get("needs")]))


@dataclass(frozen=True)
class Question:
    """One page of the form. `shown` puts the answer into words for the page on which answers are checked."""

    code: str
    form: type[forms.Form]
    name: str | Promise
    shown: Shown
    why: str | Promise = ""
    is_quote: bool = False
    only_if: Callable[[Mapping[str, Any]], bool] = lambda _answers: True


QUESTIONS = (
    Question("what", What, _("What happened"), _said("narrative"), is_quote=True),
    Question("wish", Wish, _("What you would like to come of it"), _said("desired_outcome"), is_quote=True),
    Question(
        "when", When, _("When it happened"), _when,
        why=_("The rules change over time. We judge what happened by the rule that was in force on that day."),
    ),
    Question("where", Where, _("Where it happened"), _said("place")),
    Question("officers", Officers, _("Officers"), _said("officers"), is_quote=True),
    Question("you", You, _("You and what happened"), _chosen(You, "relation")),
    Question(
        "name", Way, _("Your name"), _chosen(Way, "confidentiality"),
        why=_("We work on a complaint without a name like on any other. You can follow it and write to us."),
    ),
    Question(
        "contact", Contact, _("How to reach you"), _contact,
        only_if=lambda answers: answers.get("confidentiality") != Confidentiality.ANONYMOUS,
    ),
    Question("help", Help, _("Language and help"), _help),
    Question(
        "board", Board, _("The review board"), _chosen(Board, "board_requested"),
        only_if=lambda _answers: board_reviews_on(today()),
    ),
)  # fmt: skip
BY_CODE = {question.code: question for question in QUESTIONS}


def asked(answers: Mapping[str, Any]) -> list[Question]:
    """Return the questions that these answers call for."""
    return [question for question in QUESTIONS if question.only_if(answers)]


def following(code: str, answers: Mapping[str, Any]) -> Question | None:
    """Return the question after this one, None after the last."""
    codes = [question.code for question in asked(answers)]
    index = codes.index(code) + 1 if code in codes else len(codes)
    return BY_CODE[codes[index]] if index < len(codes) else None


def preceding(code: str, answers: Mapping[str, Any]) -> Question | None:
    """Return the question before this one, None before the first."""
    codes = [question.code for question in asked(answers)]
    index = codes.index(code) if code in codes else 0
    return BY_CODE[codes[index - 1]] if index else None


def is_answered(question: Question, answers: Mapping[str, Any]) -> bool:
    """Say whether the page of this question has been sent."""
    return question.code in answers.get("pages", [])


def to_keep(question: Question, form: forms.Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the draft keeps of a page: its values as plain JSON, and that it was answered."""
    given = {name: value.isoformat() if isinstance(value, date) else value for name, value in form.cleaned_data.items()}
    pages = [*answers.get("pages", []), question.code]
    return {**given, "pages": list(dict.fromkeys(pages))}


def filing(answers: Mapping[str, Any]) -> Filing:
    """Return the filing that the answers make."""
    anonymous = answers.get("confidentiality", Confidentiality.ANONYMOUS) == Confidentiality.ANONYMOUS
    identity = {} if anonymous else {
        "name": answers.get("name") or "",
        "email": answers.get("email") or "",
        "phone": answers.get("phone") or "",
        "address": answers.get("address") or "",
        "safe_contact": answers.get("safe_contact") or "",
        "wants_contact": not answers.get("no_contact"),
    }  # fmt: skip
    first = answers.get("first") if answers.get("how") != "unknown" else None
    last = answers.get("last") if answers.get("how") == "between" else None
    return Filing(
        narrative=answers.get("narrative") or "",
        channel=Channel.WEB_FORM,
        relation=answers.get("relation") or Relation.UNKNOWN,
        confidentiality=answers.get("confidentiality") or Confidentiality.ANONYMOUS,
        language=answers.get("language") or get_language() or "en",
        desired_outcome=answers.get("desired_outcome") or "",
        incident_from=date.fromisoformat(first) if first else None,
        incident_to=date.fromisoformat(last) if last else None,
        incident_time=answers.get("time") or "",
        place=answers.get("place") or "",
        needs=answers.get("needs") or "",
        board_requested=answers.get("board_requested") == "yes",
        officers=tuple(line.strip() for line in (answers.get("officers") or "").splitlines() if line.strip()),
        identity=identity,
    )
