"""Receipts of a case: whom they are for, that they name nobody, and that they prove what they say."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from audit import log
from audit.keys import verifiers
from audit.verify_receipt import ACTS, PROVED, ROLES, check
from casework.actions import letters, messages
from casework.documents import receipts
from casework.documents.mark import qr_path
from casework.permissions import Complainant
from casework.states import State
from casework.vocabulary import CaseRole
from tests import walk
from tests.casework.documents import pdf
from tests.casework.web.visit import browser
from tests.cast import STAFF, person

pytestmark = pytest.mark.django_db


def acts(login, case):
    return {kept.entry.action for kept in receipts.receipts_for(person(login), case)}


def proved(text):
    return check(text, "\n".join(verifier.text for verifier in verifiers()))[0] == PROVED


@pytest.fixture
def case():
    case = walk.case_in(State.INTAKE_REVIEW)
    messages.send_message(case=case, text="The 11, at Laurel Street.", by=Complainant(case))
    letter = letters.prepare_letter(letter=case.letters.get(), by=person("rambersole"))
    letters.approve_letter(letter=letter, by=person("cdreyfield"))
    letters.send_letter(letter=letter, by=person("rambersole"))
    log.integrate()
    return case


def test_the_paper_is_one_tagged_page_that_names_nobody(case):
    for kept in receipts.receipts_for(Complainant(case), case):
        for language in ("en", "es"):
            paper = receipts.sheet(kept, case, language=language, told=Complainant(case))
            (words,) = pdf.pages(paper)
            assert pdf.faults(paper) == []
            assert pdf.language(paper) == language
            assert kept.entry.leaf_hash.hex()[:8] in words
            assert walk.NARRATIVE[:20] not in words
            assert not any(name.split()[1] in words for name, _role in STAFF.values())


def test_the_code_on_the_paper_opens_a_page_that_finds_the_entry_in_the_log(case, monkeypatch):
    opened = []
    monkeypatch.setattr(receipts, "qr_path", lambda address: opened.append(address) or qr_path(address))
    kept = receipts.receipts_for(Complainant(case), case)[0]
    receipts.sheet(kept, case, language="en", told=Complainant(case))
    walk.file()
    log.integrate()
    (address,) = opened
    page = Client().get(
        urlsplit(address).path, {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}
    )
    assert "The log still begins with the" in page.text
    assert "The entry of your receipt stands at place" in page.text


def test_who_reads_the_file_gets_receipts_of_what_came_and_went_without_a_word_behind_them(case):
    assert acts("rambersole", case) == {"move.receive", "message.received", "letter.sent"}
    page = browser("rambersole").get(f"/staff/cases/{case.number}/receipts/")
    for row in page.context["rows"]:
        made = browser("rambersole").get(f"/staff/cases/{case.number}/receipts/{row['entry'].n}.json")
        assert proved(made.text)
        assert json.loads(made.text)["detail"] is None
    n = page.context["rows"][0]["entry"].n
    assert browser("rambersole").get(f"/staff/cases/{case.number}/receipts/{n}.pdf").content.startswith(b"%PDF")
    assert "tlog-proof@v1" in browser("rambersole").get(f"/staff/cases/{case.number}/receipts/{n}.tlog-proof").text
    assert browser("rambersole").get(f"/staff/cases/{case.number}/receipts/2.json").status_code == 404


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_checker_has_words_for_every_act_and_every_part_in_a_case(language):
    assert ACTS[language].keys() >= {*receipts.ALL}
    assert ROLES[language].keys() == {*CaseRole.values}


def test_the_checker_says_in_spanish_who_wrote(case):
    (n,) = (
        kept.n for kept in receipts.receipts_for(Complainant(case), case) if kept.entry.action == "message.received"
    )
    made = browser("rambersole").get(f"/staff/cases/{case.number}/receipts/{n}.json")
    said = check(made.text, language="es")[1]
    assert any(line.endswith("como quien presentó la queja.") for line in said), said


def test_a_member_proves_their_own_vote_and_the_board_that_each_was_cast():
    case = walk.case_in(State.CHIEF_DECISION)
    log.integrate()
    votes = [kept for kept in receipts.receipts_for(person("wtarrow"), case) if kept.entry.action == "vote.cast"]
    member = next(vote.member for vote in case.votes.all() if vote.member.login != "wtarrow")
    own = [kept for kept in receipts.receipts_for(member, case) if kept.own]
    assert len(votes) == case.votes.count()
    assert {kept.entry.actor for kept in own} == {member.reference}
    made = own[0].receipt()
    assert json.loads(made["detail"]["text"])["choice"] == "sustained"
    others = [kept for kept in receipts.receipts_for(member, case) if not kept.own]
    assert all(kept.receipt()["detail"] is None for kept in others)
    assert f"/staff/cases/{case.number}/receipts/" in browser(member.login).get(f"/board/{case.number}/votes/").text
    assert browser(member.login).get(f"/staff/cases/{case.number}/receipts/").status_code == 200


def test_the_disposition_has_a_receipt_for_the_complainant_and_the_office():
    case = walk.case_in(State.DISPOSITION_ISSUED)
    log.integrate()
    assert "move.issue_disposition" in acts("ecastlemayne", case)
    told = {kept.entry.action for kept in receipts.receipts_for(Complainant(case), case)}
    assert "move.issue_disposition" in told
    assert "vote.cast" not in told
    assert "Receipt of the disposition" in browser("ecastlemayne").get(f"/staff/cases/{case.number}/decision/").text


def test_the_page_that_confirms_a_complaint_hands_out_its_receipt_and_says_when_it_is_not_ready(case):
    new = walk.file()
    client = Client()
    session = client.session
    session["sent"] = new.pk
    session.save()
    assert "/en/complaint/sent/receipt.pdf" in client.get("/en/complaint/sent/").text
    waits = client.get("/en/complaint/sent/receipt.json")
    assert (waits.status_code, waits.headers["Refresh"]) == (404, "3")
    log.integrate()
    made = client.get("/en/complaint/sent/receipt.json")
    assert proved(made.text)
    assert walk.NARRATIVE in json.loads(json.loads(made.text)["detail"]["text"])["narrative"]
    assert client.get("/es/complaint/sent/receipt.pdf").content.startswith(b"%PDF")
    assert Client().get("/en/complaint/sent/receipt.pdf").status_code == 302


def test_programs_get_the_same_files(case):
    client = browser("rambersole")
    listed = client.get(f"/api/v1/cases/{case.number}/receipts/").json()
    assert {row["action"] for row in listed} == acts("rambersole", case)
    answer = client.get(f"/api/v1/cases/{case.number}/receipts/{listed[0]['n']}/")
    assert proved(answer.text)
    address = f"/api/v1/cases/{case.number}/receipts/{listed[0]['n']}/"
    assert client.get(address, {"form": "tlog-proof"}).text.startswith("c2sp.org/tlog-proof@v1")
    assert client.get(address, {"form": "pdf"}).content.startswith(b"%PDF")
    assert client.get(address, {"form": "docx"}).status_code == 404
    assert client.get(f"/api/v1/cases/{case.number}/receipts/999/").status_code == 404


def test_where_no_pdf_can_be_made_the_files_are_still_there(case, monkeypatch):
    sentence = "This computer cannot make PDF files."
    monkeypatch.setattr("casework.web.receipts.why_unavailable", lambda: sentence)
    page = browser("rambersole").get(f"/staff/cases/{case.number}/receipts/")
    assert sentence in page.text
    assert "1.json" in page.text
    assert ".pdf" not in page.text
