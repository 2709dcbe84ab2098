"""Why a move is not possible: a refusal is a value with a code for programs and a sentence for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Refusal:
    """One reason. `items` names what is missing, one line each; `field` is the statement it concerns, if any."""

    code: str
    sentence: str | Promise
    items: tuple[str, ...] = ()
    field: str = ""
    place: str = ""


@dataclass(frozen=True)
class Guard:
    """A fact that must be true of the subject before a move, with the sentence that is told while it is not.

    `fact(subject) -> bool` reads records that some other act made. `items(subject)` names what is missing, for the
    reader's list; `place` is the code of the page where it can be mended.
    """

    code: str
    sentence: str | Promise
    fact: Callable[[Any], bool]
    place: str = ""
    items: Callable[[Any], Iterable[str]] | None = None

    def __call__(self, subject: Any) -> bool:
        return self.fact(subject)

    def refusal(self, subject: Any) -> Refusal:
        """Return the refusal that this guard gives for the subject."""
        named = tuple(str(item) for item in self.items(subject)) if self.items else ()
        return Refusal(self.code, self.sentence, items=named, place=self.place)


def guard(
    sentence: str | Promise, *, place: str = "", items: Callable[[Any], Iterable[str]] | None = None
) -> Callable[[Callable[[Any], bool]], Guard]:
    """Make a guard of a function; its name is the code."""

    def make(fact: Callable[[Any], bool]) -> Guard:
        return Guard(code=fact.__name__, sentence=sentence, fact=fact, place=place, items=items)

    return make
