"""What every staff page has in common: who gets in, how an act is carried out, and how what it raises is answered."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_fsm import ConcurrentTransition

from accounts.models import User
from audit.models import Entry
from casework.actions.acts import turn_away
from casework.exceptions import CaseNotFound, Invalid, NotPermitted, Refused
from casework.models import Case
from casework.permissions import Actor, access_case, permissions_of
from casework.vocabulary import Perm
from casework.web import words
from moves.forms import changed_meanwhile
from moves.refusals import Refusal

View = Callable[..., HttpResponseBase]

READS = ("GET", "HEAD")


class WorkRequest(HttpRequest):
    """A request of someone who is signed in."""

    user: User


def work_page(*, methods: tuple[str, ...] = READS) -> Callable[[View], View]:
    """Let in whoever is signed in, and answer what acts raise: 404, 403, or 409 with every reason.

    No page of the office is kept by a cache.
    """

    def wrap(view: View) -> View:
        @never_cache
        @login_required
        @require_http_methods(list(methods))
        @wraps(view)
        def page(request: WorkRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                return view(request, *args, **kwargs)
            except CaseNotFound as missing:
                turn_away(str(missing), request.user)
                raise Http404 from missing
            except NotPermitted as barred:
                raise PermissionDenied(str(barred)) from barred
            except Refused as refused:
                return _refused(request, refused.refusals, kwargs.get("number", ""))
            except Invalid as wrong:
                return _refused(request, [Refusal("invalid", str(wrong))], kwargs.get("number", ""))
            except ConcurrentTransition:
                return _refused(request, [changed_meanwhile()], kwargs.get("number", ""))

        return page

    return wrap


def case_page(*perms: Perm, methods: tuple[str, ...] = READS) -> Callable[[View], View]:
    """Let in whoever has any of these permissions in the case; the view gets the case in place of its number."""

    def wrap(view: View) -> View:
        @work_page(methods=methods)
        @wraps(view)
        def page(request: WorkRequest, *, number: str, **kwargs: Any) -> HttpResponseBase:
            return view(request, fetch(request.user, number, *perms), **kwargs)

        return page

    return wrap


def fetch(by: Actor, number: str, *perms: Perm) -> Case:
    """Return the case for someone who has any of the permissions in it; raises CaseNotFound or NotPermitted."""
    if len(perms) == 1:
        return access_case(by, number, perms[0])
    case = access_case(by, number, Perm.VIEW)
    if permissions_of(by, case).isdisjoint(perms):
        raise NotPermitted(", ".join(str(perm.label) for perm in perms))
    return case


def require(by: Actor, case: Case, perm: Perm) -> None:
    """Raise NotPermitted for someone who may see the page and not do this on it."""
    if perm not in permissions_of(by, case):
        raise NotPermitted(perm.label)


def may_backdate(by: Actor, case: Case) -> bool:
    """Say whether someone may enter an act in the case under an earlier day."""
    return Perm.BACKDATE in permissions_of(by, case)


def sent(request: HttpRequest) -> QueryDict | None:
    """Return what a form sent, also when it sent nothing; None where the page is only read."""
    return request.POST if request.method == "POST" else None


def done(request: WorkRequest, case: Case, to: str, **place: Any) -> HttpResponse:
    """Say what was recorded and under which number of the case's log, and lead on to another page."""
    entry = Entry.objects.about(case.reference).filter(actor=request.user.reference).last()
    if entry is not None:
        said = _("%(act)s. This is entry %(number)s in the log of this case.")
        messages.success(request, said % {"act": entry.known_action.sentence, "number": entry.n})
    return redirect(to, **place)


def _refused(request: HttpRequest, refusals: Any, number: str) -> HttpResponse:
    page = {"refusals": words.refusal_lines(refusals, number), "number": number}
    return render(request, "casework/act_refused.html", page, status=HTTPStatus.CONFLICT)
