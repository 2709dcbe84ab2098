"""Reports of hours that leave the office: who took which figures, and the digest of the file, are in the log."""

from __future__ import annotations

import hashlib

from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from casework.actions.exports import csv_of
from casework.actions.training.acts import training
from casework.documents.mark import newest_mark
from casework.documents.render import render_pdf
from casework.reporting.grant_hours import Asked, Hours, hours
from casework.training_vocabulary import TrainingPerm

HEADER = (
    "session", "day", "course", "version", "award", "place", "members_completed", "hours_delivered", "cost",
)  # fmt: skip
TEMPLATE = "documents/training_hours.html"
MINUTES = 60


def hours_csv(asked: Asked, *, by: User) -> str:
    """Return the sessions of a report as CSV, one row each, and one of all together."""
    figures = hours(asked)
    rows = [
        (
            line.session.code,
            line.session.held_on,
            line.session.curriculum.course.code,
            line.session.curriculum.version,
            line.session.award,
            line.session.place,
            line.completed,
            _decimal(line.minutes / MINUTES),
            _decimal(line.cents / 100),
        )
        for line in figures.sessions
    ]
    total = ("total", "", "", "", asked.award, "", figures.officers, _decimal(figures.minutes / MINUTES))
    data = csv_of(HEADER, [*rows, (*total, _decimal(figures.cents / 100))])
    _record(figures, data.encode(), "csv", by)
    return data


def hours_pdf(asked: Asked, *, narrative: str, obstacles: str, language: str, by: User) -> bytes:
    """Return the report as PDF/UA. Raises PdfError where this machine makes none."""
    figures = hours(asked)
    with override(language):
        title = _("Hours of training")
    context = {"figures": figures, "narrative": narrative, "obstacles": obstacles, "checkpoint": newest_mark()}
    pdf = render_pdf(TEMPLATE, context, language=language, title=title)
    _record(figures, pdf, "pdf", by)
    return pdf


def _record(figures: Hours, data: bytes, form: str, by: User) -> None:
    with training("report_training_hours", by=by, perm=TrainingPerm.REPORT_HOURS) as act:
        asked = figures.asked
        act.record(
            "training.hours_reported",
            subject="list:training-hours",
            facts={
                "form": form,
                "from": asked.first.isoformat(),
                "to": asked.last.isoformat(),
                "sessions": len(figures.sessions),
                "minutes": figures.minutes,
                "sha256": hashlib.sha256(data).hexdigest(),
            },
            detail={"award": asked.award, "course": asked.course},
        )


def _decimal(value: float) -> str:
    return f"{value:.2f}"
