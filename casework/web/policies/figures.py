"""The exact figures of the manual for those who look after it: every section, and those that keep failing."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from casework.exceptions import NotPermitted
from casework.models import SectionTally
from casework.reporting.failing import failing_sections
from casework.reporting.section_figures import figures_of
from casework.reporting.tallies import COMPLAINTS, ESTABLISHED_EXCEPTIONS, RAISED, STANDING
from casework.web.entrance import WorkRequest, work_page
from policy_rules.models import Section
from policy_rules.permissions import may
from policy_rules.reading import titles_of
from policy_rules.roles import PolicyPerm

SHOWN = (COMPLAINTS, STANDING, RAISED, ESTABLISHED_EXCEPTIONS)
"""Beginnings of the measures that the table shows; the page of a section shows all."""


def require_reader(request: WorkRequest) -> None:
    """Raise NotPermitted for someone who does not work on the manual."""
    if not may(request.user, PolicyPerm.VIEW_DRAFT):
        raise NotPermitted(PolicyPerm.VIEW_DRAFT.label)


@work_page()
def failing(request: WorkRequest) -> HttpResponse:
    """List the sections that keep failing, with exact numbers."""
    require_reader(request)
    found = failing_sections(exact=True)
    titles = titles_of([row.section for row in found.rows], get_language() or "en")
    rows = [{"row": row, "title": titles.get(row.section, "")} for row in found.rows]
    return render(request, "casework/policy_failing.html", {"found": found, "rows": rows})


@work_page()
def overview(request: WorkRequest) -> HttpResponse:
    """Show the figures of every section that a complaint has been about."""
    require_reader(request)
    counted = Section.objects.filter(manual__governs=True, pk__in=SectionTally.objects.values("section"))
    sections = list(counted.select_related("chapter__manual"))
    titles = titles_of([section.code for section in sections], get_language() or "en")
    found = figures_of(sections, exact=True)
    measures = [row for row in found[0].rows if row.measure.startswith(SHOWN)] if found else []
    columns = [(row.measure, row.label) for row in measures]
    rows = [
        {
            "code": figures.code,
            "title": titles.get(figures.code, ""),
            "cells": [(label, figures.row(measure).count) for measure, label in columns],
        }
        for figures in found
    ]
    return render(request, "casework/policy_figures.html", {"rows": rows, "columns": columns})
