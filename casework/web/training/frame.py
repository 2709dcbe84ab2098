"""What the pages of training have in common: who gets in, and how an act is confirmed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from audit.models import Entry
from casework.permissions import own_entry, training_permissions
from casework.training_vocabulary import TrainingPerm
from casework.web import words
from casework.web.entrance import READS, View, WorkRequest, work_page

POSTS = ("GET", "HEAD", "POST")
ANY = tuple(TrainingPerm)
READERS = (TrainingPerm.READ_RECORDS, TrainingPerm.READ_UNIT)


def training_page(*perms: TrainingPerm, methods: tuple[str, ...] = READS) -> Callable[[View], View]:
    """Let in whoever has one of these permissions on training."""

    def wrap(view: View) -> View:
        @work_page(methods=methods)
        @wraps(view)
        def page(request: WorkRequest, **kwargs: Any) -> HttpResponseBase:
            if training_permissions(request.user).isdisjoint(perms):
                raise PermissionDenied(", ".join(str(perm.label) for perm in perms))
            return view(request, **kwargs)

        return page

    return wrap


def answer(
    request: WorkRequest, template: str, page: dict[str, Any] | None = None, *, form: Any = None
) -> HttpResponse:
    """Show a page of training; `may` holds the permissions of the person, `form` sets the status."""
    shown = {
        "may": training_permissions(request.user),
        "is_member": own_entry(request.user) is not None,
        "form": form,
        "reasons": words.refusal_lines(form.refusals, "") if form is not None else [],
        **(page or {}),
    }
    return render(request, template, shown, status=form.status if form is not None else 200)


def done(request: WorkRequest, subject: str, to: str, **place: Any) -> HttpResponse:
    """Say what was recorded and under which number of the log of its subject, and lead on to another page."""
    entry = Entry.objects.about(subject).filter(actor=request.user.reference).last()
    if entry is not None:
        said = _("%(act)s. This is entry %(number)s in its log.")
        messages.success(request, said % {"act": entry.known_action.sentence, "number": entry.n})
    return redirect(to, **place)
