"""Where the pages of a manual stand: those of the governing manual are short, those of others name their manual."""

from __future__ import annotations

from django.urls import reverse

from policy_rules.models import Manual


def address(manual: Manual, page: str, *args: str) -> str:
    """Return the address of a page of a manual, by the page's name among those of the governing manual."""
    if manual.governs:
        return reverse(f"policies:{page}", args=args)
    return reverse(f"policies:manual_{page}", args=[manual.code, *args])
