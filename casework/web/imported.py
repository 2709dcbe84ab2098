"""Imported cases that are open and nobody's: seen by number alone until someone takes them up."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from casework.actions import assignments
from casework.models import Case
from casework.permissions import may_take_up
from casework.web.entrance import WorkRequest, done, work_page

ON_ONE_PAGE = 25


@work_page()
def imported(request: WorkRequest) -> HttpResponse:
    """List the imported cases that are open and nobody's, the oldest first, without a word of their content."""
    if not may_take_up(request.user):
        raise PermissionDenied(_("Supervising investigators and records officers take up imported cases."))
    waiting = Case.objects.nobodys().select_related("source").order_by("received_on", "pk")
    page = Paginator(waiting, ON_ONE_PAGE).get_page(request.GET.get("page"))
    return render(request, "casework/imported_list.html", {"page": page, "cases": list(page)})


@work_page(methods=("POST",))
def take_up(request: WorkRequest, number: str) -> HttpResponse:
    """Put the office on an imported case."""
    case = assignments.take_up(number=number, by=request.user)
    return done(request, case, "staff:case", number=case.number)
