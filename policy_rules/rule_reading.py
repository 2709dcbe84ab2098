"""Rules kept as data, read into the typed values of `rule_data`. Every fault is named with its place in the data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from policy_rules.rule_checks import Fault, apart
from policy_rules.rule_data import (
    DAYS_WITHOUT_PAY,
    MAJORITIES,
    OVERSIGHT_MODELS,
    UNITS,
    Classifications,
    ClockRule,
    DisciplineClass,
    DisciplineMatrix,
    FindingCodes,
    MoveRule,
    PanelRule,
    PenaltyRange,
    Profile,
    RepeatFailuresRule,
    Rules,
    StatisticsRule,
)

AUTHORITY_KINDS = {
    "moves": "move",
    "clocks": "clock",
    "acts": "act",
    "policy_moves": "policy_move",
    "two_person_rules": "two_person",
}

PERCENT = 100


def cited_sections(data: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return what a rule set cites: kind of authority (see `models.Authority`), name, and code of the section.

    The code is empty where a row states none that is text; `parse_rules` says what is wrong there.
    """
    authorities = _names(data.get("authorities"))
    tables = [(kind, _names(authorities.get(group))) for group, kind in AUTHORITY_KINDS.items()]
    rules = _names(data.get("rules")) | {name: data.get(name) for name in ("element_rules", "profiles")}
    tables.append(("rule", {name: rule for name, rule in rules.items() if "section" in _names(rule)}))
    return [(kind, name, _section_of(row)) for kind, table in tables for name, row in table.items()]


def _names(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _section_of(row: Any) -> str:
    code = _names(row).get("section", row)
    return code if isinstance(code, str) else ""


def parse_rules(data: Mapping[str, Any]) -> tuple[Rules | None, list[Fault]]:
    """Return the rules that the data state, and what is wrong with the data; where anything is, there are no rules."""
    faults: list[Fault] = []
    root = _Part(dict(data), "", faults)
    rules, authorities = root.part("rules"), root.part("authorities")
    profiles = root.part("profiles")
    parsed = Rules(
        raw=data,
        clocks=MappingProxyType({code: _clock(part) for code, part in authorities.part("clocks").parts()}),
        moves=MappingProxyType({code: _move(part) for code, part in authorities.part("moves").parts()}),
        classifications=_classifications(rules.part("classifications")),
        finding_codes=_findings(rules.part("finding_codes")),
        outcome_table=MappingProxyType(root.part("element_rules").part("outcome_table").named_texts()),
        panel=_panel(rules.part("panel")),
        discipline_matrix=_matrix(rules.part("discipline_matrix")),
        disclosure_levels=MappingProxyType(rules.part("disclosure_levels").named_texts("section")),
        statistics=_statistics(rules.part("statistics")),
        profiles=MappingProxyType({code: _profile(part, root) for code, part in profiles.parts("section", "in_use")}),
        profile_in_use=profiles.text("in_use") if profiles.data else "",
        repeat_failures=_repeat_failures(rules.part("repeat_failures")) if "repeat_failures" in rules.data else None,
        limit_warnings=_warnings(rules.part("limit_warnings")) if "limit_warnings" in rules.data else (),
        least_listening_sessions=(
            rules.part("consultation").integer("listening_sessions") if "consultation" in rules.data else 0
        ),
        code_lists=MappingProxyType(
            {name: part.texts("codes") for name, part in rules.parts() if "codes" in part.data}
        ),
        acts=MappingProxyType(authorities.part("acts").named_texts()),
        two_person_rules=MappingProxyType(authorities.part("two_person_rules", required=False).named_texts()),
    )
    faults.extend(apart(parsed))
    return (None if faults else parsed), faults


class _Part:
    """A mapping of the data. What should be there and is not becomes a fault, and a stand-in is returned."""

    def __init__(self, data: Any, path: str, faults: list[Fault]) -> None:
        self.path = path
        self.faults = faults
        self.data: dict[str, Any] = data if isinstance(data, dict) else {}
        if not isinstance(data, dict):
            self.fault("", _("names with values are expected"))

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]

    def fault(self, key: str, message: str) -> None:
        self.faults.append((".".join(filter(None, (self.path, key))), message))

    def part(self, key: str, *, required: bool = True) -> _Part:
        path = ".".join(filter(None, (self.path, key)))
        if key not in self.data:
            if required:
                self.fault(key, _("is missing from the rules"))
            return _Part({}, path, self.faults)
        return _Part(self.data[key], path, self.faults)

    def parts(self, *but: str) -> Iterable[tuple[str, _Part]]:
        return [(key, self.part(key)) for key in self.data if key not in but]

    def text(self, key: str, default: str | None = None) -> str:
        value = self.data.get(key, default)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            self.fault(key, _("text is expected, not %(value)s") % {"value": repr(value)})
            return ""
        return value

    def integer(self, key: str, *, least: int = 0) -> int:
        value = self.data.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            told = {"least": least, "value": repr(value)}
            self.fault(key, _("a whole number of at least %(least)s is expected, not %(value)s") % told)
            return least
        return value

    def boolean(self, key: str, *, default: bool = False) -> bool:
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            self.fault(key, _("true or false is expected, not %(value)s") % {"value": repr(value)})
            return default
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.data.get(key)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fault(key, _("a list of texts is expected"))
            return ()
        if len(set(value)) < len(value):
            self.fault(key, _("a code stands in the list twice"))
        return tuple(value)

    def named_texts(self, *but: str) -> dict[str, str]:
        return {key: self.text(key) for key in self.data if key not in but}


def _clock(part: _Part) -> ClockRule:
    unit = part.text("unit")
    if unit not in UNITS:
        part.fault(
            "unit", _("%(unit)s is no unit; known are %(known)s") % {"unit": repr(unit), "known": ", ".join(UNITS)}
        )
    return ClockRule(
        code=part.name,
        duration=part.integer("duration"),
        unit=unit,
        section=part.text("section"),
        repeats=part.boolean("repeats"),
        counted_from=part.text("from", ""),
    )


def _move(part: _Part) -> MoveRule:
    return MoveRule(
        code=part.name,
        section=part.text("section"),
        two_person=part.boolean("two_person"),
        transition=part.text("transition", ""),
        two_person_when_lowering=part.text("two_person_when_lowering", ""),
    )


def _classifications(part: _Part) -> Classifications:
    optional = {name: part.texts(name) for name in ("after_withdrawal", "grave", "heard_by_board") if name in part.data}
    return Classifications(part.texts("codes"), part.texts("may_be_screened_out"), **optional)


def _findings(part: _Part) -> FindingCodes:
    synonyms = part.part("synonyms", required=False)
    known = MappingProxyType({code: synonyms.texts(code) for code in synonyms.data})
    return FindingCodes(part.texts("decided"), part.texts("other"), part.texts("stages"), known)


def _panel(part: _Part) -> PanelRule:
    if (majority := part.text("majority")) not in MAJORITIES:
        told = {"majority": repr(majority), "known": ", ".join(MAJORITIES)}
        part.fault("majority", _("%(majority)s is no majority; known are %(known)s") % told)
    return PanelRule(
        size=part.integer("size", least=1),
        substitutes=part.integer("substitutes"),
        quorum=part.integer("quorum", least=1),
        majority=majority,
        tie=part.text("tie"),
    )


def _statistics(part: _Part) -> StatisticsRule:
    group = part.integer("percentage_minimum_group") if "percentage_minimum_group" in part.data else None
    return StatisticsRule(part.integer("small_cell_threshold"), group)


def _repeat_failures(part: _Part) -> RepeatFailuresRule:
    least = part.part("least")
    return RepeatFailuresRule(
        section=part.text("section"),
        window_months=part.integer("window_months", least=1),
        least=MappingProxyType({code: least.integer(code, least=1) for code in least.data}),
    )


def _warnings(part: _Part) -> tuple[int, ...]:
    told = part.data.get("passed_percent")
    marks = told if isinstance(told, list) else []
    whole = [mark for mark in marks if isinstance(mark, int) and not isinstance(mark, bool)]
    if not marks or whole != marks or sorted(set(marks)) != marks or not 0 < marks[0] <= marks[-1] < PERCENT:
        part.fault("passed_percent", _("whole numbers from 1 to 99 are expected, each above the one before"))
        return ()
    return tuple(marks)


def _profile(part: _Part, root: _Part) -> Profile:
    model = part.text("oversight_model")
    if model not in OVERSIGHT_MODELS:
        told = {"model": repr(model), "known": ", ".join(OVERSIGHT_MODELS)}
        part.fault("oversight_model", _("%(model)s is no way to oversee; known are %(known)s") % told)
    return Profile(
        code=part.name,
        oversight_model=model,
        disclosure_level=part.text("disclosure_level"),
        public_officer_data=part.text("public_officer_data"),
        legal_deadline=part.text("legal_deadline", ""),
        review_board=part.boolean("review_board"),
        command_review=part.boolean("command_review"),
        standard_of_proof=root.part("element_rules").text("standard_of_proof_default"),
    )


def _matrix(part: _Part) -> DisciplineMatrix:
    classes = {
        code: _discipline_class(row)
        for code, row in part.parts("section", "scale", "corrective_only_barred_from_class")
    }
    cells = [cell for row in classes.values() for cell in (row.first, row.second, row.third)]
    scale = part.texts("scale") if "scale" in part.data else _order_of_mention(cells)
    matrix = DisciplineMatrix(MappingProxyType(classes), scale, part.text("corrective_only_barred_from_class"))
    for row in classes.values():
        for name, cell in (("first", row.first), ("second", row.second), ("third", row.third)):
            try:
                in_order = matrix.allows(row.code, ("first", "second", "third").index(name) + 1, cell.low)
            except (LookupError, ValueError) as error:
                part.fault(f"{row.code}.{name}", str(error))
            else:
                if not in_order:
                    told = {"low": cell.low, "high": cell.high}
                    part.fault(f"{row.code}.{name}", _("%(low)s is not milder than %(high)s") % told)
    return matrix


def _order_of_mention(cells: Sequence[PenaltyRange]) -> tuple[str, ...]:
    """Return the penalties in the order in which a matrix without a scale names them, from its mildest class on."""
    names = (DAYS_WITHOUT_PAY if isinstance(end, int) else end for cell in cells for end in (cell.low, cell.high))
    return tuple(dict.fromkeys(names))


def _discipline_class(part: _Part) -> DisciplineClass:
    look_back = part.data.get("look_back_years")
    return DisciplineClass(
        code=part.name,
        first=_range(part, "first"),
        second=_range(part, "second"),
        third=_range(part, "third"),
        look_back_years=None if look_back == "career" else part.integer("look_back_years"),
        presumptive=part.text("presumptive", ""),
    )


def _range(part: _Part, key: str) -> PenaltyRange:
    match part.data.get(key):
        case [str() | int() as low, str() | int() as high]:
            return PenaltyRange(low, high)
        case _:
            part.fault(key, _("a range is a list of the mildest and the severest penalty"))
            return PenaltyRange(0, 0)
