"""Who gets in, and what is shown to whom."""

import pytest

from casework.actions import assignments, evidence, people
from casework.actions.intake import Filing, receive
from casework.states import State
from tests import walk
from tests.casework.web.visit import address, browser, get, post
from tests.cast import person

pytestmark = pytest.mark.django_db

PAGES = ["", "allegations", "allegations/1", "people", "evidence", "letters", "report", "timeline"]
KEPT = {"name": "Ana Quillfeather", "phone": "555-555-0199", "email": "ana@example.org"}


def confidential():
    filing = Filing(
        narrative=walk.NARRATIVE, incident_from=walk.INCIDENT, confidentiality="confidential", identity=KEPT
    )
    return receive(filing).case


def holds_identity(page):
    return any(value in page.text for value in KEPT.values())


@pytest.mark.parametrize("state", list(walk.STEPS))
def test_every_page_of_a_case_opens_to_its_supervisor_at_every_stage(state):
    case = walk.case_in(state)
    pages = [*PAGES, "notes", "messages", "access"]
    if not case.allegations.exists():
        pages.remove("allegations/1")
    for page in pages:
        assert get("rambersole", case, *filter(None, page.split("/"))).status_code == 200, page


def test_a_walled_off_person_finds_no_page_of_the_case():
    case = walk.case_in(State.INVESTIGATION)
    assignments.declare_conflict(case=case, by=person("ivosslind"), has_conflict=True, ground="friend")
    for page in [*PAGES, "notes", "messages", "access", "packet", "moves/submit_for_quality_review"]:
        assert get("ivosslind", case, *filter(None, page.split("/"))).status_code == 404, page
    assert case.number not in browser("ivosslind").get("/staff/cases/").text
    assert case.number not in browser("ivosslind").get("/staff/").text


def test_a_person_without_a_part_in_the_case_does_not_learn_that_it_exists():
    case = walk.case_in(State.INTAKE_REVIEW)
    assert get("ivosslind", case).status_code == 404
    assert get("kbrandvold", case).status_code == 404


def test_a_chair_sees_number_and_stage_but_not_the_file():
    case = walk.case_in(State.BOARD_REFERRED)
    page = get("wtarrow", case)
    assert case.number in page.text
    assert walk.NARRATIVE not in page.text
    assert case.place not in page.text
    assert get("wtarrow", case, "allegations").status_code == 403


def test_name_and_contact_stand_on_no_page_until_the_panel_is_opened():
    case = walk.preliminary_inquiry(walk.intake_review(confidential()))
    walk.frame(case)
    for page in [*PAGES, "notes", "messages", "access"]:
        opened = get("rambersole", case, *filter(None, page.split("/")))
        assert not holds_identity(opened), page
    assert not holds_identity(browser("rambersole").get("/staff/"))
    assert not holds_identity(browser("rambersole").get("/staff/cases/"))


def test_opening_the_panel_needs_a_reason_and_shows_it_once():
    case = confidential()
    party = case.parties.get()
    refused = post("rambersole", case, "people", party.pk, "identity", reason="")
    assert not holds_identity(refused)
    opened = post("rambersole", case, "people", party.pk, "identity", reason="Arrange an interview")
    assert KEPT["phone"] in opened.text
    assert opened["Cache-Control"].startswith("max-age=0")
    assert not holds_identity(get("rambersole", case, "people"))


def test_a_confidential_name_stays_closed_to_who_may_only_open_contacts():
    case = confidential()
    party = case.parties.get()
    assert "sealed-" not in get("oferrant", case, "people").text
    assert post("oferrant", case, "people", party.pk, "identity", reason="Call").status_code == 403


def test_a_compelled_statement_is_not_handed_to_who_may_not_open_it():
    case = walk.case_in(State.INVESTIGATION)
    item = evidence.add_evidence(
        case=case, kind="statement_officer_compelled", title="Statement", chunks=[b"I saw it."], filename="s.txt",
        by=person("ivosslind"),
    )  # fmt: skip
    assert post("oferrant", case, "evidence", item.number, "file").status_code == 403
    handed = post("ivosslind", case, "evidence", item.number, "file")
    assert b"".join(handed.streaming_content) == b"I saw it."
    assert "Viewed" in get("ivosslind", case, "evidence", item.number).text


def test_an_investigator_reads_the_steps_but_not_who_opened_what():
    case = walk.preliminary_inquiry(walk.intake_review(confidential()))
    walk.assign(case)
    people.open_identity(case=case, party=case.parties.get(), reason="Call", by=person("rambersole"))
    assert "Declared that there is no conflict" not in get("ivosslind", case, "timeline").text
    assert "Declared that there is no conflict" in get("rambersole", case, "timeline").text


def test_pages_are_kept_by_no_cache():
    case = walk.case_in(State.RECEIVED)
    assert "no-store" in get("rambersole", case)["Cache-Control"]


def test_a_stranger_is_sent_to_sign_in(client):
    case = walk.case_in(State.RECEIVED)
    assert client.get(address(case)).url.startswith("/accounts/login/")
