"""The votes: the roll call, each ballot read back before it counts, closing a vote, and the texts that go with it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from audit.models import Entry
from casework import clocks
from casework.actions import board
from casework.models import Allegation, Case
from casework.permissions import permissions_of
from casework.states import State
from casework.vocabulary import FINDING_MEANINGS, OpinionKind, Perm, VoteChoice
from casework.web import words
from casework.web.board_room.counts import Roll, panel_today, roll_on, rolls
from casework.web.board_room.forms import BallotForm, OpinionForm, SendBackForm
from casework.web.board_room.frame import board_answer
from casework.web.board_room.packet import item_address
from casework.web.dossier import allegations_of, dossier
from casework.web.entrance import WorkRequest, case_page, done, require, sent
from casework.web.moves import statements
from moves.forms import Answer
from policy_rules.labels import rule_value
from policy_rules.rule_data import OF_WHO_VOTES
from policy_rules.rules import rules_on

POSTS = ("GET", "HEAD", "POST")


def _allegation(case: Case, number: int) -> Allegation:
    found: Allegation | None = allegations_of(case).filter(number=number).first()
    if found is None or found.section_version is None:
        raise Http404
    return found


@case_page(Perm.VIEW_VOTES)
def roll_call(request: WorkRequest, case: Case) -> HttpResponse:
    """Show each vote: who has voted, and how once it is closed, with reasons, concurrences and dissents."""
    may = permissions_of(request.user, case)
    receipts = _receipts(request, case)
    found = [_shown(roll, request, case, may, receipts) for roll in rolls(case, allegations_of(case), panel_today())]
    asks_back = case.state == State.BOARD_REVIEW or found[-1]["roll"].cast
    page = {
        "rolls": found[:-1],
        "send_back": found[-1] if asks_back else None,
        "asked": statements(case, "send_back_to_investigation"),
    }
    return board_answer(request, case, "board_room/votes.html", page)


def _receipts(request: WorkRequest, case: Case) -> dict[int, int]:
    """Return the number in the case's log of each vote that this person cast."""
    mine = Entry.objects.about(case.reference).filter(action="vote.cast", actor=request.user.reference)
    return {entry.facts["vote"]: entry.n for entry in mine}


def _shown(
    roll: Roll, request: WorkRequest, case: Case, may: frozenset[str], receipts: dict[int, int]
) -> dict[str, Any]:
    mine = roll.cast.get(request.user.pk)
    opinions = list(roll.allegation.opinions.all()) if roll.allegation else []
    this_round = [row for row in opinions if row.round == case.returns + 1]
    return {
        "roll": roll,
        "rows": roll.rows(request.user),
        "mine": mine,
        "my_label": words.code_label(mine.choice) if mine else "",
        "receipt": receipts.get(mine.pk) if mine else None,
        "votes": Perm.VOTE in may and mine is None and roll.finding is None,
        "closes": Perm.ADOPT_RECOMMENDATION in may and roll.may_close,
        "writes": Perm.VOTE in may and roll.allegation is not None and roll.is_closed,
        "opinions": opinions,
        "lacks_reasons": roll.finding is not None and all(row.kind != OpinionKind.MAJORITY for row in this_round),
        "questions": roll.questions() if roll.is_closed else [],
    }


@case_page(Perm.VOTE, methods=POSTS)
def vote(request: WorkRequest, case: Case, allegation: int) -> HttpResponse:
    """Vote on one allegation, with its elements and its rule beside the ballot."""
    alleged = _allegation(case, allegation)
    codes = board.answers(rules_on(clocks.today()), alleged)
    form = BallotForm(sent(request), codes=codes)
    page = {
        "file": dossier(alleged, lambda item: item_address(case, item)),
        "question": _("Which finding does the board make on allegation %(number)d, %(section)s, against %(officer)s?")
        % {
            "number": alleged.number,
            "section": alleged.cited[0].section.code,
            "officer": alleged.officer.label if alleged.officer else "",
        },
        "meanings": FINDING_MEANINGS,
    }
    return _ballot(request, case, alleged, form, page)


@case_page(Perm.VOTE, methods=POSTS)
def vote_to_send_back(request: WorkRequest, case: Case) -> HttpResponse:
    """Vote on whether the case goes back to the investigation with questions."""
    form = SendBackForm(sent(request), codes=board.answers(rules_on(clocks.today()), None))
    page = {"question": _("Does the case go back to the investigation with specific questions?"), "meanings": {}}
    return _ballot(request, case, None, form, page)


def _ballot(
    request: WorkRequest, case: Case, allegation: Allegation | None, form: BallotForm, page: dict[str, Any]
) -> HttpResponse:
    roll = roll_on(case, allegation)
    answer = form.settle(board.vote, case=case, allegation=allegation, by=request.user)
    if answer is Answer.RECORDED:
        return done(request, case, "board:votes", number=case.number)
    shown = {
        **page,
        "form": form,
        "roll": roll,
        "allegation": allegation,
        "mine": roll.cast.get(request.user.pk),
        "majority": rule_value(majority := panel_today().majority),
        "is_of_who_votes": majority == OF_WHO_VOTES,
        "reasons": words.refusal_lines(form.refusals, case.number),
    }
    if answer is Answer.READ_BACK:
        return board_answer(request, case, "board_room/vote_read_back.html", {**shown, **_read_back(form, page)})
    return board_answer(request, case, "board_room/vote.html", shown, status=form.status)


def _read_back(form: BallotForm, page: dict[str, Any]) -> dict[str, Any]:
    choice = form.cleaned_data["choice"]
    return {
        "choice": choice,
        "choice_label": words.code_label(choice),
        "meaning": page["meanings"].get(choice, ""),
        "is_answer": choice in VoteChoice.values,
        "note": form.cleaned_data["note"],
    }


@case_page(Perm.ADOPT_RECOMMENDATION, methods=("POST",))
def close(request: WorkRequest, case: Case, allegation: int) -> HttpResponse:
    """Close a vote with the members present."""
    board.close_vote(case=case, allegation=_allegation(case, allegation), by=request.user)
    return done(request, case, "board:votes", number=case.number)


@case_page(Perm.VIEW_VOTES, methods=POSTS)
def reasons(request: WorkRequest, case: Case, allegation: int) -> HttpResponse:
    """Show the reasons of the majority, concurrences and dissents on an allegation; members write theirs."""
    alleged = _allegation(case, allegation)
    if request.method == "POST":
        require(request.user, case, Perm.VOTE)
    roll = roll_on(case, alleged)
    form = OpinionForm(sent(request))
    given = {"case": case, "allegation": alleged, "by": request.user}
    if request.method == "POST" and form.carry_out(board.give_opinion, **given):
        return done(request, case, "board:votes", number=case.number)
    page = {
        "allegation": alleged,
        "opinions": alleged.opinions.all(),
        "form": form,
        "roll": roll,
        "writes": Perm.VOTE in permissions_of(request.user, case),
        "reasons": words.refusal_lines(form.refusals, case.number),
    }
    return board_answer(request, case, "board_room/reasons.html", page, status=form.status)
