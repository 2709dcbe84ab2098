"""What `verify` compares of the content of cases: what was filed and written, alleged, decided and brought in evidence.

`casework.replay` compares the course of cases: their states, findings, votes, letters and people.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from django.db.models import Model, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from audit.faults import Fault, VerifyContext
from audit.models import Entry
from casework.models import (
    Allegation,
    Case,
    CaseOfficer,
    Discipline,
    Evidence,
    Finding,
    InvestigationReport,
    Message,
    Note,
    Opinion,
    PanelDraw,
)
from casework.replay import CHUNK, ERASED, compare, entries_of, said_once

WRITTEN: tuple[tuple[str, type[Model], tuple[str, ...]], ...] = (
    ("message", Message, ("message.received", "message.sent", "complainant.updated")),
    ("note", Note, ("note.added",)),
    ("opinion", Opinion, ("opinion.given",)),
)
"""What the case keeps of words that are sealed behind an entry: the fact that names the row, its table, the acts."""


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def _words_behind(entry: Entry, name: str) -> object:
    """Return the digest of words that are sealed behind an entry, ERASED where they are gone."""
    return _digest(entry.detail.data.get(name, "")) if hasattr(entry, "detail") else ERASED


def check_words(_context: VerifyContext) -> Iterator[Fault]:
    """Each complaint, message, note, opinion and report says what is sealed behind the entry that it came with."""
    filed = said_once(
        (entry.subject.partition(":")[2], (entry.subject, _words_behind(entry, "narrative")))
        for entry in entries_of("move.receive")
    )
    complaints = Case.objects.native().order_by("id").values_list("number", "narrative").iterator(CHUNK)
    yield from compare("complaint", filed, ((number, number, _digest(words.strip())) for number, words in complaints))
    for kind, model, acts in WRITTEN:
        sealed = said_once(
            (entry.facts[kind], (entry.subject, _words_behind(entry, "text"))) for entry in entries_of(*acts)
        )
        rows = model._default_manager.order_by("pk").values_list("pk", "case__number", "text").iterator(CHUNK)
        yield from compare(kind, sealed, ((pk, number, _digest(words)) for pk, number, words in rows))
    reported = said_once(
        (f"{entry.subject}/{entry.facts['version']}", (entry.subject, entry.facts.get("sha256")))
        for entry in entries_of("report.written")
    )
    reports = InvestigationReport.objects.order_by("pk").values_list("version", "case__number", "text").iterator(CHUNK)
    yield from compare(
        "report", reported, ((f"case:{number}/{version}", number, _digest(words)) for version, number, words in reports)
    )


def check_allegations(_context: VerifyContext) -> Iterator[Fault]:
    """Each allegation is against the officer and of the text that its entry says, and is counted by its last finding.

    What another system alleged has no entry of its own; a case that was filed here has nothing of that kind.
    """
    sealed = said_once(
        (
            f"{entry.subject}/{entry.facts['allegation']}",
            (entry.subject, entry.facts.get("officer"), entry.facts.get("section"), True),
        )
        for entry in entries_of("allegation.framed")
    )
    newest = Finding.objects.filter(allegation=OuterRef("pk")).order_by("-pk").values("code")[:1]
    framed = Allegation.objects.filter(Q(source=None) | Q(case__source=None)).annotate(
        found=Coalesce(Subquery(newest), Value(""))
    )
    columns = ("case__number", "number", "officer", "section_version__reference", "finding_code", "found")
    rows = (
        (f"case:{number}/A{allegation}", number, officer, section, code == found)
        for number, allegation, officer, section, code, found in framed.order_by("pk")
        .values_list(*columns)
        .iterator(CHUNK)
    )
    yield from compare("allegation", sealed, rows)


def check_officers(_context: VerifyContext) -> Iterator[Fault]:
    """Each officer of a case is the one whose badge and name are sealed behind the entry that says who they are.

    One who was only described, and one of another system, is nobody yet.
    """
    said = {
        entry.facts["officer"]: (entry.subject, _badge_and_name(entry))
        for entry in entries_of("officer.added", "officer.identified")
    }
    identified = CaseOfficer.objects.filter(officer__isnull=False, case__source=None).order_by("pk")
    columns = ("pk", "case__number", "officer__badge", "badge", "name")
    rows = (
        (pk, number, (register, badge, name))
        for pk, number, register, badge, name in identified.values_list(*columns).iterator(CHUNK)
    )
    yield from compare("officer", {key: seal for key, seal in said.items() if seal[1] != NOBODY}, rows)


NOBODY = ("", "", "")


def _badge_and_name(entry: Entry) -> object:
    if not hasattr(entry, "detail"):
        return ERASED
    badge = entry.detail.data.get("badge", "")
    return badge, badge, entry.detail.data.get("name", "")


def check_outcomes(_context: VerifyContext) -> Iterator[Fault]:
    """Each outcome for an officer is the one last recorded on the allegation, unless a later decision lifted it."""
    sealed: dict[str, tuple[Any, ...]] = {}
    for entry in entries_of("discipline.imposed", "finding.decided"):
        facts = entry.facts
        allegation = f"{entry.subject}/{facts['allegation']}"
        if entry.action == "discipline.imposed":
            sealed[allegation] = (entry.subject, facts.get("outcome"), facts.get("days"), facts.get("range"))
        elif facts.get("lifts_outcome"):
            sealed.pop(allegation, None)
    columns = ("allegation__case__number", "allegation__number", "outcome", "days", "range_from", "range_to")
    rows = (
        (f"case:{number}/A{allegation}", number, outcome, days or 0, [low, high])
        for number, allegation, outcome, days, low, high in Discipline.objects.order_by("pk")
        .values_list(*columns)
        .iterator(CHUNK)
    )
    yield from compare("outcome", sealed, rows)


def check_evidence(_context: VerifyContext) -> Iterator[Fault]:
    """Each item of evidence is of the kind that its entry says, and its file has the digest that it was added with."""
    sealed = said_once(
        (
            f"{entry.subject}/{entry.facts['evidence']}",
            (
                entry.subject, entry.facts.get("kind"), entry.facts.get("sha256", ""), entry.facts.get("compelled"),
                entry.facts.get("collected"),
            ),
        )
        for entry in entries_of("evidence.added")
    )  # fmt: skip
    columns = ("case__number", "number", "kind", "sha256", "is_compelled", "is_collected")
    rows = (
        (f"case:{number}/E{item}", number, *stated)
        for number, item, *stated in Evidence.objects.order_by("pk").values_list(*columns).iterator(CHUNK)
    )
    yield from compare("evidence", sealed, rows)


def check_draws(_context: VerifyContext) -> Iterator[Fault]:
    """Each panel was drawn from the pool, by the seed and in the order that its entry says."""
    sealed = said_once(
        (
            entry.facts["draw"],
            (
                entry.subject, entry.facts["seed"], entry.facts["checkpoint"], entry.facts["pool"],
                [*entry.facts["seats"], *entry.facts["substitutes"]],
            ),
        )
        for entry in entries_of("panel.drawn")
    )  # fmt: skip
    draws = PanelDraw.objects.select_related("case").prefetch_related("seats").order_by("pk").iterator(CHUNK)
    rows = (
        (
            draw.pk, draw.case.number, draw.seed, draw.checkpoint_size, draw.pool,
            [f"user:{seat.user_id}" for seat in sorted(draw.seats.all(), key=lambda seat: seat.order)],
        )
        for draw in draws
    )  # fmt: skip
    yield from compare("draw", sealed, rows)
