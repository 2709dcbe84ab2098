"""What `verify` compares with the shadow table, which triggers write when a row that the log speaks of changes.

A change that no entry tells is named, also one that was taken back; so is a trigger that is switched off.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import connection

from audit import guards
from audit.faults import Fault, VerifyContext
from casework.models import Case, RawChange
from casework.replay import CHUNK, paths


def check_raw_changes(_context: VerifyContext) -> Iterator[Fault]:
    """The states that the trigger saw each case take are those of its moves, and no finding or vote was touched."""
    taken = paths()
    seen: dict[int, list[str]] = defaultdict(list)
    for row, after in RawChange.objects.filter(table="casework_case").order_by("id").values_list("row", "after"):
        seen[row].append(after)
    for pk, number in Case.objects.order_by("id").values_list("pk", "number").iterator(CHUNK):
        subject = f"case:{number}"
        told = [to for before, to in taken.get(subject, []) if before != to]
        if seen.get(pk, []) != told:
            yield Fault(
                "raw_change",
                f"The state was changed to {', '.join(seen.get(pk, [])) or 'nothing'}; the log has {', '.join(told)}.",
                None,
                subject,
            )
    replayed = ("casework_case", "casework_assignment")
    touched = RawChange.objects.exclude(table__in=replayed).exclude(act="INSERT").order_by("id")
    for change in touched:
        yield Fault(
            "raw_change", f"{change.table} {change.row}: {change.act} from {change.before!r} to {change.after!r}."
        )


UNEXPLAINED = """
    SELECT noted.row, noted.act, noted.before, noted.after, coalesce(file.number, '')
      FROM casework_rawchange AS noted
      CROSS JOIN LATERAL string_to_array(coalesce(nullif(noted.after, ''), noted.before), ' ') AS told
      LEFT JOIN casework_case AS file ON file.id = told[1]::bigint
     WHERE noted.table = 'casework_assignment' AND noted.act <> 'FOUND'
       AND (noted.act = 'DELETE' OR NOT EXISTS (
           SELECT FROM audit_entry AS entry
            WHERE entry.subject IN ('case:' || file.number, 'user:' || told[2])
              AND split_part(entry.action, '.', 1) = ANY(%s) AND entry.action <> 'move.proposed'
              AND (told[3] <> ALL(%s) OR told[5] <> ''
                   OR 'user:' || told[2] IN (entry.subject, entry.actor) OR 'user:' || told[2] = ANY(entry.objects))
              AND entry.occurred_at BETWEEN noted.began AND noted.at + interval '1 minute'))
     ORDER BY noted.id
"""
"""Changes of assignments that no entry of such an act, about the case or the person, was recorded with."""
PUT_ON_CASES = ["account", "assignment", "conflict", "import", "move", "officer", "panel", "role", "substitute"]
"""Kinds of acts by which people come onto cases or leave them."""
NAMED = ["board_member", "drawn_member", "investigator"]
"""Parts that are given to one person, whom the entry names; the others come with an office."""
NOT_AS_NOTED = """
    SELECT coalesce(held.id, last.row), held.id IS NULL, coalesce(file.number, '')
      FROM casework_assignment AS held
      FULL JOIN (SELECT DISTINCT ON ("row") "row", act, after FROM casework_rawchange
                  WHERE "table" = 'casework_assignment' ORDER BY "row", id DESC) AS last ON last.row = held.id
      LEFT JOIN casework_case AS file ON file.id = held.case_id
     WHERE (held.id IS NOT NULL OR last.act <> 'DELETE')
       AND concat(held.case_id, ' ', held.user_id, ' ', held.role, ' ', held.since, ' ', held.until)
           IS DISTINCT FROM last.after
     ORDER BY 1
"""
"""Assignments that are not as the trigger last saw them, whoever kept it from seeing more."""


def check_assignments(_context: VerifyContext) -> Iterator[Fault]:
    """Each change of an assignment came with an entry about its case or its person, and each stands as it was left."""
    with connection.cursor() as cursor:
        cursor.execute(UNEXPLAINED, [PUT_ON_CASES, NAMED])
        for row, act, before, after, number in cursor.fetchall():
            message = f"casework_assignment {row}: {act} from {before!r} to {after!r}, and no entry came with it."
            yield Fault("raw_change", message, None, f"case:{number}" if number else "")
        cursor.execute(NOT_AS_NOTED)
        for row, is_gone, number in cursor.fetchall():
            if is_gone:
                yield Fault("assignment_missing", f"The assignment {row} is gone, and nothing saw it go.")
            else:
                message = f"The assignment {row} is not as it was made."
                yield Fault("assignment_differs", message, None, f"case:{number}")


GUARDS = {
    "casework_case": ("note_change",),
    "casework_finding": ("note_change",),
    "casework_vote": ("note_change",),
    "casework_assignment": ("note_row",),
    "casework_letter": ("note_row",),
    "policy_rules_sectionversion": ("note_row",),
    "policy_rules_ruleset": ("note_row",),
}
"""The triggers that see a change behind the program's back."""


def check_guards(_context: VerifyContext) -> Iterator[Fault]:
    """The triggers that write the shadow table are there, and fire in every session."""
    return guards.unguarded(GUARDS)


NOTED = """
    SELECT count(*), coalesce(encode(sha256(string_agg(sha256(convert_to(concat_ws('|',
               id, "table", "row", act, before, after, extract(epoch FROM began), extract(epoch FROM at)
           ), 'UTF8')), ''::bytea ORDER BY id)), 'hex'), '')
      FROM casework_rawchange WHERE at < to_timestamp(0) + %s * interval '1 microsecond'
"""
NOTED_FOR_GOOD = """
    SELECT (1000000 * extract(epoch FROM min(xact_start)))::bigint
      FROM pg_stat_activity WHERE datname = current_database()
"""
"""No transaction under way can still add a row of an earlier time: it notes by the clock, after it began."""
LAST_SEALED = """
    SELECT (facts -> 'noted_until')::bigint, (facts -> 'noted')::bigint, facts ->> 'noted_sha256'
      FROM (SELECT position, leaf::jsonb -> 'facts' AS facts
              FROM audit_entry JOIN audit_leaf ON entry_id = id WHERE action = 'log.verified' OFFSET 0) AS checks
     WHERE facts ? 'noted_sha256' ORDER BY position DESC LIMIT 1
"""


def noted() -> dict[str, Any]:
    """Return what to seal of the shadow table: how many rows until which microsecond since 1970, and their digest.

    Sealed with a check that found nothing wrong, it keeps those rows from being made to agree with a raw change later.
    """
    with connection.cursor() as cursor:
        cursor.execute(NOTED_FOR_GOOD)
        (until,) = cursor.fetchone()
        cursor.execute(NOTED, [until])
        count, digest = cursor.fetchone()
    return {"noted_until": until, "noted": count, "noted_sha256": digest} if count else {}


def check_noted(_context: VerifyContext) -> Iterator[Fault]:
    """The rows of the shadow table are those whose digest the last check sealed that found nothing wrong."""
    with connection.cursor() as cursor:
        cursor.execute(LAST_SEALED)
        for until, count, digest in cursor.fetchall():
            cursor.execute(NOTED, [until])
            if cursor.fetchone() != (count, digest):
                yield Fault("noted_differs", "The shadow table does not hold the changes that were sealed of it.")
