"""While the record of a case is held, nothing of it goes; who holds it, since when and for what is never a secret."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from audit import log
from audit.models import Detail, Entry
from casework.actions import erasure, holds
from casework.exceptions import Invalid, NotPermitted, Refused
from casework.models import Case, CaseUserPermission, Hold
from casework.replay import check_holds
from casework.states import State
from tests import walk
from tests.casework.web.visit import browser, get, post
from tests.cast import person

pytestmark = pytest.mark.django_db
RECORDS, AUDITOR, SUPERVISOR = "bollerby", "vsundarell", "rambersole"
ORDER = "Superior Court, 26 CVS 1187, of November 3"
SUIT = {"ground": "lawsuit", "matter": "Quillfeather v. City, 26 CVS 2204"}

MADE_UP = (
    "INSERT INTO casework_hold (case_id, ground, matter, set_by_id, set_on, lifted_because)"
    " SELECT case_id, 'audit', 'x', set_by_id, set_on, '' FROM casework_hold"
)


@pytest.fixture(scope="module")
def disposed(_in_harrow_bend, undone_later):
    with undone_later():
        case = walk.case_in(State.DISPOSITION_ISSUED)
        log.integrate()
        yield case.pk


@pytest.fixture
def case(disposed):
    return Case.objects.get(pk=disposed)


def hold(case, by=RECORDS, **more):
    return holds.set_hold(case=case, by=person(by), **{**SUIT, **more})


def propose(case):
    position = Entry.objects.about(case.reference).with_positions().first().position
    return erasure.propose(position=position, ground="court_order", order=ORDER, by=person(RECORDS))


def last(case, action):
    return Entry.objects.about(case.reference).filter(action=action).last()


def test_setting_and_lifting_are_entries_under_the_section_on_holds_that_name_no_matter(case):
    held = hold(case)
    holds.lift_hold(hold=held, reason="The suit was settled.", by=person(SUPERVISOR))
    first, second = last(case, "hold.set"), last(case, "hold.lifted")
    assert (first.actor, second.actor) == (person(RECORDS).reference, person(SUPERVISOR).reference)
    assert first.basis[0].startswith("HBPD-MANUAL/CH-11.2@")
    assert second.facts == {"hold": held.pk, "ground": "lawsuit"}
    assert "Quillfeather" not in first.leaf
    assert first.detail.data == {"matter": SUIT["matter"]}


def test_nothing_is_proposed_while_the_record_is_held_and_the_attempt_is_recorded(case):
    hold(case)
    with pytest.raises(Refused) as refused:
        propose(case)
    (refusal,) = refused.value.refusals
    for told in (str(person(RECORDS)), "Lawsuit", SUIT["matter"]):
        assert told in refusal.sentence
    assert last(case, "act.refused").facts == {"act": "erase_detail", "codes": ["held"]}


def test_a_hold_set_after_the_proposal_keeps_the_second_person_from_erasing(case):
    proposed, held = propose(case), hold(case, by=SUPERVISOR)
    with pytest.raises(Refused):
        erasure.agree(erasure=proposed, by=person(AUDITOR))
    assert Detail.objects.filter(entry=proposed.entry).exists()
    assert str(person(SUPERVISOR)) in browser(AUDITOR).get(f"/audit/erasures/{proposed.pk}/").text
    refused = browser(AUDITOR).post(f"/audit/erasures/{proposed.pk}/", {"answer": "agree"})
    assert (refused.status_code, "holds the record since" in refused.text) == (409, True)
    holds.lift_hold(hold=held, reason="Settled.", by=person(RECORDS))
    assert erasure.agree(erasure=proposed, by=person(AUDITOR)).agreed


def test_each_of_several_holds_stands_by_itself(case):
    first = hold(case)
    hold(case, ground="audit", matter="Audit of 2026", by=AUDITOR)
    with pytest.raises(Invalid, match="for this matter already"):
        hold(case)
    holds.lift_hold(hold=first, reason="Settled.", by=person(RECORDS))
    with pytest.raises(Refused) as refused:
        propose(case)
    assert ["Audit of 2026" in refusal.sentence for refusal in refused.value.refusals] == [True]
    with pytest.raises(Invalid, match="lifted already"):
        holds.lift_hold(hold=first, reason="Settled.", by=person(RECORDS))
    assert hold(case).stands, "a matter may come back"


def test_a_proposal_can_be_put_aside_while_the_record_is_held(case):
    proposed = propose(case)
    hold(case)
    assert not erasure.decline(erasure=proposed, by=person(AUDITOR)).agreed


@pytest.mark.parametrize(
    ("more", "field"), [({"ground": "whim"}, "ground"), ({"matter": " "}, "matter")], ids=["ground", "matter"]
)
def test_a_hold_says_what_for(case, more, field):
    with pytest.raises(Invalid) as wrong:
        hold(case, **more)
    assert wrong.value.field == field


def test_a_hold_is_lifted_for_a_reason_and_the_database_wants_it_too(case):
    held = hold(case)
    with pytest.raises(Invalid, match="no longer needed"):
        holds.lift_hold(hold=held, reason=" ", by=person(RECORDS))
    with pytest.raises(IntegrityError, match="lifted_by_someone_for_a_reason"), transaction.atomic():
        Hold.objects.filter(pk=held.pk).update(lifted_on=held.set_on)


def test_an_investigator_reads_that_the_record_is_held_and_neither_sets_nor_lifts(case):
    held = hold(case)
    page = get("ivosslind", case, "holds").text
    assert SUIT["matter"] in page
    assert "Lift the hold" not in page
    with pytest.raises(NotPermitted):
        hold(case, by="ivosslind")
    with pytest.raises(NotPermitted):
        holds.lift_hold(hold=held, reason="Over.", by=person("ivosslind"))


def test_the_pages_lead_from_the_case_to_the_hold_and_keep_what_was_typed(case):
    assert "The record is not held." in get(RECORDS, case, "holds").text
    assert SUIT["matter"] in post(RECORDS, case, "holds", matter=SUIT["matter"]).text
    post(RECORDS, case, "holds", **SUIT)
    held = Hold.objects.get(case=case)
    assert "Record is held" in get("ivosslind", case).text
    assert f"/staff/cases/{case}/holds/" in browser(AUDITOR).get("/audit/erasures/").text
    assert post(RECORDS, case, "holds", held.pk, "lift").context["answered"].errors
    post(RECORDS, case, "holds", held.pk, "lift", reason="Settled out of court.")
    shown = get(RECORDS, case, "holds").text
    assert "Settled out of court." in shown
    assert "Record is held" not in shown


def test_a_permission_that_a_role_gained_since_reaches_those_who_hold_the_role_already(case):
    CaseUserPermission.objects.filter(permission__codename="hold").delete()
    with pytest.raises(NotPermitted):
        hold(case)
    call_command("check_grants", mend=True)
    assert hold(case).stands


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("UPDATE casework_hold SET lifted_on = set_on, lifted_by_id = set_by_id, lifted_because = 'x'", "hold_differs"),
        ("DELETE FROM casework_hold", "hold_missing"),
        (MADE_UP, "hold_without_entry"),
    ],
    ids=["lifted", "removed", "made up"],
)
def test_a_hold_changed_behind_the_back_is_found(case, sql, code):
    hold(case)
    assert list(check_holds(None)) == []
    with connection.cursor() as cursor:
        cursor.execute(sql)
    assert [(fault.code, fault.subject) for fault in check_holds(None)] == [(code, case.reference)]
