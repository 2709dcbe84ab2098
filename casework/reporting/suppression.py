"""What may be published of exact figures: no small cell, and none that subtraction would give away.

A cell of 1 up to the threshold of the rules is withheld (CH-12.2). Where a line of the table holds exactly one withheld
cell, the next smallest cell of the line is withheld too, so that another grouping of
the same records, whose sum is the line's, gives only the sum of two. Zero is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from casework.reporting.measures import Cell, Figures


@dataclass(frozen=True)
class Published:
    """Figures as everyone may see them: withheld cells by index, and the total, None where it would give one away."""

    cells: tuple[Cell, ...]
    withheld: frozenset[int]
    total: int | None
    note: str = ""


def is_small(number: int, threshold: int) -> bool:
    """Say whether a figure counts so few that it is withheld."""
    return 0 < number < threshold


def unless_small(number: int, threshold: int) -> int | None:
    """Return a figure that stands alone as everyone may see it; None where it is withheld."""
    return None if is_small(number, threshold) else number


def _lines(cells: Sequence[Cell]) -> Iterable[list[int]]:
    """Yield the lines whose sums another grouping publishes: cells that agree on some of the keys, down to none."""
    width = len(cells[0].key) if cells else 0
    for size in range(width):
        for kept in combinations(range(width), size):
            lines: dict[tuple[str, ...], list[int]] = {}
            for index, cell in enumerate(cells):
                lines.setdefault(tuple(cell.key[position] for position in kept), []).append(index)
            yield from lines.values()


def publish(figures: Figures, threshold: int) -> Published:
    """Return what may be published of the figures."""
    cells = figures.cells
    small = frozenset(index for index, cell in enumerate(cells) if is_small(cell.count, threshold))
    withheld = set(small)
    lines = [line for line in _lines(cells) if len(line) > 1]
    changed = True
    while changed:
        changed = False
        for line in lines:
            if len(withheld.intersection(line)) != 1:
                continue
            others = [index for index in line if index not in withheld and cells[index].count]
            if others:
                withheld.add(min(others, key=lambda index: (cells[index].count, cells[index].key)))
                changed = True
    hides_total = len(small) == 1 or is_small(figures.total, threshold)
    return Published(
        cells, frozenset(withheld), None if hides_total else figures.total, _note(small, withheld, hides_total)
    )


def _note(small: frozenset[int], withheld: set[int], hides_total: bool) -> str:  # noqa: FBT001 - told apart by name
    parts = []
    if small:
        parts.append("Cells of a few records are withheld, to protect the people in them.")
    if len(withheld) > len(small):
        parts.append("A second cell is withheld where subtraction would give the first away.")
    if hides_total:
        parts.append("The total is withheld, because it would give the withheld cell away.")
    return " ".join(parts)
