"""The checkpoint kept outside the database, and what `integrate` does when the log is no longer the one it is of."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from audit import log
from audit.checkpoint import Ed25519Signer, TreeHead, sign_note
from audit.log import LogRefusedError
from audit.models import Checkpoint
from audit.store import FolderStore, checkpoint_store
from config import embedded_postgres
from tests.audit.test_tampering import tamper


class TestFolderStore:
    def test_it_keeps_each_logs_note_apart(self, tmp_path):
        store = FolderStore(tmp_path / "new folder")
        assert store.read("a.example/log") is None
        assert store.swap("a.example/log", expected=None, note="A —\n")
        assert store.swap("b.example/log", expected=None, note="B\n")
        assert (store.read("a.example/log"), store.read("b.example/log")) == ("A —\n", "B\n")

    def test_it_does_not_replace_a_note_that_someone_else_replaced(self, tmp_path):
        store = FolderStore(tmp_path)
        store.swap("log", expected=None, note="1\n")
        assert store.swap("log", expected="1\n", note="2\n")
        assert not store.swap("log", expected="1\n", note="other 2\n")
        assert not store.swap("log", expected=None, note="other 2\n")
        assert store.read("log") == "2\n"


def test_a_cluster_elsewhere_has_its_checkpoints_beside_it_and_not_in_the_checkouts_store(monkeypatch, tmp_path):
    monkeypatch.delenv(embedded_postgres.FOLDER_VARIABLE)
    assert embedded_postgres.beside("checkpoints") == embedded_postgres.BASE_DIR / "var" / "checkpoints"
    monkeypatch.setenv(embedded_postgres.FOLDER_VARIABLE, str(tmp_path / "trial"))
    assert embedded_postgres.beside("checkpoints") == tmp_path / "trial-checkpoints"


@pytest.fixture
def integrate(django_capture_on_commit_callbacks):
    """Integrate as outside a test: what waits for the commit is done."""

    def run():
        with django_capture_on_commit_callbacks(execute=True):
            return log.integrate()

    return run


def kept(settings):
    return checkpoint_store().read(settings.AUDIT_ORIGIN)


@pytest.mark.django_db
class TestIntegrate:
    def test_it_keeps_the_newest_checkpoint_outside(self, record, integrate, settings):
        record()
        assert kept(settings) is None
        assert integrate().note == kept(settings)
        record()
        assert integrate().note == kept(settings)

    def test_it_brings_a_store_up_to_date_that_missed_a_checkpoint(self, record, integrate, settings):
        record()
        log.integrate()
        assert kept(settings) is None
        assert integrate().note == kept(settings)

    def test_it_goes_on_over_an_older_checkpoint(self, record, integrate, settings):
        record()
        integrate()
        record()
        log.integrate()
        record()
        assert integrate().size == 3
        assert TreeHead.parse(kept(settings).split("\n\n")[0] + "\n").size == 3

    def test_it_refuses_a_log_that_shrank(self, record, integrate):
        record()
        with transaction.atomic():
            record()
            integrate()
            transaction.set_rollback(True)
        with pytest.raises(LogRefusedError, match=r"it has 0 entries, but the checkpoint .* is of 2"):
            log.integrate()
        assert not Checkpoint.objects.exists()

    def test_it_refuses_a_log_that_grew_again_into_another(self, record, integrate, monkeypatch, tmp_path):
        """A backup was put back, and new entries came before anyone noticed."""
        record()
        integrate()
        with transaction.atomic():
            record("case:2")
            integrate()
            transaction.set_rollback(True)
        record("case:3")
        with monkeypatch.context() as away:
            away.setattr(log, "checkpoint_store", lambda: FolderStore(tmp_path))
            log.integrate()
        record("case:4")
        with pytest.raises(LogRefusedError, match="its first 2 entries are not those"):
            log.integrate()

    @pytest.mark.superuser
    def test_it_refuses_a_log_that_was_edited_before_the_last_checkpoint(self, record, integrate):
        for _ in range(3):
            record()
        integrate()
        record()
        tamper("UPDATE audit_leaf SET leaf_hash = sha256('other') WHERE position = 1")
        with pytest.raises(LogRefusedError, match="The log was edited: its first 3 entries"):
            log.integrate()

    @pytest.mark.superuser
    def test_it_refuses_a_log_with_a_hole(self, record, integrate):
        for _ in range(3):
            record()
        integrate()
        tamper("DELETE FROM audit_leaf WHERE position = 1")
        with pytest.raises(LogRefusedError, match="lacks hashes"):
            log.integrate()

    def test_it_refuses_to_go_on_with_another_key(self, record, integrate, settings):
        record()
        integrate()
        settings.AUDIT_SIGNING_KEY = "A" * 43
        with pytest.raises(LogRefusedError, match="Set AUDIT_ORIGIN and AUDIT_SIGNING_KEY to those the log began with"):
            log.integrate()

    def test_it_refuses_to_go_on_under_another_name(self, record, integrate, settings):
        record()
        integrate()
        settings.AUDIT_ORIGIN = "elsewhere.example/log"
        with pytest.raises(LogRefusedError, match="Set AUDIT_ORIGIN"):
            log.integrate()

    def test_it_refuses_a_store_that_holds_something_else(self, record, settings):
        stranger = Ed25519Signer(settings.AUDIT_ORIGIN, bytes(32))
        note = sign_note(TreeHead(settings.AUDIT_ORIGIN, 1, bytes(32)).text, [stranger])
        checkpoint_store().swap(settings.AUDIT_ORIGIN, expected=None, note=note)
        record()
        with pytest.raises(LogRefusedError, match="Find out who changed it"):
            log.integrate()

    def test_it_leaves_a_checkpoint_that_another_process_brought_further(self, record, integrate, settings):
        record()
        older = log.integrate()
        record()
        newer = integrate()
        log.publish(older, None)
        assert kept(settings) == newer.note

    def test_the_command_tells_a_refusal_in_a_sentence(self, record, integrate, settings):
        record()
        integrate()
        settings.AUDIT_ORIGIN = "elsewhere.example/log"
        with pytest.raises(CommandError, match="Set AUDIT_ORIGIN"):
            call_command("integrate_audit_log")

    def test_a_malformed_key_is_a_sentence(self, record, settings):
        settings.AUDIT_SIGNING_KEY = "secret"
        record()
        with pytest.raises(ImproperlyConfigured, match="32 random bytes"):
            log.integrate()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_kept_outside_before_the_database_has_it(record, settings):
    record()
    with transaction.atomic():
        log.integrate()
        assert kept(settings) is None
    assert kept(settings) == log.newest_checkpoint().note
    connection.close()
