"""The forms of letters: prepared, sent, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from casework.vocabulary import DeliveryProof, LetterWay
from casework.web.forms import SHORT, BackdatedForm, offer, text_field
from moves.forms import ActForm


class PrepareForm(ActForm):
    """What the person who prepares a letter adds to it."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    note = text_field(
        _("A note of your own"),
        required=False,
        help_text=_("It stands in the letter as you write it. Name no officer."),
    )
    level = forms.ChoiceField(label=_("How much the letter tells"), required=False)
    legal_basis = forms.CharField(label=_("Legal ground for it"), required=False, max_length=500)

    def __init__(self, *args: Any, levels: Iterable[tuple[Any, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["level"], levels)
        if not levels:
            del self.fields["level"], self.fields["legal_basis"]


class SendForm(ActForm):
    """How a letter goes to its reader."""

    way = forms.ChoiceField(label=_("How the letter goes"), choices=LetterWay.choices)


class PostedForm(BackdatedForm):
    """That a printed letter left the office."""


class DeliveredForm(BackdatedForm):
    """What shows that a letter arrived."""

    proof = forms.ChoiceField(
        label=_("What shows that it arrived"), choices=DeliveryProof.choices, widget=forms.RadioSelect
    )


class ReturnedForm(BackdatedForm):
    """Why a letter came back."""

    reason = forms.CharField(
        label=_("Why it came back"),
        max_length=SHORT,
        help_text=_("As the carrier says it: moved away, no such number."),
    )


class AgainForm(BackdatedForm):
    """How a letter that came back goes again."""

    way = forms.ChoiceField(label=_("How the letter goes"), choices=LetterWay.choices)
    address = forms.CharField(
        label=_("Corrected address"),
        required=False,
        max_length=SHORT,
        help_text=_("It takes the place of the one kept. Leave empty to send by another way."),
    )
