"""Who may open the pages of accounts."""

from collections.abc import Callable
from functools import wraps

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from accounts.people import may_manage_people

View = Callable[..., HttpResponse]


class PersonRequest(HttpRequest):
    """A request of someone who is signed in."""

    user: User


def for_managers(view: View) -> View:
    """Open a page to those who manage people; others get 403."""

    @login_required
    @wraps(view)
    def guarded(request: PersonRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not may_manage_people(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def confirmed(view: View) -> View:
    """Open a page to who said who they are within settings.ACCOUNT_REAUTHENTICATION_TIMEOUT; others are asked to."""
    return reauthentication_required(view, app="allauth.mfa")
