"""Many writers and two integrators at once, in real transactions."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.db import connection, transaction

from audit import log
from audit.models import Checkpoint, Entry, Leaf, Pending
from audit.verify import verify

WRITERS, ACTS, CASES = 8, 40, 5

pytestmark = pytest.mark.django_db(transaction=True)


def act(chance):
    """Record up to three entries in one transaction, which may commit late or not at all; return what stays."""
    case, kept = f"case:{chance.randrange(CASES)}", []
    with transaction.atomic():
        for _ in range(chance.randint(1, 3)):
            entry = log.record("case.moved", actor="user:17", role="chief", subject=case, detail={"note": "late"})
            kept.append(entry.pk)
        if chance.random() < 0.3:
            time.sleep(0.02)
        if chance.random() < 0.3:
            transaction.set_rollback(True)
            return []
    return kept


def write(seed):
    chance = random.Random(seed)
    try:
        return [pk for _ in range(ACTS) for pk in act(chance)]
    finally:
        connection.close()


def test_every_committed_entry_is_sealed_exactly_once():
    done = threading.Event()

    def seal():
        try:
            while not done.is_set():
                log.integrate(limit=17)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS + 2) as pool:
        integrators = [pool.submit(seal) for _ in range(2)]
        try:
            committed = [pk for kept in pool.map(write, range(WRITERS), timeout=120) for pk in kept]
        finally:
            done.set()
        for integrator in integrators:
            integrator.result(timeout=60)
    newest = log.integrate()

    assert len(committed) > WRITERS * ACTS
    assert sorted(Leaf.objects.values_list("entry_id", flat=True)) == sorted(committed)
    assert sorted(Leaf.objects.values_list("position", flat=True)) == list(range(len(committed)))
    assert newest.size == Entry.objects.count() == len(committed)
    assert not Pending.objects.exists()
    assert Checkpoint.objects.count() > 2
    assert verify().faults == []


def test_a_transaction_that_commits_late_is_sealed_later_and_not_lost(record):
    recorded, commit = threading.Event(), threading.Event()

    def slow():
        try:
            with transaction.atomic():
                log.record("case.moved", actor="user:17", role="chief", subject="case:slow")
                recorded.set()
                assert commit.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert recorded.wait(30)
    record("case:quick")
    assert log.integrate().size == 1
    commit.set()
    thread.join(30)
    assert log.integrate().size == 2
    assert list(Entry.objects.order_by("placement__position").values_list("subject", flat=True)) == [
        "case:quick",
        "case:slow",
    ]
    assert verify().ok


def test_a_writer_waits_for_the_entry_before_of_the_same_case_alone(record):
    """While one transaction holds a case, the other cases go on, and the same case is numbered after it."""
    recorded, commit = threading.Event(), threading.Event()

    def slow():
        try:
            with transaction.atomic():
                log.record("case.moved", actor="user:17", role="chief", subject="case:1")
                recorded.set()
                assert commit.wait(30)
        finally:
            connection.close()

    def same():
        try:
            with transaction.atomic():
                return log.record("case.moved", actor="user:18", role="chief", subject="case:1")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(slow)
        assert recorded.wait(30)
        second = pool.submit(same)
        assert record("case:2").n == 1
        assert not second.done()
        commit.set()
        first.result(timeout=30)
        entry = second.result(timeout=30)
    assert entry.n == 2
    assert entry.data["prev"] == Entry.objects.get(subject="case:1", n=1).leaf_hash.hex()


def test_one_transaction_may_record_about_more_subjects_than_there_are_locks():
    """An import records one entry for each of its cases, all or none of them."""
    subjects = 20_000
    with transaction.atomic():
        for number in range(subjects):
            log.record("case.moved", actor="system", role="system", subject=f"case:{number}")
    assert Entry.objects.count() == subjects


def test_a_session_that_began_with_a_short_log_does_not_read_all_of_it_for_each_entry(record):
    """Statistics of a table of one page ask for a sequential scan, and a function keeps the plan it made."""
    record("case:short")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE audit_entry")
    with transaction.atomic():
        for number in range(50):
            log.record("case.moved", actor="system", role="system", subject=f"case:{number}")
        with connection.cursor() as cursor:
            cursor.execute("SELECT seq_scan, idx_scan FROM pg_stat_xact_user_tables WHERE relname = 'audit_entry'")
            sequential, by_index = cursor.fetchone()
    assert sequential == 0
    assert by_index >= 50


class TestTheSnapshot:
    @pytest.fixture
    def seen(self, monkeypatch):
        """What a check finds the transaction to be: its isolation, and whether it can write."""
        seen = []

        def check(context):
            with connection.cursor() as cursor:
                cursor.execute("SHOW transaction_isolation")
                isolation = cursor.fetchone()
                cursor.execute("SHOW transaction_read_only")
                seen.append(isolation + cursor.fetchone())
            return []

        monkeypatch.setattr("audit.verify._checks", {"transaction": check})
        return seen

    def test_outside_a_transaction_verify_reads_one_snapshot_and_cannot_write(self, record, seen):
        record()
        log.integrate()
        verify()
        assert seen == [("repeatable read", "on")]

    def test_inside_a_callers_transaction_it_changes_nothing_of_it(self, record, seen):
        with transaction.atomic():
            record()
            log.integrate()
            assert verify().ok
        assert seen == [("read committed", "off")]


def test_the_beat_seals_until_it_is_stopped_and_survives_a_refusal(record, settings):
    stop = threading.Event()

    def beat():
        log.integrate_until(stop, every=0.01)

    name = settings.AUDIT_ORIGIN
    record()
    thread = threading.Thread(target=beat)
    thread.start()
    try:
        assert wait_for(lambda: Checkpoint.objects.count() == 1)
        settings.AUDIT_ORIGIN = "elsewhere.example/log"
        record()
        time.sleep(0.1)
        assert Checkpoint.objects.count() == 1
        settings.AUDIT_ORIGIN = name
        assert wait_for(lambda: Checkpoint.objects.count() == 2)
    finally:
        stop.set()
        thread.join(30)
    assert not thread.is_alive()


def test_the_beat_stays_the_same_however_long_an_integration_takes(monkeypatch):
    now, waits = [103.0], []

    class Stop:
        def wait(self, seconds):
            waits.append(seconds)
            now[0] += seconds
            return len(waits) == 4

    def integrate(_batch):
        now[0] += 0.75 * len(waits)

    monkeypatch.setattr(log, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(log, "integrate", integrate)
    log.integrate_until(Stop(), every=2)
    assert waits == [1, 1.25, 0.5, 1.75]
    assert now == [112]


def wait_for(what):
    for _ in range(1000):
        if what():
            return True
        time.sleep(0.02)
    return False
