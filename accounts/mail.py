"""Mail to people who sign in: who is reached by it, and the address of the page that it leads to."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import RoleHolding, User


def reachable() -> QuerySet[User]:
    """Return who can be mailed: active accounts with an address, those for repair work left out."""
    return User.objects.filter(is_active=True, is_superuser=False).exclude(email="").order_by("pk")


def holders(roles: Iterable[str]) -> QuerySet[User]:
    """Return who can be mailed and holds one of these roles today, each once."""
    held = RoleHolding.objects.in_force().filter(role_id__in=roles)
    return reachable().filter(role_holdings__in=held).distinct()


def address_of(route: str, **place: object) -> str:
    """Return the address of a page as it stands in a mail."""
    return settings.SITE_URL.rstrip("/") + reverse(route, kwargs=place)
