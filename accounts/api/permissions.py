"""What a token opens."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts import tokens
from accounts.models import ApiToken
from accounts.tokens import Scope


def has_scope(request: Request, scope: Scope) -> bool:
    """Tell whether who asks may use `scope`: a token that has it, or any person with an open session."""
    if isinstance(request.auth, ApiToken):
        return scope in tokens.scopes_in_force(request.auth)
    return bool(request.user and request.user.is_authenticated)


class HasScope(BasePermission):
    """Asks for the scope that the view names for the method, and refuses methods for which it names none.

    A view says `scopes = {"GET": Scope.CASES_READ, "POST": Scope.CASES_WRITE}`. A scope only narrows: what a person may
    do with one case is asked again of that case.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        """Tell whether the method is open to who asks."""
        method = "GET" if request.method == "HEAD" else request.method
        scope = getattr(view, "scopes", {}).get(method)
        return scope is not None and has_scope(request, scope)
