"""What changed in the manual of late, for those who follow it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policy_rules.comparing import Change, Comparison, compare
from policy_rules.models import Chapter, ChapterVersion, ExceptionLink, Manual, SectionVersion

RECENT = datetime.timedelta(days=90)
COMING = datetime.timedelta(days=366)
"""How far ahead adopted versions are told."""
COUNTED = (Change.ADDED, Change.REMOVED, Change.CHANGED, Change.MOVED)


@dataclass(frozen=True)
class ChapterChange:
    """A version of a chapter that came or comes into force, and what it changes."""

    version: ChapterVersion
    before: ChapterVersion | None
    comparison: Comparison

    @property
    def chapter(self) -> Chapter:
        """The chapter."""
        return self.version.chapter

    @property
    def tally(self) -> dict[str, int]:
        """How many sections were added, removed, changed and moved; those that are none are left out."""
        numbers = {kind.value: len(self.comparison.of(kind)) for kind in COUNTED}
        return {kind: number for kind, number in numbers.items() if number}


def texts_of(version: ChapterVersion | None) -> dict[str, SectionVersion]:
    """Return the texts of an adopted version by code, in order, with all that comparing them asks for."""
    if version is None:
        return {}
    rows = version.sections.select_related("section").defer("words").prefetch_related("elements")
    return {row.section.code: row for row in rows.order_by("section__order")}


def compared(before: ChapterVersion | None, after: ChapterVersion) -> Comparison:
    """Return what changed between two versions of a chapter; what both say in the same words is not read further."""
    one, other = texts_of(before), texts_of(after)
    same = {
        code
        for code, text in one.items()
        if code in other and text.wording_digest == other[code].wording_digest and text.number == other[code].number
    }
    links = _links([text.pk for code, text in (*one.items(), *other.items()) if code not in same])
    return compare(
        {code: text.stated_with(() if code in same else links.get(text.pk, ())) for code, text in one.items()},
        {code: text.stated_with(() if code in same else links.get(text.pk, ())) for code, text in other.items()},
    )


def in_words(found: Comparison) -> str:
    """Say in a sentence how many sections were added, changed, moved and removed."""
    added, removed, changed, moved = (len(found.of(what)) for what in COUNTED)
    parts = [
        ngettext("%(n)s section was added", "%(n)s sections were added", added) % {"n": added} if added else "",
        ngettext("%(n)s was changed", "%(n)s were changed", changed) % {"n": changed} if changed else "",
        ngettext("%(n)s has another number", "%(n)s have other numbers", moved) % {"n": moved} if moved else "",
        ngettext("%(n)s was removed", "%(n)s were removed", removed) % {"n": removed} if removed else "",
    ]
    told = ", ".join(part for part in parts if part)
    return f"{capfirst(told)}." if told else _("Both versions say the same.")


def _links(versions: list[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    rows = ExceptionLink.objects.filter(version__in=versions).order_by("order")
    for version, code in rows.values_list("version_id", "section__code"):
        found[version] = (*found.get(version, ()), code)
    return found


def before(version: ChapterVersion) -> ChapterVersion | None:
    """Return the adopted version that a version follows."""
    earlier = version.chapter.versions.filter(effective__isnull=False, effective__startswith__lt=version.effective_from)
    return earlier.order_by("effective").last()


def recent(manual: Manual, *, today: datetime.date) -> Iterator[ChapterChange]:
    """Yield the versions that came into force of late or soon will, the newest first, each with what it changes."""
    rows = (
        ChapterVersion.objects.filter(
            chapter__manual=manual, effective__startswith__gte=today - RECENT, effective__startswith__lte=today + COMING
        )
        .select_related("chapter__manual")
        .order_by("-effective", "chapter__order")
    )
    for version in rows:
        previous = before(version)
        yield ChapterChange(version, previous, compared(previous, version))
