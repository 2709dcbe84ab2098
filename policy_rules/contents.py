"""The contents of a manual on one page: its chapters, and the sections of each by their titles alone."""

from __future__ import annotations

import datetime

from django.db.models import Count

from policy_rules.models import Manual, SectionVersion
from policy_rules.reading import ChapterReading, Contents, Translations, under_headings, version_on

LISTED = 1_000
"""Sections that the contents list on one page at most."""


def contents(manual: Manual, *, on: datetime.date, language: str) -> Contents:
    """Return the chapters with the sections in force on a day, by their titles alone.

    A manual of more sections than one page can list has each chapter with the number of its sections.
    """
    chapters = list(manual.chapters.prefetch_related("versions"))
    in_force = SectionVersion.objects.on(on).filter(section__manual=manual)
    counts = dict(in_force.order_by().values_list("section__chapter").annotate(Count("pk")))
    of_chapter: dict[int, list[SectionVersion]] = {}
    if sum(counts.values()) <= LISTED:
        for text in in_force.select_related("section__manual").defer("words", "text").in_order():
            of_chapter.setdefault(text.section.chapter_id, []).append(text)
    translations = Translations(manual, language, None if of_chapter else ())
    containers = {row.pk: row for row in manual.containers.all()} if of_chapter else {}
    return Contents(
        manual=manual,
        title=translations.manual_title(),
        chapters=tuple(
            ChapterReading(
                chapter=row,
                title=translations.chapter_title(row),
                version=version_on(row, on),
                sections=(),
                count=counts.get(row.pk, 0),
                parts=tuple(under_headings(row, map(translations.heading, of_chapter.get(row.pk, [])), containers)),
            )
            for row in chapters
        ),
    )
