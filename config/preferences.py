"""Language and colours of the pages: what a person chose stays in a cookie, and nothing else is kept.

A choice is an ordinary link to the same page with `?set-language=es` or `?set-theme=dark`, so that it works without
scripts and without a session. The answer sets the cookie and leads to the page without the parameter.
"""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language_from_path

Handler = Callable[[HttpRequest], HttpResponse]

LANGUAGE_PARAMETER = "set-language"
THEME_PARAMETER = "set-theme"
THEME_COOKIE = "theme"
THEMES = ("light", "dark")
A_YEAR = 365 * 24 * 60 * 60


def theme(request: HttpRequest) -> str:
    """Return the chosen colours, `light` or `dark`; empty where the device decides."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def address_in(request: HttpRequest, language: str) -> str:
    """Return the address of this page in `language`, marked so that the choice is remembered.

    Public addresses carry their language. The others show the same page in whatever language the person has chosen.
    """
    here = get_language_from_path(request.path_info)
    path = request.path
    if here:
        path = path.replace(f"/{here}/", f"/{language}/", 1)
    return escape_leading_slashes(f"{path}?{_query(request, **{LANGUAGE_PARAMETER: language})}")


def address_with_theme(request: HttpRequest, chosen: str) -> str:
    """Return the address of this page, marked to remember the colours `light`, `dark` or `device`."""
    return escape_leading_slashes(f"{request.path}?{_query(request, **{THEME_PARAMETER: chosen})}")


def _query(request: HttpRequest, **more: str) -> str:
    kept = [(key, value) for key, values in request.GET.lists() for value in values if not key.startswith("set-")]
    return urlencode([*kept, *more.items()])


def remember_choice(get_response: Handler) -> Handler:
    """Middleware: keep a choice of language or colours in a cookie, then show the page without the parameter."""

    def answer(request: HttpRequest) -> HttpResponse:
        language, colours = request.GET.get(LANGUAGE_PARAMETER), request.GET.get(THEME_PARAMETER)
        if request.method == "GET" and (language or colours):
            query = _query(request)
            request.META["QUERY_STRING"] = query
            response: HttpResponse = HttpResponseRedirect(escape_leading_slashes(request.get_full_path()))
            if language in dict(settings.LANGUAGES):
                _keep(response, settings.LANGUAGE_COOKIE_NAME, str(language))
            if colours in THEMES:
                _keep(response, THEME_COOKIE, str(colours))
            elif colours == "device":
                response.delete_cookie(THEME_COOKIE, samesite="Lax")
            return response
        response = get_response(request)
        patch_vary_headers(response, ["Cookie"])
        return response

    return answer


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=A_YEAR, samesite="Lax", httponly=True, secure=settings.LANGUAGE_COOKIE_SECURE
    )


def speak_to_the_person(get_response: Handler) -> Handler:
    """Middleware: addresses without a language speak the signed-in person's own, unless the device chose another."""

    def answer(request: HttpRequest) -> HttpResponse:
        chosen_here = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
        if not chosen_here and not get_language_from_path(request.path_info) and request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return get_response(request)

    return answer
