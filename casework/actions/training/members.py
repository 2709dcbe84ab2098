"""What concerns one member: being excused from a course for a time, and having read a version of the policy."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from accounts.models import RoleCode, User
from casework.actions.training.acts import stated, training
from casework.exceptions import Invalid, NotPermitted
from casework.models import Acknowledgement, Officer, Waiver
from casework.permissions import own_entry
from casework.training_vocabulary import TrainingPerm, WaiverGround
from policy_rules.canonical import digest_of_texts
from policy_rules.models import ChapterVersion, Course
from policy_rules.states import BINDING, State

READABLE = (State.ADOPTED, *BINDING)


def waive(
    *, officer: Officer, course: Course, ground: str, reason: str, expires_on: date, by: User, on: date | None = None
) -> Waiver:
    """Excuse a member from a course until a day (DE-8.5). It does not make them trained."""
    with training("waive_training", by=by, perm=TrainingPerm.WAIVE, on=on) as act:
        if ground not in WaiverGround.values:
            raise Invalid(_("Choose why the member is excused."), "ground")
        if expires_on < act.on:
            raise Invalid(_("The last day must not lie before today."), "expires_on")
        if own_entry(by) == officer:
            raise NotPermitted(_("excuse yourself"))
        row = Waiver.objects.create(
            officer=officer,
            course=course,
            ground=ground,
            reason=stated(reason, _("Give the reason."), "reason"),
            granted_on=act.on,
            expires_on=expires_on,
            granted_by=by,
        )
        act.record(
            "training.waived",
            subject=officer.reference,
            objects=[course.reference],
            facts={"ground": ground, "expires_on": expires_on.isoformat()},
            detail={"reason": row.reason},
        )
        return row


def confirm_reading(*, version: ChapterVersion, by: User, on: date | None = None) -> Acknowledgement:
    """Confirm that the person has read an adopted version of a chapter (CH-13.5); to confirm twice changes nothing.

    Raises NotPermitted for who is not a member of the department, and Invalid for a version that binds nobody.
    """
    officer = own_entry(by)
    if officer is None:
        raise NotPermitted(_("confirm what members of the department have read"))
    if confirmed := Acknowledgement.objects.filter(officer=officer, version=version).first():
        return confirmed
    with training("confirm_reading", by=by, perm=None, role=RoleCode.OFFICER, on=on) as act:
        if version.state not in READABLE:
            raise Invalid(_("This version is not one that members confirm."))
        digest = digest_of_texts(version.sections.values_list("reference", "text_digest"))
        row = Acknowledgement.objects.create(officer=officer, version=version, texts_digest=digest, read_on=act.on)
        act.record(
            "training.read",
            subject=officer.reference,
            objects=[version.reference],
            facts={"texts_sha256": digest},
        )
        return row
