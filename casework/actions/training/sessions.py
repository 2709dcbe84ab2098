"""Sessions of a course, and who took part in them (CH-14.3)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts.models import User
from casework.actions.training.acts import stated, training
from casework.exceptions import Invalid
from casework.models import Attendance, OfficeAttendance, Officer, SessionCost, TrainingSession
from casework.reporting.office_training import everyone
from casework.training_vocabulary import COMPLETED, Attended, CostCategory, Delivery, TrainingPerm
from policy_rules.models import Course

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,29}")
MOST_AT_ONCE = 1_000
"""Members whose attendance one entry of the log can name."""


@dataclass(frozen=True)
class Took:
    """How one member took part; minutes None stands for the whole session, or for none of it where they were absent."""

    officer: Officer
    result: str
    score: int | None = None
    minutes: int | None = None


def plan_session(
    *,
    code: str,
    course: Course,
    held_on: date,
    place: str,
    instructor: str,
    delivery: str = Delivery.MIXED,
    minutes: int | None = None,
    seats: int | None = None,
    award: str = "",
    by: User,
) -> TrainingSession:
    """Plan a session, or enter one that was held. It teaches the version of the curriculum in force on its day."""
    with training("hold_training_session", by=by, perm=TrainingPerm.RECORD) as act:
        if not CODE.fullmatch(code):
            raise Invalid(_("A code is made of 2 to 30 capital letters, digits and hyphens."), "code")
        if TrainingSession.objects.filter(code=code).exists():
            raise Invalid(_("A session has this code already."), "code")
        curriculum = course.curriculum_on(held_on)
        if curriculum is None:
            sentence = _("No curriculum of this course is in force on %(day)s.") % {"day": held_on.isoformat()}
            raise Invalid(sentence, "held_on")
        if delivery not in Delivery.values:
            raise Invalid(_("Choose how it is given."), "delivery")
        if minutes is not None and not 0 < minutes <= curriculum.minutes * 2:
            raise Invalid(_("It lasts longer than twice its curriculum, or no time at all."), "minutes")
        session = TrainingSession.objects.create(
            code=code,
            curriculum=curriculum,
            held_on=held_on,
            place=stated(place, _("Say where it is held."), "place"),
            instructor=stated(instructor, _("Say who teaches it."), "instructor"),
            delivery=delivery,
            minutes=minutes or curriculum.minutes,
            seats=seats,
            award=award.strip(),
        )
        act.record(
            "training.session_planned",
            subject=session.reference,
            objects=[curriculum.reference],
            facts={"held_on": held_on.isoformat(), "minutes": session.minutes, "delivery": delivery},
            detail={"place": session.place, "instructor": session.instructor, "award": session.award},
        )
        return session


def state_costs(*, session: TrainingSession, cents: Mapping[str, int], by: User) -> None:
    """State what a session cost, by category; a category that is not named stays, and one of 0 is taken out."""
    with training("report_training_hours", by=by, perm=TrainingPerm.REPORT_HOURS) as act:
        if unknown := set(cents) - set(CostCategory.values):
            raise Invalid(_("No cost is called %(codes)s.") % {"codes": ", ".join(sorted(unknown))})
        if any(amount < 0 for amount in cents.values()):
            raise Invalid(_("A cost is not less than nothing."))
        for category, amount in cents.items():
            if amount:
                SessionCost.objects.update_or_create(session=session, category=category, defaults={"cents": amount})
            else:
                session.costs.filter(category=category).delete()
        act.record("training.costs_stated", subject=session.reference, facts={"cents": dict(cents)})


def record_attendance(
    *, session: TrainingSession, taken: Sequence[Took], source: bytes = b"", by: User, on: date | None = None
) -> list[Attendance]:
    """Record who took part in a session, all or nobody; `source` are the bytes of the file it was read from.

    Raises Invalid before the day of the session, for a member named twice or recorded already, and for figures that
    cannot be.
    """
    with training("record_training", by=by, perm=TrainingPerm.RECORD, on=on) as act:
        session = TrainingSession.objects.select_for_update().get(pk=session.pk)
        if session.held_on > act.on:
            raise Invalid(_("The session has not been held yet."))
        if not 0 < len(taken) <= MOST_AT_ONCE:
            raise Invalid(_("Name at least one member, and at most %(most)d at once.") % {"most": MOST_AT_ONCE})
        if len({took.officer.pk for took in taken}) < len(taken):
            raise Invalid(_("A member is named twice."))
        known = session.attendance.filter(officer__in=[took.officer for took in taken]).select_related("officer")
        if known:
            badges = ", ".join(row.officer.badge for row in known)
            raise Invalid(_("Recorded already: %(badges)s. Correct it instead.") % {"badges": badges}, "badge")
        rows = Attendance.objects.bulk_create(_row(session, took, act.on, by) for took in taken)
        act.record(
            "training.attendance_recorded",
            subject=session.reference,
            objects=[row.officer.reference for row in rows],
            facts={
                "results": {code: sum(row.result == code for row in rows) for code in Attended.values},
                "source_sha256": hashlib.sha256(source).hexdigest() if source else "",
            },
        )
        return rows


def correct_attendance(
    *,
    attendance: Attendance,
    result: str,
    score: int | None = None,
    minutes: int | None = None,
    reason: str,
    by: User,
) -> Attendance:
    """Correct how a member took part, with the reason; the entry keeps what stood before."""
    with training("record_training", by=by, perm=TrainingPerm.RECORD) as act:
        row = (
            Attendance.objects.select_for_update(of=["self"]).select_related("officer", "session").get(pk=attendance.pk)
        )
        reason = stated(reason, _("Say why it is corrected."), "reason")
        corrected = _row(row.session, Took(row.officer, result, score, minutes), act.on, by)
        before = {"result": row.result, "minutes": row.minutes}
        row.result, row.score, row.minutes = corrected.result, corrected.score, corrected.minutes
        row.recorded_on, row.recorded_by = act.on, by
        row.save(update_fields=["result", "score", "minutes", "recorded_on", "recorded_by"])
        act.record(
            "training.attendance_corrected",
            subject=row.session.reference,
            objects=[row.officer.reference],
            facts={"before": before, "result": row.result, "minutes": row.minutes},
            detail={"reason": reason},
        )
        return row


def record_person(
    *,
    session: TrainingSession,
    person: User,
    result: str,
    minutes: int | None = None,
    by: User,
    on: date | None = None,
) -> OfficeAttendance:
    """Record how someone of the office or the review board took part; once more corrects it, and the entry keeps both.

    Raises Invalid before the day of the session, for somebody else, and for figures that cannot be.
    """
    with training("record_training", by=by, perm=TrainingPerm.RECORD, on=on) as act:
        session = TrainingSession.objects.select_for_update().get(pk=session.pk)
        if session.held_on > act.on:
            raise Invalid(_("The session has not been held yet."))
        if person not in everyone():
            raise Invalid(_("Choose someone of the office or of the review board."), "person")
        taken = _minutes(session, result, minutes)
        before = session.office_attendance.filter(person=person).first()
        row, _is_new = OfficeAttendance.objects.update_or_create(
            session=session,
            person=person,
            defaults={"result": result, "minutes": taken, "recorded_on": act.on, "recorded_by": by},
        )
        act.record(
            "training.person_recorded",
            subject=session.reference,
            objects=[person.reference],
            facts={
                "result": result,
                "minutes": taken,
                "before": {"result": before.result, "minutes": before.minutes} if before else None,
            },
        )
        return row


def _minutes(session: TrainingSession, result: str, minutes: int | None) -> int:
    """Return the time taken part in; raises Invalid where result and time do not go together."""
    if result not in Attended.values:
        raise Invalid(_("Choose how the member took part."), "result")
    if minutes is None:
        minutes = 0 if result == Attended.ABSENT else session.minutes
    if not 0 <= minutes <= session.minutes:
        raise Invalid(_("The time is longer than the session."), "minutes")
    if result == Attended.IN_PART and not 0 < minutes < session.minutes:
        raise Invalid(_("Say for how much of the session the member was there."), "minutes")
    if result == COMPLETED and minutes < session.minutes:
        raise Invalid(_("Who was there for a part only has not completed it."), "minutes")
    return minutes


def _row(session: TrainingSession, took: Took, on: date, by: User) -> Attendance:
    minutes = _minutes(session, took.result, took.minutes)
    if took.score is not None and not 0 <= took.score <= 100:  # noqa: PLR2004 percent
        raise Invalid(_("A score is a number from 0 to 100."), "score")
    return Attendance(
        session=session,
        officer=took.officer,
        result=took.result,
        score=took.score,
        minutes=minutes,
        recorded_on=on,
        recorded_by=by,
    )
