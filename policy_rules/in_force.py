"""Which text was in force on the day of an event. Conduct is judged by that text and by no other."""

from __future__ import annotations

import datetime

from policy_rules import register
from policy_rules.exceptions import NotInForce, UnknownSection
from policy_rules.models import Section, SectionVersion

__all__ = ["NotInForce", "UnknownSection", "in_force", "versions_during"]


def in_force(section: Section | str, *, on: datetime.date) -> SectionVersion:
    """Return what a section said on a day, counted in the agency's time zone.

    The section is given as such or by its code (``DE-4.1``; ``MANUAL/CODE`` for one outside the governing manual).
    Raises `UnknownSection`, and `NotInForce` where the section had not begun, had ended, or was in a gap.
    """
    _require_day(on)
    for version in _versions(section):
        if version.in_force_on(on):
            return version
    raise NotInForce(f"{section} was not in force on {on.isoformat()}; {_known(section)}")


def versions_during(section: Section | str, start: datetime.date, end: datetime.date) -> list[SectionVersion]:
    """Return every text of a section in force on any day from start to end, oldest first; none where there was none."""
    _require_day(start)
    _require_day(end)
    if end < start:
        raise ValueError(f"the last day {end} is before the first {start}")
    return [
        version
        for version in _versions(section)
        if version.effective_from <= end and (version.effective_to is None or version.effective_to >= start)
    ]


def _versions(section: Section | str) -> list[SectionVersion]:
    code = section if isinstance(section, str) else f"{section.manual.code}/{section.code}"
    return register.current().versions(code)


def _require_day(day: datetime.date) -> None:
    if isinstance(day, datetime.datetime):
        raise TypeError("give a day in the agency's time zone, not a moment: the text in force depends on it")


def _known(section: Section | str) -> str:
    spans = [f"{v.version} from {v.effective_from} to {v.effective_to or 'now'}" for v in _versions(section)]
    return f"its versions are {', '.join(spans)}" if spans else "it has no version"
