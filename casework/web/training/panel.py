"""The curriculum panel: who sits on it, what it recommends, and what the department answers (DE-8.3)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from casework.actions.training import courses as acts
from casework.clocks import today
from casework.training_vocabulary import TrainingPerm
from casework.web.entrance import WorkRequest, sent
from casework.web.training.courses import kept
from casework.web.training.forms import AnswerForm, RecommendForm, SeatForm
from casework.web.training.frame import ANY, POSTS, answer, done, training_page
from policy_rules.models import PanelMember, PanelRecommendation

PANEL = "list:curriculum-panel"


@training_page(*ANY, methods=POSTS)
def panel(request: WorkRequest) -> HttpResponse:
    """Show who sits on the panel and every recommendation, those that wait for an answer first; seat a member."""
    form = SeatForm(sent(request), initial={"since": today(), "is_outside": "yes"})
    if request.method == "POST" and form.carry_out(acts.seat_on_panel, by=request.user):
        return done(request, PANEL, "training:panel")
    members = list(PanelMember.objects.filter(manual__governs=True, until=None))
    asked = PanelRecommendation.objects.filter(course__manual__governs=True).select_related(
        "course", "member", "led_to"
    )
    page = {
        "members": members,
        "outside": sum(member.is_outside for member in members),
        "open": [row for row in asked if not row.answer],
        "answered": [row for row in asked if row.answer],
        "today": today(),
    }
    return answer(request, "training/panel.html", page, form=form)


@training_page(TrainingPerm.KEEP_PANEL, methods=("POST",))
def leave(request: WorkRequest, member: int) -> HttpResponse:
    """Note that a member sits on the panel no more."""
    acts.leave_panel(member=get_object_or_404(PanelMember, pk=member), by=request.user)
    return done(request, PANEL, "training:panel")


@training_page(TrainingPerm.KEEP_PANEL, methods=POSTS)
def recommend(request: WorkRequest) -> HttpResponse:
    """Enter a recommendation of the panel."""
    members = PanelMember.objects.filter(manual__governs=True, until=None)
    form = RecommendForm(sent(request), courses=kept(), members=members)
    if request.method == "POST" and form.carry_out(acts.recommend, by=request.user):
        return done(request, form.outcome.course.reference, "training:panel")
    return answer(request, "training/recommend.html", {"members": members}, form=form)


@training_page(TrainingPerm.KEEP_PANEL, methods=POSTS)
def answer_recommendation(request: WorkRequest, recommendation: int) -> HttpResponse:
    """Answer a recommendation, once and in public."""
    found = PanelRecommendation.objects.select_related("course", "member")
    row = get_object_or_404(found, pk=recommendation, answer="")
    form = AnswerForm(sent(request), curricula=row.course.curricula.all())
    if request.method == "POST" and form.carry_out(acts.answer, recommendation=row, by=request.user):
        return done(request, row.course.reference, "training:panel")
    return answer(request, "training/answer.html", {"recommendation": row}, form=form)
