"""Reports of hours that leave the office: who took which figures, and the digest of the file, are in the log."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from casework.actions.exports import csv_of
from casework.actions.training.acts import training
from casework.documents.mark import newest_mark
from casework.documents.render import render_pdf
from casework.reporting.grant_hours import Hours, hours
from casework.reporting.grant_outcomes import Asked, OutcomeLine, outcomes
from casework.training_vocabulary import TrainingPerm

HEADER = (
    "session", "day", "course", "version", "award", "place", "members_completed", "hours_delivered", "cost",
)  # fmt: skip
FIGURES_HEADER = ("part", "figure", "value", "before")
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


def figures_csv(asked: Asked, *, stated: Mapping[str, int | None], by: User) -> str:
    """Return every figure of a report as CSV, one a row, beside the same of as many days before.

    What is withheld, not stated or not compared has no number.
    """
    figures = hours(asked)
    data = csv_of(FIGURES_HEADER, _figure_rows(figures, outcomes(asked, stated)))
    _record(figures, data.encode(), "figures", by, stated)
    return data


def _figure_rows(figures: Hours, came_of_it: Sequence[OutcomeLine]) -> Iterator[tuple[object, ...]]:
    asked = figures.asked
    yield from (
        ("report", "award", asked.award, ""),
        ("report", "from", asked.first, asked.before[0]),
        ("report", "to", asked.last, asked.before[1]),
        ("report", "course", asked.course, ""),
        ("training", "sessions", len(figures.sessions), ""),
        ("training", "officers_trained", figures.officers, ""),
        ("training", "hours_delivered", _decimal(figures.hours), ""),
        ("training", "trainers_certified", figures.trainers, ""),
        ("cost", "total", _decimal(figures.price), ""),
    )
    yield from (("cost", category.value, _decimal(cents / 100), "") for category, cents in figures.costs)
    yield from (("policy_revised", version.reference, version.adopted_on, "") for version in figures.policies)
    for session in figures.heard:
        yield "community_session", f"{session} {localdate(session.starts_at)} {session.place}", session.attendance, ""
    yield "community", "listening_sessions", len(figures.heard), ""
    yield "community", "residents", figures.residents, ""
    for line in figures.sections:
        for name, pair in (("alleged", line.alleged), ("found a violation", line.sustained)):
            yield "section", f"{line.code} {name}", _known(pair.now), _known(pair.before)
    for outcome in came_of_it:
        yield "outcome", outcome.code, _known(outcome.figures.now), _known(outcome.figures.before)


def _known(number: float | None) -> object:
    return "" if number is None else number


def hours_pdf(
    asked: Asked, *, narrative: str, obstacles: str, stated: Mapping[str, int | None], language: str, by: User
) -> bytes:
    """Return the report as PDF/UA. Raises PdfError where this machine makes none."""
    figures = hours(asked)
    with override(language):
        title = _("Hours of training")
    context = {"figures": figures, "narrative": narrative, "obstacles": obstacles, "checkpoint": newest_mark()}
    context["outcomes"] = outcomes(asked, stated)
    pdf = render_pdf(TEMPLATE, context, language=language, title=title)
    _record(figures, pdf, "pdf", by, stated)
    return pdf


def _record(figures: Hours, data: bytes, form: str, by: User, stated: Mapping[str, int | None] | None = None) -> None:
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
                "stated": {name: number for name, number in (stated or {}).items() if number is not None} or None,
                "sha256": hashlib.sha256(data).hexdigest(),
            },
            detail={"award": asked.award, "course": asked.course},
        )


def _decimal(value: float) -> str:
    return f"{value:.2f}"
