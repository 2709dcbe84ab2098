"""Receipts of a case for those who work on it: of the complaint, messages, letters, votes and the disposition."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.translation import get_language

from accounts.models import User
from audit.receipts import NotSealedYet
from casework.documents.receipts import FORMS, receipt_for, receipts_for, written
from casework.documents.render import PdfUnavailable, why_unavailable
from casework.models import Case
from casework.web.desk import READS_RECEIPTS, case_answer
from casework.web.entrance import WorkRequest, case_page
from casework.web.events import actor_name


@case_page(*READS_RECEIPTS)
def receipt_list(request: WorkRequest, case: Case) -> HttpResponse:
    """List the receipts that the person may have, the newest first."""
    kept = receipts_for(request.user, case)
    people = User.objects.names_of(one.entry.actor for one in kept)
    rows = [
        {
            "entry": one.entry,
            "title": one.entry.known_action.sentence,
            "who": people.get(one.entry.actor) or actor_name(one.entry.actor),
            "own": one.own,
        }
        for one in reversed(kept)
    ]
    return case_answer(request, case, "casework/receipt_list.html", {"rows": rows, "no_pdf": why_unavailable()})


@case_page(*READS_RECEIPTS)
def receipt_file(request: WorkRequest, case: Case, n: int, form: str) -> HttpResponse:
    """Hand out a receipt as "json", "tlog-proof" or "pdf"; a member's own vote comes with the words behind it."""
    kept = receipt_for(request.user, case, n)
    if kept is None:
        raise Http404
    try:
        content = written(kept, case, form, language=get_language() or "en", told=request.user)
    except (NotSealedYet, PdfUnavailable) as missing:
        raise Http404 from missing
    name = f'attachment; filename="receipt-{n}.{form}"'
    return HttpResponse(content, content_type=FORMS[form], headers={"Content-Disposition": name})
