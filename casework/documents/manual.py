"""The whole policy manual as one document, with the texts in force on a day: a page, and a tagged PDF."""

from __future__ import annotations

import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override

from casework.documents.mark import newest_mark
from casework.documents.render import render_pdf
from policy_rules import reading
from policy_rules.models import Manual

TEMPLATE = "documents/policy_manual.html"


def manual_page(manual: Manual, *, on: datetime.date, language: str) -> str:
    """Return the manual as one page of HTML that needs no other file."""
    context = _context(manual, on, language)
    with override(language):
        return render_to_string(TEMPLATE, context)


def manual_pdf(manual: Manual, *, on: datetime.date, language: str) -> bytes:
    """Return the manual as PDF/UA-1. Takes seconds: call it from a command or a job.

    Raises `PdfUnavailable`, and `DocumentTooLarge` for a manual of more than about 400 pages.
    """
    context = _context(manual, on, language)
    return render_pdf(TEMPLATE, context, language=language, title=context["title"])


def _context(manual: Manual, on: datetime.date, language: str) -> dict[str, Any]:
    page = reading.whole(manual, on=on, language=language)
    return {"page": page, "on": on, "language": language, "title": str(page.title), "checkpoint": newest_mark()}
