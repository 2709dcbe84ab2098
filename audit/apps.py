from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self) -> None:
        """Register the acts that concern the log itself."""
        from audit import actions

        actions.register("log.reopened", _("Opened the log anew after entries were lost for good"))
        actions.register("log.detail_erased", _("Erased the details behind an entry, as an order or schedule required"))
