"""The one door by which anything enters the register. What is published is never edited, only followed (CH-13.7)."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence

from django.db import transaction

from policy_rules.importers.checks import check
from policy_rules.importers.document import ManualDocument, TranslationDocument
from policy_rules.importers.problems import ImportRefused
from policy_rules.models import (
    Annotation,
    Authority,
    ChapterVersion,
    Element,
    ExceptionLink,
    Lineage,
    Manual,
    Paragraph,
    Revision,
    SectionTranslation,
    SectionVersion,
)
from policy_rules.models.dates import date_range
from policy_rules.publishing.chapters import put_manual
from policy_rules.publishing.rule_sets import publish_rules
from policy_rules.publishing.seals import seal
from policy_rules.publishing.texts import publish_lineage, publish_texts
from policy_rules.publishing.translations import publish_translation
from policy_rules.publishing.work import Publication, Work

__all__ = ["Publication", "counts", "end_version", "publish"]


@transaction.atomic
def publish(
    document: ManualDocument,
    translations: Sequence[TranslationDocument] = (),
    *,
    actor: str,
    role: str,
    adopting: ChapterVersion | None = None,
) -> Publication:
    """Bring the register to what the document states, adding what is new, and record it; all of it or nothing.

    `actor` and `role` are references as the log has them, for example ``user:17`` and ``policy_analyst``. A second
    publication of the same document changes nothing. `adopting` is the draft that the document states as adopted; any
    other that is being drafted here stays what it is. Raises `ImportRefused` with every problem where the document does
    not hold together, or would edit a text, a rule or a date that is already published.
    """
    doubts = check(document, translations)
    Revision.objects.get_or_create(pk=1)
    Revision.objects.select_for_update().get(pk=1)
    work = Work(document, Publication(document.code, doubts=doubts), adopting)
    work.manual = put_manual(work)
    publish_texts(work)
    publish_lineage(work)
    publish_rules(work)
    for translation in translations:
        publish_translation(work, translation)
    if work.problems:
        raise ImportRefused(work.problems)
    if work.done.changed:
        Revision.objects.filter(pk=1).update(token=uuid.uuid4())
        seal(work, actor=actor, role=role)
    work.done.counts = counts(work.manual)
    return work.done


def end_version(version: ChapterVersion, last_day: datetime.date) -> None:
    """Set the last day of a version that has none, and of its texts; the caller records the act that decided it."""
    days = date_range(version.effective.lower, last_day)
    Revision.objects.select_for_update().get(pk=1)
    ChapterVersion.objects.filter(pk=version.pk).update(effective=days)
    SectionVersion.objects.filter(chapter_version=version).update(effective=days)
    Revision.objects.filter(pk=1).update(token=uuid.uuid4())
    version.effective = days


def counts(manual: Manual) -> dict[str, int]:
    """Return how much of a manual the register holds, counted in the database."""
    versions = SectionVersion.objects.filter(section__manual=manual)
    return {
        "containers": manual.containers.count(),
        "chapters": manual.chapters.count(),
        "chapter_versions": ChapterVersion.objects.filter(chapter__manual=manual).count(),
        "sections": manual.sections.count(),
        "section_versions": versions.count(),
        "paragraphs": Paragraph.objects.filter(version__in=versions).count(),
        "annotations": Annotation.objects.filter(version__in=versions, is_note=False).count(),
        "notes": Annotation.objects.filter(version__in=versions, is_note=True).count(),
        "elements": Element.objects.filter(version__in=versions).count(),
        "exception_links": ExceptionLink.objects.filter(version__in=versions).count(),
        "lineage": Lineage.objects.filter(chapter_version__chapter__manual=manual).count(),
        "rule_sets": manual.rule_sets.count(),
        "authorities": Authority.objects.filter(rule_set__manual=manual).count(),
        "translations": SectionTranslation.objects.filter(version__in=versions).count(),
    }
