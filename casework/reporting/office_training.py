"""Who in the office and on the review board has completed what is required of them (CH-14.1, CH-14.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate

from accounts.models import RoleCode, RoleHolding, User
from casework.clocks import today
from casework.models import OfficeAttendance
from casework.permissions import members_read_by, training_permissions
from casework.reporting.compliance import Line, by_unit, due, lines_of, required_courses, stand, standings
from casework.training_vocabulary import COMPLETED, Standing, TrainingPerm
from policy_rules.models import Course, RequiredOf

ROLES_OF: Mapping[str, Collection[str]] = {
    RequiredOf.HANDLERS: (RoleCode.INTAKE_SPECIALIST, RoleCode.INVESTIGATOR, RoleCode.SUPERVISING_INVESTIGATOR),
    RequiredOf.BOARD: (RoleCode.BOARD_MEMBER, RoleCode.BOARD_CHAIR),
}
"""The roles that make someone handle complaints, or a member of the board."""


@dataclass(frozen=True)
class PersonRow:
    """How one person stands with one course; `group` is that of whom it is required."""

    person: User
    group: RequiredOf
    course: Course
    standing: Standing
    due_on: date | None
    completed_on: date | None


def people(group: str) -> dict[User, date]:
    """Return those of whom such a course is required today, each with the day on which they began."""
    held = RoleHolding.objects.in_force().filter(role_id__in=ROLES_OF[group], user__is_active=True)
    found: dict[User, date] = {}
    for holding in held.select_related("user").order_by("user__name", "since"):
        found.setdefault(holding.user, localdate(holding.since))
    return found


def everyone() -> list[User]:
    """Return all whose training is recorded here, by name."""
    return sorted({person for group in ROLES_OF for person in people(group)}, key=lambda person: str(person.name))


def office_standings(day: date, only: User | None = None) -> list[PersonRow]:
    """Return how each person stands on a day with each course required of them, or how one does."""
    completed: dict[tuple[int, int], date] = {}
    rows = OfficeAttendance.objects.filter(result=COMPLETED, session__held_on__lte=day).order_by("session__held_on")
    for who, what, held_on in rows.values_list("person", "session__curriculum__course", "session__held_on"):
        completed[who, what] = held_on
    found: list[PersonRow] = []
    held = {group: people(group) for group in ROLES_OF}
    for course, curriculum in required_courses(day, ROLES_OF):
        group = RequiredOf(curriculum.required_of)
        for person, since in held[group].items():
            if only is None or only == person:
                latest = completed.get((person.pk, course.pk))
                due_on = due(course, curriculum, latest, since=since)
                found.append(PersonRow(person, group, course, stand(curriculum, latest, due_on, day), due_on, latest))
    return found


def by_group(rows: Iterable[PersonRow]) -> list[Line]:
    """Return one line for each course, with the group of whom it is required in the place of a unit."""
    return lines_of((row.group.value, row.course, row.standing) for row in rows)


def not_trained_for_the_board(day: date) -> set[int]:
    """Return the keys of members of the board who have not completed what is required before they sit (CH-14.2)."""
    rows = office_standings(day)
    return {row.person.pk for row in rows if row.group == RequiredOf.BOARD and row.standing != Standing.COMPLETED}


def lines_read_by(by: User) -> list[Line]:
    """Return how units stand today, as far as the person reads the records of their members, and then the groups."""
    lines = by_unit(standings(members_read_by(by), today()))
    reads_all = TrainingPerm.READ_RECORDS in training_permissions(by)
    return [*lines, *(by_group(office_standings(today())) if reads_all else ())]
