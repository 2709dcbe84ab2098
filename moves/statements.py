"""What the person who makes a move must state: one declaration makes the form, the API schema, the check and the facts.

A statement's prose goes into the erasable detail of the log entry; codes, dates and flags go into its facts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from moves.refusals import Refusal

DIGEST_LENGTH = 64
HEXADECIMAL = frozenset("0123456789abcdef")


@dataclass(frozen=True)
class Statement:
    """Something to be stated, by name. A subclass says of what kind, and whether it is prose."""

    name: str
    label: str | Promise
    required: bool = True
    hint: str | Promise = ""
    is_prose: ClassVar[bool] = False

    def read(self, value: Any, subject: Any) -> Any:
        """Return the value in its own type; raises ValueError with a sentence that says what to write instead."""
        raise NotImplementedError

    def is_absent(self, value: Any) -> bool:
        """Say whether nothing has been stated."""
        return value is None or value == ""

    def fact(self, value: Any) -> Any:
        """Return the value as it stands in the log."""
        return value


@dataclass(frozen=True)
class Text(Statement):
    """Prose of up to `limit` characters. `offers` gives the words with which a form begins, from what is on record."""

    limit: int = 20_000
    offers: Callable[[Any], str] = field(default=lambda _subject: "")
    is_prose: ClassVar[bool] = True

    def read(self, value: Any, subject: Any) -> str:
        text = value.strip() if isinstance(value, str) else ""
        if not text and (self.required or not isinstance(value, str)):
            raise ValueError(_("Write a sentence or more."))
        if len(text) > self.limit:
            raise ValueError(_("Write %(limit)d characters or fewer.") % {"limit": self.limit})
        return text


@dataclass(frozen=True)
class Choice(Statement):
    """One code of a list; the list may depend on the subject and on the rules in force."""

    codes: Callable[[Any], Sequence[str]] = field(default=lambda _subject: ())

    def read(self, value: Any, subject: Any) -> str:
        allowed = self.codes(subject)
        if value not in allowed:
            raise ValueError(_("Choose one of: %(codes)s.") % {"codes": ", ".join(allowed)})
        return str(value)


@dataclass(frozen=True)
class Flag(Statement):
    """Yes or no. A required flag must be yes: it is something the person confirms."""

    def read(self, value: Any, subject: Any) -> bool:
        given = value in (True, "true", "on", "1", 1, "yes")
        if self.required and not given:
            raise ValueError(_("Confirm this."))
        return given

    def is_absent(self, value: Any) -> bool:
        return value in (None, "", False)


@dataclass(frozen=True)
class Day(Statement):
    """A date."""

    def read(self, value: Any, subject: Any) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError as error:
            raise ValueError(_("Write a date as year-month-day, for example 2026-03-14.")) from error

    def fact(self, value: date) -> str:
        return value.isoformat()


@dataclass(frozen=True)
class Digests(Statement):
    """A list of SHA-256 digests in hexadecimal."""

    def read(self, value: Any, subject: Any) -> list[str]:
        digests = [str(item) for item in value]
        if not all(len(digest) == DIGEST_LENGTH and set(digest) <= HEXADECIMAL for digest in digests):
            raise ValueError(_("Give SHA-256 digests of 64 hexadecimal figures."))
        return digests

    def is_absent(self, value: Any) -> bool:
        return not value


def read_all(
    statements: Sequence[Statement], stated: dict[str, Any], subject: Any
) -> tuple[dict[str, Any], list[Refusal]]:
    """Return what was stated in its own types, and a refusal for each statement that is missing, wrong or unknown."""
    given: dict[str, Any] = {}
    refusals: list[Refusal] = []
    for statement in statements:
        value = stated.get(statement.name)
        if statement.is_absent(value):
            if statement.required:
                refusals.append(
                    Refusal(
                        "missing_statement",
                        _("State this: %(label)s.") % {"label": statement.label},
                        field=statement.name,
                    )
                )
            continue
        try:
            given[statement.name] = statement.read(value, subject)
        except ValueError as error:
            refusals.append(Refusal("wrong_statement", str(error), field=statement.name))
    known = {statement.name for statement in statements}
    refusals.extend(unknown_statement(name) for name in stated if name not in known)
    return given, refusals


def unknown_statement(name: str) -> Refusal:
    """Return the reason against a statement that a move does not take."""
    return Refusal("unknown_statement", _("This move takes no statement “%(name)s”.") % {"name": name}, field=name)
