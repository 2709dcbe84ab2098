"""A rule set as rows that are changed one by one, each under the dotted path of its place in the data.

A row's parts are flat: ``C.first`` is the first range of class C in the matrix. The kind of a part follows from its
value, so that every rule can be edited and compared without being listed here.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from policy_rules.rule_data import MAJORITIES, OFFICER_DATA, OVERSIGHT_MODELS, UNITS

PROFILES = "profiles"
CLOCKS = "authorities.clocks"
SECTION = "section"
RANGES = frozenset({"first", "second", "third"})
LONG_TEXT = 80
ORDER = (
    "section", "duration", "unit", "repeats", "from", "size", "quorum", "substitutes", "majority", "tie", "codes",
    "decided", "other", "stages", "synonyms", "in_use", "oversight_model", "review_board", "command_review",
    "disclosure_level", "public_officer_data", "legal_deadline", "standard_of_proof_default", "rule", "outcome_table",
    "first", "second", "third", "look_back_years", "presumptive",
)  # fmt: skip
"""The parts of a rule as a person reads them; others follow by name."""


class Group(models.TextChoices):
    """What a rule is about; the order is that of the pages."""

    TIME_LIMITS = "time_limits", _("Time limits")
    FINDINGS = "findings", _("Findings and the outcome table")
    CLASSIFICATION = "classification", _("Classification")
    DISCIPLINE = "discipline", _("Discipline")
    BOARD = "board", _("Review board")
    DISCLOSURE = "disclosure", _("Disclosure and statistics")
    PROFILES = "profiles", _("How oversight is arranged")
    OTHER = "other", _("Other lists and figures")
    AUTHORITIES = "authorities", _("What empowers each act")


GROUP_OF = {
    "element_rules": Group.FINDINGS,
    "rules.finding_codes": Group.FINDINGS,
    "rules.element_conclusions": Group.FINDINGS,
    "rules.exception_conclusions": Group.FINDINGS,
    "rules.classifications": Group.CLASSIFICATION,
    "rules.discipline_matrix": Group.DISCIPLINE,
    "rules.discipline_factors": Group.DISCIPLINE,
    "rules.corrective_outcomes": Group.DISCIPLINE,
    "rules.panel": Group.BOARD,
    "rules.disclosure_levels": Group.DISCLOSURE,
    "rules.statistics": Group.DISCLOSURE,
    "rules.limit_warnings": Group.TIME_LIMITS,
}


class Kind(StrEnum):
    """What a part of a rule holds."""

    NUMBER = "number"
    TEXT = "text"
    PROSE = "prose"
    FLAG = "flag"
    LINES = "lines"
    RANGE = "range"
    CHOICE = "choice"
    LENGTH = "length"
    """A number of days or other units, as the pair of both."""


@dataclass(frozen=True)
class Part:
    """One value of a rule: its flat name, its kind, and the codes it is chosen from where it is a choice."""

    name: str
    kind: Kind
    value: Any
    choices: tuple[str, ...] = ()
    required: bool = True
    """Whether the rule says nothing without it."""

    @property
    def told(self) -> str:
        """The value as it is read."""
        if isinstance(self.value, bool):
            return "✓" if self.value else "–"
        if isinstance(self.value, list):
            return ", ".join(str(item) for item in self.value) or "–"
        return str(self.value) if self.value not in ("", None) else "–"


@dataclass(frozen=True)
class Row:
    """One rule of a set: where it stands, what it is about, the section that it comes from, and its value."""

    path: str
    group: Group
    section: str
    value: Any

    @property
    def name(self) -> str:
        """The rule's own name, the last of its path."""
        return self.path.rpartition(".")[2]


def rows_of(data: Mapping[str, Any]) -> list[Row]:
    """Return the rules of a set in the order of the pages."""
    found = [row for row in (row_at(data, path) for path in _paths(data)) if row is not None]
    order = {group: place for place, group in enumerate(Group)}
    return sorted(found, key=lambda row: (order[row.group], row.path))


def row_at(data: Mapping[str, Any], path: str) -> Row | None:
    """Return the rule at a path, None where the set has none there."""
    value = value_at(data, path)
    if value is None or path not in set(_paths(data)):
        return None
    if path == PROFILES:
        value = {name: item for name, item in value.items() if not isinstance(item, Mapping)}
    return Row(path, _group(path), _section(data, path, value), value)


def _paths(data: Mapping[str, Any]) -> Iterator[str]:
    for group in data.get("authorities", {}):
        yield from (f"authorities.{group}.{name}" for name in data["authorities"][group])
    if "element_rules" in data:
        yield "element_rules"
    yield from (f"rules.{name}" for name in data.get("rules", {}))
    if profiles := data.get(PROFILES):
        yield PROFILES
        yield from (f"{PROFILES}.{name}" for name, row in profiles.items() if isinstance(row, Mapping))


def _group(path: str) -> Group:
    if path.startswith(f"{CLOCKS}."):
        return Group.TIME_LIMITS
    if path.startswith("authorities."):
        return Group.AUTHORITIES
    if path.split(".", maxsplit=1)[0] == PROFILES:
        return Group.PROFILES
    return GROUP_OF.get(path, Group.OTHER)


def _section(data: Mapping[str, Any], path: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if path.startswith(f"{PROFILES}."):
        value = data[PROFILES]
    return str(value.get(SECTION, "")) if isinstance(value, Mapping) else ""


def value_at(data: Mapping[str, Any], path: str) -> Any:
    """Return what stands at a dotted path, None where nothing does."""
    place: Any = data
    for name in path.split("."):
        place = place.get(name) if isinstance(place, Mapping) else None
    return place


def with_value(data: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return a copy of the set with another value at a path; None takes the rule out."""
    changed: dict[str, Any] = copy.deepcopy(dict(data))
    *parents, last = path.split(".")
    place = changed
    for name in parents:
        place = place.setdefault(name, {})
    if value is None:
        place.pop(last, None)
    elif path == PROFILES:
        place[last] = {**place.get(last, {}), **value}
    else:
        place[last] = copy.deepcopy(value)
    return changed


def parts_of(row: Row, data: Mapping[str, Any]) -> list[Part]:
    """Return what of a rule can be edited, also what it could state and does not."""
    stated = {SECTION: row.value} if isinstance(row.value, str) else row.value
    if row.group == Group.AUTHORITIES:
        stated = {SECTION: stated.get(SECTION, "")}
    flat = dict(_flat(stated))
    flat |= {name: value for name, value in _unstated(row.path, data).items() if name not in flat}
    if row.path.startswith(f"{PROFILES}."):
        flat.pop(SECTION, None)
    unstated = _unstated(row.path, data)
    named = sorted(flat.items(), key=lambda item: _place_of(item[0]))
    return [replace(_part(row.path, name, value, data), required=name not in unstated) for name, value in named]


def _place_of(name: str) -> list[tuple[int, str]]:
    """Return by what a part is sorted; the database keeps no order of names."""
    return [(ORDER.index(item) if item in ORDER else len(ORDER), item) for item in name.split(".")]


def flat_parts(row: Row) -> list[Part]:
    """Return what a rule states besides its section, flat."""
    stated = sorted(_flat(_mapping(row.value)), key=lambda item: _place_of(item[0]))
    return [_plain(name, value) for name, value in stated if name != SECTION]


def _flat(value: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    named = value.items() if isinstance(value, Mapping) else enumerate(value)
    for name, item in named:
        place = f"{prefix}.{name}" if prefix else str(name)
        if isinstance(item, Mapping) or (isinstance(item, list) and any(isinstance(one, Mapping) for one in item)):
            yield from _flat(item, place)
        elif item is not None:
            yield place, item


def _unstated(path: str, data: Mapping[str, Any]) -> dict[str, Any]:
    if path.startswith(f"{CLOCKS}."):
        return {"repeats": False, "from": ""}
    if path.startswith(f"{PROFILES}."):
        return {"legal_deadline": ""}
    if path == "rules.classifications":
        return {"after_withdrawal": [], "grave": [], "heard_by_board": []}
    if path == "rules.finding_codes":
        return {f"synonyms.{code}": [] for code in _findings(data)}
    return {}


def _part(path: str, name: str, value: Any, data: Mapping[str, Any]) -> Part:
    last = name.rpartition(".")[2]
    if choices := _choices(path, name, data):
        return Part(name, Kind.CHOICE, value, choices)
    if last in RANGES and isinstance(value, list):
        return Part(name, Kind.RANGE, value)
    if isinstance(value, list):
        return Part(name, Kind.LINES, value)
    if isinstance(value, bool):
        return Part(name, Kind.FLAG, value)
    if isinstance(value, int) and last != "look_back_years":
        return Part(name, Kind.NUMBER, value)
    return Part(name, Kind.PROSE if len(str(value)) > LONG_TEXT else Kind.TEXT, value)


def _choices(path: str, name: str, data: Mapping[str, Any]) -> tuple[str, ...]:
    if path == "element_rules" and name.startswith("outcome_table."):
        return _findings(data)
    ask = _CHOSEN.get((path.split(".", maxsplit=1)[0], name))
    return tuple(ask(data)) if ask else ()


def _rows_in(*path: str) -> Callable[[Mapping[str, Any]], list[str]]:
    """Return what gives the names of the rules under a path: those that are tables themselves."""
    place = ".".join(path)
    return lambda data: [name for name, row in (value_at(data, place) or {}).items() if isinstance(row, Mapping)]


_CHOSEN: dict[tuple[str, str], Callable[[Mapping[str, Any]], Iterable[str]]] = {
    ("authorities", "unit"): lambda _data: UNITS,
    ("profiles", "in_use"): _rows_in(PROFILES),
    ("profiles", "oversight_model"): lambda _data: OVERSIGHT_MODELS,
    ("profiles", "disclosure_level"): lambda data: [
        level for level in data["rules"]["disclosure_levels"] if level != SECTION
    ],
    ("profiles", "public_officer_data"): lambda _data: OFFICER_DATA,
    ("profiles", "legal_deadline"): lambda data: ["", *data["authorities"]["clocks"]],
    ("rules", "majority"): lambda _data: MAJORITIES,
    ("rules", "corrective_only_barred_from_class"): _rows_in("rules", "discipline_matrix"),
}


def _findings(data: Mapping[str, Any]) -> tuple[str, ...]:
    codes = data.get("rules", {}).get("finding_codes", {})
    return (*codes.get("decided", ()), *codes.get("other", ()))


def value_from(row: Row, data: Mapping[str, Any], given: Mapping[str, Any]) -> Any:
    """Return the rule's value with parts as given; what was not stated and stays empty is left out again."""
    if isinstance(row.value, str):
        return given.get(SECTION, row.value)
    value = copy.deepcopy(dict(row.value))
    unstated = _unstated(row.path, data)
    for name, item in given.items():
        if name in unstated and item == unstated[name]:
            _drop(value, name)
        else:
            _place(value, name, item)
    return value


def _place(value: Any, name: str, item: Any) -> None:
    *parents, last = name.split(".")
    for parent in parents:
        value = value[int(parent)] if isinstance(value, list) else value.setdefault(parent, {})
    value[last] = item


def _drop(value: dict[str, Any], name: str) -> None:
    *parents, last = name.split(".")
    for parent in parents:
        value = value.get(parent, {})
    value.pop(last, None)


@dataclass(frozen=True)
class Difference:
    """One part of a rule in two sets; None where a set does not state it."""

    name: str
    before: Part | None
    after: Part | None


def differences(before: Any, after: Any) -> list[Difference]:
    """Return which parts of a rule differ between its values in two sets; how long and in what unit are one part."""
    one, other = ({part.name: part for part in _plain_parts(_mapping(value))} for value in (before, after))
    names = dict.fromkeys((*one, *other))
    return [
        Difference(name, one.get(name), other.get(name))
        for name in names
        if (one[name].value if name in one else None) != (other[name].value if name in other else None)
    ]


def _plain_parts(value: Mapping[str, Any]) -> Iterator[Part]:
    length = (value.get("duration"), value.get("unit"))
    for name, item in _flat(value):
        if None in length or name not in {"duration", "unit"}:
            yield _plain(name, item)
        elif name == "duration":
            yield Part(name, Kind.LENGTH, length)


def _plain(name: str, value: Any) -> Part:
    return Part(name, Kind.TEXT, value)


def _mapping(value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    return value if isinstance(value, Mapping) else {SECTION: value}


@dataclass(frozen=True)
class RuleChange:
    """A rule that is not the same in two sets. `before` is None for a new rule, `after` for one that ends."""

    row: Row
    differences: list[Difference]
    reason: str = ""
    source: str = ""
    is_new: bool = False
    is_gone: bool = False


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[RuleChange]:
    """Return what differs between two sets, rule by rule, in the order of the pages."""
    one, other = ({row.path: row for row in rows_of(data)} for data in (before, after))
    found = []
    for path in _ordered((*one.values(), *other.values())):
        old, new = one.get(path), other.get(path)
        if (old and old.value) != (new and new.value):
            row = new or old
            parts = differences(old and old.value, new and new.value)
            if row is not None:
                found.append(RuleChange(row, parts, is_new=old is None, is_gone=new is None))
    return found


def _ordered(rows: Iterable[Row]) -> list[str]:
    order = {group: place for place, group in enumerate(Group)}
    return list(dict.fromkeys(row.path for row in sorted(rows, key=lambda row: (order[row.group], row.path))))
