"""A draft of the rules is run over past cases: what would have been otherwise is counted, and no case is touched."""

import csv
import io
import json
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import InternalError
from django.utils import timezone

from audit.models import Entry
from casework.actions import what_if as acts
from casework.exceptions import Invalid, NotPermitted
from casework.models import Case, CaseClock, WhatIf
from casework.reporting.what_if import Tally, differences, reading_only
from casework.states import State
from policy_rules.actions import drafts, lifecycle
from policy_rules.actions import rules as rule_acts
from policy_rules.drafted_rules import drafted_data, drafted_rules
from policy_rules.models import Chapter
from policy_rules.rule_rows import row_at
from tests import walk
from tests.cast import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    chapter = Chapter.objects.get(code="CH")
    return lifecycle.begin(chapter, by=person("nhalvaney"), version="2.2", trigger="To see what follows.")


def change(draft, path: str, **different):
    value = {**row_at(drafted_data(draft), path).value, **different}
    return rule_acts.change_rule(draft, path, by=person("nhalvaney"), value=value, reason="To see what follows.")


def found(draft):
    """Return what the draft would have changed, as kind, subject, before and after."""
    with reading_only():
        rows = list(differences(drafted_rules(draft), Tally()))
    return [(str(row.kind), row.subject, row.before, row.after) for row in rows]


@pytest.fixture
def decided():
    """A case decided by panel and chief today: one violation, with the mildest outcome of its range."""
    return walk.case_in(State.DISPOSITION_ISSUED)


def test_the_rules_that_applied_change_nothing(draft, decided):
    change(draft, "authorities.clocks.mediation", duration=61)
    assert found(draft) == []


def test_findings_ranges_outcomes_and_quorum_that_would_have_been_otherwise(draft, decided):
    table = row_at(drafted_data(draft), "element_rules").value["outcome_table"]
    change(draft, "element_rules", outcome_table=table | {"all_elements_proved_no_exception": "policy_failure"})
    assert ("finding", "all_elements_proved_no_exception", "sustained", "policy_failure") in found(draft)
    change(draft, "element_rules", outcome_table=table)
    matrix = row_at(drafted_data(draft), "rules.discipline_matrix").value
    known = decided.allegations.get().discipline
    harder = matrix[known.discipline_class] | {"first": ["demotion", "dismissal"]}
    change(draft, "rules.discipline_matrix", **{known.discipline_class: harder})
    change(draft, "rules.panel", size=8, quorum=8)
    change(draft, "rules.classifications", heard_by_board=["criminal"])
    assert set(found(draft)) == {
        ("range", known.discipline_class, f"{known.range_from} – {known.range_to}", "demotion – dismissal"),
        ("outcome", known.discipline_class, "inside", "outside"),
        ("to_board", "serious", "yes", "no"),
        ("quorum", "7", "yes", "no"),
    }


def test_limits_that_would_have_been_missed_or_met(draft):
    walk.file()
    with time_machine.travel(timezone.now() + timedelta(days=40), tick=True):
        change(draft, "authorities.clocks.overall", duration=30)
        change(draft, "authorities.clocks.complainant_update", duration=60)
        change(draft, "authorities.clocks.discipline_limit", duration=366)
        rows = found(draft)
    assert ("missed", "overall", "met", "missed") in rows
    assert ("met", "complainant_update", "missed", "met") in rows
    assert [row[0] for row in rows if row[1] == "discipline_limit"] == ["due_date"]


def test_a_limit_that_was_carried_on_keeps_its_own_day(draft):
    walk.file()
    CaseClock.objects.filter(code="overall").update(due_on=timezone.localdate() + timedelta(days=200))
    change(draft, "authorities.clocks.overall", duration=30)
    assert [row for row in found(draft) if row[1] == "overall"] == []


def test_nothing_can_be_written_while_cases_are_gone_through():
    with pytest.raises(InternalError, match="read-only transaction"), reading_only():
        Case.objects.update(place="elsewhere")


class TestRuns:
    @pytest.fixture
    def run(self, draft):
        case = walk.file()
        change(draft, "authorities.clocks.intake_review", duration=1)
        return acts.carry_out(acts.ask(version=draft, by=person("nhalvaney"))), case

    def test_a_run_is_kept_with_its_counts_and_recorded(self, run, draft):
        done, case = run
        (row,) = done.tallies
        assert (row["kind"], row["subject"], row["after"], row["number"]) == ("due_date", "intake_review", "earlier", 1)
        assert done.differences[0]["case"] == case.number
        assert done.looked_at["deadlines"] == case.clocks.count()
        assert done.is_of_the_draft_as_it_is
        entry = Entry.objects.get(action="policy.what_if_asked")
        assert entry.facts == {"run": done.pk, "rules_sha256": done.digest}
        drafts.retire_section(draft, "CH-14.2", by=person("nhalvaney"), reason="Told elsewhere.")
        assert not WhatIf.objects.get(pk=done.pk).is_of_the_draft_as_it_is

    def test_only_who_works_on_the_manual_asks_and_one_run_goes_on_at_a_time(self, draft):
        with pytest.raises(Invalid, match="changes no rule"):
            acts.ask(version=draft, by=person("nhalvaney"))
        change(draft, "rules.panel", quorum=4)
        with pytest.raises(NotPermitted):
            acts.ask(version=draft, by=person("ivosslind"))
        assert acts.ask(version=draft, by=person("nhalvaney")) == acts.ask(version=draft, by=person("ecastlemayne"))

    def test_the_auditor_reads_it_case_by_case_and_the_analyst_as_numbers(self, run, client):
        _done, case = run
        for login, is_shown in (("vsundarell", True), ("nhalvaney", False)):
            client.force_login(person(login))
            page = client.get("/staff/policies/CH/2.2/what-if/").text
            file = client.get("/staff/policies/CH/2.2/what-if.csv").text
            assert "Begin the intake review" in page
            assert (case.number in page, case.number in file) == (is_shown, is_shown)

    def test_a_program_asks_follows_and_reads_the_counts(self, run, client, draft):
        done, case = run
        client.force_login(person("nhalvaney"))
        address = "/api/v1/policies/chapters/CH/versions/2.2/what-if/"
        told = client.get(address).json()
        assert (told["id"], told["is_finished"], told["is_of_the_draft_as_it_is"]) == (done.pk, True, True)
        assert told["differences"] == done.tallies
        assert case.number not in client.get(address).text
        asked = client.post(address)
        assert (asked.status_code, asked.json()["is_finished"]) == (202, False)
        draft.draft_rules.all().delete()
        assert "changes no rule" in client.post(address).text

    def test_the_command_prints_the_same_and_writes_a_file(self, run, tmp_path):
        _done, case = run
        told = io.StringIO()
        call_command("what_if", "CH@2.2", json=True, csv=tmp_path / "rows.csv", stdout=told)
        (row,) = json.loads(told.getvalue())["differences"]
        assert (row["kind"], row["number"]) == ("due_date", 1)
        with (tmp_path / "rows.csv").open() as file:
            assert [line["case"] for line in csv.DictReader(file)] == [case.number]
        with pytest.raises(CommandError, match=r"no draft CH@9\.9"):
            call_command("what_if", "CH@9.9")


def test_an_arrangement_without_a_board_or_with_one_that_decides_would_have_sent_cases_another_way(draft):
    case = walk.case_in(State.CHIEF_DECISION)
    walk.decide_finding(case, "not_sustained", reason="The recording shows less.")
    change(draft, "profiles", in_use="nc_advisory")
    assert {row[:4] for row in found(draft)} == {
        ("no_limit", "discipline_limit", str(case.legal_limit_on), ""), ("to_board", "serious", "yes", "no"),
    }  # fmt: skip
    change(draft, "profiles", in_use="maryland_acc")
    assert found(draft) == [("departure", "not_sustained", "yes", "no")]
