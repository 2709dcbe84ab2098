from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PolicyRulesConfig(AppConfig):
    name = "policy_rules"

    def ready(self) -> None:
        """Tell the log the acts of this app, and how to check that the register is what was published."""
        from audit import actions, verify
        from moves.table import moves_of
        from policy_rules import audit_vocabulary, replay, verification
        from policy_rules.models import ChapterVersion

        actions.register("policy.imported", _("Imported a policy manual"))
        actions.register("policy.chapter_published", _("Published a version of a chapter"))
        actions.register("policy.chapter_ended", _("Set the last day of a version of a chapter"))
        actions.register("policy.rules_published", _("Published a set of rules"))
        actions.register("policy.rules_ended", _("Set the last day of a set of rules"))
        for move in moves_of(ChapterVersion).values():
            actions.register(f"policy.{move.name}", move.timeline)
        actions.register("policy.draft_changed", _("Changed a section of a draft"))
        actions.register("policy.draft_translated", _("Translated a section of a draft"))
        actions.register("policy.rule_drafted", _("Changed a rule in a draft"))
        actions.register("policy.review_reminded", _("Reminded the policy analysts of a review"))
        actions.register("policy.refused", _("Asked for a step in the life of a policy, and was refused"))
        audit_vocabulary.register()
        verify.register("policy texts", verification.check_texts)
        verify.register("policy stages", replay.check_stages)
        verify.register("policy rules", verification.check_rules)
        verify.register("policy curricula", verification.check_curricula)
        verify.register("policy citations", verification.check_citations)
