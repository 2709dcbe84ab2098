"""Harm done with SQL as superuser, to the log or to what it speaks of: `verify` names its place and its nature."""

from dataclasses import dataclass

import pytest
from django.db import connection

from audit.models import Checkpoint, Entry
from casework.models import Letter
from policy_rules.models import RuleSet
from tests.audit.test_documentation import codes_in
from tests.audit.test_tampering import ANOTHER, TABLES, columns, tamper

pytestmark = [pytest.mark.django_db, pytest.mark.superuser, pytest.mark.xdist_group("drills")]
PLACE = 120
"""A position in the first tile, under the first checkpoint."""
AT_PLACE = f"(SELECT entry_id FROM audit_leaf WHERE position = {PLACE})"
CASE = "(SELECT id FROM casework_case WHERE state = 'disposition_issued')"
LEAF_HASH = r"sha256('\x00'::bytea || convert_to(leaf, 'UTF8'))"
REPLICA = "SET LOCAL session_replication_role = replica;"
"""Foreign keys and ordinary triggers are off; those of the log and of the shadow table are not."""


def blind(table, sql):
    """Write what switches every trigger of a table off, and on again after the harm is done."""
    return (
        f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE {table} DISABLE TRIGGER ALL; {sql};"
        f"ALTER TABLE {table} ENABLE TRIGGER ALL"
    )


@dataclass(frozen=True)
class Harm:
    """Something done with SQL, and the fault that gives it away: of what kind, and where."""

    name: str
    sql: str
    code: str
    where: int | str = ""


TO_CASES = [
    Harm(
        "the state of a case",
        f"UPDATE casework_case SET state = 'closed' WHERE id = {CASE}",
        "case_state_differs",
        "case",
    ),
    Harm(
        "the state of a case, and back",
        f"UPDATE casework_case SET state = 'closed' WHERE id = {CASE};"
        "UPDATE casework_case SET state = 'disposition_issued' WHERE state = 'closed'",
        "raw_change",
        "case",
    ),
    Harm(
        "a finding",
        "UPDATE casework_finding SET code = 'unfounded' WHERE stage = 'chief'",
        "finding_differs",
        "case",
    ),
    Harm(
        "a finding removed",
        f"{REPLICA} DELETE FROM casework_finding WHERE stage = 'chief'",
        "finding_missing",
        "case",
    ),
    Harm("a vote", "UPDATE casework_vote SET choice = 'unfounded'", "vote_differs", "case"),
    Harm("a vote removed", f"{REPLICA} DELETE FROM casework_vote", "vote_missing", "case"),
    Harm(
        "a vote added",
        "INSERT INTO casework_vote SELECT (jsonb_populate_record(v, jsonb_build_object('id', 999999,"
        " 'member_id', (SELECT max(id) FROM accounts_user)))).* FROM casework_vote v LIMIT 1",
        "vote_without_entry",
        "case",
    ),
    Harm(
        "a person put on a case",
        "INSERT INTO casework_assignment (case_id, user_id, role, received_on, since, ended_because)"
        f" SELECT {CASE}, min(id), 'investigator', current_date, current_date, '' FROM accounts_user",
        "raw_change",
        "case",
    ),
    Harm(
        "a person taken off a case",
        f"UPDATE casework_assignment SET until = current_date WHERE case_id = {CASE} AND role = 'auditor'",
        "raw_change",
        "case",
    ),
    Harm(
        "a person taken off a case, the triggers switched off",
        blind("casework_assignment", f"UPDATE casework_assignment SET until = '2020-02-02' WHERE case_id = {CASE}"),
        "assignment_differs",
        "case",
    ),
    Harm(
        "a person taken off a case, the triggers switched off and the shadow table made to agree",
        blind("casework_assignment", f"UPDATE casework_assignment SET until = '2020-02-02' WHERE case_id = {CASE}")
        + "; UPDATE casework_rawchange SET after = concat_ws(' ', case_id, user_id, role, since, until)"
        ' FROM casework_assignment AS held WHERE "table" = \'casework_assignment\' AND "row" = held.id',
        "noted_differs",
    ),
    Harm(
        "an assignment removed, the triggers switched off",
        blind("casework_assignment", "DELETE FROM casework_assignment WHERE role = 'auditor'"),
        "assignment_missing",
    ),
    Harm("a table that a check needs", "ALTER TABLE casework_vote RENAME TO gone", "check_failed"),
    Harm(
        "a sent letter",
        "UPDATE casework_letter SET article = article || '!' WHERE sent_on IS NOT NULL",
        "letter_differs",
        "letter",
    ),
    Harm(
        "the digest of a sent letter",
        "UPDATE casework_letter SET sha256 = reverse(sha256) WHERE sent_on IS NOT NULL",
        "letter_differs",
        "letter",
    ),
    Harm(
        "a sent letter, and back",
        "UPDATE casework_letter SET sha256 = reverse(sha256) WHERE sent_on IS NOT NULL;"
        "UPDATE casework_letter SET sha256 = reverse(sha256) WHERE sent_on IS NOT NULL",
        "raw_change",
    ),
]
TO_POLICY = [
    Harm(
        "the text of a policy section",
        blind(
            "policy_rules_sectionversion",
            "UPDATE policy_rules_sectionversion SET text = text || ' Not.' WHERE reference = 'HBPD-MANUAL/CH-3.8@1.0'",
        ),
        "policy_text_altered",
        "HBPD-MANUAL/CH-3.8@1.0",
    ),
    Harm(
        "the digest of a policy section, past its guard",
        "ALTER TABLE policy_rules_sectionversion DISABLE TRIGGER policy_rules_sectionversion_keeps_its_rows;"
        "UPDATE policy_rules_sectionversion SET text_digest = reverse(text_digest)"
        " WHERE reference = 'HBPD-MANUAL/CH-3.8@1.0'",
        "raw_change",
    ),
    Harm(
        "the rules",
        blind("policy_rules_ruleset", "UPDATE policy_rules_ruleset SET data = data || '{\"panel\": {}}'"),
        "policy_rules_altered",
        "rules",
    ),
    Harm(
        "what an act rested on",
        blind(
            "policy_rules_citation",
            "DELETE FROM policy_rules_citation"
            " WHERE entry_id = (SELECT id FROM audit_entry WHERE action = 'move.issue_disposition')",
        ),
        "citation_missing",
        "disposition",
    ),
]
TO_THE_LOG = [
    Harm(
        "an entry rewritten",
        f"UPDATE audit_entry SET leaf = replace(leaf, 'sign_in', 'sign_on') WHERE id = {AT_PLACE}",
        "leaf_altered",
        PLACE,
    ),
    Harm(
        "an entry rewritten with its hash",
        f"UPDATE audit_entry SET leaf = replace(leaf, 'sign_in', 'sign_on') WHERE id = {AT_PLACE};"
        f"UPDATE audit_leaf SET leaf_hash = {LEAF_HASH} FROM audit_entry WHERE id = entry_id AND position = {PLACE}",
        "tile_differs",
        PLACE,
    ),
    Harm("an entry removed", f"DELETE FROM audit_entry WHERE id = {AT_PLACE}", "entry_missing", PLACE),
    Harm("a position removed", f"DELETE FROM audit_leaf WHERE position = {PLACE}", "leaf_missing", PLACE),
    Harm(
        "two positions swapped",
        f"UPDATE audit_leaf SET position = {2 * PLACE + 1} - position WHERE position IN ({PLACE}, {PLACE + 1})",
        "tile_differs",
        PLACE,
    ),
    Harm(
        "an entry placed twice",
        f"UPDATE audit_leaf SET entry_id = (SELECT max(entry_id) FROM audit_leaf) WHERE position = {PLACE}",
        "leaf_altered",
        PLACE,
    ),
    Harm(
        "an entry slipped in",
        f"UPDATE audit_leaf SET position = position + 1 WHERE position >= {PLACE};"
        f"INSERT INTO audit_leaf SELECT {PLACE}, entry_id, sha256('x') FROM audit_leaf WHERE position = 3",
        "tile_differs",
        PLACE,
    ),
    Harm(
        "a tile rewritten",
        f"UPDATE audit_tile SET hashes = set_byte(hashes, 32 * {PLACE}, 255 - get_byte(hashes, 32 * {PLACE}))",
        "tile_differs",
        PLACE,
    ),
    Harm("a tile removed", "DELETE FROM audit_tile", "tile_missing", 0),
    Harm(
        "a checkpoint rewritten",
        "UPDATE audit_checkpoint SET root = sha256(root) WHERE previous = 0",
        "checkpoint_altered",
        "first checkpoint",
    ),
    Harm("a checkpoint removed", "DELETE FROM audit_checkpoint WHERE previous = 0", "checkpoint_missing", 0),
    Harm(
        "a checkpoint removed, and the next one said to follow the one before",
        "DELETE FROM audit_checkpoint WHERE previous = 0;"
        "UPDATE audit_checkpoint SET previous = 0 WHERE previous = (SELECT min(previous) FROM audit_checkpoint)",
        "checkpoint_missing",
        "last check",
    ),
    Harm("a detail removed", "DELETE FROM audit_detail", "detail_missing", "first detail"),
    Harm(
        "a column that repeats the text",
        f"UPDATE audit_entry SET actor = 'user:999' WHERE id = {AT_PLACE}",
        "column_altered",
        PLACE,
    ),
    Harm("a text that is none", f"UPDATE audit_entry SET leaf = '{{}}' WHERE id = {AT_PLACE}", "leaf_malformed", PLACE),
    Harm(
        "the order of two entries about one person",
        f"UPDATE audit_leaf SET position = {2 * PLACE + 1} - position WHERE position IN ({PLACE}, {PLACE + 1})",
        "order_broken",
        PLACE,
    ),
    Harm(
        "a position beyond what was signed",
        "INSERT INTO audit_leaf SELECT max(position) + 1, -5, sha256('x') FROM audit_leaf",
        "leaf_extra",
        "end",
    ),
    Harm(
        "an entry kept from the log",
        f"INSERT INTO audit_entry (leaf, occurred_at, actor, actor_role, action, subject, n, objects, basis)"
        f" SELECT leaf, occurred_at, actor, actor_role, action, 'case:0', 1, objects, basis FROM audit_entry"
        f" WHERE id = {AT_PLACE}",
        "entry_lost",
        "case:0",
    ),
    Harm("an entry pending a second time", f"INSERT INTO audit_pending VALUES ({AT_PLACE})", "pending_extra"),
    Harm("a detail changed", "UPDATE audit_detail SET value = value || ' '", "detail_altered", "first detail"),
    Harm(
        "a detail of nothing", "INSERT INTO audit_detail (entry_id, salt, value) VALUES (-5, '', '{}')", "detail_extra"
    ),
    Harm("a tile that has no place", "INSERT INTO audit_tile VALUES (7, 0, '', '')", "tile_extra"),
    Harm(
        "a signature",
        "UPDATE audit_checkpoint SET note = rtrim(note, E'\\n') || 'A' WHERE previous = 0",
        "checkpoint_not_signed",
        "first checkpoint",
    ),
    Harm(
        "a cosignature made up",
        "INSERT INTO audit_cosignature (size, key, line) SELECT size, 'clerk.example+1+A', '' FROM audit_checkpoint"
        " WHERE previous = 0",
        "cosignature_altered",
        "first checkpoint",
    ),
    Harm(
        "a time stamp made up",
        "INSERT INTO audit_timestamp (size, authority, answer, stamped_at)"
        " SELECT size, 'Clerk', '', now() FROM audit_checkpoint WHERE previous = 0",
        "time_stamp_altered",
        "first checkpoint",
    ),
    Harm(
        "all rewritten with all hashes",
        "UPDATE audit_entry SET leaf = replace(leaf, 'user:', 'used:');"
        f"UPDATE audit_leaf SET leaf_hash = {LEAF_HASH} FROM audit_entry WHERE id = entry_id",
        "root_differs",
        0,
    ),
]


@pytest.fixture
def place(system):
    """Find out where a harm was done: a position of the log, or the subject that a fault names."""
    disposed = Entry.objects.with_positions().filter(action="move.issue_disposition")
    known = {
        "case": lambda: disposed.get().subject,
        "disposition": lambda: disposed.get().position,
        "letter": lambda: Letter.objects.get(sent_on__isnull=False).case.reference,
        "rules": lambda: RuleSet.objects.latest("pk").reference,
        "end": lambda: Checkpoint.objects.latest("size").size,
        "last check": lambda: Entry.objects.get(action="log.verified").facts["size"],
        "first checkpoint": lambda: Checkpoint.objects.earliest("size").size,
        "first detail": lambda: Entry.objects.with_positions().filter(detail__isnull=False).earliest("id").position,
    }
    return lambda where: known[where]() if where in known else where


@pytest.mark.parametrize("harm", TO_CASES, ids=lambda harm: harm.name)
def test_done_to_a_case(shows, place, harm):
    where = place(harm.where)
    shows.only("casework.")
    with connection.cursor() as cursor:
        cursor.execute(harm.sql)
    shows(harm.name, harm.code, where)


@pytest.mark.parametrize("harm", TO_POLICY, ids=lambda harm: harm.name)
def test_done_to_the_policy_manual(shows, place, harm):
    where = place(harm.where)
    with connection.cursor() as cursor:
        cursor.execute(harm.sql)
    shows(harm.name, harm.code, where)


@pytest.mark.parametrize("harm", TO_THE_LOG, ids=lambda harm: harm.name)
def test_done_to_the_log(shows, place, harm):
    where = place(harm.where)
    shows.only("nothing above the log")
    tamper(harm.sql)
    shows(harm.name, harm.code, where)


def test_the_note_kept_outside_rewritten(shows, outside):
    (kept,) = outside.glob("*.checkpoint")
    kept.write_text(kept.read_text().rstrip("\n") + "A\n")
    shows.only("nothing above the log")
    shows("the signature of the note kept outside", "outside_checkpoint_not_signed")


def test_every_fault_of_the_log_that_is_documented_was_done_to_it():
    done = {harm.code for harm in (*TO_CASES, *TO_THE_LOG)} | {"outside_checkpoint_not_signed"}
    put_back = {"log_shrank", "log_forked"}
    assert set(codes_in("Checking the log")) <= done | put_back


def test_nothing_done_is_nothing_found(shows):
    shows("nothing at all")


def test_each_kind_of_column_has_a_change_that_is_tried(tells):
    """tests/audit/test_tampering.py changes every column of every table in turn."""
    assert {kind for table, _column, kind in columns() if table in TABLES} <= ANOTHER.keys()
    tells("every column of every table of the log", "named one by one (tests/audit/test_tampering.py)")
