"""Who has completed what is required of them on a day: by unit and course, and who has read the policy in force."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, QuerySet

from casework.clocks import today
from casework.models import Acknowledgement, Attendance, OfficeAttendance, Officer, Waiver
from casework.reporting.answers import threshold_on
from casework.reporting.suppression import is_small, unless_small
from casework.training_vocabulary import COMPLETED, Standing
from policy_rules.models import ChapterVersion, Course, Curriculum, RequiredOf
from policy_rules.states import BINDING, State

OF_MEMBERS = (RequiredOf.SWORN, RequiredOf.MEMBERS)
"""Of whom in the department a course can be required; `reporting.office_training` is about the others."""
TO_BE_READ = (State.ADOPTED, *BINDING)


@dataclass(frozen=True)
class Row:
    """How one member stands with one course."""

    officer: Officer
    course: Course
    standing: Standing
    due_on: date | None = None
    completed_on: date | None = None


@dataclass
class Line:
    """One course in one unit: how many members stand where."""

    unit: str
    course: Course
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def required(self) -> int:
        """Members of whom the course is required."""
        return sum(self.counts.values())

    @property
    def completed(self) -> int:
        """Members who have completed it."""
        return self.counts[Standing.COMPLETED]

    @property
    def waived(self) -> int:
        """Members who are excused on the day."""
        return self.counts[Standing.WAIVED]

    @property
    def due(self) -> int:
        """Members who have not completed it and are not late."""
        return self.counts[Standing.DUE]

    @property
    def overdue(self) -> int:
        """Members who are late."""
        return self.counts[Standing.OVERDUE]


def standings(members: QuerySet[Officer], day: date) -> list[Row]:
    """Return how each serving member stands on a day with each course required of them; four queries."""
    officers = list(members.filter(is_active=True).order_by("unit", "badge"))
    courses = required_courses(day, OF_MEMBERS)
    completions = _completions(officers, day)
    waived = _waived(officers, day)
    return [
        _stand(officer, course, curriculum, completions[officer.pk, course.pk], waived, day)
        for officer in officers
        for course, curriculum in courses
        if officer.is_sworn or curriculum.required_of == RequiredOf.MEMBERS
    ]


def required_courses(day: date, groups: Collection[str]) -> list[tuple[Course, Curriculum]]:
    """Return the courses that are required of these groups on a day, each with its curriculum in force."""
    courses = Course.objects.filter(manual__governs=True).select_related("manual").prefetch_related("curricula")
    return [
        (course, curriculum)
        for course in courses
        if (curriculum := course.curriculum_on(day)) is not None and curriculum.required_of in groups
    ]


def _completions(officers: Sequence[Officer], day: date) -> dict[tuple[int, int], list[date]]:
    found: dict[tuple[int, int], list[date]] = defaultdict(list)
    rows = Attendance.objects.completed().filter(officer__in=officers, session__held_on__lte=day)
    for officer, course, held_on in rows.order_by("session__held_on").values_list(
        "officer", "session__curriculum__course", "session__held_on"
    ):
        found[officer, course].append(held_on)
    return found


def _waived(officers: Sequence[Officer], day: date) -> set[tuple[int, int]]:
    rows = Waiver.objects.filter(officer__in=officers, granted_on__lte=day, expires_on__gte=day)
    return set(rows.values_list("officer", "course"))


def _stand(
    officer: Officer,
    course: Course,
    curriculum: Curriculum,
    completed: Sequence[date],
    waived: Iterable[tuple[int, int]],
    day: date,
) -> Row:
    """Return the standing by the curriculum in force; a course that is renewed is due by the end of a calendar year."""
    latest = completed[-1] if completed else None
    due_on = due(course, curriculum, latest, since=officer.appointed_on)
    standing = stand(curriculum, latest, due_on, day)
    if standing != Standing.COMPLETED and (officer.pk, course.pk) in waived:
        standing = Standing.WAIVED
    return Row(officer, course, standing, due_on, latest)


def stand(curriculum: Curriculum, latest: date | None, due_on: date | None, day: date) -> Standing:
    """Return how someone stands on a day who completed a course last on `latest`."""
    if latest is not None and (due_on is None or _is_current(curriculum, latest, day)):
        return Standing.COMPLETED
    return Standing.OVERDUE if due_on is not None and due_on < day else Standing.DUE


def _is_current(curriculum: Curriculum, latest: date, day: date) -> bool:
    years = curriculum.renewed_after_years
    return years is None or latest.year > day.year - years


def due(course: Course, curriculum: Curriculum, latest: date | None, *, since: date | None) -> date | None:
    """Return the day by which a course is to be completed, or again; `since` is that of appointment."""
    if latest is not None:
        years = curriculum.renewed_after_years
        return date(latest.year + years, 12, 31) if years else None
    begins = min(row.effective_from for row in course.curricula.all())
    return max(begins, since or begins) + timedelta(days=curriculum.within_days or 0)


def by_unit(rows: Iterable[Row]) -> list[Line]:
    """Return one line for each unit and course, in the order of their names."""
    return lines_of((row.officer.unit, row.course, row.standing) for row in rows)


def lines_of(stands: Iterable[tuple[str, Course, Standing]]) -> list[Line]:
    """Return one line for each group of people and course, in the order of their names."""
    lines: dict[tuple[str, str], Line] = {}
    for group, course, standing in stands:
        lines.setdefault((group, course.code), Line(group, course)).counts[standing] += 1
    return [lines[key] for key in sorted(lines)]


def published_counts() -> dict[int, int | None]:
    """Return for each course how many members have completed it; None from 1 up to the threshold of the rules."""
    least = threshold_on(today())
    course, people = "session__curriculum__course", OfficeAttendance.objects.filter(result=COMPLETED)
    counted = Counter(dict(people.order_by().values_list(course).annotate(Count("person", distinct=True))))
    rows = Attendance.objects.completed().order_by().values_list(course)
    counted.update(dict(rows.annotate(Count("officer", distinct=True))))
    return {key: unless_small(number, least) for key, number in counted.items()}


def to_be_read() -> list[ChapterVersion]:
    """Return the versions that members confirm having read: those in force, and those adopted for a later day."""
    rows = ChapterVersion.objects.filter(chapter__manual__governs=True, state__in=TO_BE_READ)
    return list(rows.select_related("chapter__manual").order_by("chapter__order", "effective"))


@dataclass(frozen=True)
class Reading:
    """How many serving members have confirmed a version; None where it would show who has, or has not."""

    version: ChapterVersion
    members: int
    read: int | None


def published_reading() -> list[Reading]:
    """Return for each version that is to be read how many members confirmed it, as everyone may see it (CH-12.2)."""
    least, members = threshold_on(today()), Officer.objects.filter(is_active=True)
    rows = Acknowledgement.objects.filter(officer__in=members).order_by().values_list("version")
    counted, total = dict(rows.annotate(Count("pk"))), members.count()
    found = []
    for version in to_be_read():
        number = counted.get(version.pk, 0)
        is_withheld = is_small(number, least) or is_small(total - number, least)
        found.append(Reading(version, total, None if is_withheld else number))
    return found


def unread(members: QuerySet[Officer]) -> list[tuple[ChapterVersion, list[Officer]]]:
    """Return each version that is to be read with the serving members who have not confirmed it; three queries."""
    officers = list(members.filter(is_active=True).order_by("unit", "badge"))
    read = set(Acknowledgement.objects.filter(officer__in=officers).values_list("version", "officer"))
    return [
        (version, [officer for officer in officers if (version.pk, officer.pk) not in read]) for version in to_be_read()
    ]
