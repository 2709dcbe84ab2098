"""What auditors see, and are told, of access to sealed data: who opened what and why, and what is unusual about it."""

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import User
from audit.actions import all_actions
from audit.models import Entry
from casework.actions import alarms
from casework.actions.acts import refuse
from casework.actions.log import open_detail
from casework.actions.people import open_identity
from casework.models import Case, CaseOfficer, Officer
from casework.reporting.unusual_access import SEARCH
from casework.states import State
from casework.web.explorer import access as page_of_access
from casework.web.explorer.search import REFUSED
from tests import walk
from tests.casework.web.visit import browser
from tests.cast import person

pytestmark = pytest.mark.django_db
AUDITOR = "vsundarell"
INVESTIGATOR = "ivosslind"


@pytest.fixture(scope="class")
def filed(_in_harrow_bend, undone_later):
    identity = {"name": "Marisol Quintanilla-Reyes", "phone": "555 0134"}
    with undone_later():
        yield walk.case_in(State.INVESTIGATION, confidentiality="named", identity=identity).pk


@pytest.fixture
def case(filed):
    return Case.objects.get(pk=filed)


def sworn(login, unit="B Platoon"):
    """Give the person an entry in the register of members."""
    Officer.objects.create(badge="9001", name=str(person(login)), rank="Detective", unit=unit)
    User.objects.filter(login=login).update(badge="9001")
    return person(login)


def listed():
    return {row["who"]: row["why"] for row in browser(AUDITOR).get("/audit/access/").context["unusual"]}


def open_name(case, login=INVESTIGATOR):
    open_identity(case=case, party=case.parties.first(), reason="To arrange the interview", by=person(login))


class TestOneCase:
    def test_openings_show_who_what_and_why_also_in_the_list_of_all(self, case):
        open_name(case)
        (row,) = browser(AUDITOR).get("/audit/access/").context["openings"]
        assert (row["who"], row["reason"]) == ("Imara Vosslind", "To arrange the interview")
        assert "Reason: To arrange the interview" in browser(AUDITOR).get("/audit/entries/?kind=opened").text
        assert "To arrange the interview" not in browser(AUDITOR).get(f"/audit/entries/?case={case.number}").text
        assert browser("nhalvaney").get("/audit/access/").status_code == 403

    def test_access_without_a_task_is_listed_and_so_are_many_refusals(self, case):
        open_name(case)
        assert listed() == {}
        open_detail(entry=Entry.objects.about(case.reference).first(), reason="Curious", by=person(AUDITOR))
        for _ in range(5):
            refuse(case, person(INVESTIGATOR), "conclude_element", ["not_permitted"])
        assert listed() == {
            "Vikram Sundarell": f"1 opening in {case.number}, with no other act there",
            "Imara Vosslind": "5 refused attempts",
        }
        assert page_of_access.limits_on(case.received_on).section == "CH-10.2"

    def test_an_opening_about_a_colleague_of_the_same_unit_is_listed(self, case):
        officer = CaseOfficer.objects.filter(case=case).first()
        sworn(INVESTIGATOR, unit=officer.unit)
        open_name(case)
        assert listed() == {"Imara Vosslind": f"1 opening in {case.number}, about an officer of their own unit"}

    def test_a_sworn_member_who_searches_for_a_complainant_is_listed_and_auditors_are_told(self, case):
        User.objects.filter(login=AUDITOR).update(email="auditor@example.org")
        sworn(INVESTIGATOR)
        for text in ("quintanilla-reyes", "Marisol", "Quint", "Quarry Lane", "[", ""):
            assert browser(INVESTIGATOR).get("/staff/cases/", {"q": text}).status_code == 200
        assert [entry.detail.data for entry in Entry.objects.filter(action=SEARCH)] == [
            {"text": "quintanilla-reyes"},
            {"text": "Marisol"},
        ]
        assert listed() == {"Imara Vosslind": "2 searches for a complainant’s name"}
        assert ProcrastinateJob.objects.filter(task_name=alarms.TELL_OF_SEARCH).count() == 2
        alarms.tell_of_search()
        (told,) = mail.outbox
        assert told.to == ["auditor@example.org"]
        assert "/audit/access/" in told.body
        assert "Vosslind" not in told.body
        assert "Quintanilla" not in told.body

    def test_nobody_else_is_watched_when_they_search(self, case):
        browser(INVESTIGATOR).get("/staff/cases/", {"q": "Marisol"})
        assert not Entry.objects.filter(action=SEARCH).exists()

    def test_auditors_are_told_once_a_week_that_there_is_something_to_look_into(self, case):
        User.objects.filter(login=AUDITOR).update(email="auditor@example.org", language="es")
        alarms.tell_of_unusual_access()
        assert mail.outbox == []
        open_detail(entry=Entry.objects.about(case.reference).first(), reason="Curious", by=person(AUDITOR))
        alarms.tell_of_unusual_access()
        (told,) = mail.outbox
        assert told.subject == "Acceso inusual a datos sellados"
        assert "últimos 7 días" in told.body


def test_refusals_of_every_kind_are_found_among_the_refused_attempts():
    codes = {action.code for action in all_actions() if action.code.endswith(".refused")}
    assert codes <= REFUSED
