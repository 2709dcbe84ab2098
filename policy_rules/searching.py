"""Finding words in the manual in force: each text as it is read in a language, and the text that binds."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db.models import Exists, F, OuterRef
from django.utils.safestring import SafeString, mark_safe

from policy_rules.models import Manual, Section, SectionTranslation, SectionVersion
from policy_rules.models.words import CONFIGURATION, TRANSLATED

SHOWN = 50
RANKED = 2_000
"""Texts that are put in order at most: a word that stands in more of them finds none of them better than another."""
NAMED = 2.0
"""The rank of a section that was asked for by its name; no text that holds the words has so high a one."""
NAME = re.compile(r"(?=\S*\d)[\w.-]{1,60}")
"""What may be the code or the number of a section."""
OPENS, CLOSES = "\ue000", "\ue001"
"""Marks round what was found, which no text holds; the words are escaped before these become elements."""


@dataclass(frozen=True)
class Found:
    """A section in which the words were found, with an excerpt in which they are marked."""

    text: SectionVersion
    language: str
    title: SafeString
    excerpt: SafeString


@dataclass(frozen=True)
class Results:
    """The best of what was found, and how many there are; `is_more` where there are at least so many."""

    found: tuple[Found, ...]
    count: int
    is_more: bool


def search(manual: Manual, words: str, *, on: datetime.date, language: str) -> Results:
    """Return the sections in force on a day that hold the words, best first.

    The code or the number of a section finds it first. Words are reduced to their stems in English and in Spanish;
    quotation marks keep a phrase, a hyphen leaves a word out, `or` takes either. A reader of a translation finds it by
    the words of the translation and by those that bind.
    """
    if not words.strip():
        return Results((), 0, is_more=False)
    found: dict[int, tuple[float, str]] = {}
    if language != manual.language and language in TRANSLATED:
        found |= _translated(manual, words, on, language)
    for key, rank in _written(manual, words, on).items():
        found.setdefault(key, (rank, manual.language))
    found |= _named(manual, words.strip(), on, language)
    best = sorted(found, key=lambda key: -found[key][0])[:SHOWN]
    shown = {row.pk: row for row in _headlines(best, words, found, language)}
    rows = tuple(_result(shown[key], found[key][1]) for key in best if key in shown)
    return Results(rows, min(len(found), RANKED), is_more=len(found) >= RANKED)


def _named(manual: Manual, words: str, on: datetime.date, language: str) -> dict[int, tuple[float, str]]:
    """Return the section whose code or number the words are, as in the manual or in capitals."""
    if not NAME.fullmatch(words):
        return {}
    in_force = SectionVersion.objects.on(on)
    coded = list(Section.objects.filter(manual=manual, code__in={words, words.upper()}))
    named = in_force.filter(section__in=coded)
    if not coded and words[0].isdigit():
        named = in_force.filter(section__manual=manual, number=words)
    rows = named.annotate(
        is_translated=Exists(
            SectionTranslation.objects.filter(
                language=language,
                version__section=OuterRef("section"),
                version__wording_digest=OuterRef("wording_digest"),
            )
        )
    )
    found = rows.values_list("pk", "is_translated")
    return {pk: (NAMED, language if is_translated else manual.language) for pk, is_translated in found}


def _query(words: str, language: str) -> SearchQuery:
    return SearchQuery(words, config=CONFIGURATION.get(language, "simple"), search_type="websearch")


def _written(manual: Manual, words: str, on: datetime.date) -> dict[int, float]:
    query = _query(words, "en")
    rows = SectionVersion.objects.on(on).filter(section__manual=manual, words=query)[:RANKED]
    ranked = SectionVersion.objects.filter(pk__in=rows.values("pk")).annotate(rank=SearchRank(F("words"), query))
    return dict(ranked.values_list("pk", "rank"))


def _translated(manual: Manual, words: str, on: datetime.date, language: str) -> dict[int, tuple[float, str]]:
    """Return the texts in force whose words are those that a matching translation translates."""
    query = _query(words, language)
    rows = SectionTranslation.objects.filter(
        language=language, version__section__manual=manual, **{TRANSLATED[language]: query}
    ).annotate(rank=SearchRank(F(TRANSLATED[language]), query))[:RANKED]
    ranks = {
        (section, wording): rank
        for section, wording, rank in rows.values_list("version__section", "version__wording_digest", "rank")
    }
    texts = SectionVersion.objects.on(on).filter(section__in={section for section, _wording in ranks})
    return {
        pk: (ranks[section, wording], language)
        for pk, section, wording in texts.values_list("pk", "section", "wording_digest")
        if (section, wording) in ranks
    }


def _headlines(keys: list[int], words: str, found: dict[int, tuple[float, str]], language: str) -> list[Any]:
    """Return the texts with their title and an excerpt, marked, each in the language in which it was found."""
    own = [key for key in keys if found[key][1] != language or language not in TRANSLATED]
    texts = list(
        SectionVersion.objects.filter(pk__in=own)
        .select_related("section__chapter")
        .annotate(**_marked("title", "text", "en", words))
    )
    others = SectionVersion.objects.filter(pk__in=set(keys) - set(own)).select_related("section__chapter")
    by_wording = {(row.section_id, row.wording_digest): row for row in others}
    translations = SectionTranslation.objects.filter(
        language=language, version__section__in=[section for section, _wording in by_wording]
    ).select_related("version")
    for row in translations.annotate(**_marked("title", "text", language, words)):
        if text := by_wording.get((row.version.section_id, row.version.wording_digest)):
            text.marked_title, text.marked_text = row.marked_title, row.marked_text  # type: ignore[attr-defined]
            texts.append(text)
    return texts


def _marked(title: str, text: str, language: str, words: str) -> dict[str, Any]:
    query = _query(words, language)
    mark = partial(SearchHeadline, config=CONFIGURATION.get(language, "simple"), start_sel=OPENS, stop_sel=CLOSES)
    return {
        "marked_title": mark(title, query, highlight_all=True),
        "marked_text": mark(text, query, max_words=40, min_words=20, max_fragments=2),
    }


def _result(row: Any, language: str) -> Found:
    return Found(row, language, _safe(row.marked_title), _safe(row.marked_text))


def _safe(marked: str) -> SafeString:
    """Return words with what was found as `<mark>`; everything else is escaped."""
    shown = escape(re.sub(r"\s+", " ", marked)).replace(OPENS, "<mark>").replace(CLOSES, "</mark>")
    return mark_safe(shown)  # noqa: S308 escaped above
