"""Open cases of another system: nobody's until the office takes them up, and never called anyone's own words."""

import pytest

from audit.models import Entry
from casework.actions import assignments
from casework.exceptions import CaseNotFound, NotPermitted
from casework.models import Assignment
from casework.permissions import check_grants
from tests import walk
from tests.casework.web.visit import browser, get
from tests.cast import person

pytestmark = pytest.mark.django_db
WORDS = "Citizen states that the officer was rude."


def test_nobody_reads_it_and_those_who_take_up_see_its_number_alone():
    case = walk.imported(WORDS)
    for login in ("rambersole", "bollerby", "oferrant", "vsundarell"):
        assert get(login, case).status_code == 404
    page = browser("bollerby").get("/staff/imported/").text
    assert case.number in page
    assert WORDS not in page
    assert browser("oferrant").get("/staff/imported/").status_code == 403


def test_taking_it_up_puts_the_office_on_it_and_is_an_entry():
    case = walk.imported(WORDS)
    browser("bollerby").post(f"/staff/imported/{case.number}/take-up/")
    roles = set(Assignment.objects.filter(case=case).values_list("role", flat=True))
    assert roles == {"intake_specialist", "supervising_investigator", "auditor", "records_officer"}
    assert check_grants() == []
    entry = Entry.objects.get(action="import.taken_up", subject=case.reference)
    assert (entry.actor, entry.actor_role) == (person("bollerby").reference, "records_officer")
    assert case.number not in browser("bollerby").get("/staff/imported/").text


def test_what_the_record_says_is_not_called_the_complainants_words():
    case = walk.imported(WORDS)
    assignments.take_up(number=case.number, by=person("rambersole"))
    page = get("rambersole", case).text
    assert WORDS in page
    assert "These need not be the complainant’s words." in page
    assert "These need not be" not in get("oferrant", walk.file()).text


def test_it_is_taken_up_once_and_a_native_case_never():
    case = walk.imported()
    assignments.take_up(number=case.number, by=person("rambersole"))
    for number in (case.number, walk.file().number):
        with pytest.raises(CaseNotFound):
            assignments.take_up(number=number, by=person("rambersole"))


def test_a_refused_attempt_is_recorded():
    case = walk.imported()
    with pytest.raises(NotPermitted):
        assignments.take_up(number=case.number, by=person("ivosslind"))
    entry = Entry.objects.get(action="act.refused", subject=case.reference)
    assert entry.facts == {"act": "take_up", "codes": ["not_permitted"]}


def test_then_it_goes_the_way_of_every_case():
    case = walk.imported(WORDS)
    assignments.take_up(number=case.number, by=person("rambersole"))
    assert walk.intake_review(case).state == "intake_review"
