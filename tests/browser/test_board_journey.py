"""A case goes through the board room and the chief's desk in a browser, by what each page offers next.

It ends with a violation, with an exception that excuses, or back at the investigation.
"""

import pytest
from playwright.sync_api import expect

from casework.actions import allegations, board
from casework.actions.moves import perform
from casework.models import Case
from casework.states import State
from tests import walk
from tests.browser.hands import press, step
from tests.cast import person

pytestmark = pytest.mark.django_db(transaction=True)


def open_review(tab, number):
    tab.goto("/board/")
    with tab.expect_navigation():
        tab.get_by_role("link", name=number).click()


def vote(tab, number, ballot, choice, *, note=""):
    """Vote, read the vote back, and put it on record."""
    open_review(tab, number)
    press(tab, ballot)
    tab.get_by_label(choice).first.check()
    tab.locator("[name=note]").fill(note)
    press(tab, "Read back my vote")
    expect(tab.locator("main")).to_contain_text("You vote:")
    press(tab, "Record my vote")
    expect(tab.locator("main")).to_contain_text("You voted on")


def decide(chief, number, finding):
    """Let the chief decide the first allegation, and read the decision back."""
    chief.goto(f"/staff/cases/{number}/decision/")
    press(chief, "Decide allegation 1")
    chief.get_by_label(finding).first.check()
    press(chief, "Read back my decision")
    press(chief, "Record my decision")


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
        vote(tab_of(login), case.number, "Vote on allegation 1", "Sustained")
    writer = tab_of(panel[0])
    writer.goto(f"/board/{case}/votes/")
    press(writer, "Write reasons, a concurrence or a dissent on allegation 1")
    writer.get_by_label("Reasons of the majority").check()
    writer.get_by_label("Reasons", exact=True).fill("A second officer showed what could be done.")
    press(writer, "Put this text on record")
    chair.goto(f"/board/{case}/votes/")
    step(chair, "Adopt the recommendation")

    decide(chief, case.number, "Sustained")
    press(chief, "Record the outcome on allegation 1")
    chief.get_by_label("Outcome").select_option("written_reprimand")
    press(chief, "Read back the outcome")
    press(chief, "Record this outcome")
    step(chief, "Issue the disposition")
    assert Case.objects.get(pk=case.pk).state == State.DISPOSITION_ISSUED


def test_an_exception_that_is_established_exonerates_from_the_worksheet_to_the_disposition(tab_of):
    case = walk.case_in(State.INVESTIGATION)
    allegation = case.allegations.get()
    walk.conclude(allegation)
    investigator = tab_of("ivosslind")
    investigator.goto(f"/staff/cases/{case}/allegations/1/")
    excuse = allegation.section_version.exceptions_on(walk.INCIDENT)[0]
    section = investigator.locator("section.excuse").filter(has_text=f"{excuse.section.code} ")
    section.get_by_label("Raised by").select_option("officer")
    press(investigator, "Save the worksheet")
    for element in excuse.elements.all():
        of_element = f"element{element.pk}"
        section.locator(f"[name={of_element}-code][value=proved]").check()
        section.locator(f"[name={of_element}-sentence]").fill("The recording shows it.")
        section.locator(f"[name={of_element}-item_0]").select_option(index=1)
    section.locator(f"[name=exception{excuse.pk}-result]").select_option("established")
    press(investigator, "Save the worksheet")
    expect(investigator.get_by_role("region", name="Rule and suggestion")).to_contain_text("Exonerated")
    press(investigator, "Recommend a finding")
    investigator.get_by_label("Exonerated").check()
    press(investigator, "Recommend this finding")
    allegations.write_report(case=case, text="What the evidence shows.", by=person("ivosslind"))
    investigator.goto(f"/staff/cases/{case}/")
    step(investigator, "Send to quality review")

    case = walk.board_review(walk.board_referred(Case.objects.get(pk=case.pk)))
    member = tab_of(board.seated(case)[0].user.login)
    member.goto(f"/board/{case}/")
    expect(member.locator("main")).to_contain_text(f"Exception {excuse.section.code}")
    expect(member.locator("main")).to_contain_text("Result: Established.")
    walk.vote_all(case, "exonerated")
    perform("adopt_recommendation", case=case, by=person("wtarrow"))
    chief = tab_of("ecastlemayne")
    decide(chief, case.number, "Exonerated")
    expect(chief.get_by_role("link", name="Record the outcome on allegation 1")).to_have_count(0)
    step(chief, "Issue the disposition")
    assert allegation.findings.latest("pk").code == "exonerated"


def test_a_panel_sends_a_case_back_with_questions_that_the_investigator_reads(tab_of):
    case = walk.case_in(State.BOARD_REVIEW)
    first, *others = [seat.user for seat in board.seated(case)]
    asked = "Who held the door, and from when?"
    ballot, back = "Vote on sending the case back", "Send back to the investigation"
    vote(tab_of(first.login), case.number, ballot, "Send back for more investigation", note=asked)
    for member in others:
        board.vote(case=case, allegation=None, choice="send_back", note=asked, by=member)
    chair = tab_of("wtarrow")
    chair.goto(f"/board/{case}/votes/")
    press(chair, back)
    expect(chair.get_by_label("Questions to answer")).to_have_value(asked)
    press(chair, back)
    investigator = tab_of("ivosslind")
    investigator.goto("/staff/")
    expect(investigator.locator("main")).to_contain_text("Sent back by the board")
    investigator.goto(f"/staff/cases/{case}/")
    expect(investigator.locator("main")).to_contain_text(asked)
    assert Case.objects.get(pk=case.pk).state == State.INVESTIGATION
