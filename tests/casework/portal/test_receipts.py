"""A complainant's receipts: what they may prove, that they are checked, and that they show nobody else's acts."""

import json

import pytest
from django.test import Client

from audit import log, verify_receipt
from audit.keys import verifiers
from audit.verify_receipt import FALSE, IN_PART, PROVED, check
from casework.actions import evidence, intake, letters, messages
from casework.documents.letters import as_sent, as_text
from casework.documents.office import office
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
    assert check(answer.text)[0] == IN_PART


def test_the_receipt_of_the_complaint_holds_all_that_was_filed_and_not_who_filed_it():
    case = walk.file(
        place="Bus stop at Laurel Street",
        incident_time="about noon",
        officers=("Tall, with glasses", "The one who drove"),
        desired_outcome="An apology",
        board_requested=True,
        confidentiality="named",
        identity={"name": "Marisol Quintanilla-Reyes", "phone": "555 0134"},
    )
    log.integrate()
    made = json.loads(browser(case).get(f"{PAGE}1.json").text)
    assert json.loads(made["detail"]["text"]) == {
        "narrative": walk.NARRATIVE,
        "incident": f"{walk.INCIDENT.isoformat()} about noon",
        "place": "Bus stop at Laurel Street",
        "officers": "Tall, with glasses\nThe one who drove",
        "desired_outcome": "An apology",
    }
    assert json.loads(made["leaf"])["facts"]["board_requested"] is True
    assert "Quintanilla" not in str(made)


def test_a_complaint_that_the_office_took_down_is_proved_to_whoever_made_it():
    filing = intake.Filing(narrative="They shouted at me.", channel="phone", confidentiality="confidential")
    case = intake.receive(filing, by=person("oferrant")).case
    log.integrate()
    assert listed(case) == [("move.receive", True)]
    assert "They shouted at me." in json.loads(browser(case).get(f"{PAGE}1.json").text)["detail"]["text"]


def test_a_file_and_a_letter_are_held_against_the_entries_that_name_them(case, tmp_path):
    """With the program alone, as anyone would: what was added to a complaint, and the letter that came back."""
    photo = b"\x89PNG\r\n\x1a\n" + bytes(64)
    evidence.add_evidence(
        case=case, kind="photo", title="The stop", chunks=[photo], filename="stop.png", by=Complainant(case)
    )
    letter = letters.prepare_letter(letter=case.letters.get(code="L-ACK"), by=person("rambersole"))
    letters.approve_letter(letter=letter, by=person("cdreyfield"))
    letters.send_letter(letter=letter, by=person("rambersole"))
    log.integrate()
    sent = b"".join(browser(case).get(f"/en/track/complaint/letters/{letter.pk}/file/"))
    key, file = tmp_path / "log.key", tmp_path / "file"
    key.write_text("".join(f"{verifier.text}\n" for verifier in verifiers()))
    rows = {row["entry"].action: row["entry"].n for row in browser(case).get(PAGE).context["rows"]}
    for action, content in (("evidence.added", photo), ("letter.sent", sent)):
        receipt = tmp_path / f"{action}.json"
        receipt.write_bytes(browser(case).get(f"{PAGE}{rows[action]}.json").content)
        command = [str(receipt), "--key", str(key), "--file", str(file), "--language", "es"]
        file.write_bytes(content)
        assert verify_receipt.main(command) == PROVED
        file.write_bytes(content + b" ")
        assert verify_receipt.main(command) == FALSE


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


def test_each_file_is_named_beside_its_receipt_and_a_form_that_was_not_taken_leads_back(case):
    for name in ("stop.txt", "bus.txt"):
        evidence.add_evidence(
            case=case, kind="document", title=name, chunks=[name.encode()], filename=name, by=Complainant(case)
        )
    client = browser(case)
    assert [row["file"] for row in client.get(PAGE).context["rows"]][:2] == ["bus.txt", "stop.txt"]
    refused = client.post("/es/track/complaint/message/", {"text": ""})
    assert refused.status_code == 200
    for address in ("message", "file"):
        assert client.get(f"/en/track/complaint/{address}/").headers["Location"] == "/en/track/complaint/"


def test_the_paper_names_the_office_in_its_own_language(case, settings):
    for language, name in (("en", settings.OFFICE["name"]), ("es", settings.OFFICE["name_es"])):
        assert office(language)["name"] == name
        letter = case.letters.first()
        assert name in as_text(as_sent(letter.article), language)
