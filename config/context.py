"""What every template may say of the office, and the address of the same page in the other language."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language


def office(request: HttpRequest) -> dict[str, Any]:
    """Return the names of the office and the language switch of this page."""
    other = "es" if get_language() == "en" else "en"
    return {
        "office": settings.OFFICE,
        "other_language": other,
        "other_language_url": translate_url(request.get_full_path(), other),
    }
