"""Entries are lost for good: the log goes on under a new name, and says itself what is missing."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from audit import log, receipts, verify_receipt
from audit.keys import verifiers
from audit.log import LogRefusedError
from audit.models import Checkpoint, Entry
from audit.reopening import reopen
from audit.store import checkpoint_store
from audit.verify import verify

pytestmark = [pytest.mark.django_db, pytest.mark.superuser]
OLD, NEW = "localhost/log", "localhost/log-2"
LOST = "The disk of 2 November burnt; decided by the director."


@pytest.fixture
def seal(django_capture_on_commit_callbacks):
    def seal_now():
        with django_capture_on_commit_callbacks(execute=True):
            return log.integrate()

    return seal_now


@pytest.fixture
def cut(record, seal, settings):
    """A log of 3 entries of which a checkpoint of 5, the one returned, is kept outside."""
    settings.AUDIT_ORIGIN = OLD
    for _ in range(3):
        record()
    seal()
    for _ in range(2):
        record("case:lost")
    lost = seal()
    with connection.cursor() as cursor:
        for table in ("audit_entry", "audit_leaf", "audit_checkpoint"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        cursor.execute(
            "DELETE FROM audit_entry WHERE subject = 'case:lost'; DELETE FROM audit_leaf WHERE position > 2;"
            "DELETE FROM audit_checkpoint WHERE size = 5"
        )
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER ALL")
    return lost


def reopened(settings, django_capture_on_commit_callbacks):
    settings.AUDIT_ORIGIN = NEW
    with django_capture_on_commit_callbacks(execute=True):
        return reopen(OLD, reason=LOST)


def test_the_first_leaf_of_the_new_name_says_what_is_missing_and_why(
    cut, record, seal, settings, django_capture_on_commit_callbacks
):
    waiting = record("case:later")
    with pytest.raises(LogRefusedError, match="The log shrank"):
        log.integrate()
    first = reopened(settings, django_capture_on_commit_callbacks)
    assert (first.size, first.previous, first.note.split("\n")[0]) == (4, 3, NEW)
    entry = Entry.objects.with_positions().get(action="log.reopened")
    assert entry.position == 3
    assert entry.facts == {"before": OLD, "kept": 3, "lost_size": 5, "lost_root": cut.root_hex}
    assert entry.detail.data == {"reason": LOST}
    assert checkpoint_store().read(OLD) == cut.note
    assert checkpoint_store().read(NEW) == first.note
    seal()
    assert Entry.objects.with_positions().get(pk=waiting.pk).position == 4
    assert verify().faults == []
    assert [Checkpoint.objects.get(size=size).note.split("\n")[0] for size in (3, 4, 5)] == [OLD, NEW, NEW]


def test_who_kept_a_checkpoint_still_learns_what_it_proves(cut, seal, settings, django_capture_on_commit_callbacks):
    of_three = Checkpoint.objects.get(size=3).note
    reopened(settings, django_capture_on_commit_callbacks)
    assert verify(against=[of_three]).faults == []
    (fault,) = verify(against=[cut.note]).faults
    assert (fault.code, fault.position) == ("log_shrank", 3)


def test_entries_that_survived_get_receipts_under_the_new_name(cut, settings, django_capture_on_commit_callbacks):
    key = "\n".join(verifier.text for verifier in verifiers(OLD))
    old = receipts.as_json(receipts.receipt(Entry.objects.with_positions().first()))
    reopened(settings, django_capture_on_commit_callbacks)
    assert verify_receipt.check(old, key)[0] == verify_receipt.PROVED
    new = receipts.as_json(receipts.receipt(Entry.objects.with_positions().first()))
    key = "\n".join(verifier.text for verifier in verifiers())
    assert verify_receipt.check(new, key)[0] == verify_receipt.PROVED


def test_whoever_kept_what_was_signed_under_the_old_name_finds_its_key_and_how_the_log_goes_on_from_it(
    cut, settings, django_capture_on_commit_callbacks
):
    old = receipts.as_json(receipts.receipt(Entry.objects.with_positions().first()))
    of_three = Checkpoint.objects.get(size=3).note
    reopened(settings, django_capture_on_commit_callbacks)
    key = Client().get("/log/key").text
    assert [line.split("+")[0] for line in key.splitlines()] == [NEW, NEW, OLD, OLD]
    assert verify_receipt.check(old, key)[0] == verify_receipt.PROVED
    growth = Client().get("/log/since/3.json").text
    code, said = verify_receipt.check(growth, key, of_three)
    assert code == verify_receipt.PROVED
    assert f"Since then the log has another name: {OLD} became {NEW}. It lost entries; ask which, and why." in said
    assert verify_receipt.check(growth, "".join(key.splitlines(keepends=True)[:2]))[0] == verify_receipt.FALSE
    page = Client().get("/log/").text
    assert "It had 5 entries, of which 3 are left." in page
    assert OLD in page


@pytest.mark.parametrize(
    ("origin", "before", "reason", "words"),
    [
        (OLD, OLD, LOST, "was used before"),
        (NEW, OLD, " ", "Say why"),
        (NEW, "other/log", LOST, "holds no checkpoint of a log other/log"),
    ],
)
def test_it_is_refused_without_a_new_name_a_reason_and_the_old_note(cut, settings, origin, before, reason, words):
    settings.AUDIT_ORIGIN = origin
    with pytest.raises(CommandError, match=words):
        call_command("reopen_audit_log", before, reason=reason)
    assert not Entry.objects.filter(action="log.reopened").exists()


def test_a_log_that_lost_nothing_is_not_reopened(record, seal, settings):
    settings.AUDIT_ORIGIN = OLD
    record()
    seal()
    settings.AUDIT_ORIGIN = NEW
    with pytest.raises(CommandError, match="has lost nothing"):
        call_command("reopen_audit_log", OLD, reason=LOST)


def test_a_name_is_not_used_twice(cut, settings, django_capture_on_commit_callbacks):
    reopened(settings, django_capture_on_commit_callbacks)
    with pytest.raises(LogRefusedError, match="was used before"):
        reopen(OLD, reason=LOST)


def test_the_command_prints_the_first_checkpoint(cut, settings):
    settings.AUDIT_ORIGIN = NEW
    out = StringIO()
    call_command("reopen_audit_log", OLD, reason=LOST, stdout=out)
    assert out.getvalue().startswith("Checkpoint 4 ")
