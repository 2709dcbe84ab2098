"""What is wrong with a file that was to be imported, and where: every problem at once, each with line and place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing to mend in a file before it can be taken."""

    file: str
    line: int
    """Counted from 1; 0 where the problem is not at one line."""
    path: str
    """The place inside the document, for example ``chapters[DE].sections[DE-4.1].title``."""
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.path}: {self.message}" if self.path else f"{place}: {self.message}"


class ImportRefused(Exception):
    """The file was not taken and nothing was changed. `problems` holds every reason, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(
            set(problems), key=lambda problem: (problem.file, problem.line, problem.path, problem.message)
        )
        super().__init__("\n".join(str(problem) for problem in self.problems))
