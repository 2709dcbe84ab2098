"""Who has completed what by unit, who has yet to read the policy, and hours for a grant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from casework.actions.exports import csv_of
from casework.actions.training.reports import figures_csv, hours_csv, hours_pdf
from casework.clocks import today
from casework.documents.render import PdfError, why_unavailable
from casework.permissions import members_read_by, training_permissions
from casework.reporting.charts import bar_chart
from casework.reporting.compliance import Line, by_unit, standings, unread
from casework.reporting.grant_hours import hours
from casework.reporting.grant_outcomes import Asked, outcomes
from casework.reporting.office_training import lines_read_by, office_standings
from casework.training_vocabulary import Standing, TrainingPerm
from casework.web.entrance import WorkRequest
from casework.web.training.forms import HoursForm, ReportForm
from casework.web.training.frame import READERS, answer, training_page

HUNDRED = 100
CSV = "text/csv; charset=utf-8"


@training_page(*READERS)
def compliance(request: WorkRequest) -> HttpResponse:
    """Show by unit and course how many have completed what is required, who is late, and who has yet to read."""
    members = members_read_by(request.user)
    rows = standings(members, today())
    lines = by_unit(rows)
    waiting = unread(members)
    page = {
        "today": today(),
        "lines": lines,
        "chart": _chart(lines),
        "overdue": [row for row in rows if row.standing == Standing.OVERDUE],
        "unread": waiting,
        "office_rows": office_standings(today())
        if TrainingPerm.READ_RECORDS in training_permissions(request.user)
        else [],
        "members": members.filter(is_active=True).count(),
    }
    return answer(request, "training/compliance.html", page)


def _chart(lines: Sequence[Line]) -> Any:
    """Return the share of what is required that is completed, for each unit, over all its courses."""
    units: dict[str, list[int]] = {}
    for line in lines:
        unit = units.setdefault(line.unit or str(_("No unit")), [0, 0])
        unit[0] += line.completed
        unit[1] += line.required
    shares = [(name, HUNDRED * completed / required) for name, (completed, required) in units.items()]
    return bar_chart(
        [
            (name, share, _("%(share)d%%") % {"share": round(share)})
            for name, share in sorted(shares, key=lambda item: (item[1], item[0]))
        ]
    )


@training_page(*READERS)
def compliance_table(request: WorkRequest) -> HttpResponse:
    """Hand out the table of units and courses as CSV; it names no member."""
    lines = lines_read_by(request.user)
    header = ("day", "unit", "course", "required", "completed", "excused", "due", "overdue")
    data = csv_of(
        header,
        (
            (today(), line.unit, line.course.code, line.required, line.completed, line.waived, line.due, line.overdue)
            for line in lines
        ),
    )
    return _file(data.encode(), f"training-{today().isoformat()}.csv", CSV)


@training_page(TrainingPerm.REPORT_HOURS)
def hours_page(request: WorkRequest) -> HttpResponse:
    """Show the hours and costs of a period as a grant asks for them."""
    return _hours_page(request, HoursForm(request.GET or None, auto_id="filter_%s"), ReportForm())


def _hours_page(request: WorkRequest, form: HoursForm, report: ReportForm) -> HttpResponse:
    asked = _asked(form)
    page = {
        "filter": form,
        "report": report,
        "figures": hours(asked),
        "outcomes": outcomes(asked, {}),
        "no_pdf": why_unavailable(),
    }
    return answer(request, "training/hours.html", page)


@training_page(TrainingPerm.REPORT_HOURS, methods=("POST",))
def hours_file(request: WorkRequest) -> HttpResponse:
    """Hand the report out as CSV or PDF/UA; that it was taken, and its digest, are an entry of the log."""
    asked = _asked(HoursForm(request.POST))
    day = asked.last.isoformat()
    if request.POST.get("form") == "csv":
        return _file(hours_csv(asked, by=request.user).encode(), f"training-hours-{day}.csv", CSV)
    report = ReportForm(request.POST)
    if not report.is_valid():
        return _hours_page(request, HoursForm(request.POST, auto_id="filter_%s"), report)
    if request.POST.get("form") == "figures":
        data = figures_csv(asked, stated=report.stated, by=request.user)
        return _file(data.encode(), f"training-figures-{day}.csv", CSV)
    try:
        pdf = hours_pdf(asked, **report.words, stated=report.stated, language=get_language() or "en", by=request.user)
    except PdfError as error:
        report.add_error(None, str(why_unavailable() or error))
        return _hours_page(request, HoursForm(request.POST, auto_id="filter_%s"), report)
    return _file(pdf, f"training-hours-{day}.pdf", "application/pdf")


def _asked(form: HoursForm) -> Asked:
    """Return the period that is asked for; this calendar year where none is."""
    given = form.cleaned_data if form.is_valid() else {}
    return Asked(
        first=given.get("first") or date(today().year, 1, 1),
        last=given.get("last") or today(),
        award=given.get("award", ""),
        course=given.get("course", ""),
    )


def _file(data: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(data, content_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})
