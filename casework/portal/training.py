"""What the police are taught, for everyone: courses, what each version teaches, and what the panel recommended."""

from __future__ import annotations

from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from casework.clocks import today
from casework.reporting.compliance import published_counts, published_reading
from policy_rules.models import Course, PanelMember, PanelRecommendation


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show every course with what it teaches now and how many members completed it."""
    day = today()
    counts = published_counts()
    courses = Course.objects.filter(manual__governs=True).select_related("manual")
    seated = PanelMember.objects.filter(manual__governs=True, until=None)
    page = {
        "courses": [
            {"course": row, "current": row.curriculum_on(day), "count": counts.get(row.pk, 0)}
            for row in courses.prefetch_related("curricula__taught__section")
        ],
        "panel": seated.aggregate(all=Count("pk"), outside=Count("pk", filter=Q(is_outside=True))),
        "members": seated,
        "reading": published_reading(),
        "today": day,
    }
    return render(request, "portal/courses.html", page)


@require_safe
def course(request: HttpRequest, course: str) -> HttpResponse:
    """Show what a course teaches in each version, and every recommendation of the panel with its answer."""
    asked = PanelRecommendation.objects.select_related("member", "led_to", "course")
    found = Course.objects.filter(manual__governs=True).select_related("manual")
    row = get_object_or_404(
        found.prefetch_related("curricula__taught__section", Prefetch("recommendations", asked)), code=course
    )
    page = {
        "course": row,
        "current": row.curriculum_on(today()),
        "curricula": list(row.curricula.all())[::-1],
        "recommendations": row.recommendations.all(),
        "today": today(),
    }
    return render(request, "portal/course.html", page)
