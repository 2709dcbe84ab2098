from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self) -> None:
        """Register the acts that concern the log itself, the check of its settings, and that of its guards."""
        from audit import actions, guards, verify
        from audit.checks import settings_of_the_log

        checks.register(settings_of_the_log)
        verify.register("the guards of the log", guards.check)
        actions.register("log.reopened", _("Opened the log anew after entries were lost for good"))
        actions.register("log.detail_erased", _("Erased the details behind an entry, as an order or schedule required"))
