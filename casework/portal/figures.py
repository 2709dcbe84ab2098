"""What became of the complaints about each section of the manual, for everyone, and which keep failing."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from casework.clocks import today
from casework.models import Recommendation, SectionTally
from casework.portal.tables import csv_answer
from casework.reporting.answers import threshold_on
from casework.reporting.charts import bar_chart
from casework.reporting.failing import failing_sections
from casework.reporting.section_figures import Row, SectionFigures, figures_of
from policy_rules.models import Section
from policy_rules.reading import titles_of


def words_of(row: Row) -> str:
    """Return the number of a figure as a page says it."""
    if row.is_withheld:
        return _("withheld")
    if row.count is None:
        return "–"
    return str(formats.number_format(row.count, use_l10n=True, force_grouping=True))


def _section(code: str) -> Section:
    found = Section.objects.filter(manual__governs=True, code=code).select_related("chapter__manual").first()
    if found is None:
        raise Http404
    return found


def shown(figures: SectionFigures) -> dict[str, Any]:
    """Return figures as the part `portal/_section_figures.html` takes them."""
    years = [(str(row.label), None if row.is_withheld else row.count, words_of(row)) for row in figures.years]
    return {
        "code": figures.code,
        "groups": [(group, [(row.label, words_of(row)) for row in rows]) for group, rows in figures.groups],
        "years": years,
        "chart": bar_chart(years),
        "review": figures.review,
        "withholds": figures.withholds,
        "is_exact": figures.is_exact,
    }


@require_safe
def section(request: HttpRequest, code: str) -> HttpResponse:
    """Show the figures of a section, without what may not be published."""
    row = _section(code)
    page = {
        "section": row,
        "title": titles_of([code], get_language() or "en").get(code, ""),
        "figures": shown(figures_of([row], exact=False)[0]),
        "threshold": threshold_on(today()),
        "recommendations": Recommendation.objects.public().filter(sections=row),
    }
    return render(request, "portal/section_figures.html", page)


@require_safe
def table(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out the figures of a section as CSV; what is withheld has no number."""
    return _csv([_section(code)], f"{code}.csv")


@require_safe
def all_tables(request: HttpRequest) -> HttpResponse:
    """Hand out the figures of every section that a complaint has been about, as one CSV."""
    counted = Section.objects.filter(manual__governs=True, pk__in=SectionTally.objects.values("section"))
    return _csv(list(counted.select_related("chapter__manual").order_by("code")), "sections.csv")


def _csv(sections: list[Section], name: str) -> HttpResponse:
    header = ("section", "measure", "year", "group", "label", "count", "withheld")
    rows = (
        (figures.code, row.measure, year, row.group, row.label, row.count, row.is_withheld)
        for figures in figures_of(sections, exact=False)
        for year, row in [*(("", row) for row in figures.rows), *((row.label, row) for row in figures.years)]
    )
    return csv_answer(name, header, rows)


@require_safe
def failing(request: HttpRequest) -> HttpResponse:
    """List the sections that keep failing, each with the reasons."""
    found = failing_sections(exact=False)
    titles = titles_of([row.section for row in found.rows], get_language() or "en")
    rows = [{"row": row, "title": titles.get(row.section, "")} for row in found.rows]
    return render(request, "portal/failing.html", {"found": found, "rows": rows})
