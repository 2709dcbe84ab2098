"""What `verify` compares: cases, findings, votes and letters must be what the log says they are.

Each check yields one fault for each row that no entry explains, for each entry whose row is gone, and for each change
that a trigger saw and no entry tells.
"""

from __future__ import annotations

import hashlib
import itertools
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import connection

from audit.faults import Fault, VerifyContext
from audit.models import Entry
from casework.models import Case, Finding, Hold, ImportedRow, Letter, RawChange, Recommendation, Vote
from casework.models.kept_files import stored_path

NOT_MOVES = ("move.proposed", "move.declined")
CHUNK = 2000


def _entries(*actions: str) -> Iterator[Entry]:
    return Entry.objects.filter(action__in=actions).order_by("id").iterator(CHUNK)


def _moves() -> Iterator[Entry]:
    moved = Entry.objects.filter(action__startswith="move.").exclude(action__in=NOT_MOVES)
    return moved.order_by("id").iterator(CHUNK)


def _paths() -> dict[str, list[tuple[str, str]]]:
    """Return, for each case, the states it went through as the log has them: (from, to) for each move."""
    paths: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for entry in _moves():
        paths[entry.subject].append((entry.facts["from"], entry.facts["to"]))
    return paths


def check_cases(_context: VerifyContext) -> Iterator[Fault]:
    """Replay the moves: each begins where the one before ended, and each case stands where its last one left it."""
    paths = _paths()
    for number, state in Case.objects.values_list("number", "state").order_by("id").iterator(CHUNK):
        subject = f"case:{number}"
        path = paths.pop(subject, [])
        if not path:
            yield Fault(
                "case_without_entry", "The case is in the register, and the log has no move of it.", None, subject
            )
            continue
        for (_from, before), (after, _to) in itertools.pairwise(path):
            if before != after:
                yield Fault(
                    "case_path_broken",
                    f"A move began in {after} where the one before ended in {before}.",
                    None,
                    subject,
                )
        if path[-1][1] != state:
            yield Fault(
                "case_state_differs", f"The case stands in {state}; the log left it in {path[-1][1]}.", None, subject
            )
    for subject in paths:
        yield Fault("case_missing", "The log has moves of the case, and it is not in the register.", None, subject)


def _compare(kind: str, sealed: dict[int, tuple[Any, ...]], rows: Iterator[tuple[Any, ...]]) -> Iterator[Fault]:
    for row in rows:
        key, subject, *values = row
        expected = sealed.pop(key, None)
        if expected is None:
            yield Fault(f"{kind}_without_entry", f"No entry explains the {kind} {key}.", None, f"case:{subject}")
        elif expected[1:] != tuple(values) or expected[0] != f"case:{subject}":
            yield Fault(f"{kind}_differs", f"The {kind} {key} is not as it was sealed.", None, f"case:{subject}")
    for key, expected in sealed.items():
        yield Fault(f"{kind}_missing", f"The log has the {kind} {key}, and its row is gone.", None, expected[0])


def check_findings(_context: VerifyContext) -> Iterator[Fault]:
    """Each finding is on the allegation, of the stage and with the code that its entry says."""
    sealed = {
        entry.facts["finding"]: (entry.subject, entry.facts["allegation"], entry.facts["stage"], entry.facts["code"])
        for entry in _entries("finding.recommended", "finding.voted", "finding.decided")
    }
    rows = (
        (pk, number, f"A{allegation}", stage, code)
        for pk, number, allegation, stage, code in Finding.objects.filter(allegation__source=None)
        .order_by("id")
        .values_list("pk", "allegation__case__number", "allegation__number", "stage", "code")
        .iterator(CHUNK)
    )
    yield from _compare("finding", sealed, rows)


def _sealed_choice(entry: Entry) -> str | None:
    return str(entry.detail.data["choice"]) if hasattr(entry, "detail") else None


def check_votes(_context: VerifyContext) -> Iterator[Fault]:
    """Each vote is of the member and in the round that its entry says, with the choice that is sealed behind it.

    Where the sealed choice was erased, and an entry says by whose order, there is nothing to compare it with.
    """
    sealed = {
        entry.facts["vote"]: (
            entry.subject, entry.facts.get("allegation", ""), entry.actor, entry.facts["round"], _sealed_choice(entry)
        )
        for entry in Entry.objects.filter(action="vote.cast").select_related("detail").order_by("id").iterator(CHUNK)
    }  # fmt: skip
    erased = {key for key, expected in sealed.items() if expected[-1] is None}
    rows = (
        (
            pk, number, f"A{allegation}" if allegation else "", f"user:{member}", round_number,
            None if pk in erased else choice,
        )
        for pk, number, allegation, member, round_number, choice in Vote.objects.order_by("id")
        .values_list("pk", "case__number", "allegation__number", "member", "round", "choice")
        .iterator(CHUNK)
    )  # fmt: skip
    yield from _compare("vote", sealed, rows)


def check_letters(_context: VerifyContext) -> Iterator[Fault]:
    """Each sent letter has the digests that its entry says, and the bytes kept under their digest have it too."""
    sealed = {
        entry.facts["letter"]: (entry.subject, entry.facts["code"], entry.facts["sha256"], entry.facts["page"])
        for entry in _entries("letter.sent")
    }
    sent = Letter.objects.filter(sent_on__isnull=False).order_by("id")
    rows = (
        (pk, number, code, sha256, hashlib.sha256(article.encode()).hexdigest())
        for pk, number, code, sha256, article in sent.values_list(
            "pk", "case__number", "code", "sha256", "article"
        ).iterator(CHUNK)
    )
    yield from _compare("letter", dict(sealed), rows)
    for key, (subject, _code, sha256, _page) in sealed.items():
        path = stored_path(sha256)
        if not path.exists():
            yield Fault("letter_bytes_missing", f"The bytes of the letter {key} are gone.", None, subject)
        elif hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            yield Fault(
                "letter_bytes_differ", f"The bytes of the letter {key} are not those that were sent.", None, subject
            )


def check_holds(_context: VerifyContext) -> Iterator[Fault]:
    """Each hold is on the record and for the ground that its entry says, and lifted only where an entry lifts it."""
    lifted = {entry.facts["hold"] for entry in _entries("hold.lifted")}
    sealed = {
        entry.facts["hold"]: (entry.subject, entry.facts["ground"], entry.facts["hold"] in lifted)
        for entry in _entries("hold.set")
    }
    held = Hold.objects.order_by("id").values_list("pk", "case__number", "ground", "lifted_on").iterator(CHUNK)
    rows = ((pk, number, ground, lifted_on is not None) for pk, number, ground, lifted_on in held)
    yield from _compare("hold", sealed, rows)


NO_MOVES = ("recommendation.refused", "recommendation.reminded")
"""Entries about a recommendation that leave it where it stands."""


def check_recommendations(_context: VerifyContext) -> Iterator[Fault]:
    """Each recommendation stands where its last move left it."""
    moved = Entry.objects.filter(action__startswith="recommendation.").exclude(action__in=NO_MOVES)
    sealed = {entry.subject: entry.facts["to"] for entry in moved.order_by("id").iterator(CHUNK)}
    for number, state in Recommendation.objects.order_by("id").values_list("number", "state").iterator(CHUNK):
        subject = f"recommendation:{number}"
        left = sealed.pop(subject, "")
        if left != state:
            said = f"It stands as {state}, and the log left it as {left or 'nothing'}."
            yield Fault("recommendation_state", said, None, subject)
    for subject in sealed:
        yield Fault("recommendation_missing", "The log has moves of it, and the register lacks it.", None, subject)


def check_imported_rows(_context: VerifyContext) -> Iterator[Fault]:
    """The rows kept of each imported case are, to the letter and in their order, those that its entry lists."""
    sealed = {entry.subject: entry.facts["rows"] for entry in _entries("move.import_record")}
    rows = ImportedRow.objects.order_by("case_id", "id").values_list("case__number", "raw").iterator(CHUNK)
    for number, kept in itertools.groupby(rows, key=lambda row: row[0]):
        subject = f"case:{number}"
        if sealed.pop(subject, None) != [hashlib.sha256(raw).hexdigest() for _number, raw in kept]:
            yield Fault(
                "imported_rows_differ", "The rows kept of the case are not those that were imported.", None, subject
            )
    for subject in sealed:
        yield Fault("imported_rows_missing", "The log lists rows of the case, and none is kept.", None, subject)


def check_raw_changes(_context: VerifyContext) -> Iterator[Fault]:
    """The states that the trigger saw each case take are those of its moves, and no finding or vote was touched."""
    paths = _paths()
    seen: dict[int, list[str]] = defaultdict(list)
    for row, after in RawChange.objects.filter(table="casework_case").order_by("id").values_list("row", "after"):
        seen[row].append(after)
    for pk, number in Case.objects.order_by("id").values_list("pk", "number").iterator(CHUNK):
        subject = f"case:{number}"
        told = [to for before, to in paths.get(subject, []) if before != to]
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
              AND entry.occurred_at BETWEEN noted.began AND noted.at + interval '1 minute'))
     ORDER BY noted.id
"""
"""Changes of assignments that no entry of such an act, about the case or the person, was recorded with."""
PUT_ON_CASES = ["account", "assignment", "conflict", "import", "move", "officer", "panel", "role", "substitute"]
"""Kinds of acts by which people come onto cases or leave them."""
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
        cursor.execute(UNEXPLAINED, [PUT_ON_CASES])
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
