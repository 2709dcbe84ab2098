"""Rules kept as data, made into typed values. No day count, code or size is known here: all are in the data."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

UNITS = ("days", "business_days", "hours", "months", "years")
DAYS_WITHOUT_PAY = "days_without_pay"
AUTHORITY_KINDS = {
    "moves": "move",
    "clocks": "clock",
    "acts": "act",
    "policy_moves": "policy_move",
    "two_person_rules": "two_person",
}
Penalty = str | int
"""A named penalty, or a number of days without pay."""


@dataclass(frozen=True)
class ClockRule:
    """A time limit: how long, counted in what, and the section that sets it."""

    code: str
    duration: int
    unit: str
    """One of ``days`` (calendar), ``business_days``, ``hours``, ``months``, ``years``."""
    section: str
    repeats: bool = False
    """Whether the limit starts again each time it is met."""
    counted_from: str = ""
    """The event from which it is counted, where that is not the event that starts it."""


@dataclass(frozen=True)
class MoveRule:
    """What empowers a move of a case, and whether a second person must agree first."""

    code: str
    section: str
    two_person: bool
    transition: str = ""
    two_person_when_lowering: str = ""
    """The section by which a second person must agree where the move lowers a classification."""


@dataclass(frozen=True)
class FindingCodes:
    """The findings that an allegation can have, and the stages at which one is made."""

    decided: tuple[str, ...]
    other: tuple[str, ...]
    stages: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Every finding code."""
        return self.decided + self.other


@dataclass(frozen=True)
class Classifications:
    """The kinds of complaint, and those that may be closed without investigation."""

    codes: tuple[str, ...]
    may_be_screened_out: tuple[str, ...]
    after_withdrawal: tuple[str, ...] = ()
    """Grounds on which a complaint may be closed once the complainant has withdrawn."""
    grave: tuple[str, ...] = ()
    """Kinds that, once set, bar closing without investigation for good."""
    heard_by_board: tuple[str, ...] = ()
    """Kinds that go to the review board without anyone's asking."""


@dataclass(frozen=True)
class PanelRule:
    """How many members review a case, and how they decide."""

    size: int
    substitutes: int
    quorum: int
    majority: str
    tie: str


@dataclass(frozen=True)
class PenaltyRange:
    """The mildest and the severest penalty of one cell of the matrix."""

    low: Penalty
    high: Penalty


@dataclass(frozen=True)
class DisciplineClass:
    """One row of the matrix: a range for the first, the second and any later finding within the look-back."""

    code: str
    first: PenaltyRange
    second: PenaltyRange
    third: PenaltyRange
    look_back_years: int | None
    """Years in which earlier findings count; None where the whole career does."""
    presumptive: str = ""


@dataclass(frozen=True)
class DisciplineMatrix:
    """Which penalties a sustained finding may lead to."""

    classes: Mapping[str, DisciplineClass]
    scale: tuple[str, ...]
    """Named penalties from mild to severe; `DAYS_WITHOUT_PAY` stands for all numbers of days, which sort by number."""
    corrective_only_barred_from_class: str

    def range(self, discipline_class: str, occurrence: int) -> PenaltyRange:
        """Return the range for the n-th finding of a class within its look-back, counted from 1."""
        row = self.classes[discipline_class]
        return (row.first, row.second, row.third)[min(max(occurrence, 1), 3) - 1]

    def allows(self, discipline_class: str, occurrence: int, penalty: Penalty) -> bool:
        """Say whether a penalty lies in the range; raises LookupError for a penalty that the scale does not know."""
        cell = self.range(discipline_class, occurrence)
        return self._weight(cell.low) <= self._weight(penalty) <= self._weight(cell.high)

    def allows_corrective_only(self, discipline_class: str) -> bool:
        """Say whether corrective outcomes may stand alone in a class, without a written override."""
        return discipline_class < self.corrective_only_barred_from_class

    def _weight(self, penalty: Penalty) -> tuple[int, int]:
        if isinstance(penalty, int):
            return self.scale.index(DAYS_WITHOUT_PAY), penalty
        if penalty not in self.scale:
            raise LookupError(f"{penalty} is no penalty of the matrix; known are {', '.join(self.scale)}")
        return self.scale.index(penalty), 0


@dataclass(frozen=True)
class StatisticsRule:
    """From which number on a figure is published."""

    small_cell_threshold: int
    percentage_minimum_group: int | None


@dataclass(frozen=True)
class RepeatFailuresRule:
    """When a section is listed among those that keep failing: so many findings of a kind within so many months."""

    section: str
    window_months: int
    least: Mapping[str, int]
    """By code of a finding, how many of the complaints received in the window list the section."""


@dataclass(frozen=True)
class Profile:
    """How oversight is arranged where this manual applies."""

    code: str
    oversight_model: str
    disclosure_level: str
    public_officer_data: str
    legal_deadline: str
    """The clock after which discipline is barred by law; empty where no law sets one."""
    review_board: bool
    command_review: bool
    standard_of_proof: str


@dataclass(frozen=True)
class Rules:
    """The rules that apply on a day. `raw` holds everything as stated, also what has no typed form yet."""

    raw: Mapping[str, Any]
    clocks: Mapping[str, ClockRule]
    moves: Mapping[str, MoveRule]
    classifications: Classifications
    finding_codes: FindingCodes
    outcome_table: Mapping[str, str]
    """What the conclusions on elements and exceptions imply: situation to finding."""
    panel: PanelRule
    discipline_matrix: DisciplineMatrix
    disclosure_levels: Mapping[str, str]
    statistics: StatisticsRule
    profiles: Mapping[str, Profile]
    profile_in_use: str = ""
    repeat_failures: RepeatFailuresRule | None = None
    code_lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    acts: Mapping[str, str] = field(default_factory=dict)
    """Writes that are not moves, with the section that allows each."""
    two_person_rules: Mapping[str, str] = field(default_factory=dict)
    """Acts that a second person must agree to, with the section that says so."""
    reference: str = ""
    effective_from: datetime.date | None = None
    effective_to: datetime.date | None = None

    def clock(self, code: str) -> ClockRule:
        """Return a time limit; raises LookupError where these rules set none of that name."""
        return _one(self.clocks, code, "time limit")

    def move(self, code: str) -> MoveRule:
        """Return what these rules say of a move; raises LookupError where they know none of that name."""
        return _one(self.moves, code, "move")

    def codes(self, name: str) -> tuple[str, ...]:
        """Return a list of codes, for example ``toll_reasons``; raises LookupError where there is none."""
        return _one(self.code_lists, name, "list of codes")

    def implied_finding(self, situation: str) -> str:
        """Return the finding that a situation of the outcome table leads to; raises LookupError for another."""
        return _one(self.outcome_table, situation, "situation in the outcome table")

    @property
    def profile(self) -> Profile:
        """The profile in use; raises LookupError where these rules name none."""
        return _one(self.profiles, self.profile_in_use, "profile")


def _one(table: Mapping[str, Any], name: str, what: str) -> Any:
    try:
        return table[name]
    except KeyError:
        raise LookupError(f"the rules have no {what} {name!r}; known are {', '.join(sorted(table))}") from None


Fault = tuple[str, str]
"""The dotted path of a value in the data, and what is wrong with it."""


def cited_sections(data: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return what a rule set cites: kind of authority (see `models.Authority`), name, and code of the section.

    The code is empty where a row states none that is text; `parse_rules` says what is wrong there.
    """
    authorities = _names(data.get("authorities"))
    tables = [(kind, _names(authorities.get(group))) for group, kind in AUTHORITY_KINDS.items()]
    rules = _names(data.get("rules")) | {"profiles": data.get("profiles")}
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
    profiles = root.part("profiles", required=False)
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
        profile_in_use=profiles.text("in_use", "") if profiles.data else "",
        repeat_failures=_repeat_failures(rules.part("repeat_failures")) if "repeat_failures" in rules.data else None,
        code_lists=MappingProxyType(
            {name: part.texts("codes") for name, part in rules.parts() if "codes" in part.data}
        ),
        acts=MappingProxyType(authorities.part("acts").named_texts()),
        two_person_rules=MappingProxyType(authorities.part("two_person_rules", required=False).named_texts()),
    )
    _hold_together(parsed, faults)
    return (None if faults else parsed), faults


class _Part:
    """A mapping of the data. What should be there and is not becomes a fault, and a stand-in is returned."""

    def __init__(self, data: Any, path: str, faults: list[Fault]) -> None:
        self.path = path
        self.faults = faults
        self.data: dict[str, Any] = data if isinstance(data, dict) else {}
        if not isinstance(data, dict):
            self.fault("", "names with values are expected")

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]

    def fault(self, key: str, message: str) -> None:
        self.faults.append((".".join(filter(None, (self.path, key))), message))

    def part(self, key: str, *, required: bool = True) -> _Part:
        path = ".".join(filter(None, (self.path, key)))
        if key not in self.data:
            if required:
                self.fault(key, "is missing from the rules")
            return _Part({}, path, self.faults)
        return _Part(self.data[key], path, self.faults)

    def parts(self, *but: str) -> Iterable[tuple[str, _Part]]:
        return [(key, self.part(key)) for key in self.data if key not in but]

    def text(self, key: str, default: str | None = None) -> str:
        value = self.data.get(key, default)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            self.fault(key, f"text is expected, not {value!r}")
            return ""
        return value

    def integer(self, key: str, *, least: int = 0) -> int:
        value = self.data.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            self.fault(key, f"a whole number of at least {least} is expected, not {value!r}")
            return least
        return value

    def boolean(self, key: str, *, default: bool = False) -> bool:
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            self.fault(key, f"true or false is expected, not {value!r}")
            return default
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.data.get(key)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fault(key, "a list of texts is expected")
            return ()
        if len(set(value)) < len(value):
            self.fault(key, "a code stands in the list twice")
        return tuple(value)

    def named_texts(self, *but: str) -> dict[str, str]:
        return {key: self.text(key) for key in self.data if key not in but}


def _clock(part: _Part) -> ClockRule:
    unit = part.text("unit")
    if unit not in UNITS:
        part.fault("unit", f"{unit!r} is no unit; known are {', '.join(UNITS)}")
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
    return FindingCodes(part.texts("decided"), part.texts("other"), part.texts("stages"))


def _panel(part: _Part) -> PanelRule:
    return PanelRule(
        size=part.integer("size", least=1),
        substitutes=part.integer("substitutes"),
        quorum=part.integer("quorum", least=1),
        majority=part.text("majority"),
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


def _profile(part: _Part, root: _Part) -> Profile:
    return Profile(
        code=part.name,
        oversight_model=part.text("oversight_model"),
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
                    part.fault(f"{row.code}.{name}", f"{cell.low} is not milder than {cell.high}")
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
            part.fault(key, "a range is a list of the mildest and the severest penalty")
            return PenaltyRange(0, 0)


def _hold_together(rules: Rules, faults: list[Fault]) -> None:
    """Note where one rule speaks of what another does not know."""
    if rules.panel.quorum > rules.panel.size:
        faults.append(("rules.panel.quorum", f"{rules.panel.quorum} is more than the {rules.panel.size} of a panel"))
    for situation, finding in rules.outcome_table.items():
        if finding not in rules.finding_codes.all:
            faults.append((f"element_rules.outcome_table.{situation}", f"there is no finding {finding}"))
    listed = rules.repeat_failures.least if rules.repeat_failures else {}
    unknown = [finding for finding in listed if finding not in rules.finding_codes.all]
    faults += [(f"rules.repeat_failures.least.{finding}", f"there is no finding {finding}") for finding in unknown]
    if rules.profiles and rules.profile_in_use not in rules.profiles:
        faults.append(("profiles.in_use", f"there is no profile {rules.profile_in_use!r}"))
    for profile in rules.profiles.values():
        if profile.disclosure_level not in rules.disclosure_levels:
            faults.append(
                (f"profiles.{profile.code}.disclosure_level", f"there is no level {profile.disclosure_level}")
            )
        if profile.legal_deadline and profile.legal_deadline not in rules.clocks:
            faults.append((f"profiles.{profile.code}.legal_deadline", f"there is no clock {profile.legal_deadline}"))
