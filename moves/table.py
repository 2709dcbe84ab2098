"""A table of moves: each is one django-fsm transition together with the typed facts of its row."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, TypeVar

from django.db import models
from django.utils.functional import Promise
from django_fsm import RETURN_VALUE, transition

from moves.exceptions import UnknownMove
from moves.refusals import Guard, Refusal
from moves.statements import Statement

Method = TypeVar("Method", bound=Callable[..., Any])
Check = Callable[[Any, dict[str, Any], date], Refusal | None]
"""A question put to the subject, what was stated and the day: a refusal, or None."""


@dataclass(frozen=True)
class Move:
    """One row of the table.

    `targets` is empty when the move keeps the state, and has more than one member when the record decides.
    `label` names the act on its button, `timeline` says to staff that it happened, `told` says it to the complainant
    (None: the complainant's timeline leaves it out).
    """

    name: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    permission: str
    label: str | Promise
    timeline: str | Promise
    told: str | Promise | None
    guards: tuple[Guard, ...]
    states: tuple[Statement, ...]
    checks: tuple[Check, ...]
    starts: tuple[str, ...]
    stops: tuple[str, ...]
    resumes: tuple[str, ...]
    tells: tuple[str, ...]
    drafts: tuple[str, ...]
    gives: tuple[str, ...]
    second_person: bool
    takes: tuple[str, ...]
    meaning: str

    def leaves(self, state: str) -> bool:
        """Say whether the move can start in that state."""
        return state in self.sources


def move(
    *,
    source: str | Sequence[str],
    target: str | Sequence[str] | None,
    permission: str,
    label: str | Promise,
    timeline: str | Promise,
    told: str | Promise | None = None,
    guards: Sequence[Guard] = (),
    states: Sequence[Statement] = (),
    checks: Sequence[Check] = (),
    starts: Sequence[str] = (),
    stops: Sequence[str] = (),
    resumes: Sequence[str] = (),
    tells: Sequence[str] = (),
    drafts: Sequence[str] = (),
    gives: Sequence[str] = (),
    second_person: bool = False,
) -> Callable[[Method], Method]:
    """Declare a move of the model's `state` field.

    The decorated method sets what the move itself decides, from the statements it names as parameters; its docstring
    is the meaning of the row. The section that empowers the move is found by its name in the manual in force.
    """
    sources = (source,) if isinstance(source, str) else tuple(source)
    targets = () if target is None else (target,) if isinstance(target, str) else tuple(target)

    def declare(method: Method) -> Method:
        row = Move(
            name=method.__name__,
            sources=tuple(str(state) for state in sources),
            targets=tuple(str(state) for state in targets),
            permission=str(permission),
            label=label,
            timeline=timeline,
            told=told,
            guards=tuple(guards),
            states=tuple(states),
            checks=tuple(checks),
            starts=tuple(str(code) for code in starts),
            stops=tuple(str(code) for code in stops),
            resumes=tuple(str(code) for code in resumes),
            tells=tuple(str(code) for code in tells),
            drafts=tuple(str(code) for code in drafts),
            gives=tuple(str(code) for code in gives),
            second_person=second_person,
            takes=tuple(list(inspect.signature(method).parameters)[1:]),
            meaning=inspect.getdoc(method) or "",
        )
        goal = None if not targets else row.targets[0] if len(targets) == 1 else RETURN_VALUE(*row.targets)
        return transition(
            field="state",
            source=list(row.sources),
            target=goal,
            conditions=list(row.guards),
            permission=row.permission,
            custom={"move": row},
        )(method)

    return declare


@cache
def moves_of(model: type[models.Model]) -> dict[str, Move]:
    """Return the table of a model, by name, in the order in which the class declares its moves."""
    rows: dict[str, Move] = {}
    for cls in reversed(model.__mro__):
        for name, member in vars(cls).items():
            fsm = getattr(member, "_django_fsm", None)
            if fsm is not None and fsm.transitions:
                rows[name] = next(iter(fsm.transitions.values())).custom["move"]
    return rows


def move_named(model: type[models.Model], name: str) -> Move:
    """Return one row; raises UnknownMove."""
    try:
        return moves_of(model)[name]
    except KeyError:
        raise UnknownMove(f"There is no move {name!r} in the table of {model.__name__}.") from None
