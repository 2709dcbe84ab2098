"""Hours and costs of training as a grant asks for them: officers, hours, trainers, costs, sessions with residents."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from casework.models import Attendance, SessionCost, TrainingSession
from casework.reporting.grant_outcomes import Asked, SectionLine, section_lines
from casework.training_vocabulary import COMPLETED, CostCategory
from policy_rules.models import ChapterVersion, ListeningSession


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
class Hours:
    """The figures of a report. Minutes are those that members took part, whatever came of the test."""

    asked: Asked
    sessions: tuple[SessionLine, ...] = ()
    officers: int = 0
    trainers: int = 0
    minutes: int = 0
    costs: tuple[tuple[CostCategory, int], ...] = ()
    policies: tuple[ChapterVersion, ...] = ()
    sections: tuple[SectionLine, ...] = ()
    heard: tuple[ListeningSession, ...] = ()
    """Listening sessions with residents that were held in the period."""

    @property
    def cents(self) -> int:
        """All costs together."""
        return sum(amount for _category, amount in self.costs)

    @property
    def hours(self) -> float:
        """All hours delivered."""
        return self.minutes / 60

    @property
    def residents(self) -> int:
        """Residents who came to the listening sessions, as they were counted; who came twice counts twice."""
        return sum(session.attendance or 0 for session in self.heard)

    @property
    def priced(self) -> list[tuple[str, float]]:
        """What was spent, by the words for it, in the currency's whole unit."""
        return [(str(category.label), amount / 100) for category, amount in self.costs]

    @property
    def price(self) -> float:
        """All costs together, in the currency's whole unit."""
        return self.cents / 100


def hours(asked: Asked) -> Hours:
    """Count what the report asks for; a dozen queries, whatever the number of sessions."""
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
        sections=section_lines({session.curriculum_id for session in sessions}, asked),
        heard=tuple(
            ListeningSession.objects.filter(
                docket__version__chapter__manual__governs=True,
                starts_at__date__range=(asked.first, asked.last),
                attendance__isnull=False,
                cancelled_because="",
            ).select_related("docket")
        ),
    )
