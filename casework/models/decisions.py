"""What the chief decided about discipline; the findings themselves are in `allegations`."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models

from casework.models.allegations import Allegation, Finding
from casework.vocabulary import Stage
from policy_rules.models.dates import add_months
from policy_rules.rule_data import DisciplineMatrix
from policy_rules.rules import NoRulesInForce, rules_on


class Discipline(models.Model):
    """One coded outcome for one sustained allegation, inside the range of the matrix or with a reason (CH-7.5)."""

    allegation = models.OneToOneField(Allegation, on_delete=models.PROTECT, related_name="discipline")
    discipline_class = models.CharField(max_length=1)
    prior_in_look_back = models.PositiveSmallIntegerField(default=0)
    range_from = models.CharField(max_length=40)
    range_to = models.CharField(max_length=40)
    outcome = models.CharField(max_length=40, help_text="A code of the matrix, or suspension.")
    days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Days without pay, for a suspension.")
    is_departure = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(is_departure=False) | ~models.Q(reason=""),
                name="casework_discipline_departure_has_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.allegation}: {self.outcome}"


def matrix_for(allegation: Allegation, on: date) -> DisciplineMatrix:
    """Return the matrix in force on the day of the event (CH-7.5); that of `on` where no rules were in force then."""
    try:
        return rules_on(allegation.incident_on or on).discipline_matrix
    except NoRulesInForce:
        return rules_on(on).discipline_matrix


def earlier_violations(allegation: Allegation, *, code: str, years: int | None) -> int:
    """Count the officer's violations of the same class, by incident date, in other cases (CH-7.5).

    `code` is the finding of a violation, `years` how far back they count; None counts the whole career.
    """
    version, officer, day = allegation.section_version, allegation.officer, allegation.incident_on
    if version is None or officer is None or officer.officer_id is None or day is None:
        return 0
    others = Finding.objects.filter(
        stage=Stage.CHIEF,
        code=code,
        allegation__officer__officer=officer.officer_id,
        allegation__section_version__discipline_class=version.discipline_class,
        allegation__incident_on__lt=day,
    ).exclude(allegation__case=allegation.case_id)
    if years is not None:
        others = others.filter(allegation__incident_on__gte=add_months(day, -12 * years))
    return others.values("allegation").distinct().count()
