"""Whatever a superuser changes in the log, `verify` names it."""

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from audit import bulk, cosignatures, log, time_stamps
from audit.checkpoint import Ed25519Signer
from audit.log import Basis
from audit.models import Checkpoint, Entry
from audit.verify import verify
from tests.audit.stamping import Authority

TABLES = [
    "audit_entry",
    "audit_pending",
    "audit_leaf",
    "audit_tile",
    "audit_checkpoint",
    "audit_cosignature",
    "audit_timestamp",
    "audit_detail",
]
BATCHES = (100, 180, 20)
PLACE = 120
"""A position under the second checkpoint and in a full tile."""
CASES = 50

SAME_PLACE = f"(SELECT entry_id FROM audit_leaf WHERE position = {PLACE})"
CHOSEN = {
    "audit_entry": f"id = {SAME_PLACE}",
    "audit_leaf": f"position = {PLACE}",
    "audit_tile": "level = 0 AND index = 0",
    "audit_checkpoint": "size = 280",
    "audit_cosignature": "size = 300",
    "audit_timestamp": "size = 300",
    "audit_detail": f"entry_id = {SAME_PLACE}",
    "audit_pending": "entry_id = (SELECT max(entry_id) FROM audit_pending)",
}
"""For each table, one row that belongs to the position."""
ANOTHER = {
    "bigint": "{} + 1000000",
    "integer": "{} + 1",
    "smallint": "{} + 1",
    "text": "overlay({} placing '~' from 3)",
    "bytea": "set_byte({0}, 5, get_byte({0}, 5) # 1)",
    "timestamp with time zone": "{} + interval '1 microsecond'",
    "ARRAY": "array_append({}, 'case:9')",
}
"""For each type of column, another value."""
LEAF_HASH = r"sha256('\x00'::bytea || convert_to(leaf, 'UTF8'))"
REWRITE = "UPDATE audit_entry SET leaf = replace(leaf, 'user:17', 'user:18'), actor = 'user:18'"

pytestmark = [pytest.mark.django_db, pytest.mark.superuser]


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def sealed(record, settings, monkeypatch, django_capture_on_commit_callbacks, authority):
    """300 sealed entries with details under three checkpoints, one cosigned and stamped, and two that are pending."""
    settings.AUDIT_TIME_STAMP_URL = "http://clerk.example/"
    settings.AUDIT_TIME_STAMP_ROOTS = str(authority.roots)
    monkeypatch.setattr(time_stamps, "_ask", lambda _address, question: authority.answer(question))
    settings.AUDIT_WITNESSES = [WITNESS.verifier.text]
    monkeypatch.setattr(bulk, "STRETCH", 256)
    for number in range(sum(BATCHES)):
        record(
            f"case:{number % CASES}",
            objects=["allegation:7"],
            basis=[Basis("HBPD-MANUAL/CH-3.8@2.1", "ab" * 32)],
            facts={"to": "investigation"},
            detail={"reason": "It took too long."},
        )
    for batch in BATCHES:
        with django_capture_on_commit_callbacks(execute=True):
            log.integrate(batch)
    cosign()
    time_stamps.stamp_newest()
    record("case:1")
    record("case:2")


WITNESS = Ed25519Signer("clerk.example/witness", bytes(range(32)), datetime(2026, 11, 22, tzinfo=UTC))


def cosign():
    """Have a witness sign the newest checkpoint."""
    note = log.newest_checkpoint().note
    text = note.rpartition("\n\n")[0] + "\n"
    assert cosignatures.take(note + WITNESS.sign(text)) == 1


def tamper(sql):
    """Do as the owner of the database can: switch every trigger off, drop every constraint, and change rows."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            cursor.execute(
                "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'u', 'p')",
                [table],
            )
            for (constraint,) in cursor.fetchall():
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
        cursor.execute(sql)


def found(**given):
    return [(fault.code, fault.position) for fault in verify(**given).faults]


def columns():
    """Every column of every table of the log, as the database has them: a new one cannot be forgotten."""
    with connection.cursor() as cursor:
        cursor.execute(
            r"SELECT table_name, column_name, data_type FROM information_schema.columns"
            r" WHERE table_schema = 'public' AND table_name LIKE 'audit\_%' ORDER BY table_name, ordinal_position"
        )
        return cursor.fetchall()


class TestEveryColumn:
    @pytest.mark.parametrize("table", TABLES)
    def test_changed_in_one_row_is_named(self, sealed, table):
        changed = [(column, kind) for owner, column, kind in columns() if owner == table]
        assert changed
        unnoticed = []
        for column, kind in changed:
            with transaction.atomic():
                tamper(f"UPDATE {table} SET {column} = {ANOTHER[kind].format(column)} WHERE {CHOSEN[table]}")
                if verify().ok:
                    unnoticed.append(column)
                transaction.set_rollback(True)
        assert unnoticed == []
        assert verify().ok

    def test_belongs_to_a_table_tried_here(self):
        assert {table for table, _, _ in columns()} == set(TABLES)


@pytest.mark.usefixtures("sealed")
class TestEntries:
    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("actor", "user:18"),
            ("actor_role", "chief"),
            ("action", "case.closed"),
            ("subject", "case:51"),
            ("occurred_at", "2026-01-01 00:00+00"),
            ("occurred_at", "2026-01-01 00:00+00 BC"),
            ("occurred_at", "infinity"),
        ],
    )
    def test_a_column_that_differs_from_the_text(self, column, value):
        tamper(f"UPDATE audit_entry SET {column} = '{value}' WHERE {CHOSEN['audit_entry']}")
        fault, *others = verify().faults
        assert (fault.code, fault.position, fault.subject) == ("column_altered", PLACE, f"case:{PLACE % CASES}")
        assert f"what stands in {column} differs from the text" in fault.message
        assert others == []

    def test_a_rewritten_text(self):
        tamper(f"{REWRITE} WHERE {CHOSEN['audit_entry']}")
        assert found()[0] == ("leaf_altered", PLACE)

    def test_a_rewritten_text_with_its_hash(self):
        """The next entry of the same case was written after another one; the tile and the root differ too."""
        tamper(
            f"{REWRITE} WHERE {CHOSEN['audit_entry']};"
            f"UPDATE audit_leaf SET leaf_hash = {LEAF_HASH} FROM audit_entry WHERE id = entry_id AND position = {PLACE}"
        )
        assert found() == [
            ("order_broken", PLACE + CASES),
            ("tile_differs", PLACE),
            ("tile_differs", 0),
            ("root_differs", 100),
            ("log_forked", 100),
        ]

    def test_a_rewrite_of_all_texts_and_hashes(self):
        tamper(f"{REWRITE}; UPDATE audit_leaf SET leaf_hash = {LEAF_HASH} FROM audit_entry WHERE id = entry_id")
        assert ("root_differs", 0) in found()

    def test_a_deleted_entry(self):
        tamper(f"DELETE FROM audit_entry WHERE {CHOSEN['audit_entry']}")
        assert found()[0] == ("entry_missing", PLACE)

    def test_a_deleted_position(self):
        tamper(f"DELETE FROM audit_leaf WHERE {CHOSEN['audit_leaf']}")
        assert {("leaf_missing", PLACE), ("entry_lost", None)} <= set(found())

    def test_a_deleted_pending_row(self):
        tamper(f"DELETE FROM audit_pending WHERE {CHOSEN['audit_pending']}")
        assert found() == [("entry_lost", None)]

    def test_two_entries_swapped(self):
        tamper(
            "UPDATE audit_leaf SET entry_id = (SELECT sum(entry_id) FROM audit_leaf"
            f" WHERE position IN ({PLACE}, {PLACE + 1})) - entry_id WHERE position IN ({PLACE}, {PLACE + 1})"
        )
        assert found()[:1] == [("leaf_altered", PLACE)]
        assert ("leaf_altered", PLACE + 1) in found()

    def test_two_positions_swapped(self):
        tamper(f"UPDATE audit_leaf SET position = {2 * PLACE + 1} - position WHERE position IN ({PLACE}, {PLACE + 1})")
        assert found()[:1] == [("tile_differs", PLACE)]
        assert ("root_differs", 100) in found()

    def test_an_entry_duplicated(self):
        names = "leaf, occurred_at, actor, actor_role, action, subject, n, objects, basis"
        tamper(f"INSERT INTO audit_entry ({names}) SELECT {names} FROM audit_entry WHERE {CHOSEN['audit_entry']}")
        assert [code for code, _ in found()] == ["entry_lost", "order_broken", "detail_missing"]

    def test_an_entry_inserted_in_the_middle(self):
        tamper(
            f"UPDATE audit_leaf SET position = position + 1 WHERE position >= {PLACE};"
            f"INSERT INTO audit_leaf (position, entry_id, leaf_hash) SELECT {PLACE}, id, {LEAF_HASH}"
            "  FROM audit_entry JOIN audit_pending ON entry_id = id ORDER BY id LIMIT 1;"
            "DELETE FROM audit_pending WHERE entry_id IN (SELECT entry_id FROM audit_leaf)"
        )
        wanted = {("order_broken", PLACE), ("tile_differs", PLACE), ("root_differs", 100), ("leaf_extra", 300)}
        assert wanted <= set(found())

    def test_an_entry_placed_twice(self):
        tamper(f"UPDATE audit_leaf SET entry_id = {SAME_PLACE} WHERE position = {PLACE + 1}")
        assert ("leaf_altered", PLACE + 1) in found()

    def test_an_entry_in_the_log_that_is_pending_again(self):
        tamper(f"INSERT INTO audit_pending (entry_id) VALUES ({SAME_PLACE})")
        assert found() == [("pending_extra", None)]

    def test_a_position_taken_a_second_time(self):
        tamper(f"INSERT INTO audit_leaf SELECT {PLACE}, entry_id, leaf_hash FROM audit_leaf WHERE position = 7")
        assert ("leaf_extra", PLACE) in found()

    def test_a_pending_entry_put_under_a_position_that_is_taken(self):
        tamper(
            f"INSERT INTO audit_leaf SELECT {PLACE}, max(entry_id), sha256('x') FROM audit_pending;"
            "DELETE FROM audit_pending WHERE entry_id IN (SELECT entry_id FROM audit_leaf)"
        )
        assert ("leaf_extra", PLACE) in found()

    def test_a_pending_entry_put_nowhere(self):
        tamper(
            "ALTER TABLE audit_leaf ALTER position DROP NOT NULL;"
            "INSERT INTO audit_leaf SELECT NULL, max(entry_id), sha256('x') FROM audit_pending;"
            "DELETE FROM audit_pending WHERE entry_id IN (SELECT entry_id FROM audit_leaf)"
        )
        assert found() == [("leaf_extra", None)]

    @pytest.mark.parametrize("column", ["leaf_hash", "entry_id"])
    def test_a_place_without_a_value(self, column):
        tamper(
            f"ALTER TABLE audit_leaf ALTER {column} DROP NOT NULL;"
            f"UPDATE audit_leaf SET {column} = NULL WHERE {CHOSEN['audit_leaf']}"
        )
        assert found()[0] == ("leaf_altered" if column == "leaf_hash" else "entry_missing", PLACE)

    @pytest.mark.parametrize("text", ["", "{}", '{"n":1}', "no json", "NULL"])
    def test_a_text_that_is_no_leaf(self, text):
        value = "NULL" if text == "NULL" else f"'{text}'"
        tamper(
            "ALTER TABLE audit_entry ALTER leaf DROP NOT NULL;"
            f"UPDATE audit_entry SET leaf = {value} WHERE {CHOSEN['audit_entry']}"
        )
        assert found()[:2] == [("leaf_altered", PLACE), ("leaf_malformed", PLACE)]

    @pytest.mark.parametrize(
        "change", [{"n": "1"}, {"objects": {}}, {"basis": [1]}, {"basis": [{}]}, {"v": 2}, {"subject": []}, {"prev": 1}]
    )
    def test_a_text_with_fields_of_the_wrong_kind(self, change):
        leaf = json.loads(Entry.objects.get(placement__position=PLACE).leaf)
        text = json.dumps(leaf | change, sort_keys=True, separators=(",", ":"))
        tamper(f"UPDATE audit_entry SET leaf = '{text}' WHERE {CHOSEN['audit_entry']}")
        assert ("leaf_malformed", PLACE) in found()


@pytest.mark.usefixtures("sealed")
class TestDetails:
    def test_a_deleted_detail(self):
        tamper(f"DELETE FROM audit_detail WHERE {CHOSEN['audit_detail']}")
        assert found() == [("detail_missing", PLACE)]

    def test_a_detail_that_an_entry_erased_is_no_fault(self, record):
        erased = Entry.objects.get(placement__position=PLACE)
        log.record(
            "log.detail_erased",
            actor="user:3",
            role="records_officer",
            subject=erased.subject,
            objects=[f"detail:{erased.commitment}"],
        )
        erased.detail.delete()
        assert found() == []

    def test_a_detail_that_is_back_after_an_entry_erased_it(self, record):
        erased = Entry.objects.get(placement__position=PLACE)
        reference = f"detail:{erased.commitment}"
        log.record("log.detail_erased", actor="user:3", role="auditor", subject=erased.subject, objects=[reference])
        assert found() == [("detail_extra", PLACE)]

    def test_a_second_detail_beside_the_first(self):
        tamper(
            f"INSERT INTO audit_detail SELECT entry_id, salt, '{{}}' FROM audit_detail WHERE entry_id = {SAME_PLACE}"
        )
        assert ("leaf_extra", PLACE) in found()

    def test_a_detail_put_to_an_entry_that_has_none(self):
        tamper("INSERT INTO audit_detail (entry_id, salt, value) SELECT entry_id, '', '{}' FROM audit_pending LIMIT 1")
        assert found() == [("detail_altered", None)]

    def test_a_detail_of_nothing(self):
        tamper("INSERT INTO audit_detail (entry_id, salt, value) VALUES (-5, '', '{}')")
        assert found() == [("detail_extra", None)]


@pytest.mark.usefixtures("sealed")
class TestTiles:
    def test_a_deleted_tile(self):
        tamper(f"DELETE FROM audit_tile WHERE {CHOSEN['audit_tile']}")
        assert found() == [("tile_missing", 0)]

    def test_a_rewritten_tile(self):
        tamper("UPDATE audit_tile SET hashes = set_byte(hashes, 32 * 7, 1 + get_byte(hashes, 32 * 7) % 255)")
        assert found() == [("tile_differs", 7)]

    def test_a_second_tile_beside_the_first(self):
        tamper("INSERT INTO audit_tile SELECT level, index, sha256('x'), root FROM audit_tile")
        assert ("tile_differs", 255) in found()

    def test_a_tile_without_hashes(self):
        tamper("ALTER TABLE audit_tile ALTER hashes DROP NOT NULL; UPDATE audit_tile SET hashes = NULL")
        assert found() == [("tile_differs", 255)]

    @pytest.mark.parametrize(("level", "index"), [(0, 2), (0, 2**56 - 1), (1, 0), (7, 0), (-1, 0), (0, -1)])
    def test_a_tile_that_has_no_place(self, level, index):
        tamper(f"INSERT INTO audit_tile (level, index, hashes, root) VALUES ({level}, {index}, '', '')")
        assert found() == [("tile_extra", None)]


@pytest.mark.usefixtures("sealed")
class TestCheckpoints:
    def test_a_deleted_checkpoint(self):
        tamper(f"DELETE FROM audit_checkpoint WHERE {CHOSEN['audit_checkpoint']}")
        assert found() == [("checkpoint_missing", 100)]

    def test_the_newest_deleted(self):
        tamper("DELETE FROM audit_checkpoint WHERE size = 300")
        assert {("log_shrank", 280), ("leaf_extra", 280)} <= set(found())

    def test_the_end_of_the_log_cut_off_cleanly(self):
        """Nothing in the database shows it; the checkpoint kept outside does."""
        tamper(
            "DELETE FROM audit_pending;"
            "DELETE FROM audit_leaf WHERE position >= 100;"
            "DELETE FROM audit_entry WHERE id NOT IN (SELECT entry_id FROM audit_leaf);"
            "DELETE FROM audit_detail WHERE entry_id NOT IN (SELECT entry_id FROM audit_leaf);"
            "DELETE FROM audit_tile;"
            "DELETE FROM audit_checkpoint WHERE size > 100;"
            "DELETE FROM audit_cosignature;"
            "DELETE FROM audit_timestamp"
        )
        assert found() == [("log_shrank", 100)]

    def test_a_note_signed_by_another_key(self, settings):
        settings.AUDIT_SIGNING_KEY = "A" * 43
        assert [code for code, _ in found()] == ["checkpoint_not_signed"] * 3 + ["outside_checkpoint_not_signed"]

    def test_a_note_without_the_line_that_states_its_time(self):
        tamper(r"UPDATE audit_checkpoint SET note = regexp_replace(note, '— [^\n]+\n$', '') WHERE size = 280")
        assert found() == [("checkpoint_altered", 280)]

    def test_a_note_with_a_line_by_somebody_else(self):
        line = WITNESS.sign(Checkpoint.objects.get(size=280).note.rpartition("\n\n")[0] + "\n")
        tamper(f"UPDATE audit_checkpoint SET note = note || '{line}' WHERE size = 280")
        assert found() == [("checkpoint_altered", 280)]

    def test_a_note_with_one_of_its_lines_twice(self):
        tamper(r"UPDATE audit_checkpoint SET note = note || substring(note, '— [^\n]+\n') WHERE size = 280")
        assert found() == [("checkpoint_altered", 280)]

    @pytest.mark.parametrize("column", ["note", "root"])
    def test_a_checkpoint_without_a_value(self, column):
        tamper(
            f"ALTER TABLE audit_checkpoint ALTER {column} DROP NOT NULL;"
            f"UPDATE audit_checkpoint SET {column} = NULL WHERE size = 280"
        )
        assert found() == [("checkpoint_not_signed" if column == "note" else "checkpoint_altered", 280)]


@pytest.mark.usefixtures("sealed")
class TestTheStoreOutside:
    @pytest.mark.parametrize(
        "harm", [lambda kept: kept.write_bytes(b"\xff"), lambda kept: (kept.unlink(), kept.mkdir())]
    )
    def test_a_note_that_cannot_be_read(self, checkpoint_folder, harm):
        (kept,) = checkpoint_folder.glob("*.checkpoint")
        harm(kept)
        assert found() == [("outside_checkpoint_not_signed", None)]

    @pytest.mark.parametrize("before", ["localhost/log", 7])
    def test_an_entry_made_up_of_a_loss_hides_no_loss(self, settings, before):
        facts = {"before": settings.AUDIT_ORIGIN if before != 7 else 7, "kept": 999, "lost_size": 999, "lost_root": "x"}
        log.record(
            "log.reopened", actor="system", role="system", subject=f"origin:{settings.AUDIT_ORIGIN}", facts=facts
        )
        tamper("DELETE FROM audit_leaf WHERE position >= 280; DELETE FROM audit_checkpoint WHERE size > 280")
        assert ("log_shrank", 280) in found()


@pytest.mark.usefixtures("sealed")
class TestCosignatures:
    def test_a_signature_that_no_witness_made(self):
        tamper("UPDATE audit_cosignature SET size = 280")
        assert found() == [("cosignature_altered", 280)]

    def test_a_signature_under_the_name_of_another(self):
        tamper("UPDATE audit_cosignature SET key = replace(key, 'clerk', 'paper')")
        assert found() == [("cosignature_altered", 300)]


@pytest.mark.usefixtures("sealed")
class TestCheckpointsThatSomeoneKept:
    @pytest.fixture
    def of_another_course(self, record):
        """A checkpoint that was signed for entries that the log then lost."""
        with transaction.atomic():
            record("case:3")
            log.integrate()
            note = log.newest_checkpoint().note
            transaction.set_rollback(True)
        return note

    def test_agree_with_the_log_that_grew_since(self):
        assert verify(against=[checkpoint.note for checkpoint in Checkpoint.objects.all()]).ok

    def test_show_that_the_log_shrank(self, of_another_course):
        assert found(against=[of_another_course]) == [("log_shrank", 300)]

    def test_show_that_the_log_forked(self, of_another_course, record):
        record("case:4")
        log.integrate()
        assert found() == []
        assert found(against=[of_another_course]) == [("log_forked", 300)]

    def test_are_read_from_files(self, tmp_path):
        (tmp_path / "kept").write_text("hello")
        out = StringIO()
        with pytest.raises(CommandError) as refusal:
            call_command("verify_audit_log", "--json", "--against", str(tmp_path / "kept"), stdout=out)
        assert refusal.value.returncode == 1
        assert [fault["code"] for fault in json.loads(out.getvalue())["faults"]] == ["outside_checkpoint_not_signed"]

    def test_cannot_be_read_from_a_missing_file(self, tmp_path):
        with pytest.raises(CommandError, match="cannot be read"):
            call_command("verify_audit_log", "--against", str(tmp_path / "nothing"))
