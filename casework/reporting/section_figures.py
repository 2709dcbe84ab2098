"""The figures of a section of the manual: what was complained about, what was found, and what else is known of it.

Exact, or as everyone may see them: then each table is published over all sections at once, so that neither the sections
beside it nor the results (ADR 0092) give away what is withheld here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Sum
from django.db.models.functions import ExtractYear
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from casework.clocks import today
from casework.models import SectionTally
from casework.reporting.answers import threshold_on
from casework.reporting.measures import Cell, Figures
from casework.reporting.suppression import is_small, publish
from casework.reporting.tallies import (
    ALLEGATIONS,
    COMPLAINTS,
    ESTABLISHED_EXCEPTIONS,
    RAISED,
    STANDING,
    measure_of,
)
from casework.vocabulary import FINDING_LABELS, Stage
from policy_rules.figures import Contributed, contributed
from policy_rules.models import Section
from policy_rules.reviews import Review, review_of
from policy_rules.rules import NoRulesInForce, Rules, rules_on

DAYS_SINCE_REVIEW = "days_since_review"


@dataclass(frozen=True)
class Row:
    """One figure: its code, the words under which it stands and its own, and the number, None where it is not told."""

    measure: str
    group: str
    label: str | Promise
    count: int | None
    is_withheld: bool = False


@dataclass(frozen=True)
class SectionFigures:
    """All figures of one section. `years` holds the complaints of each year of receipt."""

    code: str
    rows: tuple[Row, ...]
    years: tuple[Row, ...]
    review: Review
    is_exact: bool

    def row(self, measure: str) -> Row:
        """Return one figure; raises LookupError."""
        try:
            return next(row for row in self.rows if row.measure == measure)
        except StopIteration:
            raise LookupError(measure) from None

    @property
    def groups(self) -> list[tuple[str, list[Row]]]:
        """The rows under their headings, in order."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.group, []).append(row)
        return list(found.items())

    @property
    def withholds(self) -> bool:
        """Whether any figure is withheld."""
        return any(row.is_withheld for row in (*self.rows, *self.years))


Key = tuple[str, ...]
Numbers = Mapping[Key, int | None]
"""Figures by section and what follows; None where one is withheld. What has no key is zero."""


@dataclass(frozen=True)
class Tables:
    """The figures of sections: by measure, and complaints by year of receipt."""

    measures: Numbers
    years: Numbers


def _read(codes: Collection[str] | None) -> tuple[Counter[Key], Counter[Key]]:
    rows = SectionTally.objects.filter(section__manual__governs=True)
    if codes is not None:
        rows = rows.filter(section__code__in=codes)
    grouped = rows.values_list("section__code", "measure").annotate(n=Sum("count"))
    measures: Counter[Key] = Counter({(code, measure): n for code, measure, n in grouped})
    complaints = rows.filter(measure=COMPLAINTS).annotate(year=ExtractYear("month"))
    yearly = complaints.values_list("section__code", "year").annotate(n=Sum("count"))
    return measures, Counter({(code, str(year)): n for code, year, n in yearly})


def _published(cells: Mapping[Key, int], threshold: int) -> dict[Key, int | None]:
    """Return a table as everyone may see it."""
    keys = sorted(cells)
    shown = publish(Figures(sum(cells.values()), tuple(Cell(key, cells[key]) for key in keys)), threshold)
    return {key: None if place in shown.withheld else cells[key] for place, key in enumerate(keys)}


def public_tables(measures: Mapping[Key, int], years: Mapping[Key, int], threshold: int) -> Tables:
    """Return figures of all sections without what may not be published, each table by itself."""
    parts: dict[str, dict[Key, int]] = {}
    for (code, measure), number in measures.items():
        name, dot, what = measure.partition(".")
        if name in Stage.values:
            parts.setdefault("stages", {})[code, name, what] = number
        else:
            parts.setdefault(name, {})[(code, name, what) if dot else (code, name)] = number
    shown: dict[Key, int | None] = {}
    for cells in parts.values():
        shown |= {(key[0], ".".join(key[1:])): number for key, number in _published(cells, threshold).items()}
    return Tables(shown, _published(years, threshold))


def tables(*, exact: bool, codes: Collection[str] | None = None) -> Tables:
    """Return the figures of sections of the governing manual; exact ones may be of some sections alone."""
    if exact:
        return Tables(*_read(codes))
    return public_tables(*_read(None), threshold_on(today()))


def figures_of(sections: Sequence[Section], *, exact: bool) -> list[SectionFigures]:
    """Return the figures of sections of the governing manual, in the order given."""
    codes = [section.code for section in sections]
    found = tables(exact=exact, codes=codes)
    elsewhere = contributed(codes)
    day = today()
    rules = _rules(day)
    least = 0 if exact else threshold_on(day)
    reviews = {section.chapter_id: review_of(section.chapter, day) for section in sections}
    return [
        SectionFigures(
            code=section.code,
            rows=(
                *_rows(section.code, found.measures, rules),
                *(_elsewhere(figure, number, least) for figure, number in elsewhere[section.code]),
                _since_review(reviews[section.chapter_id]),
            ),
            years=tuple(_years(section.code, found.years)),
            review=reviews[section.chapter_id],
            is_exact=exact,
        )
        for section in sections
    ]


def _rules(day: date) -> Rules | None:
    try:
        return rules_on(day)
    except NoRulesInForce:
        return None


def _elsewhere(figure: Contributed, number: int, least: int) -> Row:
    """Return a figure of another part; one of people, from 1 up to `least`, is withheld (CH-12.2)."""
    is_withheld = figure.of_people and is_small(number, least)
    group = _("What else is known")
    return Row(figure.code, group, figure.label, None if is_withheld else number, is_withheld=is_withheld)


def _since_review(review: Review) -> Row:
    label = _("Days since the chapter was last reviewed")
    return Row(DAYS_SINCE_REVIEW, _("What else is known"), label, review.days_since)


def _rows(code: str, measures: Numbers, rules: Rules | None) -> Iterator[Row]:
    def row(measure: str, group: str, label: str | Promise) -> Row:
        number = measures.get((code, measure), 0)
        return Row(measure, group, label, number, is_withheld=number is None)

    yield row(COMPLAINTS, _("Complaints"), _("Complaints that allege it was broken"))
    yield row(ALLEGATIONS, _("Complaints"), _("Allegations in them, one for each officer"))
    for stage in Stage:
        for finding in _codes(measures, stage, rules.finding_codes.decided if rules else ()):
            yield row(measure_of(stage, finding), str(stage.label), FINDING_LABELS.get(finding, finding))
    failing = rules.repeat_failures.least if rules and rules.repeat_failures else {}
    for finding in failing:
        yield row(measure_of(STANDING, finding), _("Findings that stand"), FINDING_LABELS.get(finding, finding))
    yield row(RAISED, _("Exceptions"), _("Exceptions raised"))
    yield row(ESTABLISHED_EXCEPTIONS, _("Exceptions"), _("Exceptions established"))


def _codes(measures: Numbers, stage: str, decided: Iterable[str]) -> list[str]:
    """Return the codes of the rules, and after them those of earlier rules that a figure stands under."""
    known = list(decided)
    met = {measure.partition(".")[2] for _code, measure in measures if measure.startswith(f"{stage}.")}
    return [*known, *sorted(met.difference(known))]


def _years(code: str, years: Numbers) -> Iterator[Row]:
    mine = {year: number for (of, year), number in years.items() if of == code}
    for year in range(int(min(mine)), int(max(mine)) + 1) if mine else ():
        number = mine.get(str(year), 0)
        yield Row(COMPLAINTS, _("Year"), str(year), number, is_withheld=number is None)


def as_answer(figures: SectionFigures) -> dict[str, Any]:
    """Return the figures as programs get them."""
    return {
        "section": figures.code,
        "exact": figures.is_exact,
        "figures": [
            {"measure": row.measure, "count": row.count, "suppressed": row.is_withheld} for row in figures.rows
        ],
        "complaints_by_year": [
            {"year": int(str(row.label)), "count": row.count, "suppressed": row.is_withheld} for row in figures.years
        ],
        "last_review": figures.review.last,
        "next_review_due": figures.review.due,
        "review_overdue": figures.review.is_overdue,
    }
