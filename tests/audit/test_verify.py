import json
from io import BytesIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from audit import bulk, log, verify
from audit.faults import Fault, Verified, VerifyContext
from audit.log import Basis
from audit.models import Entry
from audit.snapshot import snapshot
from audit.stretches import Agreeing


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

    def letters(context: VerifyContext):
        seen.append(context.size)
        yield Fault("letter_altered", "Letter 3 is not the one that was sent.", 0, "case:1")

    verify.register("letters", letters)
    record("case:1")
    log.integrate()
    report = verify.verify()
    assert seen == [1]
    assert [fault.code for fault in report.faults] == ["letter_altered"]


@pytest.mark.django_db
def test_a_check_that_fails_hides_nothing_and_is_a_fault_itself(record, monkeypatch):
    def stumbles(context):
        yield Fault("letter_altered", "Letter 3 is not the one that was sent.")
        Entry.objects.extra(where=["nonsense"]).first()  # the query fails in the database

    monkeypatch.setattr(verify, "_checks", {"letters": stumbles, "votes": lambda context: []})
    record()
    log.integrate()
    assert [fault.code for fault in verify.verify().faults] == ["letter_altered", "check_failed"]


@pytest.mark.django_db
def test_a_check_that_breaks_off_between_rows_keeps_none_after_it_from_reading(record, monkeypatch):
    """An entry made up without the facts that such entries have leaves a cursor open."""

    def stumbles(context):
        lengths = (entry.facts["length"] for entry in Entry.objects.order_by("id").iterator(1))
        yield Fault("letter_altered", f"Letters of {sum(lengths)} bytes.")

    def reads_on(context):
        yield Fault("vote_altered", f"{Entry.objects.count()} entries were read.")

    monkeypatch.setattr(verify, "_checks", {"letters": stumbles, "votes": reads_on})
    for _ in range(3):
        record()
    log.integrate()
    assert [fault.code for fault in verify.verify().faults] == ["check_failed", "vote_altered"]


class TestFromTheLastCheck:
    @pytest.fixture
    def checked(self, record):
        """600 entries, sealed and found whole, and what was recorded of that."""
        with transaction.atomic():
            for number in range(600):
                log.record("case.moved", actor="user:17", role="chief", subject=f"case:{number % 7}")
        newest = log.integrate()
        facts = {"size": newest.size, "root": newest.root_hex, "faults": 0, "codes": []}
        log.record("log.verified", actor="system", role="system", subject="log:here", facts=facts)
        log.integrate()
        for number in range(30):
            record(f"case:{number % 9}")
        log.integrate()
        record("case:3")

    @pytest.mark.django_db
    def test_only_what_came_later_is_read_again(self, checked, monkeypatch):
        read = []
        true = verify._Verification._read_position
        monkeypatch.setattr(
            verify._Verification, "_read_position", lambda run, place, row: read.append(place) or true(run, place, row)
        )
        since = verify.last_verified()
        assert since.size == 600
        assert verify.verify(since=since) == verify.verify()
        assert read[:119] == list(range(512, 631))

    @pytest.mark.django_db
    @pytest.mark.superuser
    def test_a_log_that_no_longer_has_the_root_is_read_from_its_start(self, checked):
        other = Verified(600, bytes(32))
        assert verify.verify(since=other).ok
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_tile DISABLE TRIGGER ALL")
            cursor.execute("UPDATE audit_tile SET root = sha256('x') WHERE index = 1")
        assert [fault.position for fault in verify.verify(since=verify.last_verified()).faults] == [256]

    @pytest.mark.django_db
    @pytest.mark.superuser
    def test_an_entry_that_is_gone_is_named_though_it_was_found_whole_before(self, checked):
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER ALL")
            cursor.execute("DELETE FROM audit_entry WHERE id = (SELECT entry_id FROM audit_leaf WHERE position = 9)")
        faults = verify.verify(since=verify.last_verified()).faults
        assert [(fault.code, fault.position) for fault in faults] == [("entry_missing", 9)]

    @pytest.mark.django_db
    @pytest.mark.parametrize("facts", [{"size": "x", "root": "x"}, {"size": 600, "root": "x"}, {"root": "ab" * 32}])
    def test_an_entry_that_no_check_made_leads_to_reading_everything(self, checked, facts):
        made_up = {**facts, "faults": 0, "codes": [], "checkpoints": "x"}
        log.record("log.verified", actor="system", role="system", subject=f"log:{settings.AUDIT_ORIGIN}", facts=made_up)
        log.integrate()
        assert verify.last_verified() is None
        assert verify.verify().ok

    @pytest.mark.django_db
    def test_the_command_says_from_where(self, checked, shown):
        out, code = shown("--incremental", "--json")
        assert code == 0
        assert json.loads(out) == {**json.loads(shown("--json")[0]), "since": 600}


@pytest.fixture
def side_by_side(record, monkeypatch):
    """A log of 1500 sealed entries and a pending one, to be compared by three processes; what is read row by row."""
    monkeypatch.setattr(bulk, "STRETCH", 256)
    monkeypatch.setattr(bulk, "WORTH_PROCESSES", 2)
    monkeypatch.setattr(verify.os, "cpu_count", lambda: 3)
    with transaction.atomic():
        for number in range(1500):
            basis = [Basis(f"M/{part}@1", "ab" * 32) for part in range(number % 4)]
            detail = {"note": "x"} if number % 3 else None
            log.record(
                "case.moved", actor="user:17", role="chief", subject=f"case:{number % 40}", basis=basis, detail=detail,
                objects=[f"allegation:{part}" for part in range(number % 3)],
                facts={"n": number, "prev": ["a", {"to": "b"}] if number % 5 else []} if number % 7 else {},
            )  # fmt: skip
    for batch in (300, 1, 700, None):
        log.integrate(batch)
    record("case:1")
    read = []
    by_rows = verify._Verification._read_rows
    monkeypatch.setattr(
        verify._Verification,
        "_read_rows",
        lambda self, first, until: read.append((first, until)) or by_rows(self, first, until),
    )
    return read


@pytest.mark.django_db(transaction=True)
class TestProcessesSideBySide:
    def test_they_compare_whole_stretches_and_leave_the_rest_to_be_read(self, side_by_side):
        assert verify.verify().ok
        assert side_by_side == [(1280, 1500)]

    def test_one_process_does_the_same_by_itself(self, side_by_side, monkeypatch):
        monkeypatch.setattr(verify.os, "cpu_count", lambda: 1)
        monkeypatch.setattr(bulk, "_begin", None)
        assert verify.verify().ok
        assert side_by_side == [(1280, 1500)]

    def test_a_stretch_is_read_where_its_process_came_to_an_end(self, side_by_side, monkeypatch):
        begin = bulk._begin

        def begin_and_end_one(workers):
            first, *others = begin(workers)
            first.kill()
            return [first, *others]

        monkeypatch.setattr(bulk, "_begin", begin_and_end_one)
        assert verify.verify().ok
        assert len(side_by_side) > 1

    def test_an_answer_that_broke_off_is_none(self):
        agreeing, written = Agreeing(b"hash", b"root", b"case:1", b"0null", b'1"ab"'), BytesIO()
        agreeing.write(written)
        whole = written.getvalue()
        assert Agreeing.read(BytesIO(whole)) == agreeing
        assert [Agreeing.read(BytesIO(whole[:length])) for length in range(len(whole))] == [None] * len(whole)

    def test_they_are_ended_where_the_reader_stops_early(self, side_by_side, monkeypatch):
        begun = []
        begin = bulk._begin
        monkeypatch.setattr(bulk, "_begin", lambda workers: begun.extend(begin(workers)) or begun)
        with snapshot():
            found = bulk.compare(0, 1280, workers=2)
            assert next(found).agreeing
            found.close()
        assert [process.returncode for process in begun] == [0, 0]

    @pytest.mark.superuser
    @pytest.mark.parametrize("apart", [20, 5000])
    def test_entries_that_were_sealed_in_another_order_than_written_agree_too(self, side_by_side, record, apart):
        with connection.cursor() as cursor:
            for first in (100_000 + apart, 100_000):
                cursor.execute("SELECT setval(pg_get_serial_sequence('audit_entry', 'id'), %s)", [first])
                for number in range(20):
                    record(f"case:{number}")
                log.integrate()
        assert verify.verify().ok
        assert side_by_side == [(1536, 1541)]
