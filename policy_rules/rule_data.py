"""The rules as typed values. No day count, code or size is known here: `rule_reading` makes them of the data."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

OVERSIGHT_MODELS = (
    "investigation_focused",
    "review_focused",
    "auditor_focused",
    "advisory",
    "adjudicative",
)
"""How an office oversees: it investigates, reviews closed files, audits, advises, or decides charges and discipline."""
HAS_BOARD = {"review_focused": True, "adjudicative": True, "auditor_focused": False, "advisory": False}
"""Whether a board reviews cases under a model; where the office investigates, the profile says so itself."""
ADJUDICATIVE = "adjudicative"
UNITS = ("days", "business_days", "hours", "months", "years")
WITHHELD = "withheld"
OFFICER_DATA = (WITHHELD, "case_by_case", "listed_cases", "final_decisions")
"""What the public learns about officers where a law or an order allows it."""
PUBLIC_RECORD = "L3"
DISCLOSURE_LEVELS = ("L0", "L1", "L2", PUBLIC_RECORD)
"""What letters can tell, from a receipt to personnel facts that are public by law; each has its own letter."""
VIOLATION = "all_elements_proved_no_exception"
EXCUSED = "act_occurred_but_exception_established"
MET_THE_DUTY = "act_occurred_and_conduct_met_the_duty"
DID_NOT_OCCUR = "evidence_shows_act_did_not_occur_or_officer_not_involved"
NOT_SHOWN = "evidence_insufficient_either_way_on_any_element"
SITUATIONS = (VIOLATION, EXCUSED, MET_THE_DUTY, DID_NOT_OCCUR, NOT_SHOWN)
"""The rows that every outcome table has, since conclusions lead to them."""
OF_WHO_VOTES = "of_members_present_and_voting"
MAJORITIES = (OF_WHO_VOTES, "of_members_present", "of_panel")
"""Of whom more than half must choose the same: who votes, also who abstains, or the panel whoever is present."""
FIXED_CLOCKS = (
    "packet_handover_minimum",
    "reconsideration_window",
    "recommendation_answer",
    "public_comment",
    "chapter_review",
    "chapter_review_reminder",
    "investigation",
    "board",
    "chief_answer",
    "complainant_update",
    "reconsideration",
    "interview_notice",
)
"""Time limits that can be changed and cannot end, since acts reckon with them or letters tell them."""
DAYS_WITHOUT_PAY = "days_without_pay"
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
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What other agencies call each finding, in the words of their own records."""

    @property
    def all(self) -> tuple[str, ...]:
        """Every finding code."""
        return self.decided + self.other

    @property
    def names(self) -> dict[str, tuple[str, ...]]:
        """What each finding is called: its code, the code in words, and what other agencies call it."""
        return {code: (code, code.replace("_", " "), *self.synonyms.get(code, ())) for code in self.all}

    def meant_by(self, words: str) -> str:
        """Return the finding that words of another agency stand for, whatever their case; "" where none is known."""
        asked = words.strip().casefold()
        return next((code for code, names in self.names.items() if asked in map(str.casefold, names)), "")


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
    """One of `MAJORITIES`."""
    tie: str

    def is_decided(self, chosen: int, *, voting: int, present: int) -> bool:
        """Say whether a choice has the quorum and the majority of these rules; who abstains is present."""
        of = {"of_members_present": present, "of_panel": self.size}.get(self.majority, voting)
        return present >= self.quorum and chosen * 2 > of


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
            told = {"penalty": penalty, "known": ", ".join(self.scale)}
            raise LookupError(_("%(penalty)s is no penalty of the matrix; known are %(known)s") % told)
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

    @property
    def board_finding_binds(self) -> bool:
        """Whether the chief cannot depart from what the board found: it decides, and does not recommend."""
        return self.review_board and self.oversight_model == ADJUDICATIVE


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
    limit_warnings: tuple[int, ...] = ()
    """Percentages of a limit at which whoever is responsible is warned, before its last day."""
    least_listening_sessions: int = 0
    """Sessions that are held on a draft before it is adopted."""
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

    def goes_to_board(self, classification: str, *, asked: bool) -> bool:
        """Say whether the board reviews a case: there is one, and the kind or the complainant calls for it."""
        return self.profile.review_board and (asked or classification in self.classifications.heard_by_board)

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
