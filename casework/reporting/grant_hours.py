"""Hours and costs of training as a grant asks for them: officers, hours, trainers, costs by category, and outcomes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from casework.models import Allegation, Attendance, SessionCost, TrainingSession
from casework.reporting.answers import threshold_on
from casework.training_vocabulary import COMPLETED, CostCategory
from policy_rules.models import ChapterVersion, TaughtSection
from policy_rules.outcomes import violation
from policy_rules.rules import NoRulesInForce, rules_on


@dataclass(frozen=True)
class Asked:
    """Which sessions are counted: those of a grant (all if empty) or of a course, held from one day to another."""

    first: date
    last: date
    award: str = ""
    course: str = ""


@dataclass(frozen=True)
class SessionLine:
    """One session: members who completed it, and hours delivered to members."""

    session: TrainingSession
    completed: int
    minutes: int
    cents: int

    @property
    def hours(self) -> float:
        """Hours delivered: of each member, added up."""
        return self.minutes / 60


@dataclass(frozen=True)
class SectionLine:
    """Allegations of one section taught, of events in the period; None where a figure is withheld."""

    code: str
    alleged: int | None
    sustained: int | None


@dataclass(frozen=True)
class Hours:
    """The figures of a report. Minutes are those that members took part, whatever came of the test."""

    asked: Asked
    sessions: tuple[SessionLine, ...] = ()
    officers: int = 0
    trainers: int = 0
    minutes: int = 0
    costs: tuple[tuple[CostCategory, int], ...] = ()
    policies: tuple[ChapterVersion, ...] = ()
    sections: tuple[SectionLine, ...] = field(default=())

    @property
    def cents(self) -> int:
        """All costs together."""
        return sum(amount for _category, amount in self.costs)

    @property
    def hours(self) -> float:
        """All hours delivered."""
        return self.minutes / 60

    @property
    def priced(self) -> list[tuple[str, float]]:
        """What was spent, by the words for it, in the currency's whole unit."""
        return [(str(category.label), amount / 100) for category, amount in self.costs]

    @property
    def price(self) -> float:
        """All costs together, in the currency's whole unit."""
        return self.cents / 100


def hours(asked: Asked) -> Hours:
    """Count what the report asks for; nine queries, whatever the number of sessions."""
    held = TrainingSession.objects.filter(held_on__range=(asked.first, asked.last))
    if asked.award:
        held = held.filter(award=asked.award)
    if asked.course:
        held = held.filter(curriculum__course__code=asked.course)
    sessions = list(held.select_related("curriculum__course").order_by("held_on", "code"))
    took = Attendance.objects.filter(session__in=sessions)
    lines: dict[int, list[int]] = {session.pk: [0, 0, 0] for session in sessions}
    for session, result, minutes in took.values_list("session", "result", "minutes"):
        lines[session][0] += result == COMPLETED
        lines[session][1] += minutes
    certifying = [session for session in sessions if session.curriculum.certifies_trainers]
    spent: Counter[str] = Counter()
    for session, category, cents in SessionCost.objects.filter(session__in=sessions).values_list(
        "session", "category", "cents"
    ):
        spent[category] += cents
        lines[session][2] += cents
    return Hours(
        asked=asked,
        sessions=tuple(SessionLine(session, *lines[session.pk]) for session in sessions),
        officers=took.filter(minutes__gt=0).order_by().values("officer").distinct().count(),
        trainers=took.completed().filter(session__in=certifying).order_by().values("officer").distinct().count(),
        minutes=sum(minutes for _completed, minutes, _cents in lines.values()),
        costs=tuple((category, spent[category]) for category in CostCategory if category in spent),
        policies=tuple(
            ChapterVersion.objects.filter(
                chapter__manual__governs=True, adopted_on__range=(asked.first, asked.last)
            ).select_related("chapter__manual")
        ),
        sections=_outcomes(sessions, asked),
    )


def _outcomes(sessions: list[TrainingSession], asked: Asked) -> tuple[SectionLine, ...]:
    """Count the allegations of the sections taught; figures from 1 up to the threshold are withheld (CH-12.2)."""
    curricula = {session.curriculum_id for session in sessions}
    codes = sorted(set(TaughtSection.objects.filter(curriculum__in=curricula).values_list("section__code", flat=True)))
    found = Allegation.objects.filter(
        source=None, section_version__section__code__in=codes, incident_on__range=(asked.first, asked.last)
    ).values_list("section_version__section__code", "finding_code")
    least, code = threshold_on(asked.last), _violation_on(asked.last)
    counted = [(section, finding == code) for section, finding in found]
    return tuple(
        SectionLine(
            section,
            *(
                _shown(number, least)
                for number in (
                    sum(alleged == section for alleged, _sustained in counted),
                    sum(alleged == section and sustained for alleged, sustained in counted),
                )
            ),
        )
        for section in codes
    )


def _violation_on(day: date) -> str:
    try:
        return violation(rules_on(day))
    except NoRulesInForce:
        return ""


def _shown(number: int, least: int) -> int | None:
    return None if 0 < number < least else number
