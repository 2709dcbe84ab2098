"""Holds on the record of a case: while one stands, nothing of the record goes (CH-11.2)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from casework.models.case import Case
from casework.vocabulary import HoldGround


class HoldQuerySet(models.QuerySet["Hold"]):
    def standing(self) -> HoldQuerySet:
        """Keep the holds that nobody has lifted."""
        return self.filter(lifted_on=None)


class Hold(models.Model):
    """That the record of a case is held for a lawsuit, an audit, an appeal or a request, and who lifted that.

    Several may stand at once, each for a matter of its own; each is lifted by itself.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="holds")
    ground = models.CharField(max_length=20, choices=HoldGround.choices)
    matter = models.CharField(max_length=200, help_text="Which lawsuit, audit, appeal or request.")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_on = models.DateField()
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_on = models.DateField(null=True)
    lifted_because = models.CharField(max_length=300, blank=True)
    objects = HoldQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["case", "ground", "matter"], condition=Q(lifted_on=None), name="casework_hold_once_for_a_matter"
            ),
            models.CheckConstraint(
                condition=Q(lifted_on=None, lifted_by=None, lifted_because="")
                | (Q(lifted_on__isnull=False, lifted_by__isnull=False) & ~Q(lifted_because="")),
                name="casework_hold_lifted_by_someone_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_ground_display()}: {self.matter}"

    @property
    def stands(self) -> bool:
        """Whether nobody has lifted it."""
        return self.lifted_on is None
