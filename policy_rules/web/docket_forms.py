"""The forms by which the office keeps a docket: what is asked, sessions, comments typed in, and answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from moves.forms import ActForm, day_field
from policy_rules import labels
from policy_rules.actions import comments
from policy_rules.answers import Answer
from policy_rules.draft_reading import changed_since_heard
from policy_rules.models import Capacity, Channel, CommentGroup, Docket, DraftSection, ListeningSession, Withheld

OPEN_CHOICE: tuple[tuple[str, Any], ...] = (("", _("Choose")),)


def _text(label: Any, **told: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea, **told)


class TimeInput(forms.TimeInput):
    """A time of day as the browser asks for it."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class DescribeForm(ActForm):
    """What the docket is called and what the public is asked, in both languages."""

    title = forms.CharField(label=_("Title in English"), max_length=200)
    title_es = forms.CharField(label=_("Title in Spanish"), max_length=200)
    summary = _text(_("What is asked, in English"))
    summary_es = _text(_("What is asked, in Spanish"))


class ExtendForm(ActForm):
    """More time for comments."""

    closes = day_field(_("Last day for comments"), required=True)
    reason = forms.CharField(label=_("Why more time is given"), max_length=300)


class SessionForm(ActForm):
    """A listening session: where and when it is held, and afterwards who came and what was said."""

    day = day_field(_("Day"), required=True)
    time = forms.TimeField(label=_("Begins at"), widget=TimeInput())
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=1_440, initial=120)
    place = forms.CharField(label=_("Place"), max_length=200)
    district = forms.CharField(label=_("District"), max_length=100, required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=list(labels.LANGUAGES.items()), widget=forms.CheckboxSelectMultiple
    )
    interpreters = forms.IntegerField(label=_("Interpreters"), min_value=0, initial=0)
    accessibility = forms.CharField(
        label=_("Access"),
        max_length=300,
        required=False,
        help_text=_("For example: step-free, hearing loop, child care."),
    )
    facilitator = forms.CharField(label=_("Who leads it"), max_length=200, required=False)
    attendance = forms.IntegerField(
        label=_("People who came"), min_value=0, required=False, help_text=_("Counted once it has been held.")
    )
    notes = _text(_("What was said"), required=False, help_text=_("It is public. Leave out who said it."))
    recording = forms.URLField(
        label=_("Address of the recording"), required=False, max_length=500, assume_scheme="https"
    )
    cancelled_because = forms.CharField(
        label=_("If it is cancelled, why"), max_length=300, required=False, help_text=_("It is public.")
    )

    @staticmethod
    def initial_of(session: ListeningSession) -> dict[str, Any]:
        """Return what is told of a session now, as the form shows it."""
        names = [name for name in SessionForm.base_fields if name not in ("day", "time")]
        starts = timezone.localtime(session.starts_at)
        return {"day": starts.date(), "time": starts.time()} | {name: getattr(session, name) for name in names}


class TypedForm(ActForm):
    """A comment that came by another way than the web form."""

    channel = forms.ChoiceField(
        label=_("Came by"),
        choices=[choice for choice in Channel.choices if choice[0] != Channel.WEB],
        widget=forms.RadioSelect,
    )
    session = forms.ModelChoiceField(
        label=_("Session at which it was said"), queryset=ListeningSession.objects.none(), required=False
    )
    received_on = day_field(_("Day on which it came"), required=True)
    language = forms.ChoiceField(label=_("Language"), choices=list(labels.WRITTEN.items()))
    section = forms.ChoiceField(label=_("Section"), required=False)
    words = forms.CharField(
        label=_("Words of the draft that it is about"),
        required=False,
        help_text=_("Copy them as they stand in the section."),
    )
    text = _text(_("Comment"), help_text=_("In the words of the person. It is public."), max_length=comments.LONGEST)
    signatures = forms.IntegerField(label=_("People who sent or signed it"), min_value=1, initial=1)
    capacity = forms.ChoiceField(label=_("Commented"), required=False, choices=[("", _("Not said")), *Capacity.choices])
    district = forms.CharField(label=_("District"), required=False, max_length=100)
    name = forms.CharField(
        label=_("Name to publish"), required=False, max_length=200, help_text=_("Only where the person asked for it.")
    )

    def __init__(self, *args: Any, docket: Docket, **kwargs: Any) -> None:
        kwargs["initial"] = {"received_on": timezone.localdate()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        held = docket.sessions.filter(starts_at__lte=timezone.now()).select_related("docket")
        sessions = self.fields["session"]
        sessions.queryset = held  # type: ignore[attr-defined]
        sessions.label_from_instance = lambda row: f"{row.number}: {row.place}"  # type: ignore[attr-defined]
        self.fields["section"].choices = [("", _now("The whole draft")), *_choices(docket.version.draft_sections.all())]  # type: ignore[attr-defined]


class AnswerForm(ActForm):
    """The answer to a group of comments."""

    answer = forms.ChoiceField(label=_("Answer"), choices=Answer.choices, widget=forms.RadioSelect)
    rationale = _text(_("Reasons, in English"))
    rationale_es = _text(_("Reasons, in Spanish"), required=False)
    change = forms.ChoiceField(
        label=_("Section in which the change is read"),
        required=False,
        help_text=_(
            "Asked for where the comment is accepted. Write the change into the draft first: sections that changed "
            "after the public was asked can be chosen."
        ),
    )

    def __init__(self, *args: Any, docket: Docket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["change"].choices = [("", _now("None")), *_choices(changed_since_heard(docket))]  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(group: CommentGroup) -> dict[str, str]:
        """Return the answer given before."""
        return {name: getattr(group, name) for name in AnswerForm.base_fields}


class WithholdForm(ActForm):
    """Why the words of a comment are withheld."""

    reason = forms.ChoiceField(
        label=_("The words are withheld because"), choices=Withheld.choices, widget=forms.RadioSelect
    )


def _choices(sections: Iterable[DraftSection]) -> list[tuple[str, str]]:
    return [(row.code, f"{row.code} {row.title}") for row in sections]
