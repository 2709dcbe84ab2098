"""The vocabulary of the log: every act that can be recorded, with the sentence that tells it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.functional import Promise

_CODE = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_actions: dict[str, Action] = {}


class UnknownAction(LookupError):
    """No app registered this action."""


@dataclass(frozen=True)
class Action:
    """One kind of act: its code in the log, and what it is called for staff and for the complainant.

    `complainant` is None where the complainant is not told of the act.
    """

    code: str
    sentence: str | Promise
    complainant: str | Promise | None = None


def register(code: str, sentence: str | Promise, *, complainant: str | Promise | None = None) -> Action:
    """Add an action to the vocabulary; called by each app from `AppConfig.ready`.

    `code` is `noun.verb`, in the past tense where the noun suffers it: `case.moved`, `evidence.viewed`. The sentences
    are lazy translations. Raises ValueError for a malformed code and for one that is taken.
    """
    if not _CODE.fullmatch(code):
        raise ValueError(f"{code!r} is no action code: write noun.verb in lower case.")
    if code in _actions:
        raise ValueError(f"The action {code!r} is already registered.")
    _actions[code] = Action(code, sentence, complainant)
    return _actions[code]


def get(code: str) -> Action:
    """Return the action of this code; raise UnknownAction if no app registered it."""
    try:
        return _actions[code]
    except KeyError:
        raise UnknownAction(f"No app registered the action {code!r} with audit.actions.register.") from None


def all_actions() -> list[Action]:
    """Return the whole vocabulary in the order of the codes."""
    return [_actions[code] for code in sorted(_actions)]
