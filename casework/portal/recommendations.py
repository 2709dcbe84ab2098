"""The tracker of recommendations for everyone (CH-12.4): what was asked, what was answered, and whether it was done."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import RoleCode
from casework.clocks import today
from casework.models import Recommendation
from casework.portal.tables import csv_answer
from casework.recommending import PUBLIC_STATES
from policy_rules.reading import titles_of

ON_ONE_PAGE = 25
OVERDUE = "overdue"


def shown(row: Recommendation) -> dict[str, Any]:
    """Return a recommendation as both pages show it."""
    return {
        "row": row,
        "to": dict(RoleCode.choices).get(row.addressed_to, row.addressed_to),
        "by": dict(RoleCode.choices).get(row.body, row.body),
        "overdue": row.is_overdue(today()),
    }


@require_safe
def tracker(request: HttpRequest) -> HttpResponse:
    """List what was recommended, the newest first; of one state, or overdue, where that is asked for."""
    asked = request.GET.get("state", "")
    rows = Recommendation.objects.public().prefetch_related("sections")
    if asked == OVERDUE:
        rows = rows.overdue(today())
    elif asked in PUBLIC_STATES:
        rows = rows.filter(state=asked)
    page = Paginator(rows, ON_ONE_PAGE).get_page(request.GET.get("page"))
    states = [(state.value, state.label) for state in PUBLIC_STATES]
    context = {
        "page": page,
        "rows": [shown(row) for row in page],
        "states": [*states, (OVERDUE, _("Overdue"))],
        "asked": asked,
    }
    return render(request, "portal/recommendations.html", context)


COLUMNS = (
    "number", "title", "language", "state", "body", "addressed_to", "proposed_on", "sent_on", "answer_due_on",
    "answered_on", "promised_for", "done_on", "verified_on",
)  # fmt: skip


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """Hand out the tracker as CSV: what was asked of whom, where it stands, and every day of it."""
    day = today()
    rows = (
        (
            *(getattr(row, name) for name in COLUMNS),
            row.is_overdue(day),
            " ".join(section.code for section in row.sections.all()),
            " ".join(row.comments),
        )
        for row in Recommendation.objects.public().prefetch_related("sections")
    )
    name = f"recommendations-{day.isoformat()}.csv"
    return csv_answer(name, (*COLUMNS, "overdue", "sections", "comments"), rows)


@require_safe
def recommendation(request: HttpRequest, number: str) -> HttpResponse:
    """Show one recommendation with its answer and what came of it."""
    row = get_object_or_404(Recommendation.objects.public(), number=number)
    codes = list(row.sections.values_list("code", flat=True))
    titles = titles_of(codes, get_language() or "en")
    days = (
        (_("Sent"), row.sent_on),
        (_("Answer due"), row.answer_due_on),
        (_("Answered"), row.answered_on),
        (_("To be done by"), row.promised_for),
        (_("Done"), row.done_on),
        (_("Verified"), row.verified_on),
    )
    page = {
        **shown(row),
        "sections": [(code, titles.get(code, "")) for code in codes],
        "facts": [{"label": label, "value": day} for label, day in days if day],
    }
    return render(request, "portal/recommendation.html", page)
