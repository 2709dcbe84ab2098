"""An event whose day is not known, over a day on which the rule changed: both versions are shown and one is chosen."""

from datetime import date, timedelta

import pytest
from django.test import Client

from accounts.tokens import Scope, issue
from casework.actions import allegations, people
from casework.exceptions import Invalid
from tests import walk
from tests.casework.web import visit
from tests.cast import person

pytestmark = pytest.mark.django_db
SUPERVISOR = "rambersole"


def case_over(first: date, last: date):
    """A case in preliminary inquiry of something that happened between two days."""
    case = walk.preliminary_inquiry(walk.intake_review(walk.file(incident_from=first, incident_to=last)))
    officer = people.add_officer(case=case, badge="1013", by=person(SUPERVISOR))
    return case, officer


@pytest.fixture
def straddling():
    return case_over(date(2023, 12, 15), date(2024, 1, 15))


def frame(case, officer, section: str, **more):
    return allegations.frame(case=case, officer=officer, section=section, by=person(SUPERVISOR), **more)


def test_the_page_shows_both_versions_and_preselects_neither(straddling):
    case, _officer = straddling
    page = visit.get(SUPERVISOR, case.number, "allegations", "add").content.decode()
    assert '<option value="DE-4.1@1.0">' in page
    assert '<option value="DE-4.1@1.1">' in page
    assert '<option value="DE-4.1">' not in page


def test_the_page_leads_to_what_changed_between_them(straddling):
    case, _officer = straddling
    page = visit.get(SUPERVISOR, case.number, "allegations", "add").content.decode()
    assert "on any day from December 15, 2023 to January 15, 2024" in page
    assert '/policies/chapter/DE/compare/?before=1.0&amp;after=1.1">' in page
    assert "in force from January 1, 2024; the same words" in page


def test_a_section_that_began_during_the_event_is_a_choice_too(straddling):
    case, _officer = straddling
    assert '<option value="DE-4.8@1.1">' in visit.get(SUPERVISOR, case.number, "allegations", "add").content.decode()
    with pytest.raises(Invalid, match=r"Choose a version and say why. These were in force: DE-4\.8@1\.1"):
        frame(*straddling, "DE-4.8")
    allegation = frame(*straddling, "DE-4.8@1.1", version_reason="The recording is of 2 January.")
    assert allegation.incident_on == date(2024, 1, 1)


def test_a_section_that_ended_before_the_event_is_not_alleged():
    with pytest.raises(Invalid, match="in force on no day of the event") as wrong:
        frame(*case_over(date(2024, 2, 1), date(2024, 2, 20)), "CH-2.5")
    assert wrong.value.field == "section"


def test_a_program_is_told_the_versions_and_chooses_one_with_a_reason(straddling):
    case, officer = straddling
    _token, secret = issue(
        by=person(SUPERVISOR), label="x", scopes=[Scope.CASES_READ, Scope.CASES_WRITE], lasts=timedelta(days=1)
    )
    client = Client(headers={"authorization": f"Bearer {secret}"})

    def ask(**stated):
        given = {"officer": officer.label} | stated
        return client.post(f"/api/v1/cases/{case.number}/allegations/", given, content_type="application/json")

    (refused,) = ask(section="DE-4.1").json()["errors"]
    assert refused["attr"] == "section"
    assert "DE-4.1@1.0, DE-4.1@1.1" in refused["detail"]
    assert ask(section="DE-4.1@1.0").json()["errors"][0]["attr"] == "version_reason"
    made = ask(section="DE-4.1@1.0", version_reason="The receipt bears a date.")
    assert (made.status_code, made.json()["section"]) == (201, "HBPD-MANUAL/DE-4.1@1.0")
    assert ask(section="DE-4.2@1.0", officer="Officer Z").json()["errors"][0]["attr"] == "officer"


def test_no_version_is_taken_without_a_choice(straddling):
    with pytest.raises(Invalid, match="Choose a version and say why") as wrong:
        frame(*straddling, "DE-4.1")
    assert wrong.value.field == "section"


def test_a_choice_needs_its_reason(straddling):
    with pytest.raises(Invalid) as wrong:
        frame(*straddling, "DE-4.1@1.0")
    assert wrong.value.field == "version_reason"


@pytest.mark.parametrize(("version", "day"), [("1.0", date(2023, 12, 15)), ("1.1", date(2024, 1, 1))])
def test_the_chosen_version_is_kept_with_its_text_and_the_reason(straddling, version, day):
    allegation = frame(*straddling, f"DE-4.1@{version}", version_reason="The receipt bears a date.")
    assert allegation.section_version.version == version
    assert (allegation.text_digest, allegation.incident_on) == (allegation.section_version.text_digest, day)
    assert allegation.version_reason == "The receipt bears a date."


def test_a_version_of_other_days_is_refused():
    with pytest.raises(Invalid, match="in force on no day of the event"):
        frame(*case_over(date(2024, 2, 1), date(2024, 2, 20)), "DE-4.1@1.0", version_reason="x")


@pytest.mark.parametrize(
    ("first", "last", "version"),
    [
        (date(2023, 12, 30), date(2023, 12, 31), "1.0"),
        (date(2024, 1, 1), date(2024, 1, 2), "1.1"),
    ],
)
def test_on_either_side_of_the_boundary_there_is_nothing_to_choose(first, last, version):
    assert frame(*case_over(first, last), "DE-4.1").section_version.version == version
