"""A complainant's receipts: what they may prove, that they are checked, and that they show nobody else's acts."""

import json

import pytest
from django.test import Client

from audit import log
from audit.keys import verifiers
from audit.verify_receipt import NO_KEY, PROVED, check
from casework.actions import messages
from casework.permissions import Complainant
from casework.states import State
from tests import walk
from tests.cast import person

pytestmark = pytest.mark.django_db
PAGE = "/en/track/complaint/receipts/"


def browser(case):
    client = Client()
    session = client.session
    session["tracking"] = case.pk
    session.save()
    return client


def listed(case):
    return [(row["entry"].action, row["own"]) for row in browser(case).get(PAGE).context["rows"]]


@pytest.fixture
def case():
    case = walk.case_in(State.INVESTIGATION)
    messages.send_message(case=case, text="The 11, at Laurel Street.", by=Complainant(case))
    messages.send_message(case=case, text="Thank you.", by=person("rambersole"))
    log.integrate()
    return case


def test_receipts_are_of_what_they_wrote_and_what_they_were_sent(case):
    assert listed(case) == [("message.sent", False), ("message.received", True), ("move.receive", True)]


def test_the_receipt_of_the_complaint_proves_its_words_to_anyone(case):
    answer = browser(case).get(f"{PAGE}1.json")
    key = "\n".join(verifier.text for verifier in verifiers())
    code, _said = check(answer.text, key)
    assert code == PROVED
    assert walk.NARRATIVE in json.loads(answer.text)["detail"]["text"]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="receipt-1.json"'
    assert check(answer.text)[0] == NO_KEY


def test_the_receipt_of_an_act_of_the_office_holds_nothing_behind_it(case):
    sent = next(row["entry"] for row in browser(case).get(PAGE).context["rows"] if not row["own"])
    assert json.loads(browser(case).get(f"{PAGE}{sent.n}.json").text)["detail"] is None


def test_other_entries_of_the_case_have_no_receipt_for_them(case):
    assert browser(case).get(f"{PAGE}2.json").status_code == 404
    assert browser(case).get(f"{PAGE}9999.json").status_code == 404


def test_a_receipt_that_is_not_ready_says_so(case):
    messages.send_message(case=case, text="One more thing.", by=Complainant(case))
    page = browser(case).get(PAGE)
    assert "Ready in a few seconds" in page.text
    assert browser(case).get(f"{PAGE}{page.context['rows'][0]['entry'].n}.json").status_code == 404


def test_the_page_of_the_complaint_leads_to_the_receipts(case):
    assert PAGE in browser(case).get("/en/track/complaint/").text


def test_the_proof_alone_is_for_other_programs(case):
    assert browser(case).get(f"{PAGE}1.tlog-proof").text.startswith("c2sp.org/tlog-proof@v1\nindex ")
