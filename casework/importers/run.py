"""One import from beginning to end: read, enter, report; in one transaction, so that a file is taken whole or not."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from casework.actions import imports
from casework.clocks import today
from casework.importers.mapping import MappingError, SourceMapping
from casework.importers.reader import Source
from casework.importers.records import Doubt, Reason, Rejection, SourceComplaint
from casework.importers.report import Report
from casework.importers.tables import SourceError
from casework.models import ImportSource
from casework.permissions import Actor
from casework.vocabulary import Channel
from policy_rules import register
from policy_rules.rule_data import FindingCodes
from policy_rules.rules import NoRulesInForce, rules_on

BATCH = 200
"""Complaints whose rows are written together."""


@dataclass
class Outcome:
    """What an import came to.

    `complaints` and `allegations` are those of the files now held, whether entered now or before; `created` are the
    complaints entered now. `rejected` and `doubted` count rows, and `reasons` counts each reason given: a row may be
    doubted for several.
    """

    complaints: int = 0
    allegations: int = 0
    created: int = 0
    rejected: int = 0
    doubted: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def as_dict(self) -> dict[str, Any]:
        """Return what the command prints with `--json`."""
        return {**asdict(self), "reasons": dict(sorted(self.reasons.items()))}


def run(
    mapping: SourceMapping,
    paths: Sequence[Path],
    *,
    by: Actor,
    report: Report,
    dry_run: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Outcome:
    """Import the files and return what came of them; with `dry_run` everything is tried and nothing kept.

    `progress` is told how many complaints are done, and of how many. Raises MappingError and SourceError before
    anything is written, and Refused where the policy manual in force does not empower the import.
    """
    findings = _findings_in_force()
    _check_codes(mapping, findings)
    mapping = mapping.understanding(findings.names)
    importer = _Import(mapping, by, report)
    with transaction.atomic(), register.held(), Source(mapping, paths, today=today()) as source:
        importer.lock()
        done = 0
        for batch in _batches(source, importer.reject):
            importer.enter(batch)
            done += len(batch)
            progress(done, source.complaints)
        if importer.outcome.created:
            imports.tell_the_planner()
        transaction.set_rollback(dry_run)
    return importer.outcome


def _batches(source: Source, reject: Callable[[Rejection], None]) -> Iterator[list[SourceComplaint]]:
    batch: list[SourceComplaint] = []
    for record in source:
        if isinstance(record, Rejection):
            reject(record)
            continue
        batch.append(record)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


class _Import:
    """One import under way."""

    def __init__(self, mapping: SourceMapping, by: Actor, report: Report) -> None:
        self.mapping = mapping
        self.by = by
        self.report = report
        self.outcome = Outcome()

    def lock(self) -> None:
        """Make the source known, and wait until another import of it is finished."""
        ImportSource.objects.get_or_create(name=self.mapping.name, defaults={"title": self.mapping.title})
        self.source = ImportSource.objects.select_for_update().get(name=self.mapping.name)

    def enter(self, batch: list[SourceComplaint]) -> None:
        entered = imports.enter(batch, source=self.source, by=self.by)
        self.outcome.created += len(entered.created)
        for complaint in (*entered.created, *entered.held):
            self.outcome.complaints += 1
            self.outcome.allegations += len(complaint.allegations)
            self.doubt(complaint.doubts)
        for complaint in entered.held_otherwise:
            for row in complaint.rows:
                self.reject(Rejection(row.file.name, row.line, Reason.HELD_OTHERWISE, row.excerpt))

    def reject(self, rejection: Rejection) -> None:
        self.outcome.rejected += 1
        self.outcome.reasons[rejection.reason] += 1
        self.report.add("rejected", rejection.file, rejection.line, "", rejection.reason, rejection.value)

    def doubt(self, doubts: Sequence[Doubt]) -> None:
        self.outcome.doubted += len({(doubt.file, doubt.line) for doubt in doubts})
        for doubt in doubts:
            self.outcome.reasons[doubt.reason] += 1
            self.report.add("doubted", doubt.file, doubt.line, doubt.column, doubt.reason, doubt.value)


def _findings_in_force() -> FindingCodes:
    try:
        return rules_on(today()).finding_codes
    except NoRulesInForce as error:
        raise SourceError(f"No policy manual is in force: {error}. First run manage.py import_policy.") from error


def _check_codes(mapping: SourceMapping, findings: FindingCodes) -> None:
    """Refuse a mapping that leads to codes that do not exist here."""
    known = {
        "channel": (mapping.channel_codes, frozenset(Channel.values)),
        "finding": (mapping.finding_codes, frozenset(findings.all)),
    }
    for kind, (used, allowed) in known.items():
        if unknown := used - allowed:
            raise MappingError(
                f"The mapping '{mapping.name}' leads to the {kind} {', '.join(sorted(unknown))}, which does not exist "
                f"here; {kind}s are {', '.join(sorted(allowed))}."
            )
