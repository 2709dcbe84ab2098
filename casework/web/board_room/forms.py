"""The forms of the board room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.vocabulary import ConflictGround, OpinionKind
from casework.web import words
from casework.web.forms import OPEN_CHOICE, offer, text_field
from moves.forms import ActForm


class StepAsideForm(ActForm):
    """Why a member or the chair steps aside."""

    ground = forms.ChoiceField(label=_("What the conflict is"), choices=[*OPEN_CHOICE, *ConflictGround.choices])
    note = text_field(_("Anything to add"), required=False)

    def answers(self) -> dict[str, Any]:
        return {**self.cleaned_data, "has_conflict": True}


class BallotForm(ActForm):
    """One member's answer."""

    choice = forms.ChoiceField(label=_("Your answer"), widget=forms.RadioSelect)
    note = text_field(_("Why you abstain, if you do"), required=False)

    def __init__(self, *args: Any, codes: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["choice"], words.labelled(codes))


class SendBackForm(BallotForm):
    """One member's answer on whether the case is sent back."""

    note = text_field(
        _("Questions to answer"),
        required=False,
        help_text=_("Needed for a vote to send back. Ask what the investigation can find out in the time it has."),
    )


class OpinionForm(ActForm):
    """What a member states for the record."""

    kind = forms.ChoiceField(label=_("What this text is"), widget=forms.RadioSelect, choices=OpinionKind.choices)
    text = text_field(
        _("Reasons"), help_text=_("Name the elements you find and the exceptions you reject. Name no private person.")
    )
