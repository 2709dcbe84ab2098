"""The history of a section of the manual: every act of every case that rests on it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max
from django.http import Http404, HttpResponse
from django.urls import reverse

from casework.permissions import readable_entries
from casework.web.entrance import WorkRequest, work_page
from casework.web.explorer.entries import rows_of
from casework.web.explorer.frame import answer
from casework.web.explorer.search import citing, page_of
from policy_rules.models import Citation, Section


@work_page()
def section_list(request: WorkRequest) -> HttpResponse:
    """List the sections that entries rest on, with how many do."""
    cited = Citation.objects.filter(entry__in=readable_entries(request.user))
    counted = (
        cited.values("section_version__section__code")
        .annotate(entries=Count("entry_id", distinct=True), newest=Max("entry__occurred_at"))
        .order_by("section_version__section__code")
    )
    titles = _titles([row["section_version__section__code"] for row in counted])
    rows = [
        {
            "code": code,
            "title": titles.get(code, ""),
            "entries": row["entries"],
            "newest": row["newest"],
            "url": reverse("audit:section", kwargs={"code": code}),
        }
        for row in counted
        if (code := row["section_version__section__code"])
    ]
    return answer(request, "explorer/section_list.html", {"rows": rows})


def _titles(codes: list[str]) -> dict[str, str]:
    """Return the newest title of each section."""
    versions = Section.objects.filter(code__in=codes).order_by("versions__effective")
    return {code: title for code, title in versions.values_list("code", "versions__title") if title}


@work_page()
def section(request: WorkRequest, code: str) -> HttpResponse:
    """Show every entry that rests on a section, and how many rest on each of its versions."""
    found = Section.objects.filter(code=code).order_by("pk").last()
    if found is None:
        raise Http404
    entries = readable_entries(request.user)
    shown = page_of(entries.filter(pk__in=citing(code)), request.GET)
    page = {
        "code": code,
        "title": _titles([code]).get(code, ""),
        "versions": _versions(code, entries),
        "page": shown,
        "rows": rows_of(shown.entries),
    }
    return answer(request, "explorer/section_history.html", page)


def _versions(code: str, entries: Any) -> list[dict[str, Any]]:
    cited = Citation.objects.filter(section_version__section__code=code, entry__in=entries)
    counted = (
        cited.values("section_version__chapter_version__version")
        .annotate(entries=Count("entry_id", distinct=True))
        .order_by("-section_version__chapter_version__version")
    )
    return [
        {
            "version": version,
            "entries": row["entries"],
            "url": reverse("policies:section_version", kwargs={"code": code, "version": version}),
            "only": f"{reverse('audit:entries')}?section={code}@{version}",
        }
        for row in counted
        if (version := row["section_version__chapter_version__version"])
    ]
