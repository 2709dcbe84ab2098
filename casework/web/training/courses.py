"""Courses and the versions of what they teach."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from casework.actions.training import courses as acts
from casework.clocks import today
from casework.training_vocabulary import TrainingPerm
from casework.web.entrance import WorkRequest, sent
from casework.web.training.forms import CourseForm, CurriculumForm
from casework.web.training.frame import ANY, POSTS, answer, done, training_page
from policy_rules.models import Course


def kept() -> QuerySet[Course]:
    """Return the courses of the governing manual with what they teach."""
    return (
        Course.objects.filter(manual__governs=True)
        .select_related("manual")
        .prefetch_related("curricula__taught__section")
    )


@training_page(*ANY)
def course(request: WorkRequest, course: str) -> HttpResponse:
    """Show a course: its versions, what the panel recommended, and the sessions that taught it."""
    row = get_object_or_404(kept(), code=course)
    page = {
        "course": row,
        "current": row.curriculum_on(today()),
        "curricula": list(row.curricula.all())[::-1],
        "recommendations": row.recommendations.select_related("member", "led_to", "course"),
        "today": today(),
    }
    return answer(request, "training/course.html", page)


@training_page(TrainingPerm.KEEP_COURSES, methods=POSTS)
def add(request: WorkRequest) -> HttpResponse:
    """Open a course."""
    form = CourseForm(sent(request))
    if request.method == "POST" and form.carry_out(acts.open_course, by=request.user):
        return done(request, form.outcome.reference, "training:course", course=form.outcome.code)
    return answer(request, "training/course_add.html", form=form)


@training_page(TrainingPerm.KEEP_COURSES, methods=POSTS)
def publish(request: WorkRequest, course: str) -> HttpResponse:
    """Publish a version of what a course teaches; the form begins with what the version before says."""
    row = get_object_or_404(kept(), code=course)
    before = row.curricula.last()
    initial = {}
    if before is not None:
        initial = {
            "hours": before.minutes / 60,
            "sections": " ".join(before.section_codes),
            "outline": before.outline,
            "required_of": before.required_of,
            "within_days": before.within_days,
            "renewed_after_years": before.renewed_after_years,
            "certifies_trainers": before.certifies_trainers,
        }
    form = CurriculumForm(sent(request), initial=initial)
    if request.method == "POST" and form.carry_out(acts.publish_curriculum, course=row, by=request.user):
        return done(request, row.reference, "training:course", course=row.code)
    return answer(request, "training/curriculum_publish.html", {"course": row, "before": before}, form=form)
