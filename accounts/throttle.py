"""Slows down those who guess at codes or fill a list, without keeping anyone's network address.

Tries are counted in the visitor's own session and, so that throwing cookies away does not help, for the whole site in a
short window, or for one network under a keyed digest of its address that is forgotten with the window. The codes have
55 to 100 bits; this keeps the log of attempts short rather than the codes safe.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MOST_IN_SESSION = 5
MOST_ON_SITE = 300
WAIT = _("Too many tries. Wait 15 minutes and try again, or call us.")
WINDOW = 15 * 60
"""Seconds after which tries are forgotten."""


def recent(request: HttpRequest, name: str) -> list[float]:
    """Return the times of what was counted in the visitor's session within the window."""
    now = timezone.now().timestamp()
    return [at for at in request.session.get(f"tries_{name}", []) if now - at < WINDOW]


def is_exhausted(request: HttpRequest, name: str) -> bool:
    """Say whether this visitor, or the whole site, has tried too often."""
    return len(recent(request, name)) >= MOST_IN_SESSION or cache.get(f"tries/{name}", 0) >= MOST_ON_SITE


def count(request: HttpRequest, name: str) -> None:
    """Note one wrong try."""
    request.session[f"tries_{name}"] = [*recent(request, name), timezone.now().timestamp()]
    cache.set(f"tries/{name}", cache.get(f"tries/{name}", 0) + 1, WINDOW)


def sent_from_network(request: HttpRequest, name: str) -> int:
    """Return how often something was sent from the visitor's network within the window."""
    return int(cache.get(_network(request, name), 0))


def count_network(request: HttpRequest, name: str) -> None:
    """Note that something was sent from the visitor's network; the window runs from the last time."""
    key = _network(request, name)
    cache.set(key, cache.get(key, 0) + 1, WINDOW)


def _network(request: HttpRequest, name: str) -> str:
    address = get_adapter(request).get_client_ip(request)
    digest = hmac.new(settings.SECRET_KEY.encode(), f"redress/network/v1/{name}/{address}".encode(), sha256)
    return f"network/{digest.hexdigest()}"
