"""What every page of the explorer has around it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import RoleCode
from casework.actions.erasure import SECONDS
from casework.actions.log import CHECKERS
from casework.web.entrance import WorkRequest

READERS = frozenset({RoleCode.AUDITOR, RoleCode.POLICY_ANALYST})
"""Who reads entries; an administrator sees how the log stands and no entry."""


def answer(request: WorkRequest, template: str, page: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """Show a page of the explorer with the ways to the others."""
    held = request.user.role_codes()
    framed = {
        "places": _places(held),
        "reads_entries": not READERS.isdisjoint(held),
        "exports": RoleCode.AUDITOR in held,
        **page,
    }
    return render(request, template, framed, status=status)


def _places(held: frozenset[str]) -> list[dict[str, Any]]:
    shown = [
        (_("State of the log"), "audit:state", CHECKERS),
        (_("Entries"), "audit:entries", READERS),
        (_("By policy section"), "audit:sections", READERS),
        (_("Access to sealed data"), "audit:access", frozenset({RoleCode.AUDITOR})),
        (_("Checks"), "audit:verifications", CHECKERS),
        (_("Checkpoints and witnesses"), "log:checkpoints", CHECKERS),
        (_("Erasures"), "audit:erasures", frozenset(SECONDS)),
    ]
    return [{"label": label, "url": reverse(route)} for label, route, roles in shown if not roles.isdisjoint(held)]
