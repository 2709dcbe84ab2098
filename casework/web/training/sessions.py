"""The first page of training, the sessions, and who attended them."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from casework.actions.training import sessions as acts
from casework.clocks import today
from casework.exceptions import Invalid
from casework.importers.attendance import Fault, read_attendance
from casework.models import Attendance, Officer, TrainingSession
from casework.permissions import members_read_by, training_permissions
from casework.training_vocabulary import Attended, TrainingPerm
from casework.web.entrance import WorkRequest, sent
from casework.web.training.courses import kept
from casework.web.training.forms import CorrectionForm, CostForm, ImportForm, PersonForm, SessionForm, TookForm
from casework.web.training.frame import ANY, POSTS, answer, done, training_page

ROWS = 25
EXAMPLE = "badge,result,score\n1013,completed,88\n1014,absent,"


def _sessions() -> Any:
    attended = Count("attendance", filter=Q(attendance__result=Attended.COMPLETED))
    found = TrainingSession.objects.select_related("curriculum__course")
    return found.annotate(completed=attended).order_by("-held_on", "code")


@training_page(*ANY)
def overview(request: WorkRequest) -> HttpResponse:
    """Show the courses with what they teach now, and the sessions, newest first."""
    courses = [{"course": row, "current": row.curriculum_on(today())} for row in kept()]
    page = Paginator(_sessions(), ROWS).get_page(request.GET.get("page"))
    return answer(request, "training/overview.html", {"courses": courses, "page": page, "today": today()})


@training_page(TrainingPerm.RECORD, methods=POSTS)
def add(request: WorkRequest) -> HttpResponse:
    """Plan a session, or enter one that was held."""
    form = SessionForm(sent(request), courses=kept())
    if request.method == "POST" and form.carry_out(acts.plan_session, by=request.user):
        return done(request, form.outcome.reference, "training:session", session=form.outcome.code)
    return answer(request, "training/session_add.html", form=form)


@training_page(*ANY, methods=POSTS)
def session(request: WorkRequest, session: str) -> HttpResponse:
    """Show a session with those who attended, as far as the person may read them; record one member."""
    row = get_object_or_404(_sessions(), code=session)
    form = TookForm(sent(request))
    if request.method == "POST" and form.carry_out(_record_one, session=row, by=request.user):
        return done(request, row.reference, "training:session", session=row.code)
    return _session_page(request, row, form)


def _record_one(
    *, session: TrainingSession, badge: str, result: str, score: int | None, minutes: int | None, by: Any
) -> None:
    officer = Officer.objects.filter(badge=badge.strip()).first()
    if officer is None:
        raise Invalid(_("No officer with badge %(badge)s is in the register.") % {"badge": badge}, "badge")
    acts.record_attendance(session=session, taken=[acts.Took(officer, result, score, minutes)], by=by)


def _session_page(
    request: WorkRequest,
    row: TrainingSession,
    form: TookForm,
    *,
    imported: ImportForm | None = None,
    faults: tuple[Fault, ...] = (),
    costs: CostForm | None = None,
    person: PersonForm | None = None,
) -> HttpResponse:
    reads = members_read_by(request.user)
    may = training_permissions(request.user)
    page = {
        "session": row,
        "attendance": row.attendance.filter(officer__in=reads).select_related("officer"),
        "is_held": row.held_on <= today(),
        "import_form": imported or ImportForm(initial={"lines": ""}),
        "faults": faults,
        "example": EXAMPLE,
        "costs": costs or CostForm(session=row),
        "people": row.office_attendance.select_related("person") if TrainingPerm.READ_RECORDS in may else (),
        "person_form": person or (PersonForm() if TrainingPerm.RECORD in may else None),
        "stated": row.costs.all() if TrainingPerm.REPORT_HOURS in may else (),
    }
    return answer(request, "training/session.html", page, form=form)


@training_page(TrainingPerm.RECORD, methods=("POST",))
def import_attendance(request: WorkRequest, session: str) -> HttpResponse:
    """Record everyone of a CSV list, or nobody and every line that is wrong."""
    row = get_object_or_404(_sessions(), code=session)
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _session_page(request, row, TookForm(), imported=form)
    content = form.content()
    read = read_attendance(content, row)
    faults = read.faults
    if not faults:
        try:
            acts.record_attendance(session=row, taken=read.taken, source=content, by=request.user)
        except Invalid as wrong:
            faults = (Fault(0, str(wrong)),)
        else:
            return done(request, row.reference, "training:session", session=row.code)
    again = ImportForm(initial={"lines": content.decode("utf-8-sig", errors="replace")})
    return _session_page(request, row, TookForm(), imported=again, faults=faults)


@training_page(TrainingPerm.RECORD, methods=("POST",))
def record_person(request: WorkRequest, session: str) -> HttpResponse:
    """Record someone of the office or of the review board."""
    row = get_object_or_404(_sessions(), code=session)
    form = PersonForm(request.POST)
    if form.carry_out(acts.record_person, session=row, by=request.user):
        return done(request, row.reference, "training:session", session=row.code)
    return _session_page(request, row, TookForm(), person=form)


@training_page(TrainingPerm.REPORT_HOURS, methods=("POST",))
def costs(request: WorkRequest, session: str) -> HttpResponse:
    """State what a session cost."""
    row = get_object_or_404(_sessions(), code=session)
    form = CostForm(request.POST, session=row)
    if form.carry_out(acts.state_costs, session=row, by=request.user):
        return done(request, row.reference, "training:session", session=row.code)
    return _session_page(request, row, TookForm(), costs=form)


@training_page(TrainingPerm.RECORD, methods=POSTS)
def correct(request: WorkRequest, session: str, attendance: int) -> HttpResponse:
    """Correct how a member took part."""
    row = get_object_or_404(
        Attendance.objects.select_related("officer", "session"), session__code=session, pk=attendance
    )
    initial = {"result": row.result, "score": row.score, "minutes": row.minutes}
    form = CorrectionForm(sent(request), initial=initial)
    if request.method == "POST" and form.carry_out(acts.correct_attendance, attendance=row, by=request.user):
        return done(request, row.session.reference, "training:session", session=session)
    return answer(request, "training/attendance_correct.html", {"attendance": row}, form=form)
