"""What became of a version: the acts of the log that brought it to its stage, and on what each rests."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import RoleCode, User
from audit.models import Entry
from moves.table import moves_of
from policy_rules.models import ChapterVersion

PUBLISHING = ("policy.chapter_published", "policy.chapter_ended")
"""What a file does to a version; adoption publishes too."""


@dataclass(frozen=True)
class Act:
    """One act in the life of a version, as the log has it."""

    action: str
    sentence: Any
    on: datetime.date
    """The day of the act, which for a history that was carried over is earlier than that of its entry."""
    role: str
    by: str
    """Name of the person, where it is told."""
    before: str
    after: str
    basis: tuple[str, ...]
    """References of the sections that empower it."""
    entry: int
    position: int | None
    """Place in the log; None while the entry waits for one."""

    @property
    def role_words(self) -> Any:
        """The role in words; Redress itself does on a day what was decided for it."""
        return RoleCode(self.role).label if self.role in RoleCode.values else _("Redress")


def acts_of(version: ChapterVersion, *, named: bool = False) -> list[Act]:
    """Return the acts that made a version what it is, oldest first; with the names of people where `named`."""
    actions = [*(f"policy.{name}" for name in moves_of(ChapterVersion)), *PUBLISHING]
    entries = Entry.objects.about(version.chapter.reference).filter(
        object_references__contains=[version.reference], action__in=actions
    )
    found = list(entries.with_positions().order_by("pk"))
    people = User.objects.names_of(entry.actor for entry in found) if named else {}
    return [_act(entry, people) for entry in found]


def _act(entry: Entry, people: dict[str, str]) -> Act:
    facts = entry.facts
    return Act(
        action=entry.action,
        sentence=entry.known_action.sentence,
        on=entry.took_place_on or timezone.localdate(entry.occurred_at),
        role=entry.actor_role,
        by=people.get(entry.actor, ""),
        before=str(facts.get("from", "")),
        after=str(facts.get("to", "")),
        basis=tuple(entry.basis),
        entry=entry.n,
        position=entry.position,
    )
