"""One publication at work: what it states, the rows it makes and changes, and every reason against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models

from policy_rules.importers.document import ManualDocument
from policy_rules.importers.nodes import Node
from policy_rules.importers.problems import Problem
from policy_rules.models import ChapterVersion, Container, Manual, RuleSet, Section

BATCH = 2_000
"""Rows written at a time."""
Row = TypeVar("Row", bound=models.Model)


@dataclass
class Publication:
    """What a publication did: rows made and changed, what the register holds now, and what a person should look at."""

    manual: str
    created: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    counts: dict[str, int] = field(default_factory=dict)
    doubts: list[Problem] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether the register differs from before."""
        return bool(self.created or self.updated)


@dataclass
class Work:
    """One publication: the rows it makes, and what the log is to say of them."""

    document: ManualDocument
    done: Publication
    adopting: ChapterVersion | None = None
    manual: Manual = field(init=False)
    problems: list[Problem] = field(default_factory=list)
    sections: dict[str, Section] = field(default_factory=dict)
    containers: dict[str, Container] = field(default_factory=dict)
    new_chapters: list[ChapterVersion] = field(default_factory=list)
    ended_chapters: list[ChapterVersion] = field(default_factory=list)
    new_rules: list[RuleSet] = field(default_factory=list)
    ended_rules: list[RuleSet] = field(default_factory=list)

    def put(
        self, model: type[Row], key: dict[str, Any], values: dict[str, Any], what: str, *, known: Row | None = None
    ) -> Row:
        """Bring one row to the values, or make it; count what was done as `what`."""
        row = known or model._default_manager.filter(**key).first()
        if row is None:
            self.note(self.done.created, what, 1)
            return model._default_manager.create(**key, **values)
        changed = [name for name, value in values.items() if getattr(row, name) != value]
        if changed:
            for name in changed:
                setattr(row, name, values[name])
            row.save(update_fields=changed)
            self.note(self.done.updated, what, 1)
        return row

    def bulk(self, model: type[models.Model], rows: Sequence[Any], what: str) -> None:
        """Make the rows, and count them as `what`."""
        model._default_manager.bulk_create(rows, batch_size=BATCH)
        self.note(self.done.created, what, len(rows))

    @staticmethod
    def note(tally: Counter[str], what: str, number: int) -> None:
        """Count rows."""
        if number:
            tally[what] += number

    def missing(self, known: dict[str, Any], stated: set[str], what: str) -> None:
        """Refuse each that is published and not stated."""
        for name in known.keys() - stated:
            self.refuse(self.document.where, f"the {what} {name} is published and is not in this file")

    def refuse(self, where: Node, message: str) -> None:
        """Keep a reason against the publication, with its place."""
        self.problems.append(Problem(where.file, where.line, where.path, message))


def only_ends(before: Any, after: Any) -> bool:
    """Say whether days differ only in that a last day was set which was missing."""
    return before.lower == after.lower and before.upper is None and after.upper is not None
