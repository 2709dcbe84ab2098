"""The database refuses, as its owner and superuser, what the log must never see."""

import hashlib

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from audit import guards, log
from audit.models import Detail, Entry, Pending, TimeStamp

pytestmark = pytest.mark.superuser

GROWING_ONLY = ["audit_entry", "audit_leaf", "audit_tile", "audit_checkpoint", "audit_timestamp"]


def run(sql, *parameters):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def first_column(table):
    with connection.cursor() as cursor:
        return connection.introspection.get_table_description(cursor, table)[0].name


@pytest.fixture
def sealed(record):
    """A log with rows in each of its tables."""
    with transaction.atomic():
        for _ in range(256):
            log.record("case.moved", actor="user:17", role="chief", subject="case:1", detail={"reason": "Late."})
    size = log.integrate().size
    TimeStamp.objects.create(size=size, authority="CN=County Clerk", answer=b"", stamped_at=timezone.now())
    return record()


@pytest.mark.django_db
@pytest.mark.parametrize("replica", [False, True], ids=["ordinary session", "replica session"])
class TestTheLogOnlyGrows:
    @pytest.fixture(autouse=True)
    def _session(self, replica, sealed):
        """A superuser can ask for `replica`, which switches ordinary triggers off."""
        if replica:
            run("SET LOCAL session_replication_role = replica")

    @pytest.mark.parametrize("table", [*GROWING_ONLY, "audit_pending", "audit_detail"])
    def test_no_row_is_changed(self, table):
        column = first_column(table)
        with pytest.raises(IntegrityError, match="The log only grows: UPDATE"):
            run(f"UPDATE {table} SET {column} = {column}")

    @pytest.mark.parametrize("table", GROWING_ONLY)
    def test_no_row_is_deleted(self, table):
        with pytest.raises(IntegrityError, match="The log only grows: DELETE"):
            run(f"DELETE FROM {table}")

    @pytest.mark.parametrize("table", [*GROWING_ONLY, "audit_pending", "audit_detail"])
    def test_no_table_is_emptied(self, table):
        with pytest.raises(IntegrityError, match="The log only grows: TRUNCATE"):
            run(f"TRUNCATE {table}")

    def test_no_row_is_replaced_by_an_upsert(self):
        with pytest.raises(IntegrityError, match="The log only grows: UPDATE"):
            run(
                "INSERT INTO audit_leaf (position, entry_id, leaf_hash)"
                " SELECT position, entry_id, leaf_hash FROM audit_leaf"
                " ON CONFLICT (position) DO UPDATE SET leaf_hash = ''"
            )

    def test_an_entry_without_a_position_stays_pending(self):
        with pytest.raises(IntegrityError, match="stays pending"):
            run("DELETE FROM audit_pending")
        assert Pending.objects.count() == 1

    def test_a_detail_stays_while_no_entry_erases_it(self):
        with pytest.raises(IntegrityError, match="No entry erases this detail"):
            run("DELETE FROM audit_detail")
        assert Detail.objects.count() == 256


@pytest.mark.django_db
def test_a_detail_that_an_entry_erases_can_go_and_no_other(record):
    kept, erased = record(detail={"name": "Ann"}), record(detail={"name": "Ben"})
    with transaction.atomic():
        log.record(
            "log.detail_erased",
            actor="user:3",
            role="records_officer",
            subject="case:2026-000042",
            objects=[f"detail:{erased.commitment}"],
        )
    Detail.objects.filter(entry=erased).delete()
    with pytest.raises(IntegrityError, match="No entry erases this detail"), transaction.atomic():
        Detail.objects.filter(entry=kept).delete()


@pytest.mark.django_db
def test_an_entry_put_in_past_the_application_is_pending_all_the_same():
    entry = Entry.objects.create(
        leaf="{}", occurred_at="2026-11-22T10:00Z", subject="case:1", n=1, object_references=[], basis=[]
    )
    assert Pending.objects.get().entry_id == entry.pk


@pytest.mark.django_db
def test_the_database_refuses_an_oversized_leaf_too():
    with pytest.raises(IntegrityError, match="leaf_fits_a_bundle"):
        Entry.objects.create(
            leaf=hashlib.sha256(b"").hexdigest() * 1024,
            occurred_at="2026-11-22T10:00Z",
            subject="case:1",
            n=1,
            object_references=[],
            basis=[],
        )


@pytest.mark.django_db
class TestAGuardThatIsMissing:
    def named(self):
        return [fault.message for fault in guards.check(None)]

    def test_none_is_missing(self):
        assert self.named() == []

    @pytest.mark.parametrize(
        "harm",
        [
            "ALTER TABLE audit_leaf DISABLE TRIGGER audit_leaf_keeps_its_rows",
            "ALTER TABLE audit_leaf ENABLE TRIGGER audit_leaf_keeps_its_rows",
            "DROP TRIGGER audit_leaf_keeps_its_rows ON audit_leaf",
        ],
    )
    def test_a_trigger_that_does_not_fire_in_every_session(self, harm):
        run(harm)
        (message,) = self.named()
        assert "audit_leaf_keeps_its_rows" in message

    @pytest.mark.parametrize(
        "harm",
        [
            "ALTER TABLE audit_leaf DROP CONSTRAINT audit_leaf_pkey",
            "CREATE RULE nothing AS ON INSERT TO audit_leaf DO INSTEAD NOTHING",
            "ALTER TABLE audit_leaf ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE audit_leaf RENAME TO hidden; CREATE VIEW audit_leaf AS SELECT * FROM hidden",
        ],
    )
    def test_a_table_that_may_show_something_else_than_it_holds(self, harm):
        run(harm)
        assert any("audit_leaf is no plain table" in message for message in self.named())
