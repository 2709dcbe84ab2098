"""Texts that say the same, or nearly: letters of a campaign, each with a greeting or a line of its own."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

RUN = 3
"""Words in a row that are looked for in other texts."""
SHORTEST = 5
"""Runs that a text has at least before it is taken to be like another."""
SHARED = 0.6
"""Share of the runs of the shorter of two texts that the other has too."""


def bare_words(text: str) -> list[str]:
    """Return the words of a text alone: equal for texts that differ in case, marks and spaces."""
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())


def alike(texts: Iterable[tuple[int, str]]) -> list[list[int]]:
    """Return the keys of texts that say nearly the same, in sets of two or more, the largest set first.

    Each text is compared with the first of every set, so that many thousands take a moment and not an hour.
    """
    sets: list[list[int]] = []
    sizes: list[int] = []
    firsts: dict[tuple[str, ...], list[int]] = {}
    for key, text in texts:
        words = bare_words(text)
        runs = {tuple(words[place : place + RUN]) for place in range(len(words) - RUN + 1)}
        if len(runs) < SHORTEST:
            continue
        shared = Counter(place for run in runs for place in firsts.get(run, ()))
        place, most = max(shared.items(), key=lambda item: item[1], default=(0, 0))
        if most and most >= SHARED * min(len(runs), sizes[place]):
            sets[place].append(key)
            continue
        for run in runs:
            firsts.setdefault(run, []).append(len(sets))
        sets.append([key])
        sizes.append(len(runs))
    return sorted((found for found in sets if len(found) > 1), key=len, reverse=True)
