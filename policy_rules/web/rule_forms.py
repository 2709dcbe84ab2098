"""The form of one rule of a draft: a field for each of its parts, with what is wrong beside the part it concerns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from moves.forms import ActForm
from policy_rules import labels
from policy_rules.actions.rules import faults_in
from policy_rules.models import ChapterVersion
from policy_rules.rule_rows import CLOCKS, PROFILES, SECTION, Group, Kind, Part, Row, parts_of, value_from

SHORT = 300
LONGEST_NUMBER = 100_000


class RuleForm(ActForm):
    """What a rule is to be, and why."""

    reason = forms.CharField(
        label=_lazy("Why it is to change"),
        help_text=_lazy("It is published with the draft."),
        widget=forms.Textarea,
    )
    source = forms.CharField(
        label=_lazy("What the change follows"),
        required=False,
        max_length=SHORT,
        help_text=_lazy("For example a recommendation, a comment or a law."),
    )

    def __init__(self, *args: Any, version: ChapterVersion, row: Row, data: dict[str, Any], **kwargs: Any) -> None:
        self.version, self.row, self.rules = version, row, data
        self.parts = {field_name(part.name): part for part in parts_of(row, data)}
        told = version.draft_rules.filter(path=row.path).first()
        initial = {name: _shown(part) for name, part in self.parts.items()}
        initial |= {"reason": told.reason, "source": told.source} if told else {}
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.fields = {name: self._field(part) for name, part in self.parts.items()} | self.fields

    def _field(self, part: Part) -> forms.Field:
        told: dict[str, Any] = {"label": labels.rule_part(part.name), "required": part.required}
        if part.name == SECTION:
            rows = self.version.draft_sections.filter(is_retired=False)
            sections = [(row.code, f"{row.code} {row.title}") for row in rows]
            blank = [] if part.value in dict(sections) else [("", _("Choose"))]
            return forms.ChoiceField(choices=[*blank, *sections], **told)
        return _FIELDS[part.kind](part, told)

    def clean(self) -> dict[str, Any]:
        """Hold the rule to all the others, and say what is wrong beside the part that it concerns."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        for place, message in faults_in(self.version, self.row.path, self.value()):
            name = field_name(place)
            if name in self.fields:
                self.add_error(name, _sentence(message))
            else:
                self.add_error(None, f"{labels.rule_name(place)}: {message}")
        return cleaned

    def value(self) -> Any:
        """Return the rule as the answers state it."""
        given = {
            part.name: _taken(part, self.cleaned_data[name])
            for name, part in self.parts.items()
            if name in self.cleaned_data
        }
        return value_from(self.row, self.rules, given)

    def answers(self) -> dict[str, Any]:
        stated = {name: self.cleaned_data[name] for name in ("reason", "source")}
        return {"path": self.row.path, "value": self.value(), **stated}


class EndRuleForm(ActForm):
    """Why a time limit or an arrangement is to end."""

    reason = RuleForm.base_fields["reason"]
    source = RuleForm.base_fields["source"]


def _choice(part: Part, told: dict[str, Any]) -> forms.Field:
    choices = [(code, labels.rule_value(code) if code else _("None")) for code in part.choices]
    return forms.ChoiceField(choices=choices, **(told | {"required": "" not in part.choices}))


def _range(_part: Part, told: dict[str, Any]) -> forms.Field:
    hint = _("The mildest and the severest, with a comma between. Whole numbers are days without pay.")
    return forms.CharField(max_length=SHORT, help_text=hint, **told)


def _lines(_part: Part, told: dict[str, Any]) -> forms.Field:
    return forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}), help_text=_("One on each line."), **(told | {"required": False})
    )


_FIELDS: dict[Kind, Callable[[Part, dict[str, Any]], forms.Field]] = {
    Kind.NUMBER: lambda _part, told: forms.IntegerField(min_value=0, max_value=LONGEST_NUMBER, **told),
    Kind.TEXT: lambda part, told: forms.CharField(max_length=SHORT, **(told | {"required": bool(part.value)})),
    Kind.PROSE: lambda _part, told: forms.CharField(widget=forms.Textarea, **told),
    Kind.FLAG: lambda _part, told: forms.BooleanField(**(told | {"required": False})),
    Kind.LINES: _lines,
    Kind.RANGE: _range,
    Kind.CHOICE: _choice,
}


class NewRuleForm(ActForm):
    """The name of a time limit or an arrangement that the rules do not have yet."""

    kind = forms.ChoiceField(
        label=_lazy("What is added"),
        choices=[(CLOCKS, _lazy("A time limit")), (PROFILES, _lazy("An arrangement of oversight"))],
        widget=forms.RadioSelect,
        initial=CLOCKS,
    )
    name = forms.RegexField(
        label=_lazy("Permanent name"),
        regex=r"^[a-z][a-z0-9_]{0,39}$",
        error_messages={
            "invalid": _lazy("Begin with a small letter; then small letters, digits and underscores, at most 40.")
        },
        help_text=_lazy("Small letters, digits and underscores, for example second_hearing."),
    )

    @staticmethod
    def begun(path: str, data: dict[str, Any]) -> Row:
        """Return a new rule as its form begins: with the values of the kind, and nothing filled in."""
        if path.startswith(f"{CLOCKS}."):
            return Row(path, Group.TIME_LIMITS, "", {SECTION: "", "duration": 0, "unit": "days"})
        profiles = data[PROFILES]
        pattern = profiles[profiles["in_use"]]
        return Row(path, Group.PROFILES, str(profiles.get(SECTION, "")), dict(pattern))


def field_name(part: str) -> str:
    """Return the name of the field for a part of a rule."""
    return "rule-" + part.replace(".", "-")


def _sentence(message: str) -> str:
    return message[:1].upper() + message[1:] + ("" if message.endswith(".") else ".")


def _shown(part: Part) -> Any:
    if part.kind == Kind.LINES:
        return "\n".join(str(item) for item in part.value)
    if part.kind == Kind.RANGE:
        return ", ".join(str(item) for item in part.value)
    return part.value


def _taken(part: Part, given: Any) -> Any:
    if part.kind == Kind.LINES:
        return [_scalar(line) for line in given.splitlines() if line.strip()]
    if part.kind == Kind.RANGE:
        return [_scalar(item) for item in given.split(",")]
    if part.kind == Kind.TEXT:
        return _scalar(given) if isinstance(part.value, int) or given.strip().isdecimal() else given.strip()
    return given.strip() if isinstance(given, str) else given


def _scalar(text: str) -> str | int:
    """Return a whole number where one is written, and the code otherwise."""
    told = text.strip()
    return int(told) if told.isascii() and told.isdecimal() else told
