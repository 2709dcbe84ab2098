"""Slows down those who guess at codes, without keeping anyone's network address.

Wrong tries are counted in the visitor's own session and, so that throwing cookies away does not help, for the whole
site in a short window. The codes have 55 to 100 bits; this keeps the log of attempts short rather than the codes safe.
"""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MOST_IN_SESSION = 5
MOST_ON_SITE = 300
WAIT = _("Too many tries. Wait 15 minutes and try again, or call us.")
WINDOW = 15 * 60
"""Seconds after which tries are forgotten."""


def _recent(request: HttpRequest, name: str) -> list[float]:
    now = timezone.now().timestamp()
    return [at for at in request.session.get(f"tries_{name}", []) if now - at < WINDOW]


def is_exhausted(request: HttpRequest, name: str) -> bool:
    """Say whether this visitor, or the whole site, has tried too often."""
    return len(_recent(request, name)) >= MOST_IN_SESSION or cache.get(f"tries/{name}", 0) >= MOST_ON_SITE


def count(request: HttpRequest, name: str) -> None:
    """Note one wrong try."""
    request.session[f"tries_{name}"] = [*_recent(request, name), timezone.now().timestamp()]
    cache.set(f"tries/{name}", cache.get(f"tries/{name}", 0) + 1, WINDOW)
