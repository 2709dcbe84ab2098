"""What changed between two versions of a chapter, as a file for anyone."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import throttle
from casework.documents.comparison import comparison_pdf
from casework.documents.render import DocumentTooLarge, PdfUnavailable, why_unavailable
from policy_rules.models import Chapter

MOST_FROM_NETWORK = 60
"""Files made for one network within the window of the throttle: each takes the computer about a second."""


@require_safe
def comparison(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out a comparison as PDF; where there can be none, lead to the page, which says why and can be printed."""
    chapter = get_object_or_404(Chapter, manual__governs=True, code=code)
    adopted = chapter.versions.filter(effective__isnull=False).select_related("chapter__manual")
    versions = {row.version: row for row in adopted}
    asked = {name: request.GET[name] for name in ("before", "after") if name in request.GET}
    before, after = versions.get(asked.get("before", "")), versions.get(asked.get("after", ""))
    page = reverse("policies:compare", args=[code]) + (f"?{urlencode(asked)}" if asked else "")
    if before is None or after is None:
        return redirect(page)
    if throttle.sent_from_network(request, "comparison") >= MOST_FROM_NETWORK:
        messages.warning(request, _("Many files were made for this network. Wait 15 minutes, or print this page."))
        return redirect(page)
    try:
        content = comparison_pdf(before, after, language=get_language() or "en")
    except PdfUnavailable:
        messages.warning(request, str(why_unavailable()))
        return redirect(page)
    except DocumentTooLarge:
        messages.warning(request, _("So much changed that no file is made of it at once. Print this page instead."))
        return redirect(page)
    throttle.count_network(request, "comparison")
    name = f'attachment; filename="{code}-{before.version}-{after.version}.pdf"'
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": name})
