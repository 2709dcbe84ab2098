"""Taking entries of the log as a file with proofs."""

import csv
import io
import json
import subprocess
import sys

import pytest

from audit import log, receipts
from audit.keys import verifiers
from audit.models import Entry
from audit.verify_receipt import FALSE, PROVED, UNREADABLE, check
from casework.actions import exports
from casework.models import Wall
from casework.states import State
from tests import walk
from tests.casework.web.visit import browser
from tests.cast import person

pytestmark = pytest.mark.django_db
AUDITOR = "vsundarell"


@pytest.fixture
def case():
    case = walk.case_in(State.INTAKE_REVIEW)
    log.integrate()
    return case


def taken(form, query="", login=AUDITOR):
    return browser(login).get(f"/audit/entries/export.{form}{query}")


def test_each_line_is_a_receipt_that_verifies_and_the_taking_is_an_entry(case):
    key = "\n".join(verifier.text for verifier in verifiers())
    answer = taken("jsonl", f"?case={case.number}").getvalue().decode()
    made = [json.loads(line) for line in answer.splitlines()]
    assert [row["leaf"] for row in made] == [entry.leaf for entry in Entry.objects.about(case.reference)]
    assert {check(receipts.as_json(row), key)[0] for row in made} == {check(answer, key)[0]} == {PROVED}
    entry = Entry.objects.get(action="log.exported")
    assert (entry.actor, entry.facts["rows"]) == (person(AUDITOR).reference, len(made))
    assert entry.detail.data == {"filters": {"case": case.number}}


def test_the_file_is_checked_alone_line_by_line(case, tmp_path):
    program, file, key = tmp_path / "verify_receipt.py", tmp_path / "log.jsonl", tmp_path / "log.key"
    program.write_bytes(browser(AUDITOR).get("/log/verify_receipt.py").content)
    key.write_text("".join(f"{verifier.text}\n" for verifier in verifiers()))
    lines = taken("jsonl", f"?case={case.number}").getvalue().decode().splitlines(keepends=True)

    def verify_alone(text):
        file.write_text(text)
        command = [sys.executable, "-I", program, file, "--key", key, "--language", "en"]
        return subprocess.run(command, check=False, capture_output=True, text=True)

    whole = verify_alone("".join(lines))
    assert (whole.returncode, whole.stderr) == (PROVED, "")
    assert f"Lines that hold what they say: {len(lines)} of {len(lines)}." in whole.stdout
    assert whole.stdout.count("signed its root") == 1
    wrong = [lines[0].replace("move.receive", "move.withdraw"), *lines[1:-1], json.dumps(json.loads(lines[-1])) + "\n"]
    spoiled = verify_alone("".join(wrong))
    assert spoiled.returncode == FALSE
    assert "Line 1: FALSE: the proof does not lead to the root of the checkpoint." in spoiled.stdout
    assert verify_alone("".join(lines)[:-1]).returncode == FALSE
    assert verify_alone("".join(lines)[:-9]).returncode == UNREADABLE
    assert verify_alone(lines[0]).returncode == PROVED


def test_the_table_has_the_same_entries_and_no_formula(case):
    rows = list(csv.DictReader(io.StringIO(taken("csv", f"?case={case.number}").getvalue().decode())))
    assert [int(row["position"]) for row in rows] == sorted(int(row["position"]) for row in rows)
    assert {row["subject"] for row in rows} == {case.reference}
    assert rows[0]["leaf_hash"] == Entry.objects.about(case.reference).first().leaf_hash.hex()


def test_what_an_auditor_is_kept_out_of_is_not_taken_and_nobody_else_takes_any(case):
    Wall.objects.create(case=case, user=person(AUDITOR), kind="conflict", since=case.received_on)
    assert case.number not in taken("jsonl").getvalue().decode()
    assert taken("csv", login="nhalvaney").status_code == 403
    assert taken("csv", login="rambersole").status_code == 403


def test_too_many_and_none_are_said(case, monkeypatch):
    monkeypatch.setattr(exports, "LARGEST_EXPORT", 1)
    answer = taken("csv", f"?case={case.number}")
    assert answer.status_code == 409
    assert "Narrow the search" in answer.text
    assert not Entry.objects.filter(action="log.exported").exists()


def test_a_filter_that_cannot_be_read_gives_no_file(case):
    answer = taken("csv", "?first=soon")
    assert answer.status_code == 409
    assert "First day: Enter a valid date." in answer.text
    assert not Entry.objects.filter(action="log.exported").exists()


def test_the_list_of_entries_leads_to_the_files_with_its_filters(case):
    page = browser(AUDITOR).get(f"/audit/entries/?case={case.number}").text
    assert f"/audit/entries/export.jsonl?case={case.number}" in page
