"""Who was trained: sessions, attendance, waivers, and that a member has read a new version of the policy (CH-14.3)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from casework.models.people import Officer
from casework.training_vocabulary import COMPLETED, Attended, CostCategory, Delivery, WaiverGround
from policy_rules.models import ChapterVersion, Course, Curriculum


class TrainingSession(models.Model):
    """One time that a course is given, by the version of its curriculum taught on the day."""

    code = models.CharField(max_length=30, unique=True)
    curriculum = models.ForeignKey(Curriculum, on_delete=models.PROTECT, related_name="training_sessions")
    held_on = models.DateField()
    place = models.CharField(max_length=200)
    instructor = models.CharField(max_length=200)
    minutes = models.PositiveIntegerField(help_text="As it was given; the curriculum's own length unless it differed.")
    delivery = models.CharField(max_length=20, choices=Delivery)
    seats = models.PositiveIntegerField(null=True, blank=True)
    award = models.CharField(max_length=60, blank=True, help_text="Number of the grant that pays for it.")

    class Meta:
        ordering: ClassVar[list[str]] = ["-held_on", "code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="casework_session_has_a_length"),
            models.CheckConstraint(condition=Q(delivery__in=Delivery.values), name="casework_session_delivery_known"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def reference(self) -> str:
        """The subject of the log's entries about the session, for example ``session:TS-01``."""
        return f"session:{self.code}"

    @property
    def hours(self) -> float:
        """Its length in hours."""
        return self.minutes / 60


class SessionCost(models.Model):
    """What a session cost, in the categories that a grant report asks for."""

    session = models.ForeignKey(TrainingSession, on_delete=models.PROTECT, related_name="costs")
    category = models.CharField(max_length=20, choices=CostCategory)
    cents = models.PositiveBigIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["category"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["session", "category"], name="casework_cost_once_a_category"),
            models.CheckConstraint(condition=Q(category__in=CostCategory.values), name="casework_cost_category_known"),
        ]

    def __str__(self) -> str:
        return f"{self.session} {self.category}: {self.cents}"

    @property
    def amount(self) -> float:
        """The cost in the currency's whole unit."""
        return self.cents / 100


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def completed(self) -> AttendanceQuerySet:
        """Keep what counts as trained."""
        return self.filter(result=COMPLETED)


class Attendance(models.Model):
    """How a member took part in a session. A correction is an act of its own, and the log keeps what stood before."""

    session = models.ForeignKey(TrainingSession, on_delete=models.PROTECT, related_name="attendance")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="training")
    result = models.CharField(max_length=20, choices=Attended)
    score = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Of the test, in percent.")
    minutes = models.PositiveIntegerField(help_text="Time taken part in.")
    recorded_on = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["session__held_on", "officer__badge"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["session", "officer"], name="casework_attendance_once"),
            models.CheckConstraint(condition=Q(result__in=Attended.values), name="casework_attendance_known"),
            models.CheckConstraint(condition=Q(score=None) | Q(score__lte=100), name="casework_attendance_score"),
        ]

    def __str__(self) -> str:
        return f"{self.officer.badge} {self.session}: {self.result}"


class OfficeAttendance(models.Model):
    """How someone of the office or of the review board took part in a session (CH-14.1, CH-14.2).

    They are not in the register of members; the account stands for the person. A correction is an act of its own.
    """

    session = models.ForeignKey(TrainingSession, on_delete=models.PROTECT, related_name="office_attendance")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="office_training")
    result = models.CharField(max_length=20, choices=Attended)
    minutes = models.PositiveIntegerField(help_text="Time taken part in.")
    recorded_on = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        ordering: ClassVar[list[str]] = ["session__held_on", "person__name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["session", "person"], name="casework_office_attendance_once"),
            models.CheckConstraint(condition=Q(result__in=Attended.values), name="casework_office_attendance_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.session}: {self.result}"


class Waiver(models.Model):
    """That a member is excused from a course until a day (DE-8.5). It excuses the absence; it does not train."""

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="waivers")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="waivers")
    ground = models.CharField(max_length=20, choices=WaiverGround)
    reason = models.CharField(max_length=500)
    granted_on = models.DateField()
    expires_on = models.DateField()
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-granted_on"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(expires_on__gte=F("granted_on")), name="casework_waiver_days"),
            models.CheckConstraint(condition=Q(ground__in=WaiverGround.values), name="casework_waiver_ground_known"),
        ]

    def __str__(self) -> str:
        return f"{self.officer.badge} {self.course.code}"


class Acknowledgement(models.Model):
    """That a member confirms having read a version of a chapter (CH-13.5), by the digest of its texts."""

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="read")
    version = models.ForeignKey(ChapterVersion, on_delete=models.PROTECT, related_name="acknowledgements")
    texts_digest = models.CharField(max_length=64)
    read_on = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-read_on"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["officer", "version"], name="casework_read_once")
        ]

    def __str__(self) -> str:
        return f"{self.officer.badge} read {self.version.reference}"
