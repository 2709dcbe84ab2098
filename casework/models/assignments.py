"""Who is on a case, who is kept out of it, and the projection of both that django-guardian answers from."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from casework.models.case import Case
from casework.vocabulary import CaseRole, ConflictGround, WallKind


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def current(self) -> AssignmentQuerySet:
        """Keep the assignments that have not ended."""
        return self.filter(until=None)


class Assignment(models.Model):
    """That a person has a role on a case: the truth behind every list, count and permission.

    The case's sort key is copied here, so that the newest cases of a person are read from one index.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="assignments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=40, choices=CaseRole.choices)
    received_on = models.DateField()
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    ended_because = models.CharField(max_length=40, blank=True)
    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["case", "user", "role"], condition=Q(until=None), name="casework_assignment_once"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["user", "-received_on", "-case"], condition=Q(until=None), name="casework_assignment_newest"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.case_id}"


class ConflictDeclaration(models.Model):
    """A person's own statement that they have, or do not have, a conflict of interest in a case (CH-4.4, CH-5.6)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="declarations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40, choices=CaseRole.choices)
    has_conflict = models.BooleanField()
    ground = models.CharField(max_length=40, choices=ConflictGround.choices, blank=True)
    on = models.DateField()
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.user_id}: {'conflict' if self.has_conflict else 'no conflict'}"


class Wall(models.Model):
    """That a person is kept out of a case. A wall beats every assignment, for ever and for everyone."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="walls")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="walls")
    kind = models.CharField(max_length=20, choices=WallKind.choices)
    since = models.DateField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "user"], name="casework_wall_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} | {self.case_id}"


class CaseUserPermission(UserObjectPermissionBase):
    """A permission of a person on a case, as projected from the assignments by `casework.permissions.grant`."""

    content_object = models.ForeignKey(Case, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        pass


class CaseGroupPermission(GroupObjectPermissionBase):
    """Required by django-guardian beside the user table; no permission is ever given to a group."""

    content_object = models.ForeignKey(Case, on_delete=models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        pass


class ConfidentialityAgreement(models.Model):
    """That a board member signed the confidentiality agreement, and until when it binds."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="agreements")
    signed_on = models.DateField()
    valid_until = models.DateField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(valid_until__gte=models.F("signed_on")), name="casework_agreement_order")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.signed_on} - {self.valid_until}"

    @classmethod
    def binds(cls, user_id: int, on: date) -> bool:
        """Say whether the member has an agreement in force on that day."""
        return cls.objects.filter(user_id=user_id, signed_on__lte=on, valid_until__gte=on).exists()
