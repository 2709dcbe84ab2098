"""The board room by its pages: the draw, declarations, the packet, votes read back, the roll call, and reasons."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import RoleHolding
from audit.models import Entry
from casework.actions import assignments, board, evidence
from casework.models import Case
from casework.models.kept_files import stored_path
from casework.replay import check_votes
from casework.states import State
from tests import walk
from tests.casework.web.visit import browser
from tests.cast import BOARD, person

pytestmark = pytest.mark.django_db

CHAIR = "wtarrow"
SEND_BACK = "send_back_to_investigation"


def at(case, *parts):
    return "/".join(["/board", str(case), *(str(part) for part in parts)]) + "/"


def get(login, case, *parts):
    return browser(login).get(at(case, *parts))


def post(login, case, *parts, **data):
    return browser(login).post(at(case, *parts), data)


def panel_of(case):
    return [seat.user.login for seat in board.seated(case)]


def drawn():
    case = walk.case_in(State.BOARD_REFERRED)
    board.draw_panel(case=case, by=person(CHAIR))
    return case


def reviewed(login):
    """Return what the person's reviews hold: the numbers of the cases by group."""
    groups = browser(login).get("/board/").context["groups"]
    return {group["code"]: [row["number"] for row in group["rows"]] for group in groups}


def cast(login, case, choice, allegation=1, **more):
    return post(login, case, "votes", allegation, choice=choice, step="record", **more)


def test_the_chair_draws_a_panel_whose_seed_and_lots_anyone_can_repeat():
    case = walk.case_in(State.BOARD_REFERRED)
    before = get(CHAIR, case, "panel").text
    assert "9 members of the board have no known conflict in this case." in before
    assert "Too few members without a conflict are left for a quorum." not in before
    post(CHAIR, case, "panel", "draw")
    draw = case.draws.get()
    page = get(CHAIR, case, "panel")
    assert draw.seed in page.text.replace("<span>", "").replace("</span>", "")
    assert [row["seat"].user for row in page.context["seats"]] == [seat.user for seat in draw.seats.all()]
    drawn_by_hand = sorted(draw.pool, key=lambda reference: board.lot(draw.seed, reference))
    assert [row["reference"] for row in page.context["lots"]] == drawn_by_hand
    assert "Substitute, not called" in page.text


def test_a_panel_is_drawn_once():
    case = drawn()
    answer = post(CHAIR, case, "panel", "draw")
    assert answer.status_code == 409
    assert "The panel has been drawn. Members are replaced in the order drawn." in answer.text


def test_too_few_members_are_told_to_the_chair_with_what_can_be_done():
    case = walk.case_in(State.BOARD_REFERRED)
    RoleHolding.objects.filter(user__login__in=BOARD[1:6]).delete()
    page = get(CHAIR, case, "panel").text
    assert "Too few members for a quorum" in page
    assert "Draw the panel</button>" not in page
    assert post(CHAIR, case, "panel", "draw").status_code == 409


def test_the_packet_opens_only_once_all_have_declared_and_the_chair_has_seated_the_panel():
    case = drawn()
    member = panel_of(case)[0]
    closed = get(member, case).text
    assert "The packet is not open to you" in closed
    assert walk.NARRATIVE not in closed
    for login in panel_of(case):
        assert post(login, case, "panel", "declare", has_conflict="no").status_code == 302
    assert walk.NARRATIVE not in get(member, case).text
    browser(CHAIR).post(f"/staff/cases/{case}/moves/seat_panel/")
    opened = get(member, case).text
    assert walk.NARRATIVE.split(".")[0] in opened
    assert "The investigator recommends:" in opened
    assert "Seen on the recording." in opened


def test_a_substitute_who_is_called_during_the_review_reads_nothing_before_declaring(monkeypatch):
    by_lot = board.lot
    chair = person(CHAIR).reference
    monkeypatch.setattr(board, "lot", lambda seed, reference: by_lot(seed, reference) if reference != chair else "")
    case = walk.case_in(State.BOARD_REVIEW)
    leaving = next(login for login in panel_of(case) if login != CHAIR)
    post(leaving, case, "panel", "step-aside", ground="friend")
    called = next(seat for seat in board.seated(case) if seat.declared_on is None).user.login
    assert walk.NARRATIVE.split(".")[0] not in get(called, case).text
    assert get(called, case, "votes").status_code == 403
    assert cast(called, case, "sustained").status_code == 403
    post(called, case, "panel", "declare", has_conflict="no")
    assert walk.NARRATIVE.split(".")[0] in get(called, case).text
    assert cast(called, case, "sustained").status_code == 302


def test_a_substitute_who_is_called_is_told_and_nobody_else():
    case = walk.case_in(State.BOARD_REVIEW)
    post(panel_of(case)[0], case, "panel", "step-aside", ground="friend")
    called = next(seat for seat in board.seated(case) if seat.declared_on is None).user
    told = case.notices.filter(entry__action="substitute.called")
    assert [notice.user for notice in told] == [called]
    assert "Substitute called to the panel" in browser(called.login).get("/staff/news/").text


def test_how_a_member_voted_is_told_by_no_page_and_no_entry_before_the_vote_is_closed():
    case = walk.case_in(State.BOARD_REVIEW)
    voter = next(login for login in panel_of(case) if login != CHAIR)
    cast(voter, case, "unfounded")
    entry = Entry.objects.about(case.reference).get(action="vote.cast")
    for reader, address in (
        ("vsundarell", f"/audit/entries/{entry.pk}/"),
        ("vsundarell", f"/api/v1/audit/entries/?subject={case.reference}&action=vote.cast"),
        ("rambersole", f"/api/v1/cases/{case}/entries/"),
        (CHAIR, at(case, "votes")),
    ):
        answer = browser(reader).get(address)
        assert answer.status_code == 200, address
        assert "unfounded" not in answer.text.lower(), address
    assert entry.detail.data == {"choice": "unfounded"}


def test_a_vote_that_was_changed_behind_the_log_is_named():
    case = walk.case_in(State.BOARD_REVIEW)
    cast(panel_of(case)[0], case, "unfounded")
    assert [fault.code for fault in check_votes(None)] == []
    case.votes.update(choice="sustained")
    assert [fault.code for fault in check_votes(None)] == ["vote_differs"]


def test_the_order_that_sends_a_case_back_begins_with_what_the_members_asked():
    case = walk.case_in(State.BOARD_REVIEW)
    page = f"/staff/cases/{case}/moves/{SEND_BACK}/"
    assert browser(CHAIR).get(page).context["form"]["questions"].value() == ""
    for index, login in enumerate(panel_of(case)):
        note = "When did the camera start?" if index == 1 else "Who held the door?"
        board.vote(case=case, allegation=None, choice="send_back", note=note, by=person(login))
    begun = browser(CHAIR).get(page).context["form"]["questions"].value()
    assert begun == "Who held the door?\n\nWhen did the camera start?"


def test_reviews_group_cases_by_what_they_wait_for():
    case = walk.case_in(State.BOARD_REFERRED)
    assert reviewed(CHAIR) == {"chair": [case.number]}
    board.draw_panel(case=case, by=person(CHAIR))
    member = next(login for login in panel_of(case) if login != CHAIR)
    assert reviewed(member) == {"declare": [case.number]}
    post(member, case, "panel", "declare", has_conflict="no")
    assert reviewed(member) == {"wait": [case.number]}
    for seat in board.seated(case):
        assignments.declare_conflict(case=case, by=seat.user, has_conflict=False)
    case = walk.board_review(case)
    assert reviewed(member) == {"vote": [case.number]}
    cast(member, case, "sustained")
    assert reviewed(member) == {"wait": [case.number]}
    for login in panel_of(case):
        cast(login, case, "sustained")
    assert reviewed(member) == {"reasons": [case.number]}


def test_a_person_who_sits_on_no_panel_has_an_empty_page():
    assert "No case waits for you." in browser(BOARD[1]).get("/board/").text


def test_four_reviews_take_no_more_queries_than_one():
    def asked():
        client = browser(CHAIR)
        client.get("/board/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/board/")
        return len(queries)

    walk.case_in(State.BOARD_REVIEW)
    few = asked()
    for _ in range(3):
        walk.case_in(State.BOARD_REVIEW)
    assert asked() == few
    assert few <= 22


def test_a_vote_is_read_back_before_it_counts_and_then_has_a_receipt():
    case = walk.case_in(State.BOARD_REVIEW)
    member = panel_of(case)[0]
    ballot = get(member, case, "votes", 1).text
    assert "The rule" in ballot
    assert "Read back my vote" in ballot
    read_back = post(member, case, "votes", 1, choice="not_sustained", note="")
    assert "You vote:" in read_back.text
    assert "Not sustained" in read_back.text
    assert not case.votes.exists()
    changed = post(member, case, "votes", 1, choice="not_sustained", step="change")
    assert re.search(r'value="not_sustained"[^>]*checked', changed.text)
    assert not case.votes.exists()
    recorded = browser(member).post(at(case, "votes", 1), {"choice": "not_sustained", "step": "record"}, follow=True)
    assert re.search(r"Vote cast. This is entry \d+ in the log of this case.", recorded.text)
    assert re.search(r"You voted on .*: Not sustained. It is entry \d+ in the log of this case.", recorded.text)
    assert case.votes.get().choice == "not_sustained"


def test_a_vote_is_never_altered():
    case = walk.case_in(State.BOARD_REVIEW)
    member = panel_of(case)[0]
    cast(member, case, "sustained")
    assert "You have voted. A vote is never altered." in get(member, case, "votes", 1).text
    assert "it is corrected only by a new vote" in cast(member, case, "unfounded").text
    assert case.votes.get().choice == "sustained"


def test_how_the_others_voted_is_shown_only_once_the_vote_is_closed():
    case = walk.case_in(State.BOARD_REVIEW)
    first, *others = panel_of(case)
    cast(first, case, "unfounded")
    waiting = get(others[0], case, "votes").text
    assert "Has voted" in waiting
    assert "Unfounded" not in waiting
    assert "1 of 7 members have voted." in waiting
    for login in others:
        cast(login, case, "sustained")
    closed = get(others[0], case, "votes").text
    assert "Unfounded" in closed
    assert "The board finds: Sustained." in closed


def test_the_chair_closes_a_vote_with_a_quorum_of_the_members_present():
    case = walk.case_in(State.BOARD_REVIEW)
    for login in panel_of(case)[:4]:
        cast(login, case, "sustained")
    refused = post(CHAIR, case, "votes", 1, "close")
    assert refused.status_code == 409
    assert "Too few members have voted for a quorum." in refused.text
    cast(panel_of(case)[4], case, "unfounded")
    assert "Close the vote on allegation 1 with the members present" in get(CHAIR, case, "votes").text
    post(CHAIR, case, "votes", 1, "close")
    assert "The board finds: Sustained." in get(CHAIR, case, "votes").text
    assert "You have voted" not in get(panel_of(case)[5], case, "votes").text


def test_a_tie_makes_no_finding_and_says_so():
    case = walk.case_in(State.BOARD_REVIEW)
    choices = ["sustained"] * 3 + ["unfounded"] * 3 + ["abstain"]
    for login, choice in zip(panel_of(case), choices, strict=True):
        cast(login, case, choice)
    page = get(CHAIR, case, "votes").text
    assert "The vote is tied. A tie makes no finding." in page
    assert not case.allegations.get().findings.filter(stage="board").exists()
    assert "The panel must vote on each allegation with a quorum and a majority." in page


def test_a_vote_to_send_back_asks_questions_and_the_panel_reads_them():
    case = walk.case_in(State.BOARD_REVIEW)
    first, *others = panel_of(case)
    asked = post(first, case, "votes", "send-back", choice="send_back", note="")
    assert "Write the questions that the investigation is to answer." in asked.text
    assert not case.votes.exists()
    post(first, case, "votes", "send-back", choice="send_back", note="Who held the door?", step="record")
    assert "Who held the door?" not in get(others[0], case, "votes").text
    for login in others:
        post(login, case, "votes", "send-back", choice="go_on", step="record")
    page = get(others[0], case, "votes").text
    assert "Who held the door?" in page
    assert "The panel answers: Do not send back." in page


def test_one_vote_to_send_back_does_not_outweigh_those_who_would_decide():
    case = walk.case_in(State.BOARD_REVIEW)
    first, *others = panel_of(case)
    board.vote(case=case, allegation=None, choice="send_back", note="Who?", by=person(first))
    for login in others:
        board.vote(case=case, allegation=None, choice="go_on", by=person(login))
    answer = browser(CHAIR).post(f"/staff/cases/{case}/moves/send_back_to_investigation/", {"questions": "Who?"})
    assert answer.status_code == 409
    assert "The panel has not voted to send the case back." in answer.text


def test_reasons_and_a_dissent_stand_under_their_authors_names_and_travel_with_the_recommendation():
    case = walk.case_in(State.BOARD_REVIEW)
    first, *others = panel_of(case)
    early = post(first, case, "votes", 1, "reasons", kind="majority", text="It was shown.")
    assert "Reasons are written once the vote is closed." in early.text
    for login in others:
        cast(login, case, "sustained")
    cast(first, case, "unfounded")
    post(others[0], case, "votes", 1, "reasons", kind="majority", text="A second officer showed what could be done.")
    post(first, case, "votes", 1, "reasons", kind="dissent", text="Nobody saw who spoke.")
    twice = post(others[1], case, "votes", 1, "reasons", kind="majority", text="So it is.")
    assert "The majority has stated its reasons on this allegation." in twice.text
    assert "So it is." in twice.text
    browser(CHAIR).post(f"/staff/cases/{case}/moves/adopt_recommendation/")
    page = browser("ecastlemayne").get(f"/staff/cases/{case}/decision/").text
    assert "A second officer showed what could be done." in page
    assert "Nobody saw who spoke." in page
    assert str(person(first)) in page


def test_reasons_given_before_a_case_was_sent_back_do_not_stand_for_the_new_votes():
    case = walk.case_in(State.BOARD_REVIEW)
    walk.vote_all(case)
    for login in panel_of(case):
        board.vote(case=case, allegation=None, choice="send_back", note="Who else was there?", by=person(login))
    case = Case.objects.get(pk=case.pk)
    browser(CHAIR).post(f"/staff/cases/{case}/moves/send_back_to_investigation/", {"questions": "Who?"})
    case = walk.board_review(walk.board_referred(walk.quality_review(Case.objects.get(pk=case.pk))))
    for login in panel_of(case):
        cast(login, case, "sustained")
    answer = browser(CHAIR).post(f"/staff/cases/{case}/moves/adopt_recommendation/")
    assert "Allegation 1 has no reasons of the majority." in answer.text


def a_file_in_the_packet(words=b"20:04 on scene"):
    case = walk.case_in(State.INVESTIGATION)
    item = evidence.add_evidence(
        case=case, kind="document", title="Dispatch sheet", chunks=[words], filename="sheet.txt",
        by=person("ivosslind"),
    )  # fmt: skip
    case = walk.board_review(walk.board_referred(walk.quality_review(case)))
    return case, item


def test_a_member_opens_a_file_of_the_packet_and_the_opening_is_recorded():
    case, item = a_file_in_the_packet()
    member = panel_of(case)[0]
    assert f"Open {item.code}" in get(member, case).text
    handed = post(member, case, "items", item.number)
    assert b"".join(handed.streaming_content) == b"20:04 on scene"
    assert item.custody.filter(by=person(member).reference, act="viewed").exists()


def test_a_file_that_is_not_the_one_of_the_packet_is_not_handed_out():
    case, item = a_file_in_the_packet(f"20:04 on scene {uuid4()}".encode())
    stored_path(item.sha256).write_bytes(b"20:40 on scene")
    answer = post(panel_of(case)[0], case, "items", item.number)
    assert answer.status_code == 409
    assert "The file is not the one that the packet lists." in answer.text


def test_what_came_after_the_packet_is_not_in_it():
    case, _item = a_file_in_the_packet()
    late = case.evidence.create(
        number=9, kind="document", title="Late letter", sha256="0" * 64, filename="l.txt", obtained_on=case.received_on
    )
    member = panel_of(case)[0]
    assert "Late letter" not in get(member, case).text
    assert post(member, case, "items", late.number).status_code == 409
