"""The second step of signing in: whether a person has one, and that who must have one sets it up first."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language_from_path

from accounts.models import User

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a second step; recovery codes only stand in for one."""

OPEN_WITHOUT = ("/api/", "/log/", settings.STATIC_URL)
"""Addresses that ask for no second step here: the API asks by itself (accounts.api), and the others are public."""

SETTING_UP = frozenset({
    "account_logout",
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_list_webauthn",
})  # fmt: skip


def is_set_up(user: User, *, but: Authenticator | None = None) -> bool:
    """Tell whether the person has a second step, not counting `but`."""
    factors = Authenticator.objects.filter(user=user, type__in=FACTORS)
    return factors.exclude(pk=but.pk if but else None).exists()


def take_away(user: User) -> None:
    """Remove the person's second steps and the recovery codes that stand in for them."""
    Authenticator.objects.filter(user=user).delete()


def is_owed(user: User) -> bool:
    """Tell whether the person must set up a second step before anything else."""
    return settings.SECOND_FACTOR_REQUIRED and not is_set_up(user)


class RequireSecondFactor:
    """Middleware: who owes a second step is sent to set one up, from every address but the public ones."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Send the person on, or return None for the view to answer."""
        public = get_language_from_path(request.path_info) or request.path_info.startswith(OPEN_WITHOUT)
        match = request.resolver_match
        if public or match is None or match.url_name in SETTING_UP:
            return None
        if request.user.is_authenticated and is_owed(request.user):
            return redirect("mfa_index")
        return None
