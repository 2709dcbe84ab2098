"""My work and the list of cases: what waits for whom, what a search finds, and how few queries it takes."""

import hashlib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from casework.actions import messages
from casework.permissions import Complainant
from casework.states import State
from tests import walk
from tests.casework.web.visit import browser
from tests.cast import person

pytestmark = pytest.mark.django_db


def listed(login, query=""):
    return [row["number"] for row in browser(login).get(f"/staff/cases/{query}").context["rows"]]


def work(login):
    return browser(login).get("/staff/").context


def queries(login, page):
    client = browser(login)
    client.get(page)
    with CaptureQueriesContext(connection) as asked:
        client.get(page)
    return len(asked)


@pytest.mark.parametrize("page", ["/staff/", "/staff/cases/"])
def test_25_cases_take_no_more_queries_than_one(page):
    walk.assign(walk.case_in(State.PRELIMINARY_INQUIRY))
    walk.file()
    few = queries("rambersole", page)
    for _ in range(24):
        walk.assign(walk.file())
    assert queries("rambersole", page) == few
    assert few <= 29


def test_each_case_waits_for_whoever_has_its_next_step():
    received, opened = walk.file(), walk.case_in(State.INVESTIGATION)
    assert [row["number"] for row in work("oferrant")["needed"]] == [received.number]
    assert [row["number"] for row in work("ivosslind")["needed"]] == [opened.number]
    assert opened.number in [row["number"] for row in work("oferrant")["waiting"]]
    assert [row["number"] for row in work("rambersole")["unassigned"]] == [received.number]


def test_a_person_with_nothing_to_do_is_told_so():
    page = browser("ivosslind").get("/staff/").text
    assert "Nothing needs you today." in page


def test_a_message_waits_until_it_is_answered():
    case = walk.file()
    messages.send_message(case=case, text="It was bus 11.", by=Complainant(case))
    assert [row["number"] for row in work("oferrant")["news"]] == [case.number]
    messages.send_message(case=case, text="Thank you.", by=person("oferrant"))
    assert work("oferrant")["news"] == []


def test_a_search_finds_words_of_the_account_in_its_own_language():
    english, spanish = walk.file(), walk.file(narrative="Los agentes nos gritaron en la parada.", language="es")
    assert listed("oferrant", "?q=shouting") == [english.number]
    assert listed("oferrant", "?q=gritando+paradas") == [spanish.number]
    assert listed("oferrant", f"?q={spanish.number}") == [spanish.number]


def test_a_search_tells_nobody_what_they_may_not_read():
    case = walk.case_in(State.BOARD_REFERRED)
    assert listed("wtarrow") == [case.number]
    assert listed("wtarrow", "?q=shouted") == []
    assert listed("wtarrow", "?q=Quarry") == []


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ("?state=investigation", "opened"),
        ("?classification=serious", "opened"),
        ("?due=nobody", "received"),
        ("?language=es", "received"),
        ("?district=NORTH", "received"),
        ("?state=no-such-state&language=es", "received"),
    ],
)
def test_a_filter_keeps_what_fits(query, finds):
    cases = {"received": walk.file(language="es", district="North"), "opened": walk.case_in(State.INVESTIGATION)}
    assert listed("rambersole", query) == [cases[finds].number]


def test_a_filter_by_person_keeps_their_cases():
    walk.file()
    opened = walk.case_in(State.INVESTIGATION)
    assert listed("rambersole", f"?assignee={person('ivosslind').pk}") == [opened.number]


def test_the_count_is_said_and_the_order_can_be_turned():
    first, second = walk.file(), walk.file()
    page = browser("oferrant").get("/staff/cases/?sort=number")
    assert '<p role="status" class="soft" id="found">2 cases</p>' in page.text
    assert [row["number"] for row in page.context["rows"]] == [first.number, second.number]
    assert listed("oferrant", "?sort=-number") == [second.number, first.number]


def test_a_search_finds_an_officer_for_those_who_read_the_file_alone():
    case = walk.case_in(State.BOARD_REFERRED)
    walk.file()
    for words in ("kessrow", "1013"):
        assert listed("rambersole", f"?q={words}") == [case.number]
        assert listed("wtarrow", f"?q={words}") == []


def test_a_search_never_finds_a_civilians_name():
    walk.file(confidentiality="named", identity={"name": "Ana Quillfeather"})
    assert listed("rambersole", "?q=Quillfeather") == []


def test_the_views_count_what_they_lead_to():
    walk.file()
    walk.case_in(State.INVESTIGATION)
    page = browser("rambersole").get("/staff/cases/")
    counts = {view["url"]: view["count"] for view in page.context["views"]}
    assert counts["?due=nobody"] == len(listed("rambersole", "?due=nobody")) == 1


def export(login, query=""):
    return browser(login).post(f"/staff/cases/export/{query}")


def test_a_list_taken_as_a_file_holds_what_is_shown_and_is_an_entry():
    walk.file(title='=HYPERLINK("http://example.org")')
    opened = walk.case_in(State.INVESTIGATION)
    answer = export("rambersole", "?state=investigation")
    header, row = answer.text.splitlines()
    assert header.startswith("number,title,state")
    assert row.startswith(f"{opened.number},")
    entry = Entry.objects.get(action="cases.exported")
    assert entry.facts == {"rows": 1, "sha256": hashlib.sha256(answer.content).hexdigest()}
    assert entry.actor_role == "supervising_investigator"
    assert "'=HYPERLINK" in export("rambersole").text


def test_who_may_not_take_a_list_gets_none_and_is_offered_none():
    walk.file()
    assert export("oferrant").status_code == 403
    assert "Save this list" not in browser("oferrant").get("/staff/cases/").text
