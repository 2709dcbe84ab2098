"""Whether an officer was trained before the event: it tells a broken rule from a failure of training.

The answer is read from the records each time it is asked, by the permanent identity of the section. Training counts
when it was completed on a day before the event, by whatever version of a course taught the section on that day.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework.models import Attendance, CaseOfficer, Officer, TrainingSession, Waiver
from casework.training_vocabulary import Attended
from policy_rules.in_force import NotInForce, in_force
from policy_rules.models import Curriculum, Section

TRAINED, EARLIER_TEXT, NOT_TRAINED = "trained", "earlier_text", "not_trained"
NO_COURSE, UNIDENTIFIED = "no_course", "unidentified"


@dataclass(frozen=True)
class Trained:
    """What the records say of one member, one section and one day; `code` is one of the constants above."""

    code: str
    section: Section
    day: date
    officer: Officer | None = None
    completed: tuple[Attendance, ...] = ()
    """Every completion before the day, the latest first."""
    others: tuple[Attendance, ...] = ()
    """Sessions on the section before the day which the member did not complete, the latest first."""
    waivers: tuple[Waiver, ...] = ()
    """Waivers of courses on the section that were in force on the day."""
    later: Attendance | None = None
    """The first completion on or after the day."""
    first_session: TrainingSession | None = None
    """The first session on the section that was held while the member was with the department, before the day."""

    @property
    def is_trained(self) -> bool:
        """Whether the member had completed training on the section before the day."""
        return self.code in {TRAINED, EARLIER_TEXT}

    @property
    def speaks_for_training_failure(self) -> bool:
        """Whether the records alone leave open that the rule was broken by someone who was never taught it."""
        return self.code in {NOT_TRAINED, EARLIER_TEXT, NO_COURSE}

    @property
    def sentence(self) -> str:
        """The answer in one sentence."""
        told: dict[str, Any] = {"section": self.section.code, "day": formats.date_format(self.day)}
        if self.completed:
            last = self.completed[0]
            told |= {
                "course": f"{last.session.curriculum.course.code} {last.session.curriculum.version}",
                "on": formats.date_format(last.session.held_on),
                "days": (self.day - last.session.held_on).days,
            }
        if self.code == TRAINED:
            return (
                ngettext(
                    "Trained on %(section)s before the event: completed %(course)s on %(on)s, %(days)d day before.",
                    "Trained on %(section)s before the event: completed %(course)s on %(on)s, %(days)d days before.",
                    told["days"],
                )
                % told
            )
        sentences = {
            EARLIER_TEXT: _(
                "Trained on an earlier text of %(section)s only: completed %(course)s on %(on)s, "
                "and the words of the section changed before the event."
            ),
            NOT_TRAINED: _("No record shows that the officer completed training on %(section)s before %(day)s."),
            NO_COURSE: _("No course taught %(section)s before %(day)s."),
            UNIDENTIFIED: _("The officer is not identified, so no record can be asked."),
        }
        return sentences[self.code] % told

    @property
    def sources(self) -> list[str]:
        """The records the answer rests on, one sentence each."""
        lines = [
            _("%(session)s, %(course)s %(version)s, %(on)s: %(result)s.") % _told(row)
            for row in (*self.completed, *self.others)
        ]
        lines += [
            _("Excused from %(course)s from %(on)s to %(until)s: %(ground)s.")
            % {
                "course": row.course.code,
                "on": formats.date_format(row.granted_on),
                "until": formats.date_format(row.expires_on),
                "ground": row.get_ground_display(),
            }
            for row in self.waivers
        ]
        if self.officer is not None and self.officer.appointed_on is not None and not self.is_trained:
            lines.append(_("Appointed on %(on)s.") % {"on": formats.date_format(self.officer.appointed_on)})
        if self.first_session is not None and not self.is_trained:
            lines.append(
                _("The first session on the section after that was %(session)s on %(on)s.")
                % {"session": self.first_session.code, "on": formats.date_format(self.first_session.held_on)}
            )
        if self.later is not None and not self.is_trained:
            lines.append(
                _("Completed %(course)s %(version)s after the event, on %(on)s (%(session)s).") % _told(self.later)
            )
        return lines


def _told(row: Attendance) -> dict[str, Any]:
    return {
        "session": row.session.code,
        "course": row.session.curriculum.course.code,
        "version": row.session.curriculum.version,
        "on": formats.date_format(row.session.held_on),
        "result": row.get_result_display(),
    }


def trained(officer: Officer | None, section: Section, *, before: date) -> Trained:
    """Answer the question for a member of the register; five queries at most."""
    if officer is None:
        return Trained(UNIDENTIFIED, section, before)
    curricula = list(Curriculum.objects.filter(sections=section).select_related("course"))
    if not any(row.effective_from < before for row in curricula):
        return Trained(NO_COURSE, section, before, officer)
    rows = list(
        Attendance.objects.filter(officer=officer, session__curriculum__in=curricula)
        .select_related("session__curriculum__course")
        .order_by("-session__held_on", "-session__pk")
    )
    earlier = [row for row in rows if row.session.held_on < before]
    completed = tuple(row for row in earlier if row.result == Attended.COMPLETED)
    later = [row for row in rows if row.session.held_on >= before and row.result == Attended.COMPLETED]
    waivers = Waiver.objects.filter(
        officer=officer, course__curricula__in=curricula, granted_on__lte=before, expires_on__gte=before
    )
    return Trained(
        code=_code(section, completed, before),
        section=section,
        day=before,
        officer=officer,
        completed=completed,
        others=tuple(row for row in earlier if row.result != Attended.COMPLETED),
        waivers=tuple(waivers.select_related("course").distinct()),
        later=later[-1] if later else None,
        first_session=None if completed else _first_session(officer, curricula, before),
    )


def trained_before(officer: CaseOfficer | None, section: Section, day: date) -> Trained:
    """Answer the question for an officer of a case."""
    return trained(officer.officer if officer else None, section, before=day)


def _code(section: Section, completed: Sequence[Attendance], before: date) -> str:
    if not completed:
        return NOT_TRAINED
    try:
        judged = in_force(section, on=before).wording_digest
        taught = {in_force(section, on=row.session.held_on).wording_digest for row in completed}
    except NotInForce:
        return EARLIER_TEXT
    return TRAINED if judged in taught else EARLIER_TEXT


def _first_session(officer: Officer, curricula: Sequence[Curriculum], before: date) -> TrainingSession | None:
    held = TrainingSession.objects.filter(curriculum__in=curricula, held_on__lt=before)
    if officer.appointed_on is not None:
        held = held.filter(held_on__gte=officer.appointed_on)
    return held.order_by("held_on", "pk").first()


def completions(codes: Collection[str]) -> dict[str, int]:
    """Return how often training on each of these sections of the governing manual was completed."""
    taught = "session__curriculum__sections"
    rows = Attendance.objects.completed().filter(**{f"{taught}__code__in": codes, f"{taught}__manual__governs": True})
    return dict(rows.order_by().values_list(f"{taught}__code").annotate(Count("pk")))
