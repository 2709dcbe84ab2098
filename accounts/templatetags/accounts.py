"""Words for the account pages."""

import json
from typing import Any

from django import template
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

register = template.Library()

BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
"""What browsers call themselves, the most particular first: all but Firefox also say “Safari”."""
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


@register.inclusion_tag("accounts/_session_end.html", takes_context=True)
def session_end(context: template.Context) -> dict[str, Any]:
    """Warn before a session ends, on pages of who is signed in; hidden until then, and without scripts."""
    return {"minutes": settings.SESSION_COOKIE_AGE // 60, "csrf_token": context.get("csrf_token")}


@register.filter
def as_json(value: Any) -> str:
    """Return a value as JSON for an attribute; the template escapes it."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@register.filter
def browser(user_agent: str) -> str:
    """Return a browser and a system by which a person knows their own session again: “Firefox, Windows”."""
    found = [next((name for mark, name in names.items() if mark in user_agent), "") for names in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, found)) or _("Unknown browser")
