"""What lists of comments are narrowed to: the list that everyone reads, and that of the office."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from policy_rules.answers import Answer
from policy_rules.models import Channel, CommentGroup, Docket
from policy_rules.models.consultation import CommentQuerySet


class NarrowForm(forms.Form):
    """The section that comments are about, the way by which they came, and words in them."""

    section = forms.ChoiceField(label=_("Section"), required=False)
    channel = forms.ChoiceField(label=_("Came by"), required=False, choices=[("", _("All")), *Channel.choices])
    words = forms.CharField(label=_("Words in the comment"), required=False, max_length=200)

    def __init__(self, *args: Any, docket: Docket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = docket.comments.exclude(section="").order_by("section").values_list("section", flat=True).distinct()
        named = [("", _now("All")), ("whole", _now("The whole draft")), *((code, code) for code in codes)]
        self.fields["section"].choices = named  # type: ignore[attr-defined]

    @property
    def asked(self) -> dict[str, Any]:
        """What is asked for; nothing where the answers cannot be read."""
        return self.cleaned_data if self.is_valid() else {}

    def narrow(self, rows: CommentQuerySet) -> CommentQuerySet:
        """Keep the comments that were asked for."""
        if section := self.asked.get("section"):
            rows = rows.filter(section="" if section == "whole" else section)
        if channel := self.asked.get("channel"):
            rows = rows.filter(channel=channel)
        if words := self.asked.get("words"):
            rows = rows.filter(text__icontains=words)
        return rows


class ListForm(NarrowForm):
    """What everyone narrows the list to; withheld words find nothing."""

    answer = forms.ChoiceField(
        label=_("Answer"),
        required=False,
        choices=[("", _("All")), ("none", _("Not answered yet")), *Answer.choices],
    )
    withheld = forms.ChoiceField(
        label=_("Words"),
        required=False,
        choices=[("", _("All")), ("no", _("Published")), ("yes", _("Withheld"))],
    )
    group = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    order = forms.ChoiceField(
        label=_("Order"), required=False, choices=[("", _("As they came")), ("new", _("Newest first"))]
    )
    field_order = ("section", "answer", "channel", "withheld", "words", "group", "order")

    def narrow(self, rows: CommentQuerySet) -> CommentQuerySet:
        rows = super().narrow(rows)
        if answer := self.asked.get("answer"):
            rows = rows.unanswered() if answer == "none" else rows.filter(group__answer=answer)
        if withheld := self.asked.get("withheld"):
            rows = rows.filter(withheld__gt="") if withheld == "yes" else rows.filter(withheld="")
        if self.asked.get("words"):
            rows = rows.filter(withheld="")
        if group := self.asked.get("group"):
            rows = rows.filter(group__number=group)
        return rows.order_by("-number" if self.asked.get("order") == "new" else "number")


class KeptForm(NarrowForm):
    """Which comments the office looks at; those without an answer, unless it asks for others."""

    state = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("Not answered yet")), ("answered", _("Answered")), ("all", _("All"))],
    )
    group = forms.ChoiceField(label=_("Group"), required=False)
    field_order = ("state", "section", "channel", "group", "words")

    def __init__(self, *args: Any, groups: Iterable[CommentGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [("", _now("All")), ("none", _now("In no group")), *group_choices(groups)]
        self.fields["group"].choices = known  # type: ignore[attr-defined]

    @property
    def group_number(self) -> int | None:
        """The number of the group that was asked for."""
        group = self.asked.get("group", "")
        return int(group) if group.isdecimal() else None

    def narrow(self, rows: CommentQuerySet) -> CommentQuerySet:
        rows = super().narrow(rows)
        if (state := self.asked.get("state", "")) == "answered":
            rows = rows.filter(group__answer__gt="")
        elif state != "all":
            rows = rows.unanswered()
        if self.asked.get("group") == "none":
            rows = rows.filter(group=None)
        elif (number := self.group_number) is not None:
            rows = rows.filter(group__number=number)
        return rows.order_by("number")


def group_choices(groups: Iterable[CommentGroup]) -> list[tuple[str, str]]:
    """Return the groups of a docket as choices, each by its number and name."""
    return [(str(row.number), f"{row.number} {row.title}".strip()) for row in groups]
