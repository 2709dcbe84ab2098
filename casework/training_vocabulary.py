"""The words of training: how a member took part, why one is excused, what a session cost, and who may do what."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.models import RoleCode


class Attended(TextChoices):
    """How a member took part in a session."""

    COMPLETED = "completed", _("Completed")
    IN_PART = "in_part", _("Attended in part")
    FAILED = "failed", _("Did not pass the test")
    ABSENT = "absent", _("Absent")


COMPLETED = Attended.COMPLETED
"""The one result that counts as trained."""


class Delivery(TextChoices):
    """How a session is given."""

    CLASSROOM = "classroom", _("Classroom")
    SCENARIO = "scenario", _("Scenarios")
    ONLINE = "online", _("Online")
    MIXED = "mixed", _("Classroom and scenarios")


class WaiverGround(TextChoices):
    """Why a member is excused from a course for a time."""

    LEAVE = "leave", _("Approved leave")
    OTHER_DUTY = "other_duty", _("Ordered to other duty")
    MEDICAL = "medical", _("Medical reasons")
    EQUIVALENT = "equivalent", _("Equal training elsewhere")


class CostCategory(TextChoices):
    """What a grant for training may pay for."""

    OVERTIME = "overtime", _("Overtime of those trained")
    INSTRUCTOR = "instructor", _("Instructors")
    TRAINERS = "trainers", _("Training of trainers")
    MATERIALS = "materials", _("Materials and places")
    TRAVEL = "travel", _("Travel")
    OTHER = "other", _("Other")


class Standing(TextChoices):
    """How a member stands with a course that is required of them."""

    COMPLETED = "completed", _("Completed")
    WAIVED = "waived", _("Excused for now")
    DUE = "due", _("Due, not late")
    OVERDUE = "overdue", _("Overdue")


class TrainingPerm(TextChoices):
    """What someone may do with courses and the records of training."""

    KEEP_COURSES = "keep_courses", _("open courses and publish curricula")
    KEEP_PANEL = "keep_panel", _("keep the curriculum panel and answer it")
    RECORD = "record", _("plan sessions and record who attended")
    WAIVE = "waive", _("excuse a member from a course for a time")
    REPORT_HOURS = "report_hours", _("report hours and costs to a grant")
    READ_RECORDS = "read_records", _("read every member’s record")
    READ_UNIT = "read_unit", _("read the records of those they command")


P = TrainingPerm
TRAINING_ROLES: Mapping[str, frozenset[TrainingPerm]] = {
    RoleCode.TRAINING_COORDINATOR: frozenset(set(P) - {P.READ_UNIT}),
    RoleCode.CHIEF: frozenset({P.READ_RECORDS, P.KEEP_PANEL, P.REPORT_HOURS}),
    RoleCode.AUDITOR: frozenset({P.READ_RECORDS}),
    RoleCode.COMMANDER: frozenset({P.READ_UNIT}),
    RoleCode.UNIT_SUPERVISOR: frozenset({P.READ_UNIT}),
}
"""What each role of the office may do with training. Every member reads their own record, by their badge."""
