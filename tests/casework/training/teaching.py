"""Courses of the tests, kept by the training coordinator of the cast through the real acts."""

from datetime import date, timedelta

from casework.actions.training import courses, sessions
from casework.models import Attendance, Officer, TrainingSession
from policy_rules.models import Course, PanelRecommendation
from tests.cast import person

COURSE = {
    "version": "1.0",
    "effective_from": date(2024, 1, 1),
    "minutes": 480,
    "outline": "Scenarios on distance and on slowing down.",
    "sections": ["DE-4.1", "DE-4.2"],
    "required_of": "sworn",
    "within_days": 180,
}


def course(code: str = "DE-INIT", **more: object) -> Course:
    """Open a course and publish what it teaches."""
    row = courses.open_course(code=code, title="De-escalation", by=person("dpassmoor"))
    courses.publish_curriculum(course=row, by=person("dpassmoor"), **{**COURSE, **more})
    return row


def session(of: Course, code: str = "TS-01", held_on: date = date(2025, 3, 4), **more: object) -> TrainingSession:
    """Enter a session that was held."""
    return sessions.plan_session(
        code=code, course=of, held_on=held_on, place="Training Hall A", instructor="D. Passmoor",
        by=person("dpassmoor"), **more,
    )  # fmt: skip


def took(held: TrainingSession, badge: str = "1013", result: str = "completed", **more: object) -> Attendance:
    """Record how a member took part."""
    member = sessions.Took(Officer.objects.get(badge=badge), result, **more)
    return sessions.record_attendance(session=held, taken=[member], by=person("dpassmoor"))[0]


def recommendation(of: Course, days_ago: int = 10) -> PanelRecommendation:
    """Enter what an organisation from outside recommended."""
    by, day = person("dpassmoor"), date.today() - timedelta(days=days_ago)  # noqa: DTZ011
    member = courses.seat_on_panel(name="Deaf Neighbors Network", is_outside=True, since=day, by=by)
    return courses.recommend(course=of, member=member, text="Let a deaf instructor teach.", made_on=day, by=by)
