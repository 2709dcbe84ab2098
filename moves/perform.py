"""How a move is asked for, refused and performed. The package above says who may, by what authority, and what follows.

`Process.refusals` is the only question, `Process.perform` the only door: pages, API, commands and the portal use them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moves.exceptions import Refused
from moves.models import Proposal, Subject
from moves.refusals import Refusal
from moves.statements import read_all
from moves.table import Move, move_named, moves_of


class Actor(Protocol):
    """Whoever acts: a user, a complainant, or the system. Nothing accepts None."""

    @property
    def reference(self) -> str:
        """The actor's code in the log."""


A = TypeVar("A", bound=Actor)
S = TypeVar("S", bound=Subject)
P = TypeVar("P", bound=Proposal)


@dataclass
class Attempt(Generic[S, A, P]):
    """One request for a move, as the hooks of a process see it."""

    move: Move
    subject: S
    by: A
    on: date
    stated: dict[str, Any]
    proposal: P | None = None
    source: str = ""
    target: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    detail: dict[str, Any] = field(default_factory=dict)


class Process(ABC, Generic[S, A, P]):
    """A table of moves at work on one model."""

    model: ClassVar[type[Subject]]
    not_permitted: ClassVar[str | Promise] = gettext_lazy("You may not do this at this stage.")
    wrong_state: ClassVar[str | Promise] = gettext_lazy("This is at another stage.")
    stale: ClassVar[str | Promise] = gettext_lazy("Something has changed since this was proposed. Propose it again.")

    @abstractmethod
    def permissions(self, by: A, subject: S) -> Collection[str]:
        """Return the permissions that the actor has on the subject in its present state."""

    @abstractmethod
    def lock(self, subject: S) -> S:
        """Return the subject read anew under a row lock."""

    @abstractmethod
    def day(self, subject: S, by: A, on: date | None) -> tuple[date, list[Refusal]]:
        """Return the day on which the act took place, and why that day cannot be taken."""

    @abstractmethod
    def revision(self, subject: S) -> int:
        """Return the number that changes whenever the substance of the subject changes."""

    @abstractmethod
    def carry_out(self, attempt: Attempt[S, A, P]) -> None:
        """Save the subject, record the entry under its authority and do what follows from the move."""

    @abstractmethod
    def record_proposal(self, attempt: Attempt[S, A, P]) -> P:
        """Save a proposal and record it."""

    @abstractmethod
    def record_refusal(self, attempt: Attempt[S, A, P], refusals: list[Refusal]) -> None:
        """Record an attempt that was refused."""

    def further(self, row: Move, subject: S, by: A, given: dict[str, Any] | None, day: date) -> list[Refusal]:
        """Return reasons that the table cannot know, since they rest on what lies above it; `given` as `stated`."""
        return []

    def table(self) -> dict[str, Move]:
        """Return the moves by name, in the order of the process."""
        return moves_of(self.model)

    def refusals(
        self,
        subject: S,
        name: str,
        *,
        by: A,
        stated: dict[str, Any] | None = None,
        proposal: P | None = None,
        proposing: bool = False,
        on: date | None = None,
    ) -> list[Refusal]:
        """Return every reason why the actor cannot make the move now; an empty list means that it is possible.

        Permission comes first and hides the rest, then the state, the guards, the statements and the second person.
        With `stated=None` the statements are not asked for: that is the question a page puts before it draws a button.
        """
        row = move_named(self.model, name)
        return self._refusals(row, subject, by=by, stated=stated, proposal=proposal, proposing=proposing, on=on)[0]

    def _refusals(
        self,
        row: Move,
        subject: S,
        *,
        by: A,
        stated: dict[str, Any] | None,
        proposal: P | None,
        proposing: bool,
        on: date | None,
    ) -> tuple[list[Refusal], dict[str, Any], date]:
        day, day_refusals = self.day(subject, by, on)
        if row.permission not in self.permissions(by, subject):
            return [Refusal("not_permitted", self.not_permitted)], {}, day
        if not row.leaves(subject.state):
            return [Refusal("wrong_state", self.wrong_state)], {}, day
        subject.asked_on = day
        refusals = [guard.refusal(subject) for guard in row.guards if not guard(subject)]
        given: dict[str, Any] = {}
        if stated is None:
            refusals += self.further(row, subject, by, None, day)
        else:
            given, wrong = read_all(row.states, stated, subject)
            refusals += wrong + day_refusals
            refusals += [refusal for check in row.checks if (refusal := check(subject, given, day)) is not None]
            refusals += self.further(row, subject, by, given, day)
        if row.second_person and not proposing and stated is not None:
            refusals += self._second_person(row, subject, by, proposal)
        return refusals, given, day

    def _second_person(self, row: Move, subject: S, by: A, proposal: P | None) -> list[Refusal]:
        if proposal is None or not proposal.is_open or proposal.move != row.name:
            return [Refusal("needs_second_person", _("Someone must propose this, and another person agree to it."))]
        if proposal.proposed_by.reference == by.reference:
            return [Refusal("same_person", _("You proposed this. Another person must agree to it."))]
        if proposal.revision != self.revision(subject):
            return [Refusal("proposal_stale", self.stale)]
        return []

    def open_moves(self, subject: S, *, by: A) -> dict[str, list[Refusal]]:
        """Return the moves that the actor's permissions reach in this state, each with the reasons against it now."""
        held = self.permissions(by, subject)
        return {
            row.name: self.refusals(subject, row.name, by=by)
            for row in self.table().values()
            if row.permission in held and row.leaves(subject.state)
        }

    def perform(
        self,
        name: str,
        subject: S,
        *,
        by: A,
        on: date | None = None,
        proposal: P | None = None,
        **stated: Any,
    ) -> S:
        """Make the move and return the subject as it now is; raises Refused with every reason, after recording it.

        `on` is the day on which the act took place in the world; today when it is left out.
        """
        return self._attempt(name, subject, by=by, on=on, proposal=proposal, proposing=False, stated=stated)

    def propose(self, name: str, subject: S, *, by: A, on: date | None = None, **stated: Any) -> P:
        """Record that the actor wants a move that takes two people; raises Refused with every reason."""
        return self._attempt(name, subject, by=by, on=on, proposal=None, proposing=True, stated=stated)

    def _attempt(
        self,
        name: str,
        subject: S,
        *,
        by: A,
        on: date | None,
        proposal: P | None,
        proposing: bool,
        stated: dict[str, Any],
    ) -> Any:
        row = move_named(self.model, name)
        with transaction.atomic():
            locked = self.lock(subject) if subject.pk else subject
            if proposal is not None:
                proposal = type(proposal)._default_manager.select_for_update().get(pk=proposal.pk)
                stated = {**proposal.stated, **stated}
            refusals, given, day = self._refusals(
                row, locked, by=by, stated=stated, proposal=proposal, proposing=proposing, on=on
            )
            attempt = Attempt(row, locked, by, day, given, proposal, source=locked.state)
            if not refusals:
                for statement in row.states:
                    if statement.name in given:
                        into = attempt.detail if statement.is_prose else attempt.facts
                        into[statement.name] = statement.fact(given[statement.name])
                if proposing:
                    return self.record_proposal(attempt)
                getattr(locked, row.name)(**{name: given.get(name) for name in row.takes})
                attempt.target = locked.state
                self.carry_out(attempt)
                return locked
        if subject.pk:
            self.record_refusal(attempt, refusals)
        raise Refused(refusals)
