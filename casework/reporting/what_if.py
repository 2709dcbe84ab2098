"""What another set of rules would have changed in the cases that there are. It reads, and changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Max, QuerySet
from django.db.models.functions import TruncDate

from casework import clocks
from casework.models import Case, CaseClock, Discipline, Finding, Vote
from casework.models.decisions import earlier_violations, matrix_for
from casework.vocabulary import Stage, VoteChoice, WhatIfKind
from policy_rules import outcomes, register
from policy_rules.outcomes import violation
from policy_rules.rule_data import PenaltyRange, Rules
from policy_rules.rules import NoRulesInForce, rules_on

CHUNK = 2_000
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Difference:
    """What would have been otherwise in one case: of what kind, about what, and its value before and after."""

    case: str
    kind: WhatIfKind
    subject: str
    """The code of a clock or a classification, or of an allegation and its class."""
    before: str
    after: str
    allegation: str = ""


@dataclass
class Tally:
    """What was looked at, and what differs, counted; the differences themselves are handed on one by one."""

    looked_at: Counter[str] = field(default_factory=Counter)
    differing: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)

    def add(self, found: Difference) -> Difference:
        """Count one difference and hand it on."""
        told = (found.before, found.after)
        if found.kind == WhatIfKind.DUE_DATE:
            told = ("", "later" if found.after > found.before else "earlier")
        elif found.kind == WhatIfKind.NO_LIMIT:
            told = ("", "")
        self.differing[found.kind, found.subject, *told] += 1
        return found

    def rows(self) -> list[dict[str, Any]]:
        """Return the counts as plain rows, by kind, subject, before and after."""
        names = ("kind", "subject", "before", "after")
        return [dict(zip(names, key, strict=True)) | {"number": n} for key, n in sorted(self.differing.items())]


@contextmanager
def reading_only() -> Iterator[None]:
    """Within, the database refuses every write; what was read is let go at the end."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        yield
        transaction.set_rollback(True)


def differences(rules: Rules, tally: Tally, progress: Progress = lambda *_told: None) -> Iterator[Difference]:
    """Yield what the rules would have changed in every case, counting as it goes; call it within `reading_only`."""
    with register.held():
        for kind, rows, ask in (
            ("deadlines", CaseClock.objects.select_related("case"), _of_clock),
            ("findings", _recommended(), _of_finding),
            ("discipline", Discipline.objects.select_related(*DISCIPLINE), _of_discipline),
            ("classifications", Case.objects.exclude(classification=""), _of_classification),
            ("votes", _votes(), _of_votes),
            ("decisions", _decided(), _of_decision),
        ):
            total = rows.count()
            for done, row in enumerate(rows.iterator(chunk_size=CHUNK), start=1):
                if done % CHUNK == 1:
                    progress(kind, done, total)
                tally.looked_at[kind] += 1
                yield from (tally.add(found) for found in ask(row, rules))


def as_row(found: Difference) -> dict[str, str]:
    """Return a difference as plain values."""
    return {name: str(value) for name, value in asdict(found).items()}


def _of_clock(clock: CaseClock, rules: Rules) -> Iterator[Difference]:
    """Compare a limit with the same under the rules; one that was extended or carried on keeps its own day."""
    if clock.due_on != clocks.due_in(clock.duration, clock.unit, clock.started_on):
        return
    number, code = clock.case.number, clock.code
    rule = clocks.rule_of(code, rules)
    if rule is None:
        yield Difference(number, WhatIfKind.NO_LIMIT, code, clock.due_on.isoformat(), "")
        return
    due = clocks.due_on(rule, clock.started_on)
    if due == clock.due_on:
        return
    yield Difference(number, WhatIfKind.DUE_DATE, code, clock.due_on.isoformat(), due.isoformat())
    ended = clock.stopped_on or clocks.today()
    was_missed, is_missed = ended > clock.due_on, ended > due
    if is_missed and not was_missed:
        yield Difference(number, WhatIfKind.MISSED, code, "met", "missed")
    if was_missed and not is_missed:
        yield Difference(number, WhatIfKind.MET, code, "missed", "met")


def _recommended() -> QuerySet[Finding]:
    """Return the newest finding that each investigator recommended on conclusions."""
    newest = Finding.objects.filter(stage=Stage.INVESTIGATOR).exclude(implied="")
    keys = newest.order_by().values("allegation").annotate(newest=Max("pk")).values("newest")
    related = ("allegation__conclusions", "allegation__exceptions", "allegation__section_version__elements")
    rows = Finding.objects.filter(pk__in=keys).select_related("allegation__case", "allegation__section_version")
    return rows.prefetch_related(*related).order_by("pk")


def _of_finding(finding: Finding, rules: Rules) -> Iterator[Difference]:
    allegation = finding.allegation
    elements, exceptions = allegation.conclusions_stated()
    then = _rules_on(finding.on)
    occurred = next(
        (
            told
            for told in (True, False)
            if then and outcomes.implied_finding(then, elements, exceptions, act_occurred=told) == finding.implied
        ),
        True,
    )
    row = outcomes.situation(elements, exceptions, act_occurred=occurred)
    after = rules.outcome_table.get(row, "") if row else finding.implied
    if after != finding.implied:
        yield Difference(
            allegation.case.number, WhatIfKind.FINDING, row, finding.implied, after, allegation=allegation.code
        )


DISCIPLINE = ("allegation__case", "allegation__section_version", "allegation__officer")


def _of_discipline(row: Discipline, rules: Rules) -> Iterator[Difference]:
    allegation, matrix = row.allegation, rules.discipline_matrix
    number, code = allegation.case.number, row.discipline_class
    before = f"{row.range_from} – {row.range_to}"
    if code not in matrix.classes:
        yield Difference(number, WhatIfKind.RANGE, code, before, "", allegation=allegation.code)
        return
    years, prior = matrix.classes[code].look_back_years, row.prior_in_look_back
    if matrix_for(allegation, row.on).classes[code].look_back_years != years:
        prior = earlier_violations(allegation, code=violation(rules), years=years)
    span = matrix.range(code, prior + 1)
    after = _told(span)
    if after != before:
        yield Difference(number, WhatIfKind.RANGE, code, before, after, allegation=allegation.code)
    try:
        fits = matrix.allows(code, prior + 1, row.days or row.outcome)
    except LookupError:
        fits = False
    if fits == row.is_departure:
        told = ("inside", "outside") if not fits else ("outside", "inside")
        yield Difference(number, WhatIfKind.OUTCOME, code, *told, allegation=allegation.code)


def _told(span: PenaltyRange) -> str:
    return f"{span.low} – {span.high}"


def _of_classification(case: Case, rules: Rules) -> Iterator[Difference]:
    then = _rules_on(case.received_on)
    code = case.classification
    if then is None:
        return
    to_board = [known.goes_to_board(code, asked=case.board_requested) for known in (then, rules)]
    is_grave = [code in known.grave for known in (then.classifications, rules.classifications)]
    for kind, (before, after) in ((WhatIfKind.TO_BOARD, to_board), (WhatIfKind.GRAVE, is_grave)):
        if before != after:
            yield Difference(case.number, kind, code, _yes(before), _yes(after))


def _decided() -> QuerySet[Finding]:
    """Return the newest decision of the chief on each allegation on which a board had made its finding."""
    found = Finding.objects.filter(stage=Stage.CHIEF, allegation__findings__stage=Stage.BOARD)
    keys = found.order_by().values("allegation").annotate(newest=Max("pk")).values("newest")
    rows = Finding.objects.filter(pk__in=keys).select_related("allegation__case")
    return rows.prefetch_related("allegation__findings").order_by("pk")


def _of_decision(finding: Finding, rules: Rules) -> Iterator[Difference]:
    """Tell of a departure from the board that would have been open, or not."""
    allegation, then = finding.allegation, _rules_on(finding.on)
    board = allegation.finding_at(Stage.BOARD)
    if then is None or board is None or board.code == finding.code:
        return
    before, after = (not known.profile.board_finding_binds for known in (then, rules))
    if before != after:
        told = _yes(before), _yes(after)
        yield Difference(allegation.case.number, WhatIfKind.DEPARTURE, finding.code, *told, allegation=allegation.code)


def _yes(fact: bool) -> str:  # noqa: FBT001 - the value that is told
    return "yes" if fact else "no"


def _votes() -> Any:
    """Return how many members voted on each allegation in each round, and on which day the last did."""
    rows = Vote.objects.exclude(choice__in=[VoteChoice.SEND_BACK, VoteChoice.GO_ON]).exclude(allegation=None)
    return (
        rows.order_by()
        .values("case__number", "allegation__number", "round")
        .annotate(cast=Count("pk"), last=Max(TruncDate("on")))
        .order_by("case__number", "allegation__number", "round")
    )


def _of_votes(row: dict[str, Any], rules: Rules) -> Iterator[Difference]:
    then = _rules_on(row["last"])
    if then is None:
        return
    before, after = (_yes(row["cast"] >= quorum) for quorum in (then.panel.quorum, rules.panel.quorum))
    if before != after:
        number, allegation = row["case__number"], f"A{row['allegation__number']}"
        yield Difference(number, WhatIfKind.QUORUM, str(row["cast"]), before, after, allegation=allegation)


def _rules_on(day: date) -> Rules | None:
    try:
        return rules_on(day)
    except NoRulesInForce:
        return None


def kept(found: Iterable[Difference], most: int) -> list[dict[str, str]]:
    """Go through all differences and return the first of them as plain values."""
    rows: list[dict[str, str]] = []
    for difference in found:
        if len(rows) < most:
            rows.append(as_row(difference))
    return rows
