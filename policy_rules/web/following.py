"""Finding and following the manual: search, two versions side by side, a section’s history, what changed of late."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import feedgenerator, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from moves.forms import day_field
from policy_rules import changes, reading, register
from policy_rules.addresses import address
from policy_rules.comparing import Change, SectionChange, compare
from policy_rules.exceptions import UnknownSection
from policy_rules.models import Chapter, ChapterVersion, Manual, SectionVersion
from policy_rules.searching import search
from policy_rules.section_reading import descent_of

LONGEST_SEARCH = 200
NAMED = 12
"""Sections that the page of changes names of one version; the comparison shows them all."""
SIDES = (("side", _lazy("Side by side")), ("line", _lazy("In one text")))


class SearchForm(forms.Form):
    """Words to find, and the day on which the texts are to be in force."""

    q = forms.CharField(label=_lazy("Words to find"), max_length=LONGEST_SEARCH, required=False, strip=True)
    on = day_field(_lazy("In force on"), help_text=_lazy("Leave empty for today."))


class DayForm(forms.Form):
    """The day on which the texts are to be in force."""

    on = day_field(_lazy("In force on"))


def asked_manual(code: str) -> Manual | None:
    """Return the manual of that code, the governing one where none is named; answer that there is no such manual."""
    return get_object_or_404(Manual, code=code) if code else reading.governing_manual()


@require_safe
def find(request: HttpRequest, manual_code: str = "") -> HttpResponse:
    """Show the sections in force that hold the words."""
    manual = asked_manual(manual_code)
    form = SearchForm(request.GET)
    results = None
    day = timezone.localdate()
    if form.is_valid() and manual is not None and form.cleaned_data["q"]:
        day = form.cleaned_data["on"] or day
        results = search(manual, form.cleaned_data["q"], on=day, language=get_language() or "en")
    page = {"form": form, "results": results, "words": form.data.get("q", ""), "day": day, "manual": manual}
    return render(request, "policy_rules/search.html", page)


class CompareForm(forms.Form):
    """Which two versions, what of them, and how they are shown."""

    before = forms.ChoiceField(label=_lazy("From version"))
    after = forms.ChoiceField(label=_lazy("To version"))
    show = forms.ChoiceField(
        label=_lazy("Show"),
        choices=[("changes", _lazy("Only what changed")), ("all", _lazy("The whole chapter"))],
        required=False,
    )
    view = forms.ChoiceField(label=_lazy("Layout"), choices=SIDES, required=False)

    def __init__(self, *args: Any, versions: list[ChapterVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("before", "after"):
            field = self.fields[name]
            field.choices = [(row.version, _version_label(row)) for row in versions]  # type: ignore[attr-defined]


@require_safe
def compare_versions(request: HttpRequest, code: str, manual_code: str = "") -> HttpResponse:
    """Show what changed between two versions of a chapter, in words and word by word."""
    chapters = Chapter.objects.select_related("manual")
    chapter = get_object_or_404(chapters, manual=asked_manual(manual_code), code=code)
    versions = list(chapter.versions.filter(effective__isnull=False).order_by("effective"))
    asked = request.GET.dict() or _last_two(versions)
    form = CompareForm(asked, versions=versions)
    page: dict[str, Any] = {"form": form, "chapter": chapter, "few": len(versions) < 2}  # noqa: PLR2004
    if not page["few"] and form.is_valid():
        names = {row.version: row for row in versions}
        before, after = names[form.cleaned_data["before"]], names[form.cleaned_data["after"]]
        found = changes.compared(before, after)
        shown = found.sections if form.cleaned_data["show"] == "all" else found.changes
        codes = [section.code for section in found.sections]
        page |= {
            "before": before,
            "after": after,
            "is_coming": _is_coming(after, timezone.localdate()),
            "summary": changes.in_words(found.tally),
            "changes": found.changes,
            "sections": list(_linked(shown)),
            "in_line": form.cleaned_data["view"] == "line",
            "rule_changes": changes.rules_between(before, after, codes) if chapter.manual.governs else [],
        }
    return render(request, "policy_rules/compare.html", page)


@dataclass(frozen=True)
class Shown:
    """A section of a comparison with the changes before and after it."""

    change: SectionChange
    previous: str
    following: str


def _linked(sections: Any) -> Iterator[Shown]:
    codes = [section.code for section in sections if section.what != Change.SAME]
    for section in sections:
        place = codes.index(section.code) if section.code in codes else None
        previous = codes[place - 1] if place else ""
        following = codes[place + 1] if place is not None and place + 1 < len(codes) else ""
        yield Shown(section, previous, following)


def _last_two(versions: list[ChapterVersion]) -> dict[str, str]:
    names = [row.version for row in versions[-2:]]
    return {"before": names[0], "after": names[-1]} if names else {}


def _version_label(row: ChapterVersion) -> str:
    return f"{row.version} ({row.effective_from and row.effective_from.isoformat()})"


@require_safe
def history(request: HttpRequest, code: str, manual_code: str = "") -> HttpResponse:
    """Show every version of a section, each with the words that changed since the one before."""
    try:
        versions = register.current().versions(f"{manual_code}/{code}" if manual_code else code)
    except UnknownSection as unknown:
        raise Http404(str(unknown)) from unknown
    steps = list(reversed(list(_steps(versions))))
    newest = versions[-1]
    page = {"steps": steps, "newest": newest, "section": newest.section, "lineage": list(descent_of(newest.section))}
    return render(request, "policy_rules/history.html", page)


def _steps(versions: list[SectionVersion]) -> Iterator[dict[str, Any]]:
    earlier: dict[str, Any] = {}
    for text in versions:
        stated = {text.section.code: text.stated}
        change = compare(earlier, stated).sections[0]
        url = address(text.section.manual, "section_version", text.section.code, text.version)
        yield {"text": text, "change": change, "url": url, "is_first": not earlier}
        earlier = stated


@require_safe
def recent(request: HttpRequest) -> HttpResponse:
    """Show what changed in the last 90 days, and what has been adopted for a later day."""
    manual = reading.governing_manual()
    today = timezone.localdate()
    found = changes.recent(manual, today=today) if manual else []
    rows = [
        {
            "change": row,
            "summary": changes.in_words(row.tally),
            "is_coming": _is_coming(row.version, today),
            "sections": row.sections[:NAMED],
            "further": len(row.sections[NAMED:]),
        }
        for row in found
    ]
    return render(request, "policy_rules/changes.html", {"rows": rows, "days": changes.RECENT.days})


def _is_coming(version: ChapterVersion, today: datetime.date) -> bool:
    return version.effective_from is not None and version.effective_from > today


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Give the versions adopted of late as an Atom feed."""
    manual = reading.governing_manual()
    language = get_language() or "en"
    home = request.build_absolute_uri(reverse("policies:changes"))
    made = feedgenerator.Atom1Feed(
        title=_("Changes of the policy manual"),
        link=home,
        description=_("Versions of chapters that came or come into force."),
        language=language,
        feed_url=request.build_absolute_uri(reverse("policies:feed")),
    )
    for row in changes.recent(manual, today=timezone.localdate()) if manual else ():
        version = row.version
        address = reverse("policies:chapter_version", args=[row.chapter.code, version.version])
        told = {"chapter": row.chapter, "version": version.version, "day": version.effective_from}
        adopted = version.adopted_on or version.effective_from or timezone.localdate()
        made.add_item(
            title=_("%(chapter)s: version %(version)s, in force from %(day)s") % told,
            link=request.build_absolute_uri(address),
            description=" ".join(filter(None, (changes.in_words(row.tally), version.change_note))),
            unique_id=f"urn:redress:{version.reference}",
            updateddate=datetime.datetime.combine(adopted, datetime.time(), tzinfo=timezone.get_current_timezone()),
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
