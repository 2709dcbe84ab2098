"""Receipts of a case: of which entries a person may have one, and its page of paper (CH-10.7).

A receipt names nobody: the entry holds codes and digests. What the holder wrote is given to the holder alone, and no
paper bears it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext, override

from accounts.models import User
from audit import log, receipts
from audit.models import Entry
from casework.documents.mark import Mark, qr_path
from casework.documents.office import office
from casework.documents.render import render_pdf
from casework.models import Case
from casework.permissions import Actor, Complainant, permissions_of
from casework.vocabulary import Perm

FILED = frozenset({"move.receive", "move.withdraw", "message.received", "evidence.added"})
"""Acts of the complainant."""
LETTERS = frozenset({"letter.sent", "letter.sent_again"})
ANSWERS = frozenset({"message.sent"})
VOTES = frozenset({"vote.cast"})
RESULTS = frozenset({"move.issue_disposition", "move.close"})
ALL = FILED | LETTERS | ANSWERS | VOTES | RESULTS
TEMPLATE = "documents/receipt.html"
FORMS = {"pdf": "application/pdf", "json": "application/json", "tlog-proof": "text/plain; charset=utf-8"}
"""The forms of a receipt, by the end of the file's name, with their media types."""


@dataclass(frozen=True)
class Kept:
    """An entry of which somebody may have a receipt; with `own` it holds the words that they wrote."""

    entry: Entry
    own: bool

    @property
    def n(self) -> int:
        """The number of the entry among those of its case."""
        return self.entry.n

    @property
    def is_ready(self) -> bool:
        """Whether the entry has its place in the log."""
        return self.entry.position is not None

    def receipt(self) -> dict[str, Any]:
        """Return the receipt; raises audit.receipts.NotSealedYet."""
        return receipts.receipt(self.entry, with_detail=self.own)


def receipts_for(by: Actor, case: Case) -> list[Kept]:
    """Return what the person may have a receipt of, in the order of the log."""
    entries = Entry.objects.about(case.reference).with_positions().filter(action__in=ALL)
    if isinstance(by, Complainant):
        letters = set(case.letters.filter(party__isnull=False).values_list("pk", flat=True))
        theirs = (entry for entry in entries if _is_theirs(entry, by, letters))
        return [Kept(entry, entry.action == "move.receive" or entry.actor == by.reference) for entry in theirs]
    may = permissions_of(by, case)
    allowed: frozenset[str] = frozenset()
    if Perm.VIEW_FILE in may:
        allowed |= FILED | LETTERS | ANSWERS | RESULTS
    if Perm.VIEW_VOTES in may:
        allowed |= VOTES | RESULTS
    own = {entry.pk for entry in entries if entry.action in VOTES and entry.actor == by.reference}
    return [Kept(entry, entry.pk in own) for entry in entries if entry.action in allowed or entry.pk in own]


def _is_theirs(entry: Entry, by: Complainant, letters: set[int]) -> bool:
    """Say whether the complainant gets the receipt; a complaint is theirs too where the office took it down."""
    if entry.action in FILED:
        return entry.action == "move.receive" or entry.actor == by.reference
    if entry.action in LETTERS:
        return entry.facts.get("letter") in letters
    return entry.action in ANSWERS | RESULTS


def receipt_for(by: Actor, case: Case, n: int) -> Kept | None:
    """Return the entry of that number among those of the case, where the person may have its receipt."""
    return next((kept for kept in receipts_for(by, case) if kept.n == n), None)


def sheet(kept: Kept, case: Case, *, language: str, told: Actor) -> bytes:
    """Return the receipt as one page of PDF/UA-1 in that language.

    Raises audit.receipts.NotSealedYet, and `render.PdfUnavailable` where Pango is missing.
    """
    entry, newest = kept.entry, log.newest_checkpoint()
    if entry.position is None or newest is None:
        raise receipts.NotSealedYet(str(entry))
    mark = Mark(size=newest.size, root=newest.root_hex)
    digest = entry.leaf_hash.hex()
    seal = {"size": mark.size, "root": mark.root, "index": entry.position, "leaf": digest}
    with override(language):
        act = entry.known_action
        title = act.sentence if isinstance(told, User) else act.complainant or act.sentence
        context = {
            "office": office(),
            "case_number": case.number,
            "checkpoint": mark,
            "act": str(title),
            "entry": entry,
            "position": f"{entry.position:,}",
            "digest": [digest[at : at + 8] for at in range(0, len(digest), 8)],
            "origin": settings.AUDIT_ORIGIN,
            "site": settings.SITE_URL,
            "qr": qr_path(f"{settings.SITE_URL}/log/?{urlencode(seal)}"),
        }
        name = gettext("Receipt")
    return render_pdf(TEMPLATE, context, language=language, title=name)


def written(kept: Kept, case: Case, form: str, *, language: str, told: Actor) -> bytes:
    """Return a receipt in one of FORMS. Raises what `sheet` raises."""
    if form == "pdf":
        return sheet(kept, case, language=language, told=told)
    made = kept.receipt()
    return (receipts.as_json(made) if form == "json" else receipts.as_tlog_proof(made)).encode()
