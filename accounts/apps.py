from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        """Listen to sign-ins, and let the API's description know our ways of authentication."""
        from accounts import listeners
        from accounts.api import schema  # noqa: F401  importing it enters it

        listeners.connect()
