"""What the review of a chapter of the manual rests on, for everyone (CH-13.6), and whether it is overdue."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from casework.clocks import today
from casework.documents.review_pack import review_figures
from casework.models import ReviewPack
from casework.portal.figures import words_of
from casework.reporting.answers import threshold_on
from casework.reporting.charts import bar_chart
from policy_rules.models import Chapter

SHOWN = 6
"""The newest files that the page lists."""


def _chapter(code: str) -> Chapter:
    return get_object_or_404(Chapter.objects.select_related("manual"), manual__governs=True, code=code)


@require_safe
def review(request: HttpRequest, code: str) -> HttpResponse:
    """Show the figures of each section, the reviews that were held with their reports, and when the next is due."""
    chapter = _chapter(code)
    page = review_figures(chapter, language=get_language() or "en")
    complaints = [(row["code"], row["complaints"]) for row in page["rows"]]
    page |= {
        "chart": bar_chart(
            [(name, row.count, words_of(row)) for name, row in complaints if row.count or row.is_withheld]
        ),
        "packs": ReviewPack.objects.public().filter(chapter=chapter).defer("pdf")[:SHOWN],
        "threshold": threshold_on(today()),
    }
    return render(request, "portal/review.html", page)


@require_safe
def review_file(request: HttpRequest, code: str, pack: int) -> HttpResponse:
    """Hand out the figures that were made for a review that was due."""
    found = get_object_or_404(ReviewPack.objects.public(), chapter=_chapter(code), pk=pack)
    answer = HttpResponse(bytes(found.pdf), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{code}-{found.due_on}-{found.language}.pdf"'
    return answer
