"""My reviews: what waits for a member of the panel, and what waits for the chair."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from casework import clocks
from casework.models import Allegation, Assignment, Case
from casework.states import State
from casework.vocabulary import CaseRole, Clock, OpinionKind
from casework.web import words
from casework.web.board_room.counts import READ, Roll, panel_today, rolls
from casework.web.entrance import WorkRequest, work_page
from casework.web.work import ROWS, case_row, listed
from policy_rules.rule_data import PanelRule

VOTES = "board:votes"
PANEL_ROLES = (CaseRole.DRAWN_MEMBER, CaseRole.BOARD_MEMBER, CaseRole.BOARD_CHAIR)
GROUPS: tuple[tuple[str, str | Promise], ...] = (
    ("declare", _lazy("To declare")),
    ("vote", _lazy("To read and vote")),
    ("reasons", _lazy("Reasons to write")),
    ("chair", _lazy("For the chair")),
    ("wait", _lazy("Waiting on others")),
    ("done", _lazy("Done")),
)
WITH_THE_BOARD = (State.BOARD_REFERRED, State.BOARD_REVIEW)


@work_page()
def reviews(request: WorkRequest) -> HttpResponse:
    """Show the cases on whose panel this person sits, by what they wait for; the chair's also before the draw."""
    held = Assignment.objects.current().filter(case=OuterRef("pk"), user=request.user, role__in=PANEL_ROLES)
    mine = Assignment.objects.current().filter(user=request.user, role__in=PANEL_ROLES)
    found = listed(request.user).filter(Exists(held)).prefetch_related(Prefetch("assignments", mine, to_attr="mine"))
    with_board = found.filter(state__in=WITH_THE_BOARD).prefetch_related(
        *READ,
        Prefetch("allegations", Allegation.objects.prefetch_related("findings", "opinions")),
    )
    rule = panel_today()
    rows = [_row(case, request.user, rule) for case in with_board.order_by(F("next_due").asc(nulls_last=True), "pk")]
    rows += [_past(case) for case in found.exclude(state__in=WITH_THE_BOARD).order_by("-received_on", "-pk")[:ROWS]]
    groups = [
        {"code": code, "label": label, "rows": [row for row in rows if row["group"] == code]} for code, label in GROUPS
    ]
    return render(request, "board_room/reviews.html", {"groups": [group for group in groups if group["rows"]]})


def _row(case: Any, user: User, rule: PanelRule) -> dict[str, Any]:
    group, asked, route = _asked(case, user, rule)
    clock = next((clock for clock in case.running_clocks if clock.code == Clock.BOARD), None)
    return {
        **case_row(case),
        "clock": clock and words.clock_line(clock, clocks.today()),
        "group": group,
        "asked": asked,
        "url": reverse(route, kwargs={"number": case.number}),
    }


def _past(case: Any) -> dict[str, Any]:
    asked = _lazy("The board was told of the decision.") if case.board_told_on else ""
    return {
        **case_row(case),
        "group": "done",
        "asked": asked,
        "clock": None,
        "url": reverse("board:packet", kwargs={"number": case.number}),
    }


def _asked(case: Any, user: User, rule: PanelRule) -> tuple[str, str | Promise, str]:
    """Return what the case waits for from this person: the group, the sentence, and the page where it is done."""
    roles = {row.role for row in case.mine}
    is_chair = CaseRole.BOARD_CHAIR in roles
    if CaseRole.DRAWN_MEMBER in roles:
        return "declare", _lazy("Declare whether you have a conflict. The packet opens afterwards."), "board:panel"
    if case.state == State.BOARD_REFERRED:
        return _before_the_review(case, is_chair)
    found = rolls(case, case.allegations.all(), rule)
    sits = CaseRole.BOARD_MEMBER in roles
    if sits and any(user.pk not in roll.cast and roll.finding is None for roll in found[:-1]):
        return "vote", _lazy("Read the packet and vote on each allegation."), VOTES
    if sits and any(_lacks_reasons(roll, case) for roll in found[:-1]):
        return "reasons", _lazy("The majority has not stated its reasons on every allegation."), VOTES
    if is_chair:
        return (
            "chair",
            _lazy("Adopt the recommendation or send the case back, once the panel has voted."),
            VOTES,
        )
    return "wait", _lazy("You have voted. Others have not, or the chair has not signed."), VOTES


def _before_the_review(case: Any, is_chair: bool) -> tuple[str, str | Promise, str]:  # noqa: FBT001 - one fact of two
    draws = list(case.draws.all())
    if not is_chair:
        return "wait", _lazy("You have declared. The packet opens when the chair seats the panel."), "board:panel"
    if not draws:
        return "chair", _lazy("Draw the panel."), "board:panel"
    waits = any(seat.is_taken and seat.declared_on is None for seat in draws[-1].seats.all())
    if waits:
        return "chair", _lazy("Members who were drawn have not all declared."), "board:panel"
    return "chair", _lazy("Seat the panel."), "board:panel"


def _lacks_reasons(roll: Roll, case: Case) -> bool:
    if roll.finding is None or roll.allegation is None:
        return False
    given = {row.kind for row in roll.allegation.opinions.all() if row.round == case.returns + 1}
    return OpinionKind.MAJORITY not in given
