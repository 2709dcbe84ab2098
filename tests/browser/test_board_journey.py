"""A case goes through the board room and the chief's desk in a browser, by what each page offers next."""

import pytest
from playwright.sync_api import expect

from casework.actions import board
from casework.models import Case
from casework.states import State
from tests import walk
from tests.browser.hands import press, step

pytestmark = pytest.mark.django_db(transaction=True)


def open_review(tab, number):
    tab.goto("/board/")
    with tab.expect_navigation():
        tab.get_by_role("link", name=number).click()


def test_a_panel_is_drawn_declares_and_votes_and_the_chief_decides(tab_of):
    case = walk.case_in(State.BOARD_REFERRED)
    chair, chief = tab_of("wtarrow"), tab_of("ecastlemayne")
    open_review(chair, case.number)
    press(chair, "Draw the panel")
    panel = [seat.user.login for seat in board.seated(case)]
    for login in panel:
        tab = tab_of(login)
        tab.goto(f"/board/{case}/panel/")
        tab.get_by_label("No, I have none").check()
        press(tab, "Record my declaration")
    chair.goto(f"/board/{case}/panel/")
    step(chair, "Seat the panel")

    for login in panel:
        tab = tab_of(login)
        open_review(tab, case.number)
        press(tab, "Vote on allegation 1")
        tab.get_by_label("Sustained").first.check()
        press(tab, "Read back my vote")
        expect(tab.locator("main")).to_contain_text("You vote:")
        press(tab, "Record my vote")
        expect(tab.locator("main")).to_contain_text("You voted on")
    writer = tab_of(panel[0])
    writer.goto(f"/board/{case}/votes/")
    press(writer, "Write reasons, a concurrence or a dissent on allegation 1")
    writer.get_by_label("Reasons of the majority").check()
    writer.get_by_label("Reasons", exact=True).fill("A second officer showed what could be done.")
    press(writer, "Put this text on record")
    chair.goto(f"/board/{case}/votes/")
    step(chair, "Adopt the recommendation")

    chief.goto(f"/staff/cases/{case}/decision/")
    press(chief, "Decide allegation 1")
    chief.get_by_label("Sustained").first.check()
    press(chief, "Read back my decision")
    press(chief, "Record my decision")
    press(chief, "Record the outcome on allegation 1")
    chief.get_by_label("Outcome").select_option("written_reprimand")
    press(chief, "Read back the outcome")
    press(chief, "Record this outcome")
    step(chief, "Issue the disposition")
    assert Case.objects.get(pk=case.pk).state == State.DISPOSITION_ISSUED
