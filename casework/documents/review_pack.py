"""What the review of a chapter rests on (CH-13.6), as a page and as PDF/UA: figures as everyone may see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import override

from casework.clocks import today
from casework.documents.mark import newest_mark
from casework.documents.render import render_pdf
from casework.models import Recommendation
from casework.reporting.failing import failing_sections
from casework.reporting.section_figures import DAYS_SINCE_REVIEW, SectionFigures, figures_of
from casework.reporting.tallies import ALLEGATIONS, COMPLAINTS
from casework.vocabulary import Stage
from policy_rules.labels import REVIEW_OUTCOMES
from policy_rules.models import Chapter, Section, SectionVersion
from policy_rules.reading import titles_of
from policy_rules.reviews import review_of

TEMPLATE = "documents/review_pack.html"
LEFT_OUT = (*(f"{stage}." for stage in Stage), ALLEGATIONS, DAYS_SINCE_REVIEW)
"""Beginnings of the measures that the table leaves to the page of each section."""


def review_figures(chapter: Chapter, *, language: str) -> dict[str, Any]:
    """Return what the review of a chapter rests on: its sections that can be alleged, with what is known of each."""
    day = today()
    alleged = SectionVersion.objects.on(day).filter(section__chapter=chapter, allegable=True)
    sections = list(Section.objects.filter(pk__in=alleged.values("section")).select_related("chapter__manual"))
    codes = {section.code for section in sections}
    found = figures_of(sections, exact=False)
    titles = titles_of(sorted(codes), language)
    columns = [row for row in found[0].rows if not row.measure.startswith(LEFT_OUT)] if found else []
    return {
        "chapter": chapter,
        "review": review_of(chapter, day),
        "on": day,
        "columns": [row.label for row in columns],
        "stages": _stages(found),
        "rows": [
            {
                "code": figures.code,
                "title": titles.get(figures.code, ""),
                "complaints": figures.row(COMPLAINTS),
                "cells": [(column.label, figures.row(column.measure)) for column in columns],
            }
            for figures in found
        ],
        "failing": [row for row in failing_sections(exact=False).rows if row.section in codes],
        "recommendations": Recommendation.objects.public().filter(sections__in=sections).distinct(),
        "held": [
            {**row, "outcome": REVIEW_OUTCOMES.get(row.get("outcome"), "")}
            for row in sorted(chapter.annexes.get("reviews", ()), key=lambda row: str(row.get("due")), reverse=True)
        ],
    }


def _stages(found: Sequence[SectionFigures]) -> list[dict[str, Any]]:
    """Return for each stage the findings that were made at it, section by section; what nobody found is left out."""
    shown = []
    for stage in Stage:
        of_stage = [[row for row in figures.rows if row.measure.startswith(f"{stage}.")] for figures in found]
        met = {row.measure: row.label for rows in of_stage for row in rows if row.count or row.is_withheld}
        lines = [
            {"code": figures.code, "cells": [(label, figures.row(measure)) for measure, label in met.items()]}
            for figures, rows in zip(found, of_stage, strict=True)
            if any(row.count or row.is_withheld for row in rows)
        ]
        if lines:
            shown.append({"label": stage.label, "columns": list(met.values()), "rows": lines})
    return shown


def review_pdf(chapter: Chapter, *, language: str, on: date) -> bytes:
    """Return the figures as PDF/UA-1: call it from a job. Raises `PdfUnavailable` and `DocumentTooLarge`."""
    with override(language):
        context = {**review_figures(chapter, language=language), "checkpoint": newest_mark()}
        told = {"chapter": chapter.number, "day": formats.date_format(on)}
        title = _("Figures for the review of chapter %(chapter)s, %(day)s") % told
        return render_pdf(TEMPLATE, context, language=language, title=title)
