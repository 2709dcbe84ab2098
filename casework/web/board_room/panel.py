"""The panel: the draw that anyone can repeat, who sits, who has declared, and stepping aside."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from casework import clocks
from casework.actions import assignments, board
from casework.models import Case, PanelDraw, PanelSeat
from casework.permissions import permissions_of, roles_on
from casework.reporting.office_training import not_trained_for_the_board
from casework.states import State
from casework.vocabulary import CaseRole, Perm
from casework.web.board_room.forms import StepAsideForm
from casework.web.board_room.frame import board_answer
from casework.web.entrance import WorkRequest, case_page, done, require
from casework.web.forms import DeclareForm
from policy_rules.rules import rules_on


@case_page(Perm.VIEW_PANEL)
def panel(request: WorkRequest, case: Case) -> HttpResponse:
    """Show the draw and the seats; the chair draws, a member who was drawn declares."""
    return board_answer(request, case, "board_room/panel.html", _panel(request, case))


def _panel(request: WorkRequest, case: Case) -> dict[str, Any]:
    may = permissions_of(request.user, case)
    is_drawn = CaseRole.DRAWN_MEMBER in roles_on(request.user, case)
    declares = Perm.DECLARE_CONFLICT in may
    drawn = case.draws.prefetch_related("seats__user").select_related("by").last()
    return {
        "draw": drawn,
        "seats": seat_rows(drawn),
        "lots": _lots(drawn) if drawn else [],
        "rule": rules_on(clocks.today()).panel,
        "eligible": None if drawn else len(board.board_pool(case)),
        "draws": Perm.DRAW_PANEL in may and drawn is None,
        "declare": DeclareForm() if declares and is_drawn else None,
        "step_aside": StepAsideForm() if declares and not is_drawn else None,
        "waits_for_office": case.state == State.BOARD_REFERRED,
    }


def seat_rows(draw: PanelDraw | None) -> list[dict[str, Any]]:
    """Return the seats in the order drawn, each with how it stands in words and as the kind of a badge."""
    untrained = not_trained_for_the_board(clocks.today()) if draw else set()
    return [
        {"seat": seat, "stands": _stands(seat), "is_untrained": seat.left_on is None and seat.user_id in untrained}
        for seat in (draw.seats.all() if draw else ())
    ]


def _stands(seat: PanelSeat) -> tuple[str, str]:
    if seat.left_on is not None:
        return _("Stepped aside"), "bare"
    if seat.called_on is None:
        return _("Substitute, not called"), "bare"
    if seat.declared_on is None:
        return _("Has not declared"), "warn"
    return _("Declared: no conflict"), "good"


def _lots(draw: PanelDraw) -> list[dict[str, str]]:
    """Return every member of the pool with their lot, the lowest first: whoever repeats the draw finds the same."""
    return [
        {"reference": reference, "lot": board.lot(draw.seed, reference)}
        for reference in board.draw_order(draw.seed, draw.pool)
    ]


@case_page(Perm.DRAW_PANEL, methods=("POST",))
def draw(request: WorkRequest, case: Case) -> HttpResponse:
    """Draw the panel by lot."""
    board.draw_panel(case=case, by=request.user)
    return done(request, case, "board:panel", number=case.number)


@case_page(Perm.DECLARE_CONFLICT, methods=("POST",))
def declare(request: WorkRequest, case: Case) -> HttpResponse:
    """Declare that there is no conflict, or step aside."""
    return _declared(request, case, DeclareForm(request.POST), "declare")


@case_page(Perm.DECLARE_CONFLICT, methods=("POST",))
def step_aside(request: WorkRequest, case: Case) -> HttpResponse:
    """Step aside from a case after all; access ends with the act."""
    return _declared(request, case, StepAsideForm(request.POST), "step_aside")


def _declared(request: WorkRequest, case: Case, form: Any, shown_as: str) -> HttpResponse:
    require(request.user, case, Perm.VIEW_PANEL)
    if not form.carry_out(assignments.declare_conflict, case=case, by=request.user):
        page = {**_panel(request, case), shown_as: form, "form": form}
        return board_answer(request, case, "board_room/panel.html", page, status=form.status)
    if form.answers()["has_conflict"]:
        messages.success(request, _("You stepped aside. Case %(number)s is closed to you.") % {"number": case})
        return redirect("board:reviews")
    return done(request, case, "board:panel", number=case.number)
