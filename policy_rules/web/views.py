"""The policy manual for everyone: its contents, its chapters, and each section with every version it has had."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from policy_rules import hearing, reading
from policy_rules.addresses import address
from policy_rules.contents import contents as contents_of
from policy_rules.exceptions import UnknownSection
from policy_rules.in_force import versions_during
from policy_rules.lives import acts_of
from policy_rules.models import Chapter, ChapterVersion
from policy_rules.reviews import overdue_chapters, review_of
from policy_rules.section_reading import section_page
from policy_rules.web.following import DayForm, asked_manual


@require_safe
def contents(request: HttpRequest, manual_code: str = "") -> HttpResponse:
    """Show a manual as in force today or on another day, chapter by chapter; the governing one unless one is named."""
    manual = asked_manual(manual_code)
    form = DayForm(request.GET if "on" in request.GET else None)
    governs = manual is None or manual.governs
    today = timezone.localdate()
    day = form.cleaned_data["on"] if form.is_valid() else today
    page = manual and contents_of(manual, on=day, language=_language())
    shown = {
        "page": page,
        "form": form,
        "day": day,
        "is_today": day == today,
        "governs": governs,
        "overdue": overdue_chapters(today) if governs else [],
        "others": reading.other_manuals() if governs else [],
    }
    return render(request, "policy_rules/manual_contents.html", shown)


@require_safe
def chapter(request: HttpRequest, code: str, version: str | None = None, manual_code: str = "") -> HttpResponse:
    """Show everything that a chapter says, today or in one of its versions.

    A day asked for leads to the version in force on it. A draft is shown to nobody before it is published for comment.
    """
    row = get_object_or_404(
        Chapter.objects.select_related("manual").prefetch_related("versions__consultation"),
        manual=asked_manual(manual_code),
        code=code,
    )
    today = timezone.localdate()
    current = reading.version_on(row, today)
    form = DayForm(request.GET if "on" in request.GET else None)
    on = form.cleaned_data["on"] if form.is_valid() else None
    found = on and reading.version_on(row, on)
    if found:
        return redirect(address(row.manual, "chapter_version", row.code, found.version))
    versions = [known for known in row.versions.all() if known.is_published]
    shown = current if version is None else _version(versions, version)
    return render(
        request,
        "policy_rules/chapter.html",
        {
            "page": reading.read_chapter(row, shown, language=_language()),
            "current": current,
            "versions": versions[::-1],
            "form": form,
            "none_on": on,
            "review": review_of(row, today),
            "docket": hearing.open_docket(row),
            "acts": acts_of(shown) if shown else [],
        },
    )


@require_safe
def section(request: HttpRequest, code: str, version: str | None = None, manual_code: str = "") -> HttpResponse:
    """Show what a section says, how it can be broken and excused, and each version that it has had.

    A day asked for leads to the version in force on it.
    """
    form = DayForm(request.GET if "on" in request.GET else None)
    none_on = None
    code = f"{manual_code}/{code}" if manual_code else code
    try:
        if form.is_valid():
            found = versions_during(code, form.cleaned_data["on"], form.cleaned_data["on"])
            if found:
                own = found[0].section
                return redirect(address(own.manual, "section_version", own.code, found[0].version))
            none_on = form.cleaned_data["on"]
        page = section_page(code, version, today=timezone.localdate(), language=_language())
    except UnknownSection as unknown:
        raise Http404(str(unknown)) from unknown
    shown = {"page": page, "form": form, "none_on": none_on, "docket": hearing.open_docket(page.chapter.chapter)}
    return render(request, "policy_rules/section.html", shown)


def _language() -> str:
    return get_language() or "en"


def _version(versions: Iterable[ChapterVersion], name: str) -> ChapterVersion:
    found = next((version for version in versions if version.version == name), None)
    if found is None:
        raise Http404(f"no version {name}")
    return found
