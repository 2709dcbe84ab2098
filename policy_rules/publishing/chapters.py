"""The frame of a manual: the manual itself, chapters, headings, sections, and the versions of each chapter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from policy_rules.importers.document import ChapterDocument, ChapterVersionDocument
from policy_rules.importers.problems import ImportRefused, Problem
from policy_rules.models import Chapter, ChapterVersion, Citation, Container, Manual, Section, SectionVersion
from policy_rules.models.dates import date_range
from policy_rules.publishing.work import BATCH, Work, only_ends
from policy_rules.states import DRAFTS, State


def put_manual(work: Work) -> Manual:
    """Bring the manual itself to what is stated; raises ImportRefused beside another that governs."""
    stated = work.document
    governs = bool(stated.rule_sets)
    rival = Manual.objects.filter(governs=True).exclude(code=stated.code).first() if governs else None
    if rival:
        message = f"{rival.code} already empowers the acts of this office; a manual beside it states no authorities"
        raise ImportRefused([Problem(stated.where.file, stated.where.get("authorities").line, "authorities", message)])
    values = {
        "title": stated.title,
        "agency": stated.agency,
        "jurisdiction": stated.jurisdiction,
        "language": stated.language,
        "governs": governs,
        "annexes": dict(stated.annexes),
    }
    return work.put(Manual, {"code": stated.code}, values, "manuals")


def put_chapter(work: Work, stated: ChapterDocument, known: Chapter | None) -> Chapter:
    """Bring a chapter to what is stated of it."""
    values = {
        "number": stated.number,
        "title": stated.title,
        "order": stated.order,
        "earlier_rule": stated.earlier_rule,
        "annexes": dict(stated.annexes),
    }
    return work.put(Chapter, {"manual": work.manual, "code": stated.code}, values, "chapters", known=known)


def put_containers(work: Work) -> None:
    """Bring the headings to what is stated, in order."""
    for order, stated in enumerate(work.document.containers):
        values = {
            "parent": work.containers.get(stated.parent),
            "prefix": stated.prefix,
            "number": stated.number,
            "heading": stated.heading,
            "order": order,
        }
        key = {"manual": work.manual, "code": stated.code}
        work.containers[stated.code] = work.put(Container, key, values, "containers")


def put_sections(work: Work, chapters: Sequence[Chapter]) -> None:
    """Add the sections that are new; a known one can take another place, not another chapter."""
    known = {section.code: section for section in work.manual.sections.select_related("container")}
    new, moved = [], []
    for stated, chapter in zip(work.document.chapters, chapters, strict=True):
        for section in stated.sections:
            row = known.get(section.code)
            container = work.containers.get(section.container)
            if row is None:
                new.append(
                    Section(
                        manual=work.manual,
                        chapter=chapter,
                        code=section.code,
                        order=section.order,
                        container=container,
                    )
                )
            elif row.chapter_id != chapter.pk:
                work.refuse(section.where, f"{section.code} belongs to another chapter; its code is permanent")
            elif (row.order, row.container) != (section.order, container):
                row.order, row.container = section.order, container
                moved.append(row)
    work.bulk(Section, new, "sections")
    Section.objects.bulk_update(moved, ["order", "container"], batch_size=BATCH)
    work.note(work.done.updated, "sections", len(moved))
    work.sections = known | {section.code: section for section in new}


def put_chapter_versions(work: Work, stated: ChapterDocument, chapter: Chapter) -> dict[str, ChapterVersion]:
    """Bring the versions of a chapter to what is stated; return each by its name."""
    known = {version.version: version for version in chapter.versions.all()}
    drafts = {row.version for row in known.values() if row.state in DRAFTS}
    named = {version.version for version in stated.versions}
    work.missing(known, named | drafts, f"version of chapter {chapter.code}")
    return {
        version.version: _chapter_version(work, version, chapter, known.get(version.version))
        for version in sorted(stated.versions, key=lambda version: version.version not in known)
    }


def _chapter_version(
    work: Work, stated: ChapterVersionDocument, chapter: Chapter, known: ChapterVersion | None
) -> ChapterVersion:
    days = stated.effective_from and date_range(stated.effective_from, stated.effective_to)
    values = {
        "effective": days,
        "published_on": stated.published_on,
        "adopted_on": stated.adopted_on,
        "adopted_by": stated.adopted_by,
        "docket": stated.docket,
        "change_note": stated.change_note,
    }
    if known is None or known.is_draft:
        return _new_chapter_version(work, stated, chapter, known, values)
    for name in ("adopted_on", "adopted_by"):
        if getattr(known, name) != values[name]:
            work.refuse(stated.where, f"is published as adopted on {known.adopted_on} by {known.adopted_by}")
            return known
    if days != known.effective:
        if not (days and only_ends(known.effective, days)):
            message = f"is published as in force {_span(known)}; only a missing last day can be set"
            work.refuse(stated.where, message)
            return known
        _doubt_late_end(work, stated, known)
        ended = SectionVersion.objects.filter(chapter_version=known).update(effective=days)
        work.note(work.done.updated, "section_versions", ended)
        work.ended_chapters.append(known)
    return work.put(ChapterVersion, {}, values, "chapter_versions", known=known)


def _doubt_late_end(work: Work, stated: ChapterVersionDocument, known: ChapterVersion) -> None:
    """Tell of acts that rest on a version after the last day that it is given now; they keep the text they cite."""
    last = stated.effective_to
    if last is None or last >= timezone.localdate():
        return
    later = Citation.objects.filter(section_version__chapter_version=known, entry__occurred_at__date__gt=last)
    if number := later.count():
        message = f"ends on {last}; {number} acts since then rest on it, and keep the text that they cite"
        work.done.doubts.append(Problem(stated.where.file, stated.where.line, stated.where.path, message))


def _new_chapter_version(
    work: Work, stated: ChapterVersionDocument, chapter: Chapter, known: ChapterVersion | None, values: dict[str, Any]
) -> ChapterVersion:
    key = {"chapter": chapter, "version": stated.version}
    if known is not None and known.state in DRAFTS and known != work.adopting:
        work.refuse(stated.where, "is being drafted here; it is adopted by the steps of CH-13, not by a file")
        return known
    if known is None:
        values = values | {"state": _state_of(stated, work.document.chapter(chapter.code).versions)}
        if work.problems:
            return ChapterVersion(**key, **values)
    row = work.put(ChapterVersion, key, values, "chapter_versions", known=known)
    if known is not None and stated.effective_from and known != work.adopting:
        state = _state_of(stated, work.document.chapter(chapter.code).versions)
        ChapterVersion.objects.filter(pk=row.pk).update(state=state)
    if stated.effective_from:
        work.new_chapters.append(row)
    return row


def _state_of(stated: ChapterVersionDocument, versions: Sequence[ChapterVersionDocument]) -> State:
    """Return where a version stands today that was adopted elsewhere, by its days and those of its successors."""
    today = timezone.localdate()
    if stated.effective_from is None:
        return State.SUPERSEDED
    if stated.effective_from > today:
        return State.ADOPTED
    if stated.effective_to is None or stated.effective_to >= today:
        return State.IN_FORCE
    followed = any(row.effective_from and row.effective_from > stated.effective_from for row in versions)
    return State.SUPERSEDED if followed else State.RESCINDED


def _span(version: ChapterVersion) -> str:
    return f"from {version.effective_from} to {version.effective_to or 'a day not yet set'}"
