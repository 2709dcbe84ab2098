"""Forms for acts: answers for one act, what the act says is wrong with them, and the fields of a move's statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from http import HTTPStatus
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import ConcurrentTransition

from moves.exceptions import Invalid, Refused
from moves.refusals import Refusal
from moves.statements import Choice, Day, Flag, Statement, Text

ONE_LINE = 300
"""Characters up to which a text is asked for on one line."""
Labelled = Callable[[Iterable[str]], Iterable[tuple[str, Any]]]
"""What gives codes of the rules their words."""


def changed_meanwhile() -> Refusal:
    """Return the reason that is told when something changed between the lock and the act."""
    return Refusal("changed_meanwhile", _("Someone changed this while you were working on it. Look at it again."))


class DayInput(forms.DateInput):
    """A date as the browser asks for it; sent and shown as year-month-day in every language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def day_field(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    """Return a field for a date."""
    return forms.DateField(
        label=label, required=required, help_text=help_text, widget=DayInput(), input_formats=["%Y-%m-%d"]
    )


class Answer(Enum):
    """What became of a form whose answers are read back before they count."""

    ASKED = "asked"
    READ_BACK = "read_back"
    RECORDED = "recorded"


class ActForm(forms.Form):
    """Answers for one act. `refusals` holds the reasons for which the act was refused, `outcome` what it returned."""

    refusals: tuple[Refusal, ...] = ()
    outcome: Any = None

    def carry_out(self, act: Callable[..., Any], **given: Any) -> bool:
        """Validate, act with the answers, and say whether it was done.

        What the act finds wrong stands beside the field it names; reasons for a refusal that name no field of the form
        are kept in `refusals`. Everything typed stays in the form.
        """
        if not self.is_valid():
            return False
        try:
            self.outcome = act(**given, **self.answers())
        except Invalid as wrong:
            self._blame(wrong.field, str(wrong))
        except Refused as refused:
            for refusal in refused.refusals:
                if refusal.field in self.fields:
                    self._blame(refusal.field, str(refusal.sentence))
            self.refusals = tuple(refusal for refusal in refused.refusals if refusal.field not in self.fields)
        except ConcurrentTransition:
            self.refusals = (changed_meanwhile(),)
        else:
            return True
        return False

    def rehearse(self, act: Callable[..., Any], **given: Any) -> bool:
        """Carry the act out and take it back, so that what is wrong shows before the answers are read back."""
        with transaction.atomic():
            is_ready = self.carry_out(act, **given)
            transaction.set_rollback(True)
        return is_ready

    def settle(self, act: Callable[..., Any], **given: Any) -> Answer:
        """Record what was confirmed, rehearse what is to be read back first, and say which it came to."""
        if not self.is_bound or self.is_taken_back:
            return Answer.ASKED
        if self.is_confirmed:
            return Answer.RECORDED if self.carry_out(act, **given) else Answer.ASKED
        return Answer.READ_BACK if self.rehearse(act, **given) else Answer.ASKED

    @property
    def is_confirmed(self) -> bool:
        """Whether the person has read the answers back and confirmed them."""
        return self.data.get("step") == "record"

    @property
    def is_taken_back(self) -> bool:
        """Whether the person has read the answers back and wants to change them."""
        return self.data.get("step") == "change"

    def answers(self) -> dict[str, Any]:
        """Return the answers as the act takes them."""
        return self.cleaned_data

    @property
    def status(self) -> int:
        """The status with which the page that shows this form is answered."""
        return HTTPStatus.CONFLICT if self.refusals else HTTPStatus.OK

    def _blame(self, field: str, sentence: str) -> None:
        self.add_error(field if field in self.fields else None, sentence)


def field_for(statement: Statement, subject: Any, labelled: Labelled) -> forms.Field:
    """Return the form field of a statement of a table of moves."""
    told: dict[str, Any] = {"label": statement.label, "required": statement.required, "help_text": statement.hint}
    match statement:
        case Text(limit=limit, offers=offers):
            widget = forms.TextInput if limit <= ONE_LINE else forms.Textarea
            return forms.CharField(max_length=limit, widget=widget, initial=offers(subject), **told)
        case Choice(codes=codes):
            blank = [] if statement.required else [("", _("None"))]
            choices = [*blank, *labelled(codes(subject))]
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **told)
        case Flag():
            return forms.BooleanField(**told)
        case Day():
            return day_field(**told)
        case _:
            raise TypeError(f"A page cannot ask for {type(statement).__name__}.")
