"""What the public reads of a consultation: the draft with what it changes, the comments, and their answers."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from policy_rules import changes, passages
from policy_rules.comparing import Run, words_between
from policy_rules.models import Chapter, ChapterVersion, Comment, CommentGroup, Docket, DraftSection, SectionVersion
from policy_rules.models.consultation import CommentQuerySet
from policy_rules.reading import Words
from policy_rules.states import State

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of a cell that a spreadsheet takes for a formula."""


@dataclass(frozen=True)
class DraftReading:
    """A section of a draft as the public reads it: what it is to say, and the words that change."""

    row: DraftSection
    runs: tuple[Run, ...]
    is_new: bool
    comments: int

    @property
    def sentences(self) -> list[passages.Passage]:
        """The sentences of the section, each of which can be commented on."""
        return list(passages.sentences(self.row.text))


def title_of(docket: Docket) -> Words:
    """Return what the docket is called, in the reader's language where it has such a title."""
    if get_language() == "es" and docket.title_es:
        return Words(docket.title_es, "es")
    return Words(docket.title or docket.version.chapter.title, docket.version.chapter.manual.language)


def summary_of(docket: Docket) -> Words:
    """Return what the public is asked."""
    if get_language() == "es" and docket.summary_es:
        return Words(docket.summary_es, "es")
    return Words(docket.summary, docket.version.chapter.manual.language)


def rationale_of(answer: CommentGroup) -> Words:
    """Return the reasons of an answer."""
    if get_language() == "es" and answer.rationale_es:
        return Words(answer.rationale_es, "es")
    return Words(answer.rationale, answer.docket.version.chapter.manual.language)


def open_docket(chapter: Chapter) -> Docket | None:
    """Return the docket of the chapter's draft, while anyone may comment on it."""
    rows = Docket.objects.filter(version__chapter=chapter, version__state=State.PUBLIC_COMMENT)
    return rows.filter(opened_at__lte=timezone.now(), closes_at__gte=timezone.now()).first()


def base_of(version: ChapterVersion) -> ChapterVersion | None:
    """Return the version that a draft is to replace, or an adopted version replaced."""
    if version.is_draft:
        return version.chapter.versions.filter(effective__isnull=False).order_by("effective").last()
    return changes.before(version)


def sections_of(docket: Docket) -> list[DraftReading]:
    """Return the sections of the draft in order; those that change have their words beside the ones in force."""
    rows = list(docket.version.draft_sections.all())
    codes = [row.code for row in rows if row.is_changed]
    base = base_of(docket.version)
    texts = SectionVersion.objects.filter(chapter_version=base, section__code__in=codes) if base else None
    before = dict(texts.values_list("section__code", "text")) if texts is not None else {}
    said = _comments_by_section(docket)
    return [
        DraftReading(
            row=row,
            runs=words_between(before[row.code], row.text) if row.code in before and not row.is_retired else (),
            is_new=row.is_changed and row.code not in before,
            comments=said.get(row.code, 0),
        )
        for row in rows
    ]


def _comments_by_section(docket: Docket) -> dict[str, int]:
    found: dict[str, int] = {}
    for code in docket.comments.exclude(section="").values_list("section", flat=True):
        found[code] = found.get(code, 0) + 1
    return found


@dataclass(frozen=True)
class CommentReading:
    """A comment as anyone may read it, with its answer."""

    row: Comment
    section_title: str
    change_title: str
    change_url: str
    quote_stands: bool
    """Whether the words it quotes still stand in the draft."""

    @property
    def url(self) -> str:
        """The address of the comment."""
        return reverse("policies:comment", args=[self.row.docket.code, self.row.number])

    @property
    def words(self) -> dict[str, Any]:
        """What is published of it."""
        return self.row.published()

    @property
    def answer(self) -> CommentGroup | None:
        """Its answer, once there is one."""
        return self.row.answer

    @property
    def rationale(self) -> Words | None:
        """The reasons of the answer."""
        return rationale_of(self.answer) if self.answer else None


def change_url(docket: Docket, code: str, *, is_in_version: bool) -> str:
    """Return the address of a changed section: in the draft, and once it is adopted in the manual."""
    if docket.version.is_draft:
        return f"{reverse('policies:docket_draft', args=[docket.code])}#{code}"
    if is_in_version:
        return reverse("policies:section_version", args=[code, docket.version.version])
    return reverse("policies:section", args=[code])


def comments_of(docket: Docket) -> CommentQuerySet:
    """Return the comments of a docket with all that reading them asks for."""
    return docket.comments.select_related(
        "docket__version__chapter__manual", "session", "group__docket__version__chapter__manual"
    )


def read(comments: Iterable[Comment], docket: Docket) -> list[CommentReading]:
    """Return comments as they are read, with the titles of the sections they speak of."""
    texts = {row.code: row for row in docket.version.draft_sections.all()}
    titles = {code: row.title for code, row in texts.items()}
    if not titles:
        titles = dict(docket.version.sections.values_list("section__code", "title"))
    return [_reading(comment, docket, texts, titles) for comment in comments]


def _reading(
    comment: Comment, docket: Docket, texts: Mapping[str, DraftSection], titles: Mapping[str, str]
) -> CommentReading:
    change = comment.answer.change if comment.answer else ""
    return CommentReading(
        row=comment,
        section_title=titles.get(comment.section, ""),
        change_title=titles.get(change, ""),
        change_url=change_url(docket, change, is_in_version=change in titles) if change else "",
        quote_stands=comment.section not in texts or comment.quote in texts[comment.section].text,
    )


COLUMNS = (
    "number", "received_on", "channel", "language", "section", "passage", "comment", "withheld", "people", "capacity",
    "district", "name", "answer", "rationale", "rationale_es", "change", "answered_on",
)  # fmt: skip


def write_matrix(comments: Iterable[Comment], file: Any) -> None:
    """Write comments and answers as CSV; no spreadsheet takes a text for a formula."""
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for row in comments:
        writer.writerow([_plain(cell) for cell in _cells(row)])


def _cells(row: Comment) -> Iterator[Any]:
    words, answer = row.published(), row.answer
    yield from (row.receipt, row.received_on.isoformat(), row.channel, row.language, row.section, words["quote"])
    yield from (words["text"], row.withheld, row.signatures, row.capacity, row.district, words["name"])
    if answer is None:
        yield from ("",) * 5
    else:
        yield from (answer.answer, answer.rationale, answer.rationale_es, answer.change, answer.answered_on)


def _plain(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
