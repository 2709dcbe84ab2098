"""The counts behind the figures of a section: one definition, kept by the acts themselves, and made anew on demand.

A case's share in the counts is what `_shares` reads of its rows. An act that changes those rows is done inside
`tallied`, which adds the difference in the same transaction. Everything is counted in the month in which the complaint
was received, as in the results; records of other systems are counted apart and not here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Concat, TruncMonth

from casework.models import Allegation, Case, Finding, RaisedException, SectionTally
from policy_rules.outcomes import ESTABLISHED

COMPLAINTS = "complaints"
"""Complaints with an allegation of the section; each once, however many officers it is about."""
ALLEGATIONS = "allegations"
RAISED = "exceptions.raised"
"""Times an exception was raised: counted for the duty that it was to excuse, and for the exception itself."""
ESTABLISHED_EXCEPTIONS = "exceptions.established"
STANDING = "standing"
"""The findings that stand, as ``standing.<code>``; without a code, allegations that have none yet."""
SECTION = "section_version__section"

Cell = tuple[int, Any, str]


def measure_of(stage: str, code: str) -> str:
    """Return the measure of a finding of a stage, or of `STANDING`."""
    return f"{stage}.{code}"


def _counted(rows: QuerySet[Any], section: str, received: str, measure: Any, number: Any) -> QuerySet[Any]:
    cells = rows.order_by().annotate(of=F(section), month=TruncMonth(received), what=measure)
    return cells.values("of", "month", "what").annotate(n=number).values_list("of", "month", "what", "n")


def _shares(case: Case | None = None) -> QuerySet[Any]:
    """Return section, month, measure and number: of one case, or of all."""
    only = {} if case is None else {"case": case}
    inner = {} if case is None else {"allegation__case": case}
    alleged = Allegation.objects.filter(case__source=None, section_version__isnull=False, **only)
    of_ours = {"allegation__case__source": None, "allegation__section_version__isnull": False}
    later = Finding.objects.filter(allegation=OuterRef("allegation"), stage=OuterRef("stage"), pk__gt=OuterRef("pk"))
    found = Finding.objects.filter(~Exists(later), **of_ours, **inner)
    raised = RaisedException.objects.filter(**of_ours, **inner)
    established = raised.filter(result=ESTABLISHED)
    day, its_day, duty = "case__received_on", "allegation__case__received_on", f"allegation__{SECTION}"
    each = Count("pk")
    first, *others = (
        _counted(alleged, SECTION, day, Value(COMPLAINTS), Count("case", distinct=True)),
        _counted(alleged, SECTION, day, Value(ALLEGATIONS), each),
        _counted(alleged, SECTION, day, Concat(Value(f"{STANDING}."), "finding_code"), each),
        _counted(found, duty, its_day, Concat("stage", Value("."), "code"), each),
        *(
            _counted(rows, section, its_day, Value(measure), each)
            for measure, rows in ((RAISED, raised), (ESTABLISHED_EXCEPTIONS, established))
            for section in (duty, SECTION)
        ),
    )
    return first.union(*others, all=True)


def _cells(case: Case | None = None) -> Counter[Cell]:
    found: Counter[Cell] = Counter()
    for section, month, measure, number in _shares(case):
        found[section, month, measure] += number
    return found


def _rows(cells: Counter[Cell]) -> list[SectionTally]:
    return [
        SectionTally(section_id=section, month=month, measure=measure, count=number)
        for (section, month, measure), number in cells.items()
        if number
    ]


@contextmanager
def tallied(case: Case) -> Iterator[None]:
    """Add to the counts what an act changes in a case. The caller has locked the case and is in a transaction."""
    before = _cells(case)
    yield
    change = _cells(case)
    change.subtract(before)
    SectionTally.objects.bulk_create(_rows(change))


FOLD = """
WITH gone AS (DELETE FROM casework_sectiontally RETURNING section_id, month, measure, count)
INSERT INTO casework_sectiontally (section_id, month, measure, count)
SELECT section_id, month, measure, sum(count) FROM gone GROUP BY section_id, month, measure HAVING sum(count) <> 0
"""


def fold() -> None:
    """Put the rows of each cell together. Readers see the rows of before or of after, and acts do not wait."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FOLD)


def rebuild() -> int:
    """Count everything anew, and return how many cells there are. Acts that change the counts wait meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE casework_sectiontally IN SHARE ROW EXCLUSIVE MODE")
        SectionTally.objects.all().delete()
        return len(SectionTally.objects.bulk_create(_rows(_cells()), batch_size=5_000))


def kept() -> Counter[Cell]:
    """Return the counts as they are kept."""
    held: Counter[Cell] = Counter()
    for section, month, measure, number in SectionTally.objects.values_list("section", "month", "measure", "count"):
        held[section, month, measure] += number
    return +held


def differences() -> list[str]:
    """Return one sentence for each count that is not what the cases say."""
    held, true = kept(), +_cells()
    return [
        f"section {section}, {month:%Y-%m}, {measure}: {held[cell]} is kept, {true[cell]} is true"
        for cell in sorted(held.keys() | true.keys())
        if held[cell] != true[cell]
        for section, month, measure in [cell]
    ]
