"""What every page of the explorer has around it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import RoleCode, User
from casework.web.entrance import WorkRequest

READERS = frozenset({RoleCode.AUDITOR, RoleCode.POLICY_ANALYST})
"""Who reads entries; an administrator sees how the log stands and no entry."""


def answer(request: WorkRequest, template: str, page: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """Show a page of the explorer with the ways to the others."""
    reads = reads_entries(request.user)
    return render(request, template, {"places": _places(reads=reads), "reads_entries": reads, **page}, status=status)


def reads_entries(user: User) -> bool:
    """Say whether the person reads entries at all."""
    return not READERS.isdisjoint(user.role_codes())


def _places(*, reads: bool) -> list[dict[str, Any]]:
    state = (_("State of the log"), "audit:state")
    entries = ((_("Entries"), "audit:entries"), (_("By policy section"), "audit:sections"))
    checks = (_("Checks"), "audit:verifications")
    shown = (state, *entries, checks) if reads else (state, checks)
    return [{"label": label, "url": reverse(route)} for label, route in shown]
