"""The record of one member, and what a member has yet to read."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from casework.actions.training import members as acts
from casework.clocks import today
from casework.models import Officer
from casework.permissions import members_read_by, own_entry
from casework.reporting.compliance import standings, to_be_read
from casework.reporting.office_training import office_standings
from casework.training_vocabulary import TrainingPerm
from casework.web.entrance import WorkRequest, sent, work_page
from casework.web.training.courses import kept
from casework.web.training.forms import ExcuseForm
from casework.web.training.frame import POSTS, READERS, answer, done, training_page
from policy_rules.models import ChapterVersion


@work_page()
def mine(request: WorkRequest) -> HttpResponse:
    """Show a member of the department what waits to be read, and their own record."""
    officer = own_entry(request.user)
    page = {
        "office_rows": office_standings(today(), request.user),
        "office_attendance": request.user.office_training.select_related("session__curriculum__course"),
    }
    return answer(request, "training/mine.html", page | (_record(officer) if officer else {"officer": None}))


@work_page(methods=("POST",))
def confirm(request: WorkRequest, chapter: str, version: str) -> HttpResponse:
    """Confirm that the person has read a version."""
    found = ChapterVersion.objects.select_related("chapter__manual")
    row = get_object_or_404(found, chapter__manual__governs=True, chapter__code=chapter, version=version)
    confirmed = acts.confirm_reading(version=row, by=request.user)
    return done(request, confirmed.officer.reference, "training:mine")


@training_page(*READERS)
def member(request: WorkRequest, badge: str) -> HttpResponse:
    """Show the record of a member to those who may read it; for others there is none."""
    return answer(request, "training/member.html", _record(_member(request, badge)))


@training_page(TrainingPerm.WAIVE, methods=POSTS)
def excuse(request: WorkRequest, badge: str) -> HttpResponse:
    """Excuse a member from a course until a day."""
    officer = _member(request, badge)
    form = ExcuseForm(sent(request), courses=kept())
    if request.method == "POST" and form.carry_out(acts.waive, officer=officer, by=request.user):
        return done(request, officer.reference, "training:member", badge=badge)
    return answer(request, "training/excuse.html", {"officer": officer}, form=form)


def _member(request: WorkRequest, badge: str) -> Officer:
    officer = members_read_by(request.user).filter(badge=badge).first()
    if officer is None:
        raise Http404
    return officer


def _record(officer: Officer) -> dict[str, Any]:
    read, versions = {row.version_id: row for row in officer.read.all()}, to_be_read()
    return {
        "officer": officer,
        "standings": standings(Officer.objects.filter(pk=officer.pk), today()),
        "attendance": officer.training.select_related("session__curriculum__course").order_by("-session__held_on"),
        "waivers": officer.waivers.select_related("course"),
        "versions": [{"version": row, "read": read.get(row.pk)} for row in versions],
        "unread": sum(row.pk not in read for row in versions),
        "today": today(),
    }
