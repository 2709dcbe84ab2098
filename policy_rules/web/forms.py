"""The forms of the pages on which policy is drafted and carried through its stages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from moves.forms import ActForm, field_for
from moves.table import Move
from policy_rules import labels
from policy_rules.models import ChapterVersion, DraftSection, DraftTranslation, Kind, Lineage

SHORT = 300
OPEN_CHOICE: tuple[tuple[str, Any], ...] = (("", _("Choose")),)


def _prose(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=required, help_text=help_text, widget=forms.Textarea)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class StepForm(ActForm):
    """What a move asks to be stated."""

    def __init__(self, *args: Any, move: Move, version: ChapterVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {item.name: field_for(item, version, labels.labelled) for item in move.states} | self.fields

    def answers(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


class WordingForm(ActForm):
    """What a section is to say, and why."""

    number = forms.CharField(label=_("Number"), max_length=60)
    title = forms.CharField(label=_("Title"), max_length=SHORT)
    text = _prose(_("Text"))
    elements = _prose(
        _("What must be proved"),
        required=False,
        help_text=_("One on each line. An element keeps its code by its place."),
    )
    reason = _prose(_("Why it is to change"), help_text=_("It is published with the draft."))
    source = forms.CharField(
        label=_("What the change follows"),
        required=False,
        max_length=SHORT,
        help_text=_("For example a recommendation, a comment or a law."),
    )

    def answers(self) -> dict[str, Any]:
        return {**self.cleaned_data, "elements": _lines(self.cleaned_data["elements"])}

    @staticmethod
    def initial_of(row: DraftSection) -> dict[str, str]:
        """Return what the draft says now, as the form shows it."""
        elements = "\n".join(text for _code, text in row.elements)
        stated = {"number": row.number, "title": row.title, "text": row.text, "elements": elements}
        return stated | {"reason": row.reason, "source": row.source}


class TranslationForm(ActForm):
    """What a drafted section says in another language."""

    title = forms.CharField(label=_("Title"), max_length=SHORT)
    text = _prose(_("Text"))
    elements = _prose(
        _("What must be proved"),
        required=False,
        help_text=_("One on each line, in the order of the text that decides."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["auto_id"] = "translation_%s"
        super().__init__(*args, **kwargs)

    def answers(self) -> dict[str, Any]:
        return {**self.cleaned_data, "elements": _lines(self.cleaned_data["elements"])}

    @staticmethod
    def initial_of(row: DraftTranslation) -> dict[str, str]:
        """Return what is known of the translation, as the form shows it."""
        return {"title": row.title, "text": row.text, "elements": "\n".join(row.elements)}


class NewSectionForm(WordingForm):
    """A section that the chapter does not have yet."""

    code = forms.CharField(
        label=_("Permanent code"),
        max_length=40,
        help_text=_("It is never used for another section, even after its end."),
    )
    kind = forms.ChoiceField(label=_("What it does"), choices=[*OPEN_CHOICE, *Kind.choices])
    discipline_class = forms.CharField(label=_("Class of discipline"), required=False, max_length=20)
    after = forms.ChoiceField(label=_("Where it stands"), required=False)
    how = forms.ChoiceField(
        label=_("Where it comes from"),
        choices=[
            (Lineage.How.ADDED, _("It is new")),
            (Lineage.How.SPLIT, _("It was split from another section")),
            (Lineage.How.MERGED, _("It was merged of others")),
        ],
        widget=forms.RadioSelect,
        initial=Lineage.How.ADDED,
    )
    came_from = forms.CharField(
        label=_("Codes of those sections"), required=False, max_length=SHORT, help_text=_("With spaces between them.")
    )
    links = forms.CharField(
        label=_("Exceptions that excuse it, or rules that it excuses"),
        required=False,
        max_length=SHORT,
        help_text=_("Codes with spaces between them."),
    )
    field_order = (
        "code", "number", "title", "kind", "discipline_class", "text", "elements", "links", "after", "how", "came_from",
        "reason", "source",
    )  # fmt: skip

    def __init__(self, *args: Any, sections: Iterable[DraftSection], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(row.code, _("After %(section)s") % {"section": f"{row.number} {row.title}"}) for row in sections]
        cast("forms.ChoiceField", self.fields["after"]).choices = [("", _("At the end")), *places]

    def answers(self) -> dict[str, Any]:
        codes = {name: self.cleaned_data[name].split() for name in ("came_from", "links")}
        return super().answers() | codes


class RetireForm(ActForm):
    """Why a section ends with this version."""

    reason = _prose(_("Why the section ends"))
    into = forms.CharField(
        label=_("Sections that take up its text"),
        required=False,
        max_length=SHORT,
        help_text=_("Codes with spaces between them. Leave empty where its text goes on nowhere."),
    )

    def answers(self) -> dict[str, Any]:
        return {**self.cleaned_data, "into": self.cleaned_data["into"].split()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["auto_id"] = "retire_%s"
        super().__init__(*args, **kwargs)
