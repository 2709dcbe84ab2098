from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self) -> None:
        """Register the acts that concern the log itself, and the check of its settings."""
        from audit import actions
        from audit.checks import settings_of_the_log

        checks.register(settings_of_the_log)
        actions.register("log.reopened", _("Opened the log anew after entries were lost for good"))
        actions.register("log.detail_erased", _("Erased the details behind an entry, as an order or schedule required"))
