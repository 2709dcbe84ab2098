"""The explorer of the log: what an auditor finds in it, what stays closed, and how few queries a list takes."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from audit import log
from audit.models import Entry
from casework.actions.acts import refuse
from casework.actions.log import open_detail
from casework.exceptions import NotPermitted
from casework.models import Wall
from casework.states import State
from casework.web.explorer import search
from policy_rules.models import SectionVersion
from tests import walk
from tests.casework.web.visit import browser
from tests.cast import person

pytestmark = pytest.mark.django_db
AUDITOR = "vsundarell"


def found(query="", login=AUDITOR):
    return [row["entry"] for row in browser(login).get(f"/audit/entries/{query}").context["rows"]]


def keep_out(login, case):
    Wall.objects.create(case=case, user=person(login), kind="conflict", since=case.received_on)


def concluded(case):
    return Entry.objects.about(case.reference).filter(action="element.concluded").first()


@pytest.fixture
def case():
    case = walk.case_in(State.INVESTIGATION)
    walk.conclude(case.allegations.get())
    return case


def test_entries_are_found_by_person_act_case_section_and_place(case):
    other = walk.file()
    log.integrate()
    of_the_case = list(Entry.objects.about(case.reference))
    assert found(f"?case={case.number}") == of_the_case[::-1][: search.ROWS]
    assert {entry.actor for entry in found("?who=vosslind")} == {person("ivosslind").reference}
    assert {entry.actor for entry in found("?who=complainant")} == {
        f"complainant:{one.number}" for one in (case, other)
    }
    assert {entry.actor for entry in found("?who=redress")} == {"system"}
    assert {entry.subject for entry in found("?action=move.receive")} == {case.reference, other.reference}
    assert {entry.action for entry in found("?section=DE-4.2")} >= {"allegation.framed"}
    assert found("?section=HBPD-MANUAL/DE-4.2@0.9") == []
    sealed = Entry.objects.with_positions().get(pk=of_the_case[2].pk)
    assert found(f"?position={sealed.position}") == [sealed]
    assert found("?first=2031-01-01") == []
    assert found(f"?who={person('ivosslind').reference}&action=conflict.denied&case={case.number}")


def test_an_answer_that_cannot_be_read_is_named_and_finds_nothing(case):
    page = browser(AUDITOR).get("/audit/entries/?first=soon")
    assert page.context["rows"] == []
    assert "Enter a valid date." in page.text


def test_older_and_newer_pages_hold_each_entry_once(monkeypatch, case):
    monkeypatch.setattr(search, "ROWS", 10)
    client, address, seen, back = browser(AUDITOR), "/audit/entries/", [], ""
    while True:
        page = client.get(address).context["page"]
        seen += page.entries
        if not page.older:
            break
        address, back = f"/audit/entries/{page.older}", page.newer
    assert seen == list(Entry.objects.order_by("-pk"))
    assert back
    newest = client.get(f"/audit/entries/{page.newer}").context["page"]
    assert newest.entries == seen[-len(page.entries) - 10 : -len(page.entries)]


def test_a_longer_list_takes_no_more_queries(case):
    client = browser(AUDITOR)
    client.get("/audit/entries/")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/audit/entries/?action=conflict.denied&case={case.number}")
    with CaptureQueriesContext(connection) as many:
        client.get(f"/audit/entries/?case={case.number}")
    assert len(many) == len(few) <= 14


def test_an_entry_shows_its_proof_its_neighbours_and_the_unchanged_text_it_cites(case):
    log.integrate()
    entry = concluded(case)
    page = browser(AUDITOR).get(f"/audit/entries/{entry.pk}/")
    assert page.context["proof"]["steps"]
    assert page.context["proof"]["wrong"] == ""
    assert page.context["before"].n == entry.n - 1
    assert len(page.context["beside"]) == 2
    assert {row["code"]: row["agrees"] for row in page.context["cited"]} == {"CH-4.10": True, "DE-4.2": True}
    assert entry.leaf_hash.hex()[:8] in page.text


@pytest.mark.superuser
def test_a_cited_text_that_was_changed_is_called_out(case):
    entry = Entry.objects.about(case.reference).filter(action="allegation.framed").get()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE policy_rules_sectionversion DISABLE TRIGGER USER")
        SectionVersion.objects.filter(section__code="DE-4.2").update(text="Do as you please.")
        cursor.execute("ALTER TABLE policy_rules_sectionversion ENABLE TRIGGER USER")
    page = browser(AUDITOR).get(f"/audit/entries/{entry.pk}/")
    assert "Wording differs from what was sealed" in page.text


@pytest.mark.superuser
def test_an_entry_whose_text_was_written_over_is_shown_and_its_proof_fails(case):
    log.integrate()
    entry = concluded(case)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER ALL")
        cursor.execute("UPDATE audit_entry SET leaf = '{}' WHERE id = %s", [entry.pk])
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER ALL")
    assert entry in found(f"?case={case.number}")
    assert "The proof fails" in browser(AUDITOR).get(f"/audit/entries/{entry.pk}/").text


def test_a_pending_entry_says_that_nothing_vouches_for_it_yet(case):
    page = browser(AUDITOR).get(f"/audit/entries/{concluded(case).pk}/")
    assert page.context["proof"] is None
    assert "until then nothing outside vouches for it" in page.text


def test_details_open_with_a_reason_and_the_opening_is_an_entry_of_the_case(case):
    entry = concluded(case)
    client = browser(AUDITOR)
    closed = client.get(f"/audit/entries/{entry.pk}/")
    assert "Seen on the recording." not in closed.text
    without = client.post(f"/audit/entries/{entry.pk}/detail/", {"reason": " "})
    assert "Seen on the recording." not in without.text
    opened = client.post(f"/audit/entries/{entry.pk}/detail/", {"reason": "Sample of the quarter"})
    assert "Seen on the recording." in opened.text
    last = Entry.objects.about(case.reference).last()
    assert (last.action, last.actor, last.facts) == (
        "log.detail_opened",
        person(AUDITOR).reference,
        {"entry": entry.pk},
    )
    assert last.detail.data == {"reason": "Sample of the quarter"}
    assert last.data["basis"][0]["section"].startswith("HBPD-MANUAL/CH-12.5@")
    assert found("?kind=opened")[0] == last


def test_details_about_an_account_open_too_and_stand_under_the_account():
    with transaction.atomic():
        entry = log.record("person.added", actor="user:1", role="none", subject="user:9", detail={"name": "Ana"})
    assert open_detail(entry=entry, reason="Complaint of the union", by=person(AUDITOR)).data == {"name": "Ana"}
    assert Entry.objects.about("user:9").last().action == "log.detail_opened"


def test_nobody_but_an_auditor_opens_details(case):
    with pytest.raises(NotPermitted):
        open_detail(entry=concluded(case), reason="Curious", by=person("nhalvaney"))


def test_an_auditor_who_is_kept_out_of_a_case_finds_nothing_of_it_anywhere(case):
    entry = concluded(case)
    keep_out(AUDITOR, case)
    client = browser(AUDITOR)
    assert found(f"?case={case.number}") == []
    assert case.reference not in {row.subject for row in found()}
    assert client.get(f"/audit/entries/{entry.pk}/").status_code == 404
    assert client.post(f"/audit/entries/{entry.pk}/detail/", {"reason": "Curious"}).status_code == 404
    assert "DE-4.2" not in client.get("/audit/sections/").text
    assert client.get("/audit/sections/DE-4.2/").context["versions"] == []


def test_an_analyst_reads_what_was_done_to_the_manual_and_nothing_else(case):
    assert {entry.action.partition(".")[0] for entry in found(login="nhalvaney")} == {"policy"}


def test_refused_attempts_are_marked_and_found_by_themselves(case):
    refuse(case, person("oferrant"), "conclude_element", ["not_permitted"])
    page = browser(AUDITOR).get("/audit/entries/?kind=refused")
    assert [row["entry"].action for row in page.context["rows"]] == ["act.refused"]
    assert '<span class="badge bad">Refused</span>' in page.text


@pytest.mark.parametrize("address", ["/staff/cases/{0}/", "/staff/cases/{0}/receipts/", "/api/v1/cases/{0}/"])
def test_who_tries_the_number_of_a_case_that_is_not_theirs_is_told_nothing_and_is_found(case, address):
    assert browser("dpassmoor").get(address.format(case.number)).status_code == 404
    assert browser("dpassmoor").get(address.format("2026-009999")).status_code == 404
    page = browser(AUDITOR).get("/audit/entries/?kind=refused")
    assert [(row["entry"].action, row["entry"].actor, row["entry"].subject) for row in page.context["rows"]] == [
        ("case.refused", person("dpassmoor").reference, case.reference)
    ]


def test_a_section_has_one_history_across_all_cases(case):
    walk.case_in(State.INVESTIGATION)
    page = browser(AUDITOR).get("/audit/sections/DE-4.2/")
    assert {row["entry"].subject for row in page.context["rows"]} >= set(
        Entry.objects.filter(action="allegation.framed").values_list("subject", flat=True)
    )
    assert sum(row["entries"] for row in page.context["versions"]) == len(page.context["rows"])
    listed = {row["code"]: row["entries"] for row in browser(AUDITOR).get("/audit/sections/").context["rows"]}
    assert listed["DE-4.2"] == len(page.context["rows"])
