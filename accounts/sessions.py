"""The open sessions of a person: they end after a while without use, after a day of use, and when an account closes."""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from accounts.models import User

SIGNED_IN_AT = "signed_in_at"
"""Key in the session: when it began, in seconds since 1970."""


def end_all(person: User) -> None:
    """Sign the person out everywhere."""
    for session in UserSession.objects.filter(user=person):
        session.end()


def keep_private(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a session ends settings.SESSION_LONGEST seconds after sign-in, however busy it is.

    What is shown to someone who is signed in is kept by no cache, so that “Back” shows nothing after signing out.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            began = request.session.get(SIGNED_IN_AT, 0)
            if began and time.time() - began > settings.SESSION_LONGEST:
                logout(request)
        signed_in = request.user.is_authenticated
        response = get_response(request)
        if signed_in and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    return answer
