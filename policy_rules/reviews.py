"""When a chapter was last reviewed and is to be reviewed next (CH-13.6). The manual states both."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from policy_rules import register
from policy_rules.models import Chapter
from policy_rules.models.dates import add_months
from policy_rules.rules import NoRulesInForce, rules_on

CLOCK = "chapter_review"
REMINDER = "chapter_review_reminder"


@dataclass(frozen=True)
class Review:
    """How it stands with the reviews of a chapter on a day."""

    last: datetime.date | None
    outcome: str
    report: str
    due: datetime.date | None
    on: datetime.date

    @property
    def is_overdue(self) -> bool:
        """Whether the day on which it was due has passed."""
        return self.due is not None and self.due < self.on

    @property
    def days_since(self) -> int | None:
        """Days since the last review; None where none is known."""
        return (self.on - self.last).days if self.last else None


def review_of(chapter: Chapter, on: datetime.date) -> Review:
    """Return how it stands with the reviews of a chapter on a day."""
    done = [row for row in chapter.annexes.get("reviews", ()) if row.get("completed")]
    newest: Mapping[str, Any] = max(done, key=lambda row: str(row["completed"]), default={})
    return Review(
        last=_day(newest.get("completed")),
        outcome=str(newest.get("outcome", "")),
        report=str(newest.get("report", "")),
        due=_day(chapter.annexes.get("review", {}).get("next_due"))
        or _first_due(chapter, on, since=_day(newest.get("completed"))),
        on=on,
    )


def _first_due(chapter: Chapter, on: datetime.date, *, since: datetime.date | None) -> datetime.date | None:
    """Return the day for a chapter whose manual states none: so long after its last review or its first day."""
    if not chapter.manual.governs:
        return None
    begun = [version.effective_from for version in chapter.versions.all() if version.effective_from]
    first = since or min((day for day in begun if day <= on), default=None)
    months = _length(CLOCK, on)
    return add_months(first, months) if first and months else None


def _length(clock: str, on: datetime.date) -> int | None:
    """Return a time limit of the rules in its unit; None where no rules apply or they know none."""
    try:
        return rules_on(on).clock(clock).duration
    except (NoRulesInForce, LookupError):
        return None


def mark_of(review: Review) -> str:
    """Say whether a review is `overdue`, or due `soon` by the days of the rules; empty where it is neither."""
    if review.due is None:
        return ""
    if review.is_overdue:
        return "overdue"
    days = _length(REMINDER, review.on)
    return "soon" if days is not None and review.on >= review.due - datetime.timedelta(days=days) else ""


def after_review(chapter: Chapter, on: datetime.date, *, outcome: str, report: str) -> dict[str, Any]:
    """Return the chapter's annexes with a review that ended on a day, and the day on which the next one is due.

    The next is counted from the day on which this one was due, or from its end where that came later, by the rules in
    force; without a rule the chapter has no next day.
    """
    review = dict(chapter.annexes.get("review", {}))
    stated = review.get("next_due")
    row = {"due": stated or on.isoformat(), "completed": on.isoformat(), "outcome": outcome, "report": report}
    months = _length(CLOCK, on)
    if months is None:
        review.pop("next_due", None)
    else:
        review["next_due"] = add_months(max(on, _day(stated) or on), months).isoformat()
    return {**chapter.annexes, "reviews": [*chapter.annexes.get("reviews", ()), row], "review": review}


def _day(stated: Any) -> datetime.date | None:
    if isinstance(stated, datetime.date):
        return stated
    return datetime.date.fromisoformat(stated) if stated else None


def overdue_chapters(on: datetime.date) -> list[tuple[Chapter, Review]]:
    """Return the chapters of the governing manual that bind on a day and whose review is overdue on it."""
    return [(chapter, review) for chapter, review in binding_chapters(on) if review.is_overdue]


def binding_chapters(on: datetime.date) -> list[tuple[Chapter, Review]]:
    """Return the chapters of the governing manual that bind on a day, and how it stands with the review of each."""
    chapters = Chapter.objects.filter(manual__governs=True, versions__effective__contains=on).select_related("manual")
    with register.held():
        return [(chapter, review_of(chapter, on)) for chapter in chapters.prefetch_related("versions")]
