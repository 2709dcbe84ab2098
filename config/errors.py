"""Pages for what went wrong. Each says what happened to the answers and what can be done, in both languages.

A program that asks the API gets the same in the one shape of the API's errors.

They ask nothing of the database, so that they can be shown when it is the database that failed.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from config import context

API = "/api/"
_SAVED = _("Answers you saved are still there, and your code still works.")
_NOT_DONE = _("What you sent was not carried out. Nothing was changed.")

WORDS: dict[int, tuple[Any, Any, Any]] = {
    400: (
        _("We could not read what was sent"),
        _NOT_DONE,
        _("Go back, check what you typed, and send it again."),
    ),
    403: (
        _("You may not open this page"),
        _("Nothing was changed."),
        _("If you were filling in a form, go back, reload the page and send it again. Cookies must be allowed."),
    ),
    404: (
        _("We cannot find that page"),
        _("Nothing you wrote has been lost. Answers you saved are still there, and your code still works."),
        _("The address may be mistyped, or the page may have moved."),
    ),
    405: (
        _("This page cannot be used in that way"),
        _NOT_DONE,
        _("Go back and use the buttons of the page."),
    ),
    409: (
        _("Someone else was faster"),
        _("The case changed while you were working on it. What you sent was not carried out and overwrote nothing."),
        _("Go back to keep a copy of what you wrote, reload the page, and decide again on what you see there."),
    ),
    413: (
        _("That file is too large"),
        _("The file was not kept. Your other answers and files are still there."),
        _("Send a smaller file, or call us and we will find another way to take it."),
    ),
    422: (
        _("Something in what you sent does not fit together"),
        _NOT_DONE,
        _("Go back, check your answers, and send them again."),
    ),
    429: (
        _("Too many tries"),
        _SAVED,
        _("Wait 15 minutes and try again, or call us. This slows down anyone who guesses at codes."),
    ),
    500: (
        _("Something went wrong on our side"),
        _("What you sent just now may not have been saved. Answers you saved before are still there."),
        _("Go back, copy what you wrote, and try again in a few minutes. The fault was written down."),
    ),
    503: (
        _("The site is closed for a short time"),
        _SAVED,
        _("Try again in a few minutes. If it cannot wait, call us."),
    ),
}
"""For each status: what happened, what became of the answers, and what to do now."""


def page(request: HttpRequest, status: int, *, detail: str = "") -> HttpResponse:
    """Return the page for this status; `detail` is a sentence that the refused act itself gives."""
    if request.path.startswith(API):
        return _for_programs(status, detail)
    other = next((code for code, _name in settings.LANGUAGES if code != translation.get_language()), None)
    words = {
        **context.office(request),
        "status": status,
        "here": _words(status),
        "detail": detail,
        "other_language": other,
        "home_url": "/",
        "checkpoint": None,
        "request": request,
    }
    if other:
        with translation.override(other):
            words["other"] = {name: str(text) for name, text in _words(status).items()}
    kept_by_no_cache = {"Cache-Control": "no-store"}
    return HttpResponse(render_to_string("error.html", words), status=status, headers=kept_by_no_cache)


def _for_programs(status: int, detail: str) -> HttpResponse:
    fault = HTTPStatus(status)
    kind = "server_error" if fault >= HTTPStatus.INTERNAL_SERVER_ERROR else "client_error"
    told = detail or str(_words(status)["title"])
    return JsonResponse(
        {"type": kind, "errors": [{"code": fault.name.lower(), "detail": told, "attr": None}]}, status=status
    )


def _words(status: int) -> dict[str, Any]:
    title, answers, advice = WORDS[status]
    return {"title": title, "answers": answers, "advice": advice}


def with_a_page(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: give a request by the wrong method its page, where Django answers with nothing to read."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or response.streaming or response.content:
            return response
        shown = page(request, HTTPStatus.METHOD_NOT_ALLOWED)
        response.content = shown.content
        for name, value in shown.headers.items():
            response.headers[name] = value
        return response

    return answer


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be read; a body above the limits is too large rather than unreadable."""
    too_large = isinstance(exception, RequestDataTooBig | TooManyFilesSent | TooManyFieldsSent)
    return page(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE if too_large else HTTPStatus.BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer someone who may see the place but not do this there."""
    return page(request, HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for what does not exist, or must not be known to exist."""
    return page(request, HTTPStatus.NOT_FOUND)


def too_many_tries(request: HttpRequest) -> HttpResponse:
    """Answer someone who tries too often, whether a password or a code."""
    return page(request, HTTPStatus.TOO_MANY_REQUESTS)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for our own fault."""
    return page(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose page had grown too old, or whose cookie is missing."""
    return page(request, HTTPStatus.FORBIDDEN)
