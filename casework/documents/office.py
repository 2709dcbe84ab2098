"""How the office is named on paper."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language


def office(language: str | None = None) -> dict[str, Any]:
    """Return what names the office, its name in that language; without one in the language that is spoken now."""
    named = settings.OFFICE.get(f"name_{language or get_language()}")
    return {**settings.OFFICE, "name": named or settings.OFFICE["name"]}
