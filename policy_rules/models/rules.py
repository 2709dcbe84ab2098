"""Rules kept as data, with the days on which they apply and the sections that they come from."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.utils.translation import gettext_lazy as _

from policy_rules.models.dates import Effective, has_first_day, no_overlap
from policy_rules.models.manual import Manual
from policy_rules.models.sections import Section


class RuleSet(Effective):
    """Time limits, codes, outcome table, discipline matrix and the like, as they apply from one day to another.

    `data` is read through `policy_rules.rules.rules_on`; like a text it is never edited, only followed by another set.
    """

    manual = models.ForeignKey(Manual, on_delete=models.PROTECT, related_name="rule_sets")
    reference = models.CharField(max_length=150, unique=True)
    data = models.JSONField()
    data_digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            ExclusionConstraint(name="policy_rules_one_rule_set_in_force", expressions=no_overlap("manual_id")),
            has_first_day("policy_rules_rules_from_a_day"),
        ]

    def __str__(self) -> str:
        return self.reference


class Authority(models.Model):
    """The section that empowers an act, or that a rule comes from."""

    class Of(models.TextChoices):
        MOVE = "move", _("Move of a case")
        CLOCK = "clock", _("Time limit")
        ACT = "act", _("Other act")
        POLICY_MOVE = "policy_move", _("Step in the life of a policy")
        TWO_PERSON = "two_person", _("Agreement of a second person")
        RULE = "rule", _("Rule")

    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="authorities")
    kind = models.CharField(max_length=12, choices=Of)
    name = models.CharField(max_length=60)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="empowers")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["rule_set", "kind", "name"], name="policy_rules_one_authority"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["move", "clock", "act", "policy_move", "two_person", "rule"]),
                name="policy_rules_known_authority",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
