"""What the public reads of a consultation: the draft with what it changes, the comments, and their answers."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from policy_rules.draft_reading import DraftText, texts_in
from policy_rules.models import Chapter, Comment, CommentGroup, Docket
from policy_rules.models.consultation import CommentGroupQuerySet, CommentQuerySet
from policy_rules.reading import Words, titles_of
from policy_rules.states import State

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of a cell that a spreadsheet takes for a formula."""


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


@dataclass(frozen=True)
class CommentReading:
    """A comment as anyone may read it, with its answer."""

    row: Comment
    section_title: Words | None
    change_title: Words | None
    change_url: str
    quote_language: str
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
    """Return where a change is read: beside what the public was asked, or in the manual where that was not kept."""
    if docket.version.is_draft or not docket.was_carried_over:
        return f"{reverse('policies:docket_draft', args=[docket.code])}#{code}"
    if is_in_version:
        return reverse("policies:section_version", args=[code, docket.version.version])
    return reverse("policies:section", args=[code])


def comments_of(docket: Docket) -> CommentQuerySet:
    """Return the comments of a docket with all that reading them asks for."""
    return docket.comments.select_related(
        "docket__version__chapter__manual", "session", "group__docket__version__chapter__manual"
    )


def titles_in(docket: Docket, language: str) -> dict[str, Words]:
    """Return the titles of the sections of a docket's draft, by their codes, in a language where they have it."""
    titles = {code: text.title for code, text in texts_in(docket.version, language).items()}
    return titles or _adopted_titles(docket, language)


def _adopted_titles(docket: Docket, language: str) -> dict[str, Words]:
    own = docket.version.chapter.manual.language
    written = dict(docket.version.sections.values_list("section__code", "title"))
    told = titles_of(list(written), language) if language != own else {}
    return {code: Words(told[code], language) if code in told else Words(written[code], own) for code in written}


def read(comments: Iterable[Comment], docket: Docket) -> list[CommentReading]:
    """Return comments as they are read, with the titles of the sections they speak of."""
    rows = list(comments)
    own = docket.version.chapter.manual.language
    language = get_language() or own
    texts = {code: texts_in(docket.version, code) for code in _languages_quoted(rows, own) | {language}}
    titles = {code: text.title for code, text in texts[language].items()} or _adopted_titles(docket, language)
    return [_reading(row, docket, titles, texts[row.quote_language or own if row.quote else language]) for row in rows]


def _languages_quoted(rows: Iterable[Comment], own: str) -> set[str]:
    return {row.quote_language or own for row in rows if row.quote}


def _reading(
    comment: Comment, docket: Docket, titles: Mapping[str, Words], texts: Mapping[str, DraftText]
) -> CommentReading:
    change = comment.answer.change if comment.answer else ""
    return CommentReading(
        row=comment,
        section_title=titles.get(comment.section),
        change_title=titles.get(change),
        change_url=change_url(docket, change, is_in_version=change in titles) if change else "",
        quote_language=comment.quote_language or docket.version.chapter.manual.language,
        quote_stands=comment.section not in texts or comment.quote in texts[comment.section].text.text,
    )


@dataclass(frozen=True)
class GroupReading:
    """What was said by one comment or by several that say the same, and what the office answered."""

    row: CommentGroup
    """The group with its counts."""
    sections: tuple[str, ...]
    example: Comment | None
    """The first of the comments whose words are published."""
    change_title: Words | None
    change_url: str

    @property
    def rationale(self) -> Words:
        """The reasons of the answer."""
        return rationale_of(self.row)

    @property
    def title_language(self) -> str:
        """The language of the group's name: that of the words it was named after, or else the manual's own."""
        if self.example is not None and self.row.is_named_after(self.example):
            return self.example.language
        return self.row.docket.version.chapter.manual.language


def answered_groups(docket: Docket) -> CommentGroupQuerySet:
    """Return the groups of a docket that have an answer, counted, those of the most people first."""
    groups = docket.groups.filter(answer__gt="", comments__isnull=False)
    return groups.counted().select_related("docket__version__chapter__manual").order_by(F("people").desc(), "number")


def read_groups(groups: Iterable[CommentGroup], docket: Docket) -> list[GroupReading]:
    """Return answered groups as they are read; of their comments one is fetched for each."""
    rows = list(groups)
    titles = titles_in(docket, get_language() or docket.version.chapter.manual.language)
    said = docket.comments.filter(group__in=rows)
    first = said.filter(withheld="").order_by("group_id", "number").distinct("group_id")
    examples = {row.group_id: row for row in first}
    sections: dict[int | None, list[str]] = {}
    for group, section in said.order_by("number").values_list("group", "section"):
        sections.setdefault(group, []).append(section)
    return [
        GroupReading(
            row=row,
            sections=tuple(dict.fromkeys(sections[row.pk])),
            example=examples.get(row.pk),
            change_title=titles.get(row.change),
            change_url=change_url(docket, row.change, is_in_version=row.change in titles) if row.change else "",
        )
        for row in rows
    ]


COLUMNS = (
    "number", "received_on", "channel", "session", "language", "section", "passage", "comment", "withheld", "people",
    "capacity", "district", "name", "group", "group_comments", "group_people", "answer", "rationale", "rationale_es",
    "change", "change_url", "answered_on",
)  # fmt: skip


def write_matrix(docket: Docket, comments: Iterable[Comment], file: Any, *, root: str = "") -> None:
    """Write comments and answers as CSV; no spreadsheet takes a text for a formula.

    A group's counts are those of the docket, however the comments were narrowed. `root` leads the addresses of changes.
    """
    tally = Count("pk"), Sum("signatures")
    counted = docket.comments.exclude(group=None).order_by().values_list("group").annotate(*tally)
    counts = {group: (said, people) for group, said, people in counted}
    codes = set(docket.version.sections.values_list("section__code", flat=True)) if docket.was_carried_over else set()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for row in comments:
        url = ""
        if row.answer and row.answer.change:
            url = root + change_url(docket, row.answer.change, is_in_version=row.answer.change in codes)
        cells = _cells(row, counts.get(row.group_id or 0, ("", "")), url)
        writer.writerow([_plain(cell) for cell in cells])


def _cells(row: Comment, counts: tuple[Any, Any], url: str) -> Iterator[Any]:
    words, answer = row.published(), row.answer
    session = row.session.number if row.session else ""
    yield from (row.receipt, row.received_on.isoformat(), row.channel, session, row.language, row.section)
    yield from (words["quote"], words["text"], row.withheld, row.signatures, row.capacity, row.district, words["name"])
    yield from (row.group.number if row.group else "", *counts)
    if answer is None:
        yield from ("",) * 6
    else:
        yield from (answer.answer, answer.rationale, answer.rationale_es, answer.change, url, answer.answered_on)


def _plain(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
