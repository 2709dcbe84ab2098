"""Who is asking: a program with a token, or a person with an open session."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.auth import TokenAuthentication as KnoxTokenAuthentication
from rest_framework.authentication import SessionAuthentication as DjangoSessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from accounts import second_factor
from accounts.models import ApiToken, User

USE_IS_NOTED_EVERY = timedelta(minutes=1)


class TokenAuthentication(KnoxTokenAuthentication):
    """`Authorization: Bearer …`. Expired tokens are refused and stay in their owner's list until revoked."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        """Return the owner and the token. Raises AuthenticationFailed for anything that is not a token in force."""
        try:
            user, found = super().authenticate_credentials(token)
        except UnicodeDecodeError as error:
            raise AuthenticationFailed(_("Invalid token.")) from error
        now = timezone.now()
        if found.last_used_at is None or now - found.last_used_at > USE_IS_NOTED_EVERY:
            ApiToken.objects.filter(pk=found.pk).update(last_used_at=now)
        return user, found

    def _cleanup_token(self, token: ApiToken) -> bool:
        return token.has_expired


class SessionAuthentication(DjangoSessionAuthentication):
    """A person who signed in with the browser, once the second step is set up where it is required."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        """Return the person, or None for the public. Raises PermissionDenied where the second step is owed."""
        found: tuple[User, None] | None = super().authenticate(request)
        if found is not None and second_factor.is_owed(found[0]):
            raise PermissionDenied(_("Sign in on the site and set up a second step first."))
        return found
