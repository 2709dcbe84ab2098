"""Results and data for everyone: what people complained about, what was found, and how long it took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from casework.clocks import today
from casework.models import ImportSource
from casework.portal.tables import csv_answer
from casework.reporting.answers import answer, threshold_on
from casework.reporting.charts import bar_chart
from casework.reporting.measures import ALLEGATIONS, COMPLAINTS, COUNT, MEDIAN_DAYS, Query, Subject
from casework.vocabulary import FINDING_LABELS
from policy_rules.models import Section
from policy_rules.reading import titles_of

PROTECTING = "CH-12.2"
"""The section of the manual on small numbers."""


@dataclass(frozen=True)
class Figure:
    """One figure of the page: what it counts, by what, and the words that say so."""

    code: str
    subject: Subject
    key: str
    title: str | Promise
    meaning: str | Promise
    row_words: str | Promise
    measure: str = COUNT
    in_year: bool = True
    """Whether it is shown when one year is looked at."""
    for_imports: bool | None = None
    """True: for another system's records alone; False: for complaints filed here alone."""


FIGURES = (
    Figure(
        "years",
        COMPLAINTS,
        "year_received",
        _lazy("Complaints received in each year"),
        _lazy("Every complaint is counted in the year in which it reached the office, whatever became of it."),
        _lazy("Year"),
        in_year=False,
    ),
    Figure(
        "months",
        COMPLAINTS,
        "month_received",
        _lazy("Complaints received in each month"),
        _lazy("Every complaint is counted in the month in which it reached the office, whatever became of it."),
        _lazy("Month"),
    ),
    Figure(
        "days",
        COMPLAINTS,
        "year_received",
        _lazy("How long it took"),
        _lazy("Half of the complaints received in the year were closed within this number of days."),
        _lazy("Year"),
        MEDIAN_DAYS,
    ),
    Figure(
        "findings",
        ALLEGATIONS,
        "finding",
        _lazy("What we found"),
        _lazy("A complaint can hold several allegations. Each is counted by itself, with the finding that stands."),
        _lazy("Finding"),
    ),
    Figure(
        "sections",
        ALLEGATIONS,
        "policy_section",
        _lazy("Which rules the complaints were about"),
        _lazy("Each allegation is counted under the section that it says was broken."),
        _lazy("Section"),
        for_imports=False,
    ),
    Figure(
        "categories",
        ALLEGATIONS,
        "category",
        _lazy("What the complaints were about"),
        _lazy("Each allegation is counted under the name that the other system gave it."),
        _lazy("Category"),
        for_imports=True,
    ),
    Figure(
        "districts",
        COMPLAINTS,
        "district",
        _lazy("Where it happened"),
        _lazy("Every complaint is counted in the police district of the event."),
        _lazy("District"),
    ),
)


@dataclass(frozen=True)
class Choice:
    """What a visitor looks at: the records of this office or of an import, of all years or of one."""

    source: str = ""
    year: int | None = None

    def query(self, figure: Figure) -> Query:
        """Return the question that the figure asks."""
        first = date(self.year, 1, 1) if self.year else None
        last = date(self.year, 12, 31) if self.year else None
        return Query(figure.subject, (figure.key,), figure.measure, self.source, "", first, last)

    @property
    def parameters(self) -> str:
        """The choice as the query of an address."""
        named = [("source", self.source), ("year", self.year)]
        chosen = [f"{name}={value}" for name, value in named if value]
        return f"?{'&'.join(chosen)}" if chosen else ""

    def shows(self, figure: Figure) -> bool:
        """Say whether the figure belongs to this choice."""
        if figure.for_imports is not None and figure.for_imports != bool(self.source):
            return False
        return figure.in_year or self.year is None


def _choice(request: HttpRequest) -> Choice:
    """Return what the address asks for; raises Http404 for records or years that nobody has."""
    source, year = request.GET.get("source", ""), request.GET.get("year", "")
    if source and not ImportSource.objects.filter(name=source).exists():
        raise Http404
    if not year:
        return Choice(source)
    if not (year.isascii() and year.isdigit() and date.min.year <= int(year) <= date.max.year):
        raise Http404
    return Choice(source, int(year))


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show every figure of the choice, each as a sentence, a chart and a table."""
    choice = _choice(request)
    years = answer(Choice(choice.source).query(FIGURES[0]), exact=False)["rows"]
    page = {
        "choice": choice,
        "years": [row["year_received"] for row in reversed(years)],
        "sources": ImportSource.objects.order_by("name"),
        "figures": [_shown(figure, choice) for figure in FIGURES if choice.shows(figure)] if years else [],
        "threshold": threshold_on(today()),
        "protecting": PROTECTING if Section.objects.filter(code=PROTECTING, manual__governs=True).exists() else "",
        "today": today(),
    }
    return render(request, "portal/results.html", page)


def _shown(figure: Figure, choice: Choice) -> dict[str, Any]:
    found = answer(choice.query(figure), exact=False)
    rows = _rows(figure, found["rows"])
    charted = rows if figure.key.endswith("_received") else sorted(rows, key=lambda row: -(row["value"] or 0))
    address = reverse("results:table", kwargs={"code": figure.code})
    return {
        "figure": figure,
        "headline": _headline(figure, found["total"], charted),
        "rows": charted,
        "chart": bar_chart([(row["label"], row["value"], row["words"]) for row in charted]),
        "note": bool(found.get("note")),
        "withheld": any(row["value"] is None for row in rows),
        "csv": f"{address}{choice.parameters}",
    }


def _rows(figure: Figure, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    labels = _labels(figure, [row[figure.key] for row in rows])
    shown = []
    for row in rows:
        value = row.get(figure.measure) if not row.get("suppressed") else None
        number = "" if value is None else formats.number_format(value, use_l10n=True, force_grouping=True)
        words = number or _("withheld")
        shown.append({"code": row[figure.key], "label": labels[row[figure.key]], "value": value, "words": words})
    return shown


def _labels(figure: Figure, codes: Sequence[str]) -> dict[str, str]:
    missing = str(_("No finding yet")) if figure.key == "finding" else str(_("Not recorded"))
    labels = {code: code or missing for code in codes}
    if figure.key == "finding":
        labels |= {code: str(FINDING_LABELS[code]) for code in codes if code in FINDING_LABELS}
    if figure.key == "policy_section":
        labels |= {code: f"{code} {title}" for code, title in titles_of(codes, get_language() or "en").items()}
    if figure.key == "month_received":
        labels |= {code: formats.date_format(date.fromisoformat(f"{code}-01"), "YEAR_MONTH_FORMAT") for code in codes}
    return labels


def _headline(figure: Figure, total: int | None, rows: Sequence[dict[str, Any]]) -> str:
    """Return what the figure says in one sentence; where figures are withheld, no more than they allow."""
    known = [row for row in rows if row["value"]]
    if figure.measure == MEDIAN_DAYS:
        if not known:
            return _("Too few complaints are closed to say how long they took.")
        said = {"days": known[-1]["words"], "year": known[-1]["label"]}
        return _("Half of the complaints received in %(year)s were closed within %(days)s days.") % said
    if total is None:
        return _("The total is withheld, because it would give a withheld figure away.")
    number = formats.number_format(total, use_l10n=True, force_grouping=True)
    if figure.subject is COMPLAINTS:
        return _("Complaints counted: %(total)s.") % {"total": number}
    if not known:
        return _("Allegations counted: %(total)s.") % {"total": number}
    return _("Allegations counted: %(total)s. Most often: %(label)s.") % {"total": number, "label": known[0]["label"]}


@require_safe
def table(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out the rows of one figure as CSV, with the codes beside the words; what is withheld has no number."""
    figure = next((figure for figure in FIGURES if figure.code == code), None)
    choice = _choice(request)
    if figure is None or not choice.shows(figure):
        raise Http404
    rows = _rows(figure, answer(choice.query(figure), exact=False)["rows"])
    return csv_answer(
        f"{code}.csv",
        (figure.key, "label", figure.measure, "withheld"),
        ((row["code"], row["label"], row["value"], row["value"] is None) for row in rows),
    )
