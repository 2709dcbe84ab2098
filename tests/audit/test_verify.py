import json

import pytest
from django.core.management import CommandError, call_command

from audit import log, verify
from audit.models import Entry


@pytest.fixture
def shown(capsys):
    """Run `verify_audit_log`; return what it writes to standard output, and its exit code."""

    def run(*arguments) -> tuple[str, int]:
        code = 0
        try:
            call_command("verify_audit_log", *arguments)
        except CommandError as error:
            code = error.returncode
        return capsys.readouterr().out, code

    return run


@pytest.mark.django_db
class TestTheCommand:
    def test_a_whole_log_is_one_json_object_and_exit_0(self, record, shown):
        record(detail={"reason": "It took too long."})
        newest = log.integrate()
        record()
        out, code = shown("--json")
        assert code == 0
        assert json.loads(out) == {"ok": True, "entries": 2, "size": 1, "root": newest.root_hex, "faults": []}

    def test_an_empty_log_is_whole(self, shown):
        out, code = shown("--json")
        assert (json.loads(out)["ok"], json.loads(out)["size"], code) == (True, 0, 0)

    def test_pending_entries_are_counted_and_are_no_fault(self, record, shown):
        record()
        out, code = shown()
        assert "1 pending" in out
        assert code == 0


@pytest.mark.django_db
def test_apps_above_add_their_own_checks(record):
    seen = []

    def letters(context: verify.VerifyContext):
        seen.append(context.size)
        yield verify.Fault("letter_altered", "Letter 3 is not the one that was sent.", 0, "case:1")

    verify.register("letters", letters)
    record("case:1")
    log.integrate()
    report = verify.verify()
    assert seen == [1]
    assert [fault.code for fault in report.faults] == ["letter_altered"]


@pytest.mark.django_db
def test_a_check_that_fails_hides_nothing_and_is_a_fault_itself(record, monkeypatch):
    def stumbles(context):
        yield verify.Fault("letter_altered", "Letter 3 is not the one that was sent.")
        Entry.objects.extra(where=["nonsense"]).first()  # the query fails in the database

    monkeypatch.setattr(verify, "_checks", {"letters": stumbles, "votes": lambda context: []})
    record()
    log.integrate()
    assert [fault.code for fault in verify.verify().faults] == ["letter_altered", "check_failed"]
