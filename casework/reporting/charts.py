"""Bars as numbers that a template draws as SVG: lengths in the units of the picture, and the words beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_WIDE = 380
"""Units of the longest bar in the wide picture, beside the labels."""
LONGEST_SLIM = 250
"""Units of the longest bar in the slim picture, under the labels."""
STEP_WIDE = 30
STEP_SLIM = 48
SHOWN = 24
"""Bars that a chart shows; the table beside it holds all rows."""
SHORT_WIDE = 32
SHORT_SLIM = 40


@dataclass(frozen=True)
class Bar:
    """One row: its label, its value in words, and its length and place in both pictures. Withheld bars have none."""

    label: str
    short_wide: str
    short_slim: str
    words: str
    withheld: bool
    wide: int
    slim: int
    at_wide: int
    at_slim: int


@dataclass(frozen=True)
class Chart:
    """Bars from zero, and the heights of the wide and of the slim picture."""

    bars: tuple[Bar, ...]
    height_wide: int
    height_slim: int
    left_out: int


def bar_chart(rows: Sequence[tuple[str, float | None, str]]) -> Chart:
    """Return the chart of rows of label, value (None where it is withheld) and the value's words."""
    shown = rows[:SHOWN]
    longest = max((value for _label, value, _words in shown if value), default=1)
    bars = tuple(
        Bar(
            label=label,
            short_wide=_cut(label, SHORT_WIDE),
            short_slim=_cut(label, SHORT_SLIM),
            words=words,
            withheld=value is None,
            wide=round(LONGEST_WIDE * (value or 0) / longest),
            slim=round(LONGEST_SLIM * (value or 0) / longest),
            at_wide=place * STEP_WIDE,
            at_slim=place * STEP_SLIM,
        )
        for place, (label, value, words) in enumerate(shown)
    )
    return Chart(bars, len(bars) * STEP_WIDE, len(bars) * STEP_SLIM, len(rows) - len(shown))


def _cut(label: str, letters: int) -> str:
    return label if len(label) <= letters else f"{label[: letters - 1].rstrip()}…"
