"""One definition for every figure: what is counted, by what it can be grouped, and over which records.

Complaints filed here and the records of each other system are counted apart: `source` names the import, and is empty
for native cases. A source's own codes are kept to the letter beside the canonical ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Aggregate, Count, F, FloatField, Q, QuerySet
from django.db.models.functions import ExtractYear, TruncMonth
from django.utils.translation import gettext as _

from casework.exceptions import Invalid
from casework.models import Allegation, Case, ImportSource

COUNT = "count"
MEDIAN_DAYS = "median_days_to_close"
MEASURES = (COUNT, MEDIAN_DAYS)


class MedianDays(Aggregate):
    """The middle number of days between two dates: PostgreSQL's percentile_cont(0.5)."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    arg_joiner = " - "
    output_field = FloatField()


@dataclass(frozen=True)
class Subject:
    """What is counted: complaints, or allegations. `case` is the path from a row to its case."""

    name: str
    rows: QuerySet[Any]
    case: str
    allegation: str

    def path(self, of: str, field_name: str) -> str:
        """Return the lookup of a field of the case or of the allegation."""
        return f"{self.case if of == 'case' else self.allegation}{field_name}"


COMPLAINTS = Subject("complaints", Case.objects.all(), "", "allegations__")
ALLEGATIONS = Subject("allegations", Allegation.objects.all(), "case__", "")

KEYS: dict[str, tuple[str, str]] = {
    "year_received": ("case", "received_on"),
    "month_received": ("case", "received_on"),
    "channel": ("case", "channel"),
    "district": ("case", "district"),
    "state": ("case", "state"),
    "policy_section": ("allegation", "section_version__section__code"),
    "category": ("allegation", "category"),
    "finding": ("allegation", "finding_code"),
    "source_finding": ("allegation", "source_finding"),
}
"""What figures can be grouped by: whose field it is, and which."""


@dataclass(frozen=True)
class Query:
    """A figure that is asked for. Days are inclusive; `has_finding` keeps complaints with such an allegation."""

    subject: Subject
    group_by: tuple[str, ...] = ()
    measure: str = COUNT
    source: str = ""
    has_finding: str = ""
    received_from: date | None = None
    received_to: date | None = None

    def check(self) -> None:
        """Raise Invalid, naming the parameter, for a question that has no answer."""
        for key in self.group_by:
            if key not in KEYS:
                raise Invalid(_("Group by one or more of: %(keys)s.") % {"keys": ", ".join(KEYS)}, field="group_by")
        if len(set(self.group_by)) < len(self.group_by):
            raise Invalid(_("Name each grouping once."), field="group_by")
        if self.measure not in MEASURES:
            raise Invalid(_("Choose one of: %(codes)s.") % {"codes": ", ".join(MEASURES)}, field="measure")
        if self.source and not ImportSource.objects.filter(name=self.source).exists():
            raise Invalid(_("No import of this name was made."), field="source")
        if self.received_from and self.received_to and self.received_to < self.received_from:
            raise Invalid(_("The last day lies before the first."), field="received_to")


@dataclass(frozen=True)
class Cell:
    """One row of the answer: the values of the grouping, how many, and the measured value where it is not the count."""

    key: tuple[str, ...]
    count: int
    value: float | None = None


@dataclass(frozen=True)
class Figures:
    """The exact answer. `total` counts each complaint or allegation once, also where groups overlap."""

    total: int
    cells: tuple[Cell, ...]


def _grouping(subject: Subject, key: str) -> Any:
    of, field_name = KEYS[key]
    path = subject.path(of, field_name)
    if key == "year_received":
        return ExtractYear(path)
    if key == "month_received":
        return TruncMonth(path)
    return F(path)


def _text(key: str, value: Any) -> str:
    if value is None:
        return ""
    return f"{value:%Y-%m}" if key == "month_received" else str(value)


def _rows(query: Query) -> QuerySet[Any]:
    subject = query.subject
    rows = subject.rows
    source = subject.path("case", "source")
    rows = rows.filter(**{f"{source}__name": query.source} if query.source else {f"{source}__isnull": True})
    if query.has_finding:
        having = Allegation.objects.filter(finding_code=query.has_finding).values("case")
        rows = rows.filter(**{subject.path("case", "pk") + "__in": having})
    if query.received_from:
        rows = rows.filter(**{subject.path("case", "received_on") + "__gte": query.received_from})
    if query.received_to:
        rows = rows.filter(**{subject.path("case", "received_on") + "__lte": query.received_to})
    if query.measure == MEDIAN_DAYS:
        closed, received = subject.path("case", "closed_on"), subject.path("case", "received_on")
        rows = rows.filter(Q(**{f"{closed}__gte": F(received)}))
    return rows


def compute(query: Query) -> Figures:
    """Return the exact figures. Days to close are measured over records closed on or after the day of receipt."""
    query.check()
    rows, subject = _rows(query), query.subject
    total = rows.count()
    closed, received = subject.path("case", "closed_on"), subject.path("case", "received_on")
    wanted: dict[str, Any] = {"n": Count("pk", distinct=True)}
    if query.measure == MEDIAN_DAYS:
        wanted["days"] = MedianDays(F(closed), F(received))
    if not query.group_by:
        found = rows.aggregate(**wanted)
        return Figures(total, (Cell((), found["n"], found.get("days")),))
    names = {f"by_{key}": _grouping(subject, key) for key in query.group_by}
    grouped = rows.order_by().values(**names).annotate(**wanted).order_by(*names)
    cells = tuple(
        Cell(
            tuple(_text(key, row[f"by_{key}"]) for key in query.group_by),
            row["n"],
            row.get("days"),
        )
        for row in grouped
    )
    return Figures(total, cells)
