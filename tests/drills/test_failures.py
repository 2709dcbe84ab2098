"""Writers and integrators that get in each other's way, a full disk, and a database put back from a copy."""

import errno
import os
import random
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from audit import log, store
from audit.log import LogRefusedError
from audit.models import Entry, Pending
from audit.reopening import reopen
from audit.verify import verify
from casework.models import Case
from tests import walk
from tests.conftest import _clone

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.superuser, pytest.mark.xdist_group("drills")]
WRITERS, ACTS = 8, 25
ENOUGH = 300
"""Entries whose places need more pages than may be free in the table."""


def record(subject):
    with transaction.atomic():
        log.record("sign_in.succeeded", actor=subject, role="none", subject=subject)


def test_writers_that_roll_back_and_commit_late_beside_two_integrators(exactly_once, tells):
    before, done = exactly_once(), threading.Event()

    def write(seed):
        chance, kept = random.Random(seed), 0
        try:
            for _ in range(ACTS):
                with transaction.atomic():
                    subject = f"user:{chance.randrange(5)}"
                    log.record("sign_in.succeeded", actor=subject, role="none", subject=subject)
                    done.wait(chance.choice([0, 0, 0.01]))
                    rolls_back = chance.random() < 0.3
                    transaction.set_rollback(rolls_back)
                    kept += not rolls_back
            return kept
        finally:
            connection.close()

    def seal():
        try:
            while not done.is_set():
                log.integrate(limit=17)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS + 2) as pool:
        integrators = [pool.submit(seal) for _ in range(2)]
        try:
            committed = sum(pool.map(write, range(WRITERS), timeout=120))
        finally:
            done.set()
        for integrator in integrators:
            integrator.result(timeout=60)
    assert exactly_once() == before + committed
    tells(
        "8 writers with rollbacks and late commits, 2 integrators", f"{committed} committed, each sealed exactly once"
    )


FULL = """
CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER disk_is_full BEFORE INSERT ON {table} FOR EACH STATEMENT EXECUTE FUNCTION disk_is_full();
"""


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_full_disk_while_recording(exactly_once, tells):
    before, cases = exactly_once(), Case.objects.count()
    run(FULL.format(table="audit_entry"))
    with pytest.raises(OperationalError, match="No space left"):
        walk.file()
    assert Case.objects.count() == cases
    run("DROP FUNCTION disk_is_full CASCADE")
    assert exactly_once() == before
    walk.file()
    assert exactly_once() > before
    tells("the disk is full when an act is recorded", "the act did not happen; with room again it does")


@pytest.mark.parametrize("table", ["audit_leaf", "audit_tile", "audit_checkpoint"])
def test_a_full_disk_while_sealing(exactly_once, tells, table):
    before = exactly_once()
    for _ in range(300):
        record("user:full")
    run(FULL.format(table=table))
    with pytest.raises(DatabaseError, match="No space left"):
        log.integrate()
    assert Pending.objects.count() == 300
    assert verify().faults == []
    run("DROP FUNCTION disk_is_full CASCADE")
    assert exactly_once() == before + 300
    tells(f"the disk is full when {table} is written", "entries stay pending; with room again they are sealed")


@pytest.fixture
def small_disk(tmp_path):
    """A file system of one megabyte that takes tables of the log, is filled to the last page, and is emptied again."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs root, and the right to mount a small file system")
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        owner = Path(cursor.fetchone()[0]).stat()
    os.chown(folder, owner.st_uid, owner.st_gid)
    run(f"CREATE TABLESPACE small_disk LOCATION '{folder}'")

    class Disk:
        moved: ClassVar[list[str]] = []

        def takes(self, table):
            run(f"ALTER TABLE {table} SET TABLESPACE small_disk")
            self.moved.append(table)

        def fill(self):
            run("CREATE TABLE filler (stuff text) TABLESPACE small_disk")
            for rows in (100, 1):
                with suppress(OperationalError):
                    while True:
                        run(f"INSERT INTO filler SELECT repeat('x', 1500) FROM generate_series(1, {rows})")

        def empty(self):
            run("DROP TABLE IF EXISTS filler")

    disk = Disk()
    try:
        yield disk
    finally:
        disk.empty()
        for table in disk.moved:
            run(f"ALTER TABLE {table} SET TABLESPACE pg_default")
        run("CHECKPOINT")
        run("DROP TABLESPACE small_disk")
        subprocess.run(["umount", "--lazy", folder], check=True)  # the server may still hold a file of it


def until_full(act, *, most=2_000):
    """Act again and again; return how often it was done, and what the database said when it was not."""
    for done in range(most):
        try:
            act()
        except OperationalError as full:
            return done, str(full)
    return most, "nothing"


def test_a_disk_that_is_really_full_while_recording_and_while_sealing(exactly_once, tells, small_disk):
    before = exactly_once()
    small_disk.takes("audit_entry")
    small_disk.fill()
    recorded, said = until_full(lambda: record("user:full"))
    assert "No space left" in said
    assert Entry.objects.filter(subject="user:full").count() == Pending.objects.count() == recorded
    assert verify().faults == []
    small_disk.empty()
    small_disk.takes("audit_leaf")
    with transaction.atomic():
        for _ in range(ENOUGH):
            log.record("sign_in.succeeded", actor="user:full", role="none", subject="user:full")
    small_disk.fill()
    with pytest.raises(OperationalError, match="No space left"):
        log.integrate()
    assert Pending.objects.count() == recorded + ENOUGH
    assert verify().faults == []
    small_disk.empty()
    assert exactly_once() == before + recorded + ENOUGH
    tells("a file system of 1 MB filled to the last page", f"{recorded} acts were recorded and no part of another")


def test_a_full_disk_where_checkpoints_are_kept(exactly_once, tells, outside, monkeypatch):
    before = exactly_once()
    (kept,) = outside.glob("*.checkpoint")
    old = kept.read_text()
    record("user:full")

    def no_space(_file):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(store.os, "fsync", no_space)
        with pytest.raises(OSError, match="No space left"):
            log.integrate()
    assert kept.read_text() == old
    assert verify().faults == []
    assert exactly_once() == before + 1
    assert kept.read_text() == log.newest_checkpoint().note
    tells("the disk outside is full", "the old note stays whole; with room again it is replaced")


@pytest.fixture
def copies():
    """Keep copies of the database by name, and put one back; they are gone afterwards."""
    name, made = connection.settings_dict["NAME"], []

    class Copies:
        def keep(self, copy):
            _clone(name, f"{name}_{copy}")
            made.append(f"{name}_{copy}")

        def put_back(self, copy):
            _clone(f"{name}_{copy}", name)

    yield Copies()
    connection.close()
    with connection._nodb_cursor() as cursor:
        for copy in made:
            cursor.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')


class TestADatabasePutBack:
    @pytest.fixture(autouse=True)
    def _put_back(self, copies, exactly_once):
        self.old = exactly_once()
        copies.keep("old")
        for _ in range(5):
            record("user:lost")
        log.integrate()
        copies.keep("new")
        copies.put_back("old")

    def faults(self):
        return [(fault.code, fault.position) for fault in verify().faults]

    def test_it_is_refused_and_named(self, tells):
        assert self.faults() == [("log_shrank", self.old)]
        record("user:later")
        with pytest.raises(LogRefusedError, match="An old copy of the database was put back"):
            log.integrate()
        assert Entry.objects.filter(subject="user:later", placement=None).exists()
        tells("an old copy of the database put back", f"log_shrank {self.old}; nothing more is signed, acts go on")

    def test_with_the_newer_copy_it_goes_on_as_if_nothing_had_been(self, copies, exactly_once, tells):
        copies.put_back("new")
        record("user:later")
        assert exactly_once() == self.old + 6
        tells("the newer copy put back after it (restore.md)", "whole, and it signs again")

    def test_entries_lost_for_good_are_said_to_be_lost_by_the_log_itself(self, settings, tells, outside):
        before, (kept,) = settings.AUDIT_ORIGIN, outside.glob("*.checkpoint")
        note = kept.read_text()
        record("user:later")
        settings.AUDIT_ORIGIN = f"{before}-2"
        reopen(before, reason="The only newer copy burnt; decided by the director.")
        log.integrate()
        assert self.faults() == []
        assert [(fault.code, fault.position) for fault in verify(against=[note]).faults] == [("log_shrank", self.old)]
        assert kept.read_text() == note
        tells(
            "entries lost for good, reopen_audit_log (restore.md)", "signs again under a new name; the loss is stated"
        )

    def test_other_entries_in_the_lost_places_are_a_fork(self, monkeypatch, tells, outside):
        (kept,) = outside.glob("*.checkpoint")
        note = kept.read_text()
        kept.unlink()
        for _ in range(9):
            record("user:other")
        log.integrate()
        kept.write_text(note)
        with pytest.raises(LogRefusedError, match="The log forked"):
            log.integrate()
        assert ("log_forked", self.old) in self.faults()
        tells(
            "an old copy put back, its note removed, and worked on", f"log_forked {self.old}, by whoever kept the note"
        )
