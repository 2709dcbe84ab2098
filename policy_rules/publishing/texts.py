"""The texts of each version with all that hangs on them, and the descent of sections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from audit.canonical import canonical
from policy_rules.canonical import SectionText, digest
from policy_rules.importers.document import SectionDocument
from policy_rules.models import (
    Annotation,
    ChapterVersion,
    Element,
    ExceptionLink,
    Lineage,
    Paragraph,
    Section,
    SectionVersion,
)
from policy_rules.publishing.chapters import put_chapter, put_chapter_versions, put_containers, put_sections
from policy_rules.publishing.work import Work


def publish_texts(work: Work) -> None:
    """Add the texts of the versions that are new; a published text stays as it is."""
    known_chapters = {chapter.code: chapter for chapter in work.manual.chapters.all()}
    chapters = [put_chapter(work, stated, known_chapters.get(stated.code)) for stated in work.document.chapters]
    work.missing(known_chapters, {stated.code for stated in work.document.chapters}, "chapter")
    put_containers(work)
    put_sections(work, chapters)
    versions = [
        put_chapter_versions(work, stated, row) for stated, row in zip(work.document.chapters, chapters, strict=True)
    ]
    published = {version.reference: version for version in SectionVersion.objects.filter(section__manual=work.manual)}
    new: list[tuple[SectionVersion, SectionText]] = []
    for stated, rows in zip(work.document.chapters, versions, strict=True):
        for section in stated.sections:
            for name, text in section.texts.items():
                reference = f"{work.manual.code}/{section.code}@{name}"
                row = _section_version(work, section, rows[name], reference, text)
                if reference in published:
                    _unchanged_text(work, section, published.pop(reference), row)
                elif rows[name] in work.new_chapters:
                    new.append((row, text))
                else:
                    work.refuse(section.where, f"version {name} is published without this section; give `since`")
    for gone in published:
        work.refuse(work.document.where, f"{gone} is published and is not in this file; a section ends by `until`")
    if not work.problems:
        _create_texts(work, new)


def _section_version(
    work: Work, section: SectionDocument, version: ChapterVersion, reference: str, text: SectionText
) -> SectionVersion:
    own = text.canonical(manual=work.manual.code, section=section.code, version=version.version)
    return SectionVersion(
        section=work.sections[section.code],
        chapter_version=version,
        effective=version.effective,
        reference=reference,
        number=text.number,
        title=text.title,
        kind=text.kind,
        allegable=text.allegable,
        discipline_class=text.discipline_class,
        standard_of_proof=text.standard_of_proof,
        text=text.text,
        deadlines=dict(text.deadlines),
        details=dict(text.details),
        evidence_hints=list(text.evidence_hints),
        text_digest=digest(own),
        wording_digest=digest(canonical(text.wording())),
    )


def _unchanged_text(work: Work, section: SectionDocument, published: SectionVersion, stated: SectionVersion) -> None:
    if published.text_digest != stated.text_digest:
        message = f"{published.reference} is published with another text; a change is a new version of the chapter"
        work.refuse(section.where, message)
    elif published.evidence_hints != stated.evidence_hints:
        published.evidence_hints = stated.evidence_hints
        published.save(update_fields=["evidence_hints"])
        work.note(work.done.updated, "section_versions", 1)


def _create_texts(work: Work, new: Sequence[tuple[SectionVersion, SectionText]]) -> None:
    work.bulk(SectionVersion, [row for row, _text in new], "section_versions")
    work.bulk(
        Element,
        [
            Element(version=row, code=code, text=text, order=order)
            for row, stated in new
            for order, (code, text) in enumerate(stated.elements, start=1)
        ],
        "elements",
    )
    for model, parts in ((Paragraph, "paragraphs"), (Annotation, "annotations")):
        work.bulk(
            model,
            [
                model(version=row, order=order, **asdict(part))
                for row, stated in new
                for order, part in enumerate(getattr(stated, parts), start=1)
            ],
            parts,
        )
    work.bulk(
        ExceptionLink,
        [
            ExceptionLink(version=row, section=work.sections[code], order=order)
            for row, stated in new
            for order, code in enumerate(stated.exceptions + stated.applies_to, start=1)
        ],
        "exception_links",
    )


def publish_lineage(work: Work) -> None:
    """Add what is told of the descent of sections; what has been told stays."""
    if work.problems:
        return
    versions = {
        (version.chapter.code, version.version): version
        for version in ChapterVersion.objects.filter(chapter__manual=work.manual).select_related("chapter")
    }
    known = {
        (row.chapter_version_id, row.how, *_codes(row.earlier.all()), "to", *_codes(row.later.all()))
        for row in Lineage.objects.filter(chapter_version__chapter__manual=work.manual).prefetch_related(
            "earlier", "later"
        )
    }
    for order, stated in enumerate(work.document.lineage):
        version = versions[stated.chapter, stated.in_version]
        if (version.pk, stated.how, *sorted(stated.earlier), "to", *sorted(stated.later)) in known:
            continue
        row = Lineage.objects.create(
            chapter_version=version,
            how=stated.how,
            from_number=stated.from_number,
            to_number=stated.to_number,
            note=stated.note,
            order=order,
        )
        row.earlier.set(work.sections[code] for code in stated.earlier)
        row.later.set(work.sections[code] for code in stated.later)
        work.note(work.done.created, "lineage", 1)


def _codes(sections: Iterable[Section]) -> list[str]:
    return sorted(section.code for section in sections)
