"""Entering records of another system: each complaint becomes a case by the declared move `import_record`.

No clock starts, no letter is drafted and nobody is put on the case. What the source says stands beside what it stands
for, and every row is kept to the letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from string import ascii_letters, digits
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from casework.actions.moves import perform
from casework.models import Allegation, Case, CaseOfficer, ImportedFile, ImportedRow, ImportSource
from casework.permissions import Actor
from casework.vocabulary import Channel, OfficerPart

if TYPE_CHECKING:
    from casework.importers.records import SourceComplaint, SourceFile

IN_A_NUMBER = frozenset(ascii_letters + digits + "-_")
LONGEST_IN_A_NUMBER = 32
COPY_ROWS = f"""
    COPY {connection.ops.quote_name(ImportedRow._meta.db_table)}
    (file_id, line, case_id, allegation_id, raw, digest, people) FROM STDIN
"""


@dataclass(frozen=True)
class Entered:
    """What became of a batch: entered now, held already as they are, or held made of other rows and left alone."""

    created: list[SourceComplaint] = field(default_factory=list)
    held: list[SourceComplaint] = field(default_factory=list)
    held_otherwise: list[SourceComplaint] = field(default_factory=list)


def case_number(source: str, reference: str) -> str:
    """Return the number of an imported case, such as ``detroit.16-1``.

    A reference that cannot stand in an address or in the log is replaced by the beginning of its SHA-256.
    """
    if not set(reference) <= IN_A_NUMBER or len(reference) > LONGEST_IN_A_NUMBER:
        reference = f"~{sha256(reference.encode()).hexdigest()[:24]}"
    return f"{source}.{reference}"


def enter(complaints: Sequence[SourceComplaint], *, source: ImportSource, by: Actor) -> Entered:
    """Enter the complaints that are not held yet, and say what became of each.

    A complaint is held if a case of the same source has its reference. One that is held made of other rows is left as
    it is: what was entered and sealed is not overwritten by a later file. Raises Refused where the policy manual in
    force does not empower the move.
    """
    held = _held_digests(source, complaints)
    entered = Entered()
    for complaint in complaints:
        digests = held.get(complaint.reference)
        if digests is None:
            entered.created.append(complaint)
        elif digests == sorted(complaint.digests):
            entered.held.append(complaint)
        else:
            entered.held_otherwise.append(complaint)
    with transaction.atomic():
        _keep(source, [(complaint, _move(complaint, source, by)) for complaint in entered.created])
    return entered


def tell_the_planner() -> None:
    """Let the database count its tables anew, so that what was entered can be searched and counted at full speed.

    It would do so by itself some minutes later; until then it plans as if the register were as small as before.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT casework_tell_planner()")


def _held_digests(source: ImportSource, complaints: Iterable[SourceComplaint]) -> dict[str, list[str]]:
    """Return the sorted digests of what is held, by reference.

    Two plain queries: in a long transaction the planner's statistics are those of before it, when these tables may have
    been empty, and a join would be carried out row by row.
    """
    references = [complaint.reference for complaint in complaints]
    cases = Case.objects.filter(source=source, source_reference__in=references)
    held = dict(cases.values_list("pk", "source_reference"))
    digests: dict[str, list[str]] = {reference: [] for reference in held.values()}
    rows = ImportedRow.objects.filter(case__in=list(held)).order_by()
    for case_id, digest in rows.values_list("case_id", "digest"):
        digests[held[case_id]].append(digest)
    return {reference: sorted(found) for reference, found in digests.items()}


def _move(complaint: SourceComplaint, source: ImportSource, by: Actor) -> Case:
    case = Case(
        number=case_number(source.name, complaint.reference),
        source=source,
        source_reference=complaint.reference,
        received_on=complaint.received_on,
        closed_on=complaint.closed_on,
        channel=complaint.channel.code or Channel.UNKNOWN,
        district=complaint.district.code or "",
        narrative=complaint.summary,
    )
    return perform("import_record", case=case, by=by, is_closed=complaint.closed, rows=complaint.digests)


def _keep(source: ImportSource, entered: Sequence[tuple[SourceComplaint, Case]]) -> None:
    """Make the allegations, the officers that the source tells apart, and the rows, a table at a time."""
    officers = _officers(entered)
    CaseOfficer.objects.bulk_create(officers.values())
    allegations: dict[tuple[SourceFile, int], Allegation] = {}
    people: dict[tuple[SourceFile, int], dict[str, Any]] = {}
    for complaint, case in entered:
        for number, told in enumerate(complaint.allegations, start=1):
            place = told.row.file, told.row.line
            people[place] = {
                "complainant": {name: coded.as_dict() for name, coded in told.complainant.items()},
                "officer": {name: coded.as_dict() for name, coded in told.officer.items()},
            }
            allegations[place] = Allegation(
                case=case,
                number=number,
                source=source,
                officer=officers.get((case.pk, told.officer_identifier)),
                category=told.category.code or "",
                source_category=told.category.source,
                source_finding=told.finding.source,
                finding_code=told.finding.code or "",
                summary=told.text[:500],
            )
    Allegation.objects.bulk_create(allegations.values())
    files = _files(source, {row.file for complaint, _case in entered for row in complaint.rows})
    with connection.cursor() as cursor, cursor.copy(COPY_ROWS) as copy:
        for complaint, case in entered:
            for row in complaint.rows:
                place = row.file, row.line
                allegation = allegations.get(place)
                copy.write_row(
                    (
                        files[row.file].pk,
                        row.line,
                        case.pk,
                        allegation and allegation.pk,
                        row.raw,
                        row.digest,
                        Jsonb(people.get(place, {})),
                    )
                )


def _officers(entered: Sequence[tuple[SourceComplaint, Case]]) -> dict[tuple[int, str], CaseOfficer]:
    """Return, by case and identifier, the officers of whom the source says that they are one person."""
    officers: dict[tuple[int, str], CaseOfficer] = {}
    for complaint, case in entered:
        for told in complaint.allegations:
            identifier = told.officer_identifier
            if identifier and (case.pk, identifier) not in officers:
                officers[case.pk, identifier] = CaseOfficer(
                    case=case,
                    label=identifier,
                    part=OfficerPart.SUBJECT,
                    source_values={name: coded.as_dict() for name, coded in told.officer.items()},
                )
    return officers


def _files(source: ImportSource, files: Iterable[SourceFile]) -> dict[SourceFile, ImportedFile]:
    return {
        file: ImportedFile.objects.get_or_create(
            source=source,
            digest=file.digest,
            defaults={
                "name": file.name[:255],
                "encoding": file.encoding,
                "delimiter": file.delimiter,
                "header": list(file.header),
            },
        )[0]
        for file in files
    }
