"""Whether the register is what was published: every text, rule and citation against its digest and the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection
from django.db.models import Prefetch

from audit.canonical import canonical
from audit.faults import Fault, VerifyContext
from audit.models import Entry
from policy_rules.canonical import digest, digest_of_texts
from policy_rules.models import Chapter, ChapterVersion, Curriculum, ExceptionLink, Manual, RuleSet, SectionVersion
from policy_rules.rule_reading import cited_sections

CHUNK = 1_000


def check_texts(context: VerifyContext) -> Iterable[Fault]:
    """Recompute each text's digest from its rows, and hold each chapter version to the entry that published it."""
    versions = (
        SectionVersion.objects.select_related("section__manual", "section__chapter", "chapter_version")
        .prefetch_related("elements", Prefetch("links", ExceptionLink.objects.select_related("section")))
        .order_by("pk")
    )
    total = versions.count()
    for done, text in enumerate(versions.iterator(chunk_size=CHUNK)):
        if done % CHUNK == 0:
            context.progress("policy texts", done, total)
        yield from _text_faults(text)
    context.progress("policy texts", total, total)
    for chapter in Chapter.objects.select_related("manual"):
        yield from _chapter_faults(chapter)


def _text_faults(text: SectionVersion) -> Iterator[Fault]:
    place = f"{text.section.manual.code}/{text.section.code}@{text.chapter_version.version}"
    if text.reference != place:
        yield Fault("policy_reference_altered", f"{text.reference} is the text of {place}.", subject=text.reference)
    if digest(text.canonical()) != text.text_digest or digest(canonical(text.stated.wording())) != text.wording_digest:
        message = f"The text of {text.reference} is not the one that its digest was made of."
        yield Fault("policy_text_altered", message, subject=text.reference)
    if text.effective != text.chapter_version.effective:
        message = f"{text.reference} has other days in force than its chapter."
        yield Fault("policy_days_altered", message, subject=text.reference)


RESCINDING = "policy.rescind"
PUBLISHING = (
    "policy.chapter_published", "policy.chapter_ended", "policy.rules_published", "policy.rules_ended", RESCINDING,
)  # fmt: skip
"""Acts that say what is published, and until when. What is said of a draft publishes nothing."""


def _chapter_faults(chapter: Chapter) -> Iterator[Fault]:
    subject = chapter.reference
    sealed = _sealed(subject)
    for version in chapter.versions.exclude(effective=None):
        facts = sealed.pop(version.reference, None)
        if facts is None:
            message = f"No entry of the log published {version.reference}."
            yield Fault("policy_not_published", message, subject=subject)
            continue
        if facts["texts_sha256"] != digest_of_texts(version.sections.values_list("reference", "text_digest")):
            message = f"The texts of {version.reference} are not those that the log says were published."
            yield Fault("policy_texts_differ", message, subject=subject)
        yield from _day_faults(version.reference, version, facts, subject)
    for gone in sealed:
        yield Fault("policy_removed", f"The log says that {gone} was published, and it is gone.", subject=subject)


def _day_faults(reference: str, row: ChapterVersion | RuleSet, facts: dict[str, Any], subject: str) -> Iterator[Fault]:
    days = [day and day.isoformat() for day in (row.effective_from, row.effective_to)]
    if days != [facts.get("effective_from"), facts.get("effective_to")]:
        message = f"The days of {reference} are not those that the log says were published."
        yield Fault("policy_days_altered", message, subject=subject)


WORDING = frozenset({"texts_sha256", "rules_sha256"})
"""Facts that say what was published."""


def _sealed(subject: str) -> dict[str, dict[str, Any]]:
    """Return what the log says was published under a subject: for each reference the facts, ends included.

    What was published stays as the first entry says; a later one can end it, and says nothing else of it.
    """
    sealed: dict[str, dict[str, Any]] = {}
    for entry in Entry.objects.about(subject).filter(action__in=PUBLISHING):
        facts = entry.facts
        if entry.action == RESCINDING:
            facts = {"effective_to": facts["last_day"]}
        for reference in entry.object_references:
            before = sealed.get(reference, {})
            sealed[reference] = before | facts | {name: before[name] for name in WORDING & before.keys()}
    return sealed


def check_rules(context: VerifyContext) -> Iterable[Fault]:
    """Hold each rule set to its digest, to the entry that published it, and to its index of authorities."""
    for manual in Manual.objects.all():
        sealed = _sealed(manual.rules_reference)
        for row in manual.rule_sets.prefetch_related("authorities__section"):
            facts = sealed.pop(row.reference, None)
            found = digest(canonical(row.data))
            if facts is None:
                yield Fault(
                    "policy_not_published", f"No entry of the log published {row.reference}.", subject=row.reference
                )
            else:
                yield from _day_faults(row.reference, row, facts, row.reference)
            if found != row.data_digest or (facts and facts["rules_sha256"] != found):
                message = f"The rules of {row.reference} are not those that were published."
                yield Fault("policy_rules_altered", message, subject=row.reference)
            rows = {(authority.kind, authority.name, authority.section.code) for authority in row.authorities.all()}
            if rows != set(cited_sections(row.data)):
                message = f"The table of authorities of {row.reference} does not agree with its rules."
                yield Fault("policy_authorities_differ", message, subject=row.reference)
        for gone in sealed:
            yield Fault("policy_removed", f"The log says that {gone} was published, and it is gone.", subject=gone)


def check_curricula(context: VerifyContext) -> Iterable[Fault]:
    """Hold each version of a course to its digest, and to the entry that published it."""
    context.progress("curricula", 0, 1)
    published: dict[str, str | None] = {}
    for entry in Entry.objects.filter(action="training.curriculum_published").order_by("pk"):
        for reference in entry.object_references:
            published.setdefault(reference, entry.facts.get("curriculum_sha256"))
    for row in Curriculum.objects.select_related("course").prefetch_related("taught__section"):
        sealed = published.pop(row.reference, None)
        if not row.is_unaltered or sealed != row.text_digest:
            message = f"{row.reference} is not the curriculum that the log says was published."
            yield Fault("curriculum_altered", message, subject=row.course.reference)
    for gone in published:
        yield Fault("curriculum_removed", f"The log says that {gone} was published, and it is gone.", subject=gone)
    context.progress("curricula", 1, 1)


CITED_WITHOUT_ROW = """
    SELECT entry.id, place.position, cited.section, cited.sha256, text.text_digest
      FROM audit_entry AS entry
      CROSS JOIN LATERAL jsonb_to_recordset(entry.leaf::jsonb -> 'basis') AS cited (section text, sha256 text)
      LEFT JOIN audit_leaf AS place ON place.entry_id = entry.id
      LEFT JOIN policy_rules_sectionversion AS text ON text.reference = cited.section
      LEFT JOIN policy_rules_citation AS citation
             ON citation.entry_id = entry.id AND citation.section_version_id = text.id
     WHERE cardinality(entry.basis) > 0
       AND (citation.id IS NULL OR text.text_digest <> cited.sha256)
     ORDER BY entry.id
"""
ROW_WITHOUT_CITED = """
    SELECT citation.entry_id, place.position, text.reference
      FROM policy_rules_citation AS citation
      JOIN policy_rules_sectionversion AS text ON text.id = citation.section_version_id
      LEFT JOIN audit_entry AS entry ON entry.id = citation.entry_id
      LEFT JOIN audit_leaf AS place ON place.entry_id = citation.entry_id
     WHERE entry.id IS NULL OR NOT text.reference = ANY (entry.basis)
     ORDER BY citation.entry_id
"""


def check_citations(context: VerifyContext) -> Iterable[Fault]:
    """Hold the rows that say which text an entry rests on to what the entry itself says, both ways."""
    context.progress("citations", 0, 1)
    with connection.cursor() as cursor:
        cursor.execute(CITED_WITHOUT_ROW)
        for entry, position, reference, sealed, found in cursor:
            if found is None:
                message = f"Entry {entry} cites {reference}, which the register does not hold."
                yield Fault("citation_unknown", message, position, reference)
            elif found != sealed:
                message = f"Entry {entry} cites another text of {reference} than the register holds."
                yield Fault("citation_text_differs", message, position, reference)
            else:
                message = f"Entry {entry} cites {reference}, and no row says so."
                yield Fault("citation_missing", message, position, reference)
        cursor.execute(ROW_WITHOUT_CITED)
        for entry, position, reference in cursor:
            message = f"A row says that entry {entry} cites {reference}, and the entry does not."
            yield Fault("citation_extra", message, position, reference)
    context.progress("citations", 1, 1)
