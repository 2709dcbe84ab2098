"""A person files a complaint and follows it, over HTTP, with nothing but a browser without scripts."""

import re

import pytest
from django.test import Client

from audit.models import Entry
from casework.models import Case, Draft
from casework.portal.tracking import timeline
from casework.states import State
from tests import walk
from tests.casework.portal.visit import PNG, address, fill_in, send, upload
from tests.cast import STAFF

pytestmark = pytest.mark.django_db
NARRATIVE = "  Yo reparto pan. Le dije «no inglés, señor».\n\nNo corrí.  "
ANSWERS = [
    ("what", {"narrative": NARRATIVE}),
    ("wish", {"desired_outcome": "Que quede escrito."}),
    ("when", {"how": "between", "first": "2026-03-10", "last": "2026-03-12", "time": "madrugada"}),
    ("where", {"place": "Panadería, avenida Roberts"}),
    ("officers", {"officers": "Alto, con bigote\nPatrulla 219"}),
    ("you", {"relation": "person_affected"}),
    ("name", {"confidentiality": "confidential"}),
    ("contact", {"name": "Eusebio Larrabal", "phone": "555-555-0177"}),
    ("help", {"language": "es", "needs": "Intérprete"}),
    ("board", {"board_requested": "yes"}),
]


def test_a_complaint_is_filed_word_for_word_and_followed_with_code_and_secret():
    client = Client()
    fill_in(client, ANSWERS)
    client.post(address("files"), {"file": upload("porch.png", PNG), "description": "La charola"})
    code, secret = send(client)
    case = Case.objects.get(tracking_code=code)
    assert case.narrative == NARRATIVE
    assert (case.incident_from.isoformat(), case.incident_to.isoformat()) == ("2026-03-10", "2026-03-12")
    assert [officer.description for officer in case.officers.all()] == ["Alto, con bigote", "Patrulla 219"]
    assert case.evidence.get().title == "La charola"
    assert case.parties.get().identity.name == "Eusebio Larrabal"
    visitor = Client()
    assert visitor.post(address("track"), {"code": code.lower(), "secret": secret.replace("-", " ")}).status_code == 302
    page = visitor.get(address("complaint")).content.decode()
    assert case.number in page
    assert "Eusebio" not in page


def test_what_has_happened_is_told_with_the_role_of_whoever_did_it_and_never_with_a_name():
    told = [(str(row["title"]), str(row["text"])) for row in timeline(walk.case_in(State.INVESTIGATION))]
    assert told[-1] == ("We received your complaint and gave it a number.", "Done by: you")
    assert ("We began to review your complaint.", "Done by: Intake specialist") in told
    assert ("We opened an investigation.", "Done by: Supervising investigator") in told
    assert not any(name in str(told) for name, _role in STAFF.values())


def test_the_secret_is_shown_once_and_kept_nowhere():
    client = Client()
    fill_in(client, ANSWERS)
    code, secret = send(client)
    assert secret not in client.get(address("sent")).content.decode()
    case = Case.objects.get(tracking_code=code)
    assert secret not in str(case.__dict__)
    assert secret not in "".join(Entry.objects.values_list("leaf", flat=True))


def test_sending_twice_files_one_complaint():
    client = Client()
    fill_in(client, ANSWERS)
    client.post(address("check"))
    client.post(address("check"))
    assert Case.objects.count() == 1


def test_only_what_happened_is_required():
    client = Client()
    page = client.post(address("question", "what"), {"narrative": "  "})
    assert page.status_code == 200
    assert "narrative" in page.context["form"].errors
    fill_in(client, [("what", {"narrative": "Me gritó."})])
    client.post(address("check"))
    case = Case.objects.get()
    assert (case.confidentiality, case.incident_from, case.state) == ("anonymous", None, State.RECEIVED)


def test_what_was_typed_stays_on_the_page_when_something_is_wrong():
    page = Client().post(address("question", "when"), {"how": "day", "first": "2999-01-01", "time": "noon"})
    assert page.status_code == 200
    assert 'value="2999-01-01"' in page.content.decode()
    assert 'value="noon"' in page.content.decode()


def test_a_draft_is_continued_on_another_device_with_its_code():
    client = Client()
    client.post(address("question", "what"), {"narrative": "Me gritó.", "save": "1"})
    code = re.search(r'id="resume-code">([^<]+)<', client.get(address("saved")).content.decode()).group(1)
    other = Client()
    assert other.post(address("resume"), {"code": code}).url == address("tasks")
    assert "Me gritó." in other.get(address("check")).content.decode()
    assert code not in str(Draft.objects.values_list("code_digest", "answers"))


def test_wrong_codes_are_told_alike_recorded_and_slowed_down():
    case = walk.file()
    client = Client()
    pages = [
        client.post(address("track"), {"code": tried, "secret": "AAAA-AAAA-AAAA-AAAA-AAAAA"})
        for tried in (case.tracking_code, "0000-0000-0000", case.tracking_code, "x", "y")
    ]
    assert len({str(page.context["form"].non_field_errors()) for page in pages}) == 1
    assert Entry.objects.filter(action="tracking.refused").count() == 5
    assert client.post(address("track"), {"code": "z", "secret": "z"}).status_code == 429


def test_a_complainant_writes_adds_a_file_and_withdraws_of_free_will():
    client, case = _following()
    client.post(address("write"), {"text": "Ya está en casa."})
    assert case.messages.get().is_from_complainant
    client.post(address("add_file"), {"upload-file": upload("nota.txt", "Llovía.".encode())})
    assert case.evidence.get().given_by is not None
    assert client.post(address("withdraw"), {"wish": "Ya no."}).status_code == 200
    client.post(address("withdraw"), {"free_choice": "on", "wish": "Ya no."})
    case.refresh_from_db()
    assert (case.withdrawn_on is not None, case.state) == (True, State.RECEIVED)


def test_a_file_that_is_not_what_it_says_is_refused_and_nothing_else_is_lost():
    client, case = _following()
    page = client.post(address("add_file"), {"upload-file": upload("photo.png", b"MZ\x90\x00" * 40)})
    assert page.status_code == 200
    assert page.context["file_form"].errors
    assert not case.evidence.exists()


def test_nothing_is_shown_without_code_and_secret():
    for name in ("complaint", "withdraw"):
        assert Client().get(address(name)).url == address("track")
    for name in ("write", "add_file"):
        assert Client().post(address(name)).url == address("track")


def test_what_has_happened_is_told_without_names_and_without_private_steps():
    case = walk.case_in(State.INVESTIGATION)
    client, case = _following(case)
    page = client.get(address("complaint")).content.decode()
    assert "Vosslind" not in page
    assert "Ambersole" not in page
    assert "Abrimos una investigación" in page


def _following(case=None):
    case = case or walk.file()
    client = Client()
    client.get(address("track"))
    session = client.session
    session["tracking"] = case.pk
    session.save()
    return client, case
