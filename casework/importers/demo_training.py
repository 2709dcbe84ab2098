"""The training of the demonstration city: courses, their panel, sessions held and who attended, by the real acts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from accounts.models import User
from casework.actions.training import courses, members, sessions
from casework.clocks import today
from casework.models import Officer, TrainingSession
from casework.permissions import own_entry
from casework.reporting.compliance import to_be_read
from casework.training_vocabulary import Attended
from policy_rules.models import Course, PanelMember

COORDINATOR = "dpassmoor"
FIRST_RULES = date(2024, 1, 2)
"""No rules empower an act before this day; what was done earlier is entered under it."""
EXCUSED_FOR = timedelta(days=120)

Row = Mapping[str, Any]


def load(told: Row, officers: Iterable[Row]) -> None:
    """Enter everything that the city's file says of training."""
    by = User.objects.get(login=COORDINATOR)
    kept = {row["id"]: _course(row, by) for row in told["courses"]}
    _panel(told, kept, by)
    held = {row["id"]: _session(row, kept, by) for row in told["sessions"] if row["course"] in kept}
    _attendance(told["waivers"], officers, held, by)
    for row in told["sessions"]:
        if row.get("costs"):
            sessions.state_costs(session=held[row["id"]], cents=row["costs"], by=by)
        for login in row.get("people", ()):
            sessions.record_person(
                session=held[row["id"]],
                person=User.objects.get(login=login),
                result=Attended.COMPLETED,
                by=by,
                on=_entered(held[row["id"]].held_on),
            )
    for row in told["waivers"]:
        session = held[row["session"]]
        members.waive(
            officer=Officer.objects.get(badge=row["officer"]),
            course=session.curriculum.course,
            ground=row["ground"],
            reason=row["reason"],
            expires_on=session.held_on + EXCUSED_FOR,
            by=by,
            on=_entered(session.held_on),
        )
    _read(told["confirmed_by"])


def _day(row: Row, name: str = "day_offset") -> date:
    return row["date"] if "date" in row else today() + timedelta(days=int(row[name]))


def _entered(day: date) -> date:
    return min(max(day, FIRST_RULES), today())


def _course(row: Row, by: User) -> Course:
    course = courses.open_course(code=row["id"], title=row["title"], by=by)
    for version in row["versions"]:
        courses.publish_curriculum(
            course=course,
            version=version["version"],
            effective_from=version.get("from") or today() + timedelta(days=int(version["from_day"])),
            minutes=int(row["hours"]) * 60,
            outline=version["outline"],
            sections=row["sections"],
            required_of=row["required_of"],
            within_days=row.get("within_days"),
            renewed_after_years=row.get("renewed_after_years"),
            by=by,
        )
    return course


def _panel(told: Row, kept: Mapping[str, Course], by: User) -> None:
    seated: dict[str, PanelMember] = {
        row["name"]: courses.seat_on_panel(
            name=row["name"], is_outside=row["outside"], perspective=row["brings"], since=row["since"], by=by
        )
        for row in told["panel"]
    }
    for row in told["panel_recommendations"]:
        course = kept[row["course"]]
        asked = courses.recommend(
            course=course, member=seated[row["from"]], text=row["text"], made_on=_day(row, "made_day"), by=by
        )
        if row.get("answer"):
            courses.answer(
                recommendation=asked,
                code=row["answer"],
                rationale=row["rationale"],
                led_to=course.curricula.get(version=row["led_to"]) if row.get("led_to") else None,
                by=by,
                on=_day(row, "answered_day"),
            )


def _session(row: Row, kept: Mapping[str, Course], by: User) -> TrainingSession:
    return sessions.plan_session(
        code=row["id"],
        course=Course.objects.prefetch_related("curricula").get(pk=kept[row["course"]].pk),
        held_on=_day(row),
        place=row["place"],
        instructor=User.objects.get(login=row["instructor"]).name,
        seats=row.get("seats"),
        award=row.get("award", ""),
        by=by,
    )


def _attendance(waivers: Iterable[Row], officers: Iterable[Row], held: Mapping[str, TrainingSession], by: User) -> None:
    """Record each session with those whose row in the register lists it, and those excused as absent."""
    known = {officer.badge: officer for officer in Officer.objects.all()}
    took: dict[str, list[sessions.Took]] = {}
    for row in officers:
        for code in row.get("training", ()):
            took.setdefault(code, []).append(sessions.Took(known[row["badge"]], Attended.COMPLETED))
    for row in waivers:
        took.setdefault(row["session"], []).append(sessions.Took(known[row["officer"]], Attended.ABSENT))
    for code, taken in took.items():
        sessions.record_attendance(session=held[code], taken=taken, by=by, on=_entered(held[code].held_on))


def _read(logins: Iterable[str]) -> None:
    """Let members with an account confirm what is in force."""
    for user in User.objects.filter(login__in=list(logins)):
        if own_entry(user) is not None:
            for version in to_be_read():
                members.confirm_reading(version=version, by=user)
