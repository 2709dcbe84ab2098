from tests.browser.pages import Page

_LIBRARY = "shown with the templates of the sign-in library"
PAGES: list[Page] = []
NOT_PAGES = dict.fromkeys(
    [
        "/accounts/2fa/",
        "/accounts/2fa/authenticate/",
        "/accounts/2fa/reauthenticate/",
        "/accounts/2fa/recovery-codes/",
        "/accounts/2fa/recovery-codes/download/",
        "/accounts/2fa/recovery-codes/generate/",
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/totp/deactivate/",
        "/accounts/2fa/webauthn/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/webauthn/keys/<pk>/edit/",
        "/accounts/2fa/webauthn/keys/<pk>/remove/",
        "/accounts/2fa/webauthn/login/",
        "/accounts/2fa/webauthn/reauthenticate/",
        "/accounts/inactive/",
        "/accounts/login/",
        "/accounts/logout/",
        "/accounts/password/change/",
        "/accounts/reauthenticate/",
    ],
    _LIBRARY,
)
