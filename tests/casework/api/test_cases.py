"""Programs see and do what their owner may see and do, and nothing else."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.test import Client

from accounts.tokens import Scope, issue
from audit import log
from audit.models import Entry
from casework.actions import assignments, evidence
from casework.models import Case
from casework.states import State
from tests import walk
from tests.cast import person

pytestmark = pytest.mark.django_db


def program(login, *scopes):
    _token, secret = issue(by=person(login), label="test", scopes=scopes, lasts=timedelta(days=1))
    return Client(headers={"authorization": f"Bearer {secret}"})


def test_a_program_lists_only_the_cases_of_its_owner():
    case, other = walk.case_in(State.PRELIMINARY_INQUIRY), walk.file()
    walk.assign(case)
    numbers = [row["number"] for row in program("ivosslind", Scope.CASES_READ).get("/api/v1/cases/").json()["results"]]
    assert numbers == [case.number]
    assert other.number not in numbers


def test_the_list_is_narrowed_by_what_is_asked_for_and_a_code_that_does_not_exist_is_refused():
    case = walk.case_in(State.INTAKE_REVIEW, language="es")
    walk.file()
    client = program("rambersole", Scope.CASES_READ)
    for query in ({"state": "intake_review"}, {"language": "es"}):
        assert [row["number"] for row in client.get("/api/v1/cases/", query).json()["results"]] == [case.number]
    refused = client.get("/api/v1/cases/", {"state": "no-such-state"})
    assert (refused.status_code, refused.json()["errors"][0]["attr"]) == (400, "state")


def test_a_case_that_may_not_be_seen_does_not_exist():
    case = walk.file()
    assert program("ivosslind", Scope.CASES_READ).get(f"/api/v1/cases/{case.number}/").status_code == 404


def test_a_token_without_the_scope_opens_nothing():
    case = walk.file()
    assert program("oferrant", Scope.POLICIES_READ).get(f"/api/v1/cases/{case.number}/").status_code == 403


def test_a_refused_move_gives_every_reason_in_one_shape():
    case = walk.case_in(State.PRELIMINARY_INQUIRY)
    client = program("rambersole", Scope.CASES_READ, Scope.CASES_WRITE)
    answer = client.post(f"/api/v1/cases/{case.number}/moves/open_investigation/", {}, content_type="application/json")
    assert answer.status_code == 409
    assert [error["attr"] for error in answer.json()["errors"]] == [
        "is_classified", "allegations_cite_policy_in_force", "investigator_without_conflict",
    ]  # fmt: skip
    moves = {move["name"]: move for move in client.get(f"/api/v1/cases/{case.number}/moves/").json()}
    assert moves["open_investigation"]["possible"] is False


def test_a_program_makes_a_move_and_two_people_make_one_that_takes_two():
    case = walk.case_in(State.QUALITY_REVIEW)
    evidence.build_packet(case=case, by=person("cdreyfield"))
    evidence.check_packet(case=case, by=person("rambersole"))
    address = f"/api/v1/cases/{case.number}/moves/refer_to_board/"
    first = program("cdreyfield", Scope.CASES_WRITE).post(address, {}, content_type="application/json")
    assert first.status_code == 202
    given = {"proposal": first.json()["proposal"]}
    second = program("rambersole", Scope.CASES_WRITE).post(address, given, content_type="application/json")
    assert second.json()["state"] == "board_referred"
    assert Case.objects.get(pk=case.pk).state == State.BOARD_REFERRED


def test_recusal_ends_what_a_token_opens_at_once():
    case = walk.case_in(State.BOARD_REVIEW)
    member = case.draws.get().seats.filter(called_on__isnull=False).exclude(user=person("wtarrow")).first().user
    client = program(member.login, Scope.CASES_READ)
    assert client.get(f"/api/v1/cases/{case.number}/").status_code == 200
    assignments.declare_conflict(case=case, by=member, has_conflict=True, ground="friend")
    assert client.get(f"/api/v1/cases/{case.number}/").status_code == 404
    assert client.get("/api/v1/cases/").json()["results"] == []


def test_a_list_of_cases_asks_the_database_the_same_for_one_as_for_many(django_assert_num_queries):
    walk.file()
    client = program("oferrant", Scope.CASES_READ)
    client.get("/api/v1/cases/")
    with django_assert_num_queries(4):
        client.get("/api/v1/cases/")
    for _index in range(4):
        walk.file()
    with django_assert_num_queries(4):
        client.get("/api/v1/cases/")


def test_anyone_reads_the_newest_checkpoint():
    from audit.log import integrate

    walk.file()
    newest = integrate()
    assert Client().get("/api/v1/audit/checkpoint/").json()["root"] == newest.root_hex


def test_an_auditor_reads_the_log_by_policy_section_without_any_name_or_prose():
    walk.case_in(State.INVESTIGATION)
    answer = program("vsundarell", Scope.AUDIT_READ).get("/api/v1/audit/entries/?section=HBPD-MANUAL/CH-3.8@2.1")
    actions = {row["action"] for row in answer.json()["results"]}
    assert "move.open_investigation" in actions
    assert "Nobody made him walk" not in answer.content.decode()


def test_a_program_holds_a_record_reads_that_and_lifts_it():
    case = walk.case_in(State.INTAKE_REVIEW)
    client = program("rambersole", Scope.CASES_READ, Scope.CASES_WRITE)
    address, suit = f"/api/v1/cases/{case.number}/holds/", {"ground": "lawsuit", "matter": "26 CVS 2204"}
    made = client.post(address, suit, content_type="application/json")
    assert (made.status_code, made.json()["lifted_on"]) == (201, None)
    again = client.post(address, suit, content_type="application/json")
    assert (again.status_code, again.json()["errors"][0]["attr"]) == (400, "matter")
    lift = f"{address}{made.json()['id']}/lift/"
    client.post(lift, {"reason": "Settled."}, content_type="application/json")
    assert [(row["set_by"], row["lifted_because"]) for row in client.get(address).json()] == [
        (person("rambersole").reference, "Settled.")
    ]
    assert client.post(f"{address}0/lift/", {"reason": "x"}, content_type="application/json").status_code == 404


def test_an_auditor_narrows_the_log_by_who_about_what_and_when_and_hashes_what_they_get():
    case = walk.case_in(State.INTAKE_REVIEW)
    walk.file()
    log.integrate()
    client = program("vsundarell", Scope.AUDIT_READ)

    def found(**asked):
        return client.get("/api/v1/audit/entries/", asked).json()["results"]

    of_intake = found(subject=case.reference, actor=person("oferrant").reference)
    assert {row["actor_role"] for row in of_intake} == {"intake_specialist"}
    assert {row["subject"] for row in of_intake} == {case.reference}
    row = of_intake[0]
    entry = Entry.objects.with_positions().get(pk=row["id"])
    assert sha256(b"\0" + row["leaf"].encode()).digest() == entry.leaf_hash
    assert row["id"] in {one["id"] for one in found(since=row["occurred_at"])}
    assert row["id"] not in {one["id"] for one in found(until=row["occurred_at"])}
    for asked in ({"since": "yesterday"}, {"until": "2026-13-01T00:00"}, {"actor": "\0"}):
        assert client.get("/api/v1/audit/entries/", asked).status_code == 400
