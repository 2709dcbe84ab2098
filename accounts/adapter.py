"""How allauth behaves here: nobody signs up, failures are announced, secrets of second factors are encrypted."""

from base64 import urlsafe_b64encode
from typing import Any, ClassVar

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import second_factor, signals
from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by a system administrator, and every failure to sign in is announced."""

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("The sign-in name or the password is not right."),
        "incorrect_password": _("The password is not right."),
        "enter_current_password": _("The password is not right."),
        "incorrect_code": _("The code is not right."),
        "too_many_login_attempts": _("Too many tries. Wait 15 minutes and try again."),
        "rate_limited": _("Too many tries. Wait 15 minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: sign-up is closed."""
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return to the person's own account."""
        return reverse("account_home")

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse, and announce, a try beyond the limit."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            self._announce(request, "locked", credentials)
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Announce a wrong name or password."""
        self._announce(request, "password", credentials)

    def _announce(self, request: HttpRequest, step: str, credentials: dict[str, Any]) -> None:
        person = User.objects.filter(login=credentials.get("username", "")).first()
        signals.sign_in_failed.send(type(self), request=request, person=person, step=step)

    def post_login(self, request: HttpRequest, user: User, **facts: Any) -> HttpResponse:
        """Take the sign-in for a confirmation, and ask for a second step where there is none and none is required."""
        response: HttpResponse = super().post_login(request, user, **facts)
        record_authentication(request, user, method="sign-in", reauthenticated=True)
        if not settings.SECOND_FACTOR_REQUIRED and not second_factor.is_set_up(user):
            words = gettext("A password alone can be stolen. Set up a second step under “Your account”.")
            messages.warning(request, words)
        return response


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are kept encrypted with the site's key, and the last second factor stays where one is required."""

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("The code is not right. Use the newest one that your app shows."),
        "cannot_delete_authenticator": _("One second step is required, and this is the last. Set up another first."),
    }

    def encrypt(self, text: str) -> str:
        """Return the secret as it is stored."""
        return self._cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret itself."""
        return self._cipher().decrypt(encrypted_text).decode()

    def _cipher(self) -> MultiFernet:
        def cipher(secret: str | bytes) -> Fernet:
            key = salted_hmac("accounts.second_factor", "", secret=secret, algorithm="sha256").digest()
            return Fernet(urlsafe_b64encode(key))

        return MultiFernet([cipher(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Tell whether the person may take this factor away."""
        return not settings.SECOND_FACTOR_REQUIRED or second_factor.is_set_up(authenticator.user, but=authenticator)

    def build_totp_svg(self, url: str) -> str:
        """Return the QR code as an SVG without inline styles, which the content security policy forbids."""
        return segno.make(url, micro=False).svg_inline(border=0, omitsize=True, svgclass="qr", lineclass=None)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002  allauth's name
        """Return a name for a new passkey; a person may give another."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return what the person's device shows: the office, and the host to which the passkey is bound."""
        return {**super().get_public_key_credential_rp_entity(), "name": str(settings.OFFICE["name"])}
