"""When a chapter was last reviewed and is to be reviewed next (CH-13.6). The manual states both."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from policy_rules.models import Chapter
from policy_rules.models.dates import add_months
from policy_rules.rules import NoRulesInForce, rules_on

CLOCK = "chapter_review"


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
        due=_day(chapter.annexes.get("review", {}).get("next_due")),
        on=on,
    )


def after_review(chapter: Chapter, on: datetime.date, *, outcome: str, report: str) -> dict[str, Any]:
    """Return the chapter's annexes with a review that ended on a day, and the day on which the next one is due.

    The next is counted from the day on which this one was due, or from its end where that came later, by the rules in
    force; without a rule the chapter has no next day.
    """
    review = dict(chapter.annexes.get("review", {}))
    stated = review.get("next_due")
    row = {"due": stated or on.isoformat(), "completed": on.isoformat(), "outcome": outcome, "report": report}
    try:
        months = rules_on(on).clock(CLOCK).duration
    except (NoRulesInForce, LookupError):
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
    chapters = Chapter.objects.filter(manual__governs=True, versions__effective__contains=on).select_related("manual")
    found = [(chapter, review_of(chapter, on)) for chapter in chapters]
    return [(chapter, review) for chapter, review in found if review.is_overdue]
