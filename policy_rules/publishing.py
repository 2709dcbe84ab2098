"""The one door by which anything enters the register. What is published is never edited, only followed (CH-13.7)."""

from __future__ import annotations

import datetime
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils import timezone

from audit.canonical import canonical
from audit.log import record
from policy_rules.canonical import SectionText, digest, digest_of_texts
from policy_rules.citations import basis, cite
from policy_rules.importers.checks import check
from policy_rules.importers.document import (
    ChapterDocument,
    ChapterVersionDocument,
    ManualDocument,
    RuleSetDocument,
    SectionDocument,
    TranslationDocument,
)
from policy_rules.importers.nodes import Node
from policy_rules.importers.problems import ImportRefused, Problem
from policy_rules.models import (
    Annotation,
    Authority,
    Chapter,
    ChapterVersion,
    Container,
    Element,
    ElementTranslation,
    ExceptionLink,
    Lineage,
    Manual,
    ManualTranslation,
    Paragraph,
    Revision,
    RuleSet,
    Section,
    SectionTranslation,
    SectionVersion,
)
from policy_rules.models.dates import date_range
from policy_rules.rule_reading import cited_sections
from policy_rules.rules import NoAuthority, authority_for
from policy_rules.states import DRAFTS, State

BATCH = 2_000
Row = TypeVar("Row", bound=models.Model)


@dataclass
class Publication:
    """What a publication did: rows made and changed, what the register holds now, and what a person should look at."""

    manual: str
    created: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    counts: dict[str, int] = field(default_factory=dict)
    doubts: list[Problem] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether the register differs from before."""
        return bool(self.created or self.updated)


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
    work = _Publishing(document, Publication(document.code, doubts=doubts), adopting)
    work.texts()
    work.lineage()
    work.rules()
    for translation in translations:
        work.translation(translation)
    if work.problems:
        raise ImportRefused(work.problems)
    if work.done.changed:
        Revision.objects.filter(pk=1).update(token=uuid.uuid4())
        work.record(actor=actor, role=role)
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


class _Publishing:
    """One publication: the rows it makes, and what the log is to say of them."""

    def __init__(self, document: ManualDocument, done: Publication, adopting: ChapterVersion | None = None) -> None:
        self.document = document
        self.adopting = adopting
        self.done = done
        self.problems: list[Problem] = []
        self.manual = self._manual()
        self.sections: dict[str, Section] = {}
        self.containers: dict[str, Container] = {}
        self.new_chapters: list[ChapterVersion] = []
        self.ended_chapters: list[ChapterVersion] = []
        self.new_rules: list[RuleSet] = []
        self.ended_rules: list[RuleSet] = []

    def texts(self) -> None:
        known_chapters = {chapter.code: chapter for chapter in self.manual.chapters.all()}
        chapters = [self._chapter(stated, known_chapters.get(stated.code)) for stated in self.document.chapters]
        self._missing(known_chapters, {stated.code for stated in self.document.chapters}, "chapter")
        self._containers()
        self._sections(chapters)
        versions = [
            self._chapter_versions(stated, row) for stated, row in zip(self.document.chapters, chapters, strict=True)
        ]
        published = {
            version.reference: version for version in SectionVersion.objects.filter(section__manual=self.manual)
        }
        new: list[tuple[SectionVersion, SectionText]] = []
        for stated, rows in zip(self.document.chapters, versions, strict=True):
            for section in stated.sections:
                for name, text in section.texts.items():
                    reference = f"{self.manual.code}/{section.code}@{name}"
                    row = self._section_version(section, rows[name], reference, text)
                    if reference in published:
                        self._unchanged_text(section, published.pop(reference), row)
                    elif rows[name] in self.new_chapters:
                        new.append((row, text))
                    else:
                        self._refuse(section.where, f"version {name} is published without this section; give `since`")
        for gone in published:
            self._refuse(self.document.where, f"{gone} is published and is not in this file; a section ends by `until`")
        if not self.problems:
            self._create_texts(new)

    def _manual(self) -> Manual:
        stated = self.document
        governs = bool(stated.rule_sets)
        rival = Manual.objects.filter(governs=True).exclude(code=stated.code).first() if governs else None
        if rival:
            message = f"{rival.code} already empowers the acts of this office; a manual beside it states no authorities"
            raise ImportRefused(
                [Problem(stated.where.file, stated.where.get("authorities").line, "authorities", message)]
            )
        values = {
            "title": stated.title,
            "agency": stated.agency,
            "jurisdiction": stated.jurisdiction,
            "language": stated.language,
            "governs": governs,
            "annexes": dict(stated.annexes),
        }
        return self._put(Manual, {"code": stated.code}, values, "manuals")

    def _chapter(self, stated: ChapterDocument, known: Chapter | None) -> Chapter:
        values = {
            "number": stated.number,
            "title": stated.title,
            "order": stated.order,
            "earlier_rule": stated.earlier_rule,
            "annexes": dict(stated.annexes),
        }
        return self._put(Chapter, {"manual": self.manual, "code": stated.code}, values, "chapters", known=known)

    def _containers(self) -> None:
        for order, stated in enumerate(self.document.containers):
            values = {
                "parent": self.containers.get(stated.parent),
                "prefix": stated.prefix,
                "number": stated.number,
                "heading": stated.heading,
                "order": order,
            }
            key = {"manual": self.manual, "code": stated.code}
            self.containers[stated.code] = self._put(Container, key, values, "containers")

    def _sections(self, chapters: Sequence[Chapter]) -> None:
        known = {section.code: section for section in self.manual.sections.select_related("container")}
        new, moved = [], []
        for stated, chapter in zip(self.document.chapters, chapters, strict=True):
            for section in stated.sections:
                row = known.get(section.code)
                container = self.containers.get(section.container)
                if row is None:
                    new.append(
                        Section(
                            manual=self.manual,
                            chapter=chapter,
                            code=section.code,
                            order=section.order,
                            container=container,
                        )
                    )
                elif row.chapter_id != chapter.pk:
                    self._refuse(section.where, f"{section.code} belongs to another chapter; its code is permanent")
                elif (row.order, row.container) != (section.order, container):
                    row.order, row.container = section.order, container
                    moved.append(row)
        self._bulk(Section, new, "sections")
        Section.objects.bulk_update(moved, ["order", "container"], batch_size=BATCH)
        self._note(self.done.updated, "sections", len(moved))
        self.sections = known | {section.code: section for section in new}

    def _chapter_versions(self, stated: ChapterDocument, chapter: Chapter) -> dict[str, ChapterVersion]:
        known = {version.version: version for version in chapter.versions.all()}
        drafts = {row.version for row in known.values() if row.state in DRAFTS}
        named = {version.version for version in stated.versions}
        self._missing(known, named | drafts, f"version of chapter {chapter.code}")
        return {
            version.version: self._chapter_version(version, chapter, known.get(version.version))
            for version in sorted(stated.versions, key=lambda version: version.version not in known)
        }

    def _chapter_version(
        self, stated: ChapterVersionDocument, chapter: Chapter, known: ChapterVersion | None
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
            return self._new_chapter_version(stated, chapter, known, values)
        for name in ("adopted_on", "adopted_by"):
            if getattr(known, name) != values[name]:
                self._refuse(stated.where, f"is published as adopted on {known.adopted_on} by {known.adopted_by}")
                return known
        if days != known.effective:
            if not (days and self._only_ends(known.effective, days)):
                message = f"is published as in force {_span(known)}; only a missing last day can be set"
                self._refuse(stated.where, message)
                return known
            ended = SectionVersion.objects.filter(chapter_version=known).update(effective=days)
            self._note(self.done.updated, "section_versions", ended)
            self.ended_chapters.append(known)
        return self._put(ChapterVersion, {}, values, "chapter_versions", known=known)

    def _new_chapter_version(
        self, stated: ChapterVersionDocument, chapter: Chapter, known: ChapterVersion | None, values: dict[str, Any]
    ) -> ChapterVersion:
        key = {"chapter": chapter, "version": stated.version}
        if known is not None and known.state in DRAFTS and known != self.adopting:
            self._refuse(stated.where, "is being drafted here; it is adopted by the steps of CH-13, not by a file")
            return known
        if known is None:
            values = values | {"state": _state_of(stated, self.document.chapter(chapter.code).versions)}
        row = self._put(ChapterVersion, key, values, "chapter_versions", known=known)
        if known is not None and stated.effective_from and known != self.adopting:
            state = _state_of(stated, self.document.chapter(chapter.code).versions)
            ChapterVersion.objects.filter(pk=row.pk).update(state=state)
        if stated.effective_from:
            self.new_chapters.append(row)
        return row

    @staticmethod
    def _only_ends(before: Any, after: Any) -> bool:
        return before.lower == after.lower and before.upper is None and after.upper is not None

    def _section_version(
        self, section: SectionDocument, version: ChapterVersion, reference: str, text: SectionText
    ) -> SectionVersion:
        own = text.canonical(manual=self.manual.code, section=section.code, version=version.version)
        return SectionVersion(
            section=self.sections[section.code],
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

    def _unchanged_text(self, section: SectionDocument, published: SectionVersion, stated: SectionVersion) -> None:
        if published.text_digest != stated.text_digest:
            message = f"{published.reference} is published with another text; a change is a new version of the chapter"
            self._refuse(section.where, message)
        elif published.evidence_hints != stated.evidence_hints:
            published.evidence_hints = stated.evidence_hints
            published.save(update_fields=["evidence_hints"])
            self._note(self.done.updated, "section_versions", 1)

    def _create_texts(self, new: Sequence[tuple[SectionVersion, SectionText]]) -> None:
        self._bulk(SectionVersion, [row for row, _text in new], "section_versions")
        self._bulk(
            Element,
            [
                Element(version=row, code=code, text=text, order=order)
                for row, stated in new
                for order, (code, text) in enumerate(stated.elements, start=1)
            ],
            "elements",
        )
        self._bulk(
            Paragraph,
            [
                Paragraph(version=row, order=order, **asdict(paragraph))
                for row, stated in new
                for order, paragraph in enumerate(stated.paragraphs, start=1)
            ],
            "paragraphs",
        )
        self._bulk(
            Annotation,
            [
                Annotation(version=row, order=order, **asdict(annotation))
                for row, stated in new
                for order, annotation in enumerate(stated.annotations, start=1)
            ],
            "annotations",
        )
        self._bulk(
            ExceptionLink,
            [
                ExceptionLink(version=row, section=self.sections[code], order=order)
                for row, stated in new
                for order, code in enumerate(stated.exceptions + stated.applies_to, start=1)
            ],
            "exception_links",
        )

    def lineage(self) -> None:
        """Add what is told of the descent of sections; what has been told stays."""
        if self.problems:
            return
        versions = {
            (version.chapter.code, version.version): version
            for version in ChapterVersion.objects.filter(chapter__manual=self.manual).select_related("chapter")
        }
        known = {
            (row.chapter_version_id, row.how, *_codes(row.earlier.all()), "to", *_codes(row.later.all()))
            for row in Lineage.objects.filter(chapter_version__chapter__manual=self.manual).prefetch_related(
                "earlier", "later"
            )
        }
        for order, stated in enumerate(self.document.lineage):
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
            row.earlier.set(self.sections[code] for code in stated.earlier)
            row.later.set(self.sections[code] for code in stated.later)
            self._note(self.done.created, "lineage", 1)

    def rules(self) -> None:
        """Add the rule sets that are new; a published one can only be given its last day."""
        if self.problems:
            return
        known = {row.reference: row for row in self.manual.rule_sets.all()}
        for stated in sorted(self.document.rule_sets, key=lambda rules: self._rules_reference(rules) not in known):
            row = known.pop(self._rules_reference(stated), None)
            if row is None:
                self._create_rules(stated)
            else:
                self._unchanged_rules(stated, row)
        for gone in known:
            self._refuse(
                self.document.where, f"{gone} is published and is not in this file; a set ends by `effective_to`"
            )

    def _rules_reference(self, rules: RuleSetDocument) -> str:
        return f"{self.manual.code}/rules@{rules.effective_from.isoformat()}"

    def _create_rules(self, stated: RuleSetDocument) -> None:
        row = RuleSet.objects.create(
            manual=self.manual,
            effective=date_range(stated.effective_from, stated.effective_to),
            reference=self._rules_reference(stated),
            data=stated.data,
            data_digest=digest(canonical(stated.data)),
        )
        self.new_rules.append(row)
        self._note(self.done.created, "rule_sets", 1)
        self._bulk(
            Authority,
            [
                Authority(rule_set=row, kind=kind, name=name, section=self.sections[code])
                for kind, name, code in cited_sections(stated.data)
            ],
            "authorities",
        )

    def _unchanged_rules(self, stated: RuleSetDocument, row: RuleSet) -> None:
        days = date_range(stated.effective_from, stated.effective_to)
        if row.data_digest != digest(canonical(stated.data)):
            self._refuse(
                stated.where, f"{row.reference} is published with other rules; a change is a new set with its own day"
            )
        elif days != row.effective:
            if not self._only_ends(row.effective, days):
                self._refuse(
                    stated.where, f"{row.reference} is published with other days; only a missing last day can be set"
                )
                return
            row.effective = days
            row.save(update_fields=["effective"])
            self.ended_rules.append(row)
            self._note(self.done.updated, "rule_sets", 1)

    def translation(self, stated: TranslationDocument) -> None:
        """Bring one language to what its file states; a translation does not bind, so it can be corrected."""
        if self.problems:
            return
        values = {
            "title": stated.title,
            "rule": stated.rule,
            "prevails": stated.prevails,
            "human_checked": stated.human_checked,
            "chapters": dict(stated.chapters),
            "terms": dict(stated.terms),
        }
        self._put(
            ManualTranslation, {"manual": self.manual, "language": stated.language}, values, "manual_translations"
        )
        wanted = {f"{self.manual.code}/{item.section}@{item.version}": item for item in stated.sections}
        versions = SectionVersion.objects.in_bulk(list(wanted), field_name="reference")
        known = {
            row.version_id: row
            for row in SectionTranslation.objects.filter(version__section__manual=self.manual, language=stated.language)
        }
        new, changed = [], []
        for reference, item in wanted.items():
            row = known.get(versions[reference].pk)
            if row is None:
                row = SectionTranslation(
                    version=versions[reference], language=stated.language, title=item.title, text=item.text
                )
                new.append(row)
            elif (row.title, row.text) != (item.title, item.text):
                row.title, row.text = item.title, item.text
                changed.append(row)
            known[versions[reference].pk] = row
        self._bulk(SectionTranslation, new, "translations")
        SectionTranslation.objects.bulk_update(changed, ["title", "text"], batch_size=BATCH)
        self._note(self.done.updated, "translations", len(changed))
        self._element_translations(
            {
                known[versions[reference].pk].pk: (versions[reference].pk, item.elements)
                for reference, item in wanted.items()
            }
        )

    def _element_translations(self, stated: dict[int, tuple[int, Any]]) -> None:
        elements = {
            (element.version_id, element.code): element
            for element in Element.objects.filter(version__in=[version for version, _texts in stated.values()])
        }
        known = {
            (row.translation_id, row.element_id): row
            for row in ElementTranslation.objects.filter(translation__in=list(stated))
        }
        new, changed = [], []
        for translation, (version, texts) in stated.items():
            for code, text in texts.items():
                element = elements[version, code]
                row = known.get((translation, element.pk))
                if row is None:
                    new.append(ElementTranslation(translation_id=translation, element=element, text=text))
                elif row.text != text:
                    row.text = text
                    changed.append(row)
        self._bulk(ElementTranslation, new, "element_translations")
        ElementTranslation.objects.bulk_update(changed, ["text"], batch_size=BATCH)
        self._note(self.done.updated, "element_translations", len(changed))

    def record(self, *, actor: str, role: str) -> None:
        """Seal what was published: the act, and each chapter version and rule set with the digest of its texts."""
        try:
            authority = [authority_for("policy_move", "bring_into_force", on=timezone.localdate())]
        except NoAuthority:
            authority = []
        for action, subject, objects, facts in self._seals():
            entry = record(
                action, actor=actor, role=role, subject=subject, objects=objects, basis=basis(*authority), facts=facts
            )
            cite(entry, *authority)

    def _seals(self) -> Iterator[tuple[str, str, list[str], Mapping[str, Any]]]:
        made: dict[str, Any] = {"created": dict(self.done.created), "updated": dict(self.done.updated)}
        if self.document.source_digest:
            made["file_sha256"] = self.document.source_digest
        yield "policy.imported", self.manual.reference, [], made
        for version in self.new_chapters:
            texts = list(version.sections.values_list("reference", "text_digest"))
            sealed = {"sections": len(texts), "texts_sha256": digest_of_texts(texts)}
            yield "policy.chapter_published", version.chapter.reference, [version.reference], sealed | _days(version)
        for version in self.ended_chapters:
            yield "policy.chapter_ended", version.chapter.reference, [version.reference], _days(version)
        for rules in self.new_rules:
            sealed = {"rules_sha256": rules.data_digest}
            yield "policy.rules_published", self.manual.rules_reference, [rules.reference], sealed | _days(rules)
        for rules in self.ended_rules:
            yield "policy.rules_ended", self.manual.rules_reference, [rules.reference], _days(rules)

    def _put(
        self, model: type[Row], key: dict[str, Any], values: dict[str, Any], what: str, *, known: Row | None = None
    ) -> Row:
        row = known or model._default_manager.filter(**key).first()
        if row is None:
            self._note(self.done.created, what, 1)
            return model._default_manager.create(**key, **values)
        changed = [name for name, value in values.items() if getattr(row, name) != value]
        if changed:
            for name in changed:
                setattr(row, name, values[name])
            row.save(update_fields=changed)
            self._note(self.done.updated, what, 1)
        return row

    def _bulk(self, model: type[models.Model], rows: Sequence[Any], what: str) -> None:
        model._default_manager.bulk_create(rows, batch_size=BATCH)
        self._note(self.done.created, what, len(rows))

    @staticmethod
    def _note(tally: Counter[str], what: str, number: int) -> None:
        if number:
            tally[what] += number

    def _missing(self, known: dict[str, Any], stated: set[str], what: str) -> None:
        for name in known.keys() - stated:
            self._refuse(self.document.where, f"the {what} {name} is published and is not in this file")

    def _refuse(self, where: Node, message: str) -> None:
        self.problems.append(Problem(where.file, where.line, where.path, message))


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


def _days(row: ChapterVersion | RuleSet) -> dict[str, str]:
    days = {"effective_from": row.effective_from, "effective_to": row.effective_to}
    return {name: day.isoformat() for name, day in days.items() if day}


def _codes(sections: Iterable[Section]) -> list[str]:
    return sorted(section.code for section in sections)


def _span(version: ChapterVersion) -> str:
    return f"from {version.effective_from} to {version.effective_to or 'a day not yet set'}"
