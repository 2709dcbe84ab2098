"""What every page may say of the office, and the switches every page has. Asked of the database only where shown."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from audit.log import newest_checkpoint
from casework.documents.office import office as named
from casework.models import Notice
from config import navigation, preferences


def office(request: HttpRequest) -> dict[str, Any]:
    """Return the office, the menus, the language switch and the choice of colours."""
    return {
        "office": {**named(), "language": settings.LANGUAGE_CODE},
        "home_url": reverse("home"),
        "languages": [_language(request, code) for code, _name in settings.LANGUAGES if code != get_language()],
        "alternates": _alternates(request),
        "checkpoint": SimpleLazyObject(newest_checkpoint),
        "theme": preferences.theme(request),
        "themes": _themes(request),
        "public_menu": SimpleLazyObject(lambda: navigation.menu(request, navigation.PUBLIC)),
        "about_menu": SimpleLazyObject(lambda: navigation.menu(request, navigation.ABOUT)),
        "work_menu": SimpleLazyObject(lambda: navigation.menu(request, navigation.WORK, _roles(request))),
        "unread_news": SimpleLazyObject(lambda: _unread(request)),
    }


def _roles(request: HttpRequest) -> frozenset[str]:
    return request.user.role_codes() if request.user.is_authenticated else frozenset()


def _unread(request: HttpRequest) -> int:
    return Notice.objects.news_of(request.user).unread().count() if request.user.is_authenticated else 0


def _language(request: HttpRequest, code: str) -> dict[str, str]:
    name = get_language_info(code)["name_local"]
    return {"code": code, "name": name[:1].upper() + name[1:], "url": preferences.address_in(request, code)}


def _alternates(request: HttpRequest) -> list[dict[str, str]]:
    """Return the address of a public page in each language, for search engines; without any query."""
    prefix = f"/{get_language()}/"
    if not request.path.startswith(prefix):
        return []
    rest = request.path[len(prefix) :]
    addresses = [*((code, f"/{code}/{rest}") for code, _name in settings.LANGUAGES), ("x-default", f"/{rest}")]
    return [{"code": code, "url": request.build_absolute_uri(path)} for code, path in addresses]


def _themes(request: HttpRequest) -> list[dict[str, Any]]:
    chosen = preferences.theme(request) or "device"
    words = {"device": _("As on this device"), "light": _("Light"), "dark": _("Dark")}
    return [
        {"label": label, "url": preferences.address_with_theme(request, code), "current": code == chosen}
        for code, label in words.items()
    ]
