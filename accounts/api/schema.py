"""How the API's description names the two ways of saying who asks. Importing this module enters them."""

from typing import Any

from drf_spectacular.authentication import SessionScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # how extensions enter themselves
    target_class = "accounts.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the scheme: a bearer token made on the page “API tokens”."""
        return {"type": "http", "scheme": "bearer", "description": "A token made under “API tokens” in your account."}


class OpenSessionScheme(SessionScheme):  # type: ignore[no-untyped-call]  # likewise
    target_class = "accounts.api.authentication.SessionAuthentication"
    name = "session"
