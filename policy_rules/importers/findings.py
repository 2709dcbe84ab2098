"""What is found wrong with a manual, each with its place, and nothing said twice."""

from __future__ import annotations

import re
from collections.abc import Sequence

from policy_rules.importers.nodes import Node
from policy_rules.importers.problems import Problem

IN_A_SECTION = re.compile(r"chapters\[[^\]]*\]\.sections\[[^\]]*\]\.")
NAMES_NOTHING = re.compile(r"chapters\[[^\]]*\]\.(sections\[[^\]]*\]\.|title|number|earlier_rule|review|training)")
"""Places within the chapters in which no chapter, version or section is named."""


class Findings:
    """The problems and doubts found so far, beginning with what could not be read at all."""

    def __init__(self, unread: Sequence[Problem]) -> None:
        self.unread = {(problem.file, problem.path) for problem in unread}
        """Where a value could not be read; what stands in its place is checked no further."""
        self.problems: list[Problem] = list(unread)
        self.doubts: list[Problem] = []

    @property
    def are_names_known(self) -> bool:
        """Whether all chapters, versions and sections could be read, so that one that is missing is not there."""
        paths = [path for _file, path in self.unread]
        return not any(not path or (path.startswith("chapters") and not NAMES_NOTHING.match(path)) for path in paths)

    def problem(self, where: Node, message: str, key: str = "") -> None:
        """Note what keeps the manual out, unless it only follows from what could not be read."""
        problem = _problem(where, message, key)
        if not any(problem.file == file and _touch(problem.path, path) for file, path in self.unread):
            self.problems.append(problem)

    def doubt(self, where: Node, message: str, key: str = "") -> None:
        """Note what a person should look at."""
        self.doubts.append(_problem(where, message, key))


def _problem(where: Node, message: str, key: str) -> Problem:
    node = where.get(key) if key else where
    return Problem(node.file, node.line, node.path, message)


def _touch(place: str, unread: str) -> bool:
    """Say whether a place is one that could not be read, lies within one, or is the part of a section around one."""
    if place == unread or place.startswith((f"{unread}.", f"{unread}[")):
        return True
    return IN_A_SECTION.match(place) is not None and unread.startswith((f"{place}.", f"{place}["))
