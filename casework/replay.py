"""What `verify` compares: cases, findings, votes and letters must be what the log says they are.

Each check yields one fault for each row that no entry explains, for each entry whose row is gone, and for each change
that a trigger saw and no entry tells.
"""

from __future__ import annotations

import hashlib
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from audit.faults import Fault, VerifyContext
from audit.models import Entry
from casework.models import Case, Finding, Hold, ImportedRow, Letter, Recommendation, Vote
from casework.models.kept_files import stored_path

Key = TypeVar("Key", int, str)
CONTRADICTED = "contradicted"
"""Stands for values that no row has."""
ERASED = object()
"""Stands for a value that was erased behind its entry: whatever the row says, there is nothing to compare it with."""
NOT_MOVES = ("move.proposed", "move.declined")
CHUNK = 2000


def entries_of(*actions: str) -> Iterator[Entry]:
    """Yield the entries of these acts in their order, each with its detail where it is kept."""
    return Entry.objects.filter(action__in=actions).select_related("detail").order_by("id").iterator(CHUNK)


def _moves() -> Iterator[Entry]:
    moved = Entry.objects.filter(action__startswith="move.").exclude(action__in=NOT_MOVES)
    return moved.order_by("id").iterator(CHUNK)


def paths() -> dict[str, list[tuple[str, str]]]:
    """Return, for each case, the states it went through as the log has them: (from, to) for each move."""
    taken: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for entry in _moves():
        taken[entry.subject].append((entry.facts["from"], entry.facts["to"]))
    return taken


def check_cases(_context: VerifyContext) -> Iterator[Fault]:
    """Replay the moves: each begins where the one before ended, and each case stands where its last one left it."""
    taken = paths()
    for number, state in Case.objects.values_list("number", "state").order_by("id").iterator(CHUNK):
        subject = f"case:{number}"
        path = taken.pop(subject, [])
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
    for subject in taken:
        yield Fault("case_missing", "The log has moves of the case, and it is not in the register.", None, subject)


def said_once(told: Iterable[tuple[Key, tuple[Any, ...]]]) -> dict[Key, tuple[Any, ...]]:
    """Return what the log says of each row, its subject first, from what each entry says of one.

    A row is made by one entry. Where a later one says something else of it, the row can be as neither of them says.
    """
    sealed: dict[Key, tuple[Any, ...]] = {}
    for key, values in told:
        first = sealed.setdefault(key, values)
        if first != values:
            sealed[key] = (first[0], CONTRADICTED)
    return sealed


def compare(kind: str, sealed: dict[Key, tuple[Any, ...]], rows: Iterable[tuple[Any, ...]]) -> Iterator[Fault]:
    """Hold rows, each given as key, number of its case and values, to what was sealed of them, and name each fault."""
    for row in rows:
        key, subject, *values = row
        expected = sealed.pop(key, None)
        if expected is None:
            yield Fault(f"{kind}_without_entry", f"No entry explains the {kind} {key}.", None, f"case:{subject}")
        elif not _agree(expected, (f"case:{subject}", *values)):
            yield Fault(f"{kind}_differs", f"The {kind} {key} is not as it was sealed.", None, f"case:{subject}")
    for key, expected in sealed.items():
        yield Fault(f"{kind}_missing", f"The log has the {kind} {key}, and its row is gone.", None, expected[0])


def _agree(expected: tuple[Any, ...], found: tuple[Any, ...]) -> bool:
    return len(expected) == len(found) and all(
        said is ERASED or said == value for said, value in zip(expected, found, strict=True)
    )


def _reason(entry: Entry) -> object:
    """Return the reason that is sealed behind an entry, "" where none was given, ERASED where it is gone."""
    if hasattr(entry, "detail"):
        return str(entry.detail.data.get("reason", ""))
    return ERASED if entry.commitment else ""


def check_findings(_context: VerifyContext) -> Iterator[Fault]:
    """Each finding is by whom, on which allegation, of the stage, with the code and reason that its entry says."""
    sealed = said_once(
        (
            entry.facts["finding"],
            (
                entry.subject, entry.facts.get("allegation"), entry.facts.get("stage"), entry.facts.get("code"),
                entry.facts.get("implied", ""), entry.facts.get("standard_of_proof", ""), entry.actor, _reason(entry),
            ),
        )
        for entry in entries_of("finding.recommended", "finding.voted", "finding.decided")
    )  # fmt: skip
    rows = (
        (pk, number, f"A{allegation}", stage, code, implied, standard, f"user:{by}" if by else "system", reason)
        for pk, number, allegation, stage, code, implied, standard, by, reason in Finding.objects.order_by("id")
        .values_list(
            "pk", "allegation__case__number", "allegation__number", "stage", "code", "implied", "standard_of_proof",
            "by", "reason",
        )
        .iterator(CHUNK)
    )  # fmt: skip
    yield from compare("finding", sealed, rows)


def _sealed_choice(entry: Entry) -> object:
    detail = entry.detail.data if hasattr(entry, "detail") else None
    return (str(detail["choice"]), str(detail.get("note", ""))) if detail else ERASED


def check_votes(_context: VerifyContext) -> Iterator[Fault]:
    """Each vote is of the member and in the round that its entry says, with the choice and note sealed behind it."""
    sealed = said_once(
        (
            entry.facts["vote"],
            (
                entry.subject, entry.facts.get("allegation", ""), entry.actor, entry.facts.get("round"),
                _sealed_choice(entry),
            ),
        )
        for entry in entries_of("vote.cast")
    )  # fmt: skip
    rows = (
        (pk, number, f"A{allegation}" if allegation else "", f"user:{member}", round_number, (choice, note))
        for pk, number, allegation, member, round_number, choice, note in Vote.objects.order_by("id")
        .values_list("pk", "case__number", "allegation__number", "member", "round", "choice", "note")
        .iterator(CHUNK)
    )  # fmt: skip
    yield from compare("vote", sealed, rows)


def check_letters(_context: VerifyContext) -> Iterator[Fault]:
    """Each sent letter is what its entry says, and the bytes that are kept under its digest have that digest."""
    sealed = said_once(
        (
            entry.facts["letter"],
            (
                entry.subject, *(entry.facts.get(name) for name in ("code", "sha256", "page", "language")),
                entry.facts.get("level", ""), entry.facts.get("states"), entry.facts.get("media_type"), entry.actor,
            ),
        )
        for entry in entries_of("letter.sent")
    )  # fmt: skip
    sent = Letter.objects.filter(sent_on__isnull=False).order_by("id")
    columns = ("language", "disclosure_level", "approved_digest", "media_type", "sent_by")
    rows = (
        (pk, number, code, sha256, hashlib.sha256(article.encode()).hexdigest(), *stated, f"user:{by}")
        for pk, number, code, sha256, article, *stated, by in sent.values_list(
            "pk", "case__number", "code", "sha256", "article", *columns
        ).iterator(CHUNK)
    )
    yield from compare("letter", dict(sealed), rows)
    for key, (subject, *stated) in sealed.items():
        if stated == [CONTRADICTED]:
            continue
        path = stored_path(sha256 := stated[1])
        if not path.exists():
            yield Fault("letter_bytes_missing", f"The bytes of the letter {key} are gone.", None, subject)
        elif hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            yield Fault(
                "letter_bytes_differ", f"The bytes of the letter {key} are not those that were sent.", None, subject
            )


def check_holds(_context: VerifyContext) -> Iterator[Fault]:
    """Each hold is on the record and for the ground that its entry says, and lifted only where an entry lifts it."""
    lifted = {entry.facts["hold"] for entry in entries_of("hold.lifted")}
    sealed = said_once(
        (entry.facts["hold"], (entry.subject, entry.facts.get("ground"), entry.facts["hold"] in lifted))
        for entry in entries_of("hold.set")
    )
    held = Hold.objects.order_by("id").values_list("pk", "case__number", "ground", "lifted_on").iterator(CHUNK)
    rows = ((pk, number, ground, lifted_on is not None) for pk, number, ground, lifted_on in held)
    yield from compare("hold", sealed, rows)


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
    sealed = {entry.subject: entry.facts["rows"] for entry in entries_of("move.import_record")}
    rows = ImportedRow.objects.order_by("case_id", "id").values_list("case__number", "raw").iterator(CHUNK)
    for number, kept in itertools.groupby(rows, key=lambda row: row[0]):
        subject = f"case:{number}"
        if sealed.pop(subject, None) != [hashlib.sha256(raw).hexdigest() for _number, raw in kept]:
            yield Fault(
                "imported_rows_differ", "The rows kept of the case are not those that were imported.", None, subject
            )
    for subject in sealed:
        yield Fault("imported_rows_missing", "The log lists rows of the case, and none is kept.", None, subject)
