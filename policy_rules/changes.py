"""What changed between two versions of a chapter, and in the manual of late, for those who follow it."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policy_rules.canonical import SectionText
from policy_rules.comparing import Change, Comparison, Wording, compare, in_order, what_became
from policy_rules.models import (
    Chapter,
    ChapterVersion,
    Element,
    ExceptionLink,
    Manual,
    RuleSet,
    SectionVersion,
)
from policy_rules.models.sections import said_by
from policy_rules.rule_rows import RuleChange, changes_between

RECENT = datetime.timedelta(days=90)
COMING = datetime.timedelta(days=366)
"""How far ahead adopted versions are told."""
COUNTED = (Change.ADDED, Change.CHANGED, Change.MOVED, Change.REMOVED)


@dataclass(frozen=True)
class Touched:
    """A section that a version adds, changes, moves or ends, by the title it has in the newer version that holds it."""

    code: str
    title: str
    what: Change


@dataclass(frozen=True)
class ChapterChange:
    """A version of a chapter that came or comes into force, and the sections that it touches, in order."""

    version: ChapterVersion
    before: ChapterVersion | None
    sections: tuple[Touched, ...]

    @property
    def chapter(self) -> Chapter:
        """The chapter."""
        return self.version.chapter

    @property
    def tally(self) -> Counter[Change]:
        """How many sections became what."""
        return Counter(section.what for section in self.sections)


def compared(before: ChapterVersion, after: ChapterVersion) -> Comparison:
    """Return what changed between two versions of a chapter; what both say in the same words is not read further."""
    one, other = _texts_of(before), _texts_of(after)
    same = {code for code in one.keys() & other.keys() if _wording(one[code]) == _wording(other[code])}
    theirs = {"version__chapter_version__in": (before, after)}
    elements = _by_version(Element.objects.filter(**theirs).values_list("version_id", "code", "text"))
    links = _by_version(
        ExceptionLink.objects.filter(**theirs).order_by("order").values_list("version_id", "section__code")
    )

    def stated(text: SectionVersion) -> SectionText:
        if text.section.code in same:
            return said_by(text, (), ())
        named = [code for (code,) in links.get(text.pk, ())]
        return said_by(text, [(code, words) for code, words in elements.get(text.pk, ())], named)

    return compare(
        {code: stated(text) for code, text in one.items()}, {code: stated(text) for code, text in other.items()}
    )


def _texts_of(version: ChapterVersion) -> dict[str, SectionVersion]:
    rows = version.sections.select_related("section").defer("words").order_by("section__order")
    return {row.section.code: row for row in rows}


def _wording(text: SectionVersion) -> Wording:
    return Wording(text.number, text.wording_digest)


def _by_version(rows: Iterable[tuple[int, *tuple[str, ...]]]) -> dict[int, list[tuple[str, ...]]]:
    found: dict[int, list[tuple[str, ...]]] = {}
    for version, *told in rows:
        found.setdefault(version, []).append(tuple(told))
    return found


def rules_between(before: ChapterVersion, after: ChapterVersion, codes: Iterable[str]) -> list[RuleChange]:
    """Return the rules kept as data that come from sections with these codes and are not the same in both versions.

    The rules of a version are those that applied on its first day.
    """
    sets = list(RuleSet.objects.filter(manual=after.chapter.manual).order_by("effective"))
    one, other = (
        next((row for row in sets if version.effective_from and row.in_force_on(version.effective_from)), None)
        for version in (before, after)
    )
    if one is None or other is None or one == other:
        return []
    ours = frozenset(codes)
    return [change for change in changes_between(one.data, other.data) if change.row.section in ours]


def in_words(tally: Mapping[Change, int]) -> str:
    """Say in a sentence how many sections were added, changed, moved and removed."""
    counted = [(what, tally[what]) for what in COUNTED if tally.get(what)]
    if not counted:
        return _("Both versions say the same.")
    first, *others = counted
    return f"{capfirst(', '.join((_sections(*first), *(_others(*other) for other in others))))}."


def _sections(what: Change, number: int) -> str:
    forms = {
        Change.ADDED: ngettext("%(n)s section was added", "%(n)s sections were added", number),
        Change.CHANGED: ngettext("%(n)s section was changed", "%(n)s sections were changed", number),
        Change.MOVED: ngettext("%(n)s section has another number", "%(n)s sections have other numbers", number),
        Change.REMOVED: ngettext("%(n)s section was removed", "%(n)s sections were removed", number),
    }
    return forms[what] % {"n": number}


def _others(what: Change, number: int) -> str:
    """Say the same after a part of the sentence that has named what is counted."""
    forms = {
        Change.CHANGED: ngettext("%(n)s was changed", "%(n)s were changed", number),
        Change.MOVED: ngettext("%(n)s has another number", "%(n)s have other numbers", number),
        Change.REMOVED: ngettext("%(n)s was removed", "%(n)s were removed", number),
    }
    return forms[what] % {"n": number}


def before(version: ChapterVersion) -> ChapterVersion | None:
    """Return the adopted version that a version follows."""
    earlier = version.chapter.versions.filter(effective__isnull=False, effective__startswith__lt=version.effective_from)
    return earlier.order_by("effective").last()


def recent(manual: Manual, *, today: datetime.date) -> list[ChapterChange]:
    """Return the versions that came into force of late or soon will, the newest first, each with what it touches.

    Texts are told apart by the digests of their words, so that none is read however much has changed.
    """
    adopted = (
        ChapterVersion.objects.filter(chapter__manual=manual, effective__isnull=False)
        .select_related("chapter__manual")
        .order_by("chapter", "effective")
    )
    previous: dict[int, ChapterVersion] = {}
    followed: list[tuple[ChapterVersion, ChapterVersion | None]] = []
    for version in adopted:
        earlier, previous[version.chapter_id] = previous.get(version.chapter_id), version
        if version.effective_from and today - RECENT <= version.effective_from <= today + COMING:
            followed.append((version, earlier))
    asked = {row.pk for pair in followed for row in pair if row}
    texts = _outlines(asked)
    followed.sort(key=lambda pair: pair[0].chapter.order)
    followed.sort(key=lambda pair: pair[0].effective_from or today, reverse=True)
    return [
        ChapterChange(row, earlier, tuple(_touched(texts.get(earlier.pk if earlier else 0, {}), texts.get(row.pk, {}))))
        for row, earlier in followed
    ]


def _outlines(versions: Iterable[int]) -> dict[int, dict[str, tuple[str, Wording]]]:
    """Return the title of each section of the versions, with what tells its words from others, by version and code."""
    found: dict[int, dict[str, tuple[str, Wording]]] = {}
    rows = SectionVersion.objects.filter(chapter_version__in=versions).order_by("section__order")
    named = ("chapter_version_id", "section__code", "title", "number", "wording_digest")
    for version, code, title, number, digest in rows.values_list(*named):
        found.setdefault(version, {})[code] = (title, Wording(number, digest))
    return found


def _touched(before: Mapping[str, tuple[str, Wording]], after: Mapping[str, tuple[str, Wording]]) -> Iterable[Touched]:
    for code in in_order(before, after):
        one, other = before.get(code), after.get(code)
        what = what_became(one and one[1], other and other[1])
        if what != Change.SAME:
            title = (other or one or ("",))[0]
            yield Touched(code, title, what)
