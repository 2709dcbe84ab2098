"""The paragraphs of a text, each with an anchor. A published text is never edited, so an anchor keeps its words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from policy_rules.models import Paragraph

DEEPEST = 4
"""Levels by which a paragraph is set in; those within a narrow page are set in no further."""


@dataclass(frozen=True)
class Block:
    """A paragraph of a text: its place from 1, and the label that it begins with, if it has one."""

    place: int
    text: str
    label: str = ""
    depth: int = 0

    @property
    def anchor(self) -> str:
        """The end of the paragraph's address on the page of its version, for example ``p3``."""
        return f"p{self.place}"


def blocks_of(text: str, labelled: Iterable[Paragraph] = ()) -> list[Block]:
    """Return the lines of a text as paragraphs; those that begin with the next label are set in as deep as it is.

    A translation has the paragraphs of the text it translates, so its anchors are the same.
    """
    ahead = iter(labelled)
    expected = next(ahead, None)
    blocks: list[Block] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        label, depth = "", 0
        if expected is not None and line.startswith(expected.label):
            label, depth = expected.label, min(expected.depth, DEEPEST)
            expected = next(ahead, None)
        blocks.append(Block(len(blocks) + 1, line, label, depth))
    return blocks
