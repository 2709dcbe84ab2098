"""The page on which a chapter is reviewed: its figures, the reviews that were held, and the file of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from casework.actions.reviews import ask_for_pack
from casework.documents.render import why_unavailable
from casework.documents.review_pack import review_figures
from casework.models import ReviewPack
from casework.web.entrance import WorkRequest, work_page
from casework.web.policies.figures import require_reader
from policy_rules.models import Chapter
from policy_rules.permissions import may
from policy_rules.roles import PolicyPerm

SHOWN = 5
"""The newest files that the page lists."""


def _chapter(code: str) -> Chapter:
    return get_object_or_404(Chapter.objects.select_related("manual"), manual__governs=True, code=code)


@work_page(methods=("GET", "HEAD", "POST"))
def review(request: WorkRequest, code: str) -> HttpResponse:
    """Show what the review of a chapter rests on; sent, have it made as a file."""
    require_reader(request)
    chapter = _chapter(code)
    language = get_language() or "en"
    if request.method == "POST":
        ask_for_pack(chapter, language=language, by=request.user)
        messages.success(request, _("The file is being made. You can leave this page; the file is kept."))
        return redirect("policy_figures:review", code=code)
    page = review_figures(chapter, language=language)
    page |= {
        "version": chapter.versions.filter(effective__contains=page["on"]).first(),
        "packs": chapter.review_packs.defer("pdf").select_related("asked_by")[:SHOWN],
        "may_review": may(request.user, PolicyPerm.REVIEW),
        "no_pdf": why_unavailable(),
    }
    return render(request, "casework/policy_review.html", page)


@work_page()
def review_file(request: WorkRequest, code: str, pack: int) -> HttpResponse:
    """Hand out a file of figures."""
    require_reader(request)
    found = get_object_or_404(ReviewPack.objects.ready(), chapter=_chapter(code), pk=pack)
    answer = HttpResponse(bytes(found.pdf), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{code}-{found.asked_at:%Y-%m-%d}.pdf"'
    return answer
