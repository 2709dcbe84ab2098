"""Proofs for the complainant: of what they filed and sent, and of what the office sent and decided (CH-10.7)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from audit.models import Detail
from audit.receipts import NotSealedYet
from casework.documents.receipts import FORMS, receipt_for, receipts_for, written
from casework.documents.render import PdfUnavailable, why_unavailable
from casework.models import Case
from casework.permissions import Complainant
from casework.portal.tracking import of_the_open_case

SENT = "sent"
"""The session's note of the complaint that was just filed in it."""
SOON = 3
"""Seconds after which a receipt that was not ready is asked for again."""


def rows(case: Case) -> list[dict[str, Any]]:
    """Return the receipts that the complainant may have, the newest first."""
    kept = receipts_for(Complainant(case), case)[::-1]
    files = Detail.objects.filter(entry__in=[one.entry for one in kept if one.entry.action == "evidence.added"])
    names = {detail.entry_id: detail.data.get("title", "") for detail in files}
    return [
        {
            "entry": one.entry,
            "title": one.entry.known_action.complainant,
            "file": names.get(one.entry.pk, ""),
            "own": one.own,
        }
        for one in kept
    ]


@require_safe
@of_the_open_case
def receipts(request: HttpRequest, case: Case) -> HttpResponse:
    """List the receipts, and say how to check one."""
    page = {"case": case, "rows": rows(case), "no_pdf": why_unavailable()}
    return render(request, "portal/receipts.html", page)


def _answer(request: HttpRequest, case: Case, n: int, form: str) -> HttpResponse:
    """Hand out a receipt as "json", "tlog-proof" or "pdf". The file's name says nothing of what it is about.

    While the entry waits for its place the page says so, and asks again by itself.
    """
    kept = receipt_for(Complainant(case), case, n)
    if kept is None:
        raise Http404
    try:
        language = get_language() or case.language
        content = written(kept, case, form, language=language, told=Complainant(case))
    except NotSealedYet:
        page = render(request, "portal/receipt_waits.html", {"case": case}, status=404)
        page.headers["Refresh"] = str(SOON)
        return page
    except PdfUnavailable as missing:
        raise Http404 from missing
    name = f'attachment; filename="receipt-{n}.{form}"'
    return HttpResponse(content, content_type=FORMS[form], headers={"Content-Disposition": name})


@require_safe
@of_the_open_case
def receipt_file(request: HttpRequest, case: Case, n: int, form: str) -> HttpResponse:
    """Hand out a receipt of the complaint that is open."""
    return _answer(request, case, n, form)


@never_cache
@require_safe
def first_receipt(request: HttpRequest, form: str) -> HttpResponse:
    """Hand out the receipt of the complaint just filed, in the session that filed it; no code is needed for it."""
    case = Case.objects.filter(pk=request.session.get(SENT)).first()
    filed = next(iter(receipts_for(Complainant(case), case)), None) if case else None
    if case is None or filed is None:
        return redirect(reverse("portal:track"))
    return _answer(request, case, filed.n, form)
