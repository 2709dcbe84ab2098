from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PolicyRulesConfig(AppConfig):
    name = "policy_rules"

    def ready(self) -> None:
        """Tell the log the acts of this app, and how to check that the register is what was published."""
        from audit import actions, verify
        from policy_rules import verification

        actions.register("policy.imported", _("Imported a policy manual"))
        actions.register("policy.chapter_published", _("Published a version of a chapter"))
        actions.register("policy.chapter_ended", _("Set the last day of a version of a chapter"))
        actions.register("policy.rules_published", _("Published a set of rules"))
        actions.register("policy.rules_ended", _("Set the last day of a set of rules"))
        verify.register("policy texts", verification.check_texts)
        verify.register("policy rules", verification.check_rules)
        verify.register("policy citations", verification.check_citations)
