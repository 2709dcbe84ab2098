"""Courses, the versions of their curricula, and the panel from outside that reviews them (DE-8.1, DE-8.3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from casework.actions.training.acts import governing_manual, stated, training
from casework.exceptions import Invalid
from casework.training_vocabulary import TrainingPerm
from policy_rules.answers import LEADS_TO_A_CHANGE, Answer
from policy_rules.canonical import digest
from policy_rules.in_force import NotInForce, in_force
from policy_rules.models import (
    Course,
    Curriculum,
    PanelMember,
    PanelRecommendation,
    RequiredOf,
    Section,
    SectionVersion,
    TaughtSection,
)
from policy_rules.models.dates import date_range
from policy_rules.rules import rules_on

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,29}")
ANSWER_CLOCK = "recommendation_answer"
VERSION = re.compile(r"[0-9]+(\.[0-9]+)*")
LONGEST_COURSE = 100 * 60
"""Minutes that a curriculum may last; more is a slip of the pen."""


def open_course(*, code: str, title: str, by: User) -> Course:
    """Open a course under a code that is never used again. It teaches nothing until a curriculum is published."""
    with training("keep_courses", by=by, perm=TrainingPerm.KEEP_COURSES) as act:
        manual = governing_manual()
        if not CODE.fullmatch(code):
            raise Invalid(_("A code is made of 2 to 30 capital letters, digits and hyphens."), "code")
        if manual.courses.filter(code=code).exists():
            raise Invalid(_("A course has this code already."), "code")
        title = stated(title, _("Give the course a title."), "title")
        course = Course.objects.create(manual=manual, code=code, title=title)
        act.record("training.course_opened", subject=course.reference, detail={"title": title})
        return course


def publish_curriculum(
    *,
    course: Course,
    version: str,
    effective_from: date,
    minutes: int,
    outline: str,
    sections: Sequence[str],
    required_of: str,
    within_days: int | None = None,
    renewed_after_years: int | None = None,
    certifies_trainers: bool = False,
    by: User,
) -> Curriculum:
    """Publish a version of what a course teaches; the version before ends the day before it begins.

    What is published is never edited. Raises Invalid for what cannot be taken.
    """
    with training("keep_courses", by=by, perm=TrainingPerm.KEEP_COURSES) as act:
        course = Course.objects.select_for_update().get(pk=course.pk)
        outline = stated(outline, _("Write what is taught and how."), "outline")
        _check(course, version, minutes, required_of, within_days)
        before = course.curricula.order_by("effective").last()
        if before is not None and effective_from <= before.effective_from:
            sentence = _("It must begin after version %(version)s, which began on %(day)s.")
            told = {"version": before.version, "day": before.effective_from.isoformat()}
            raise Invalid(sentence % told, "effective_from")
        taught = _sections(course, sections)
        row = Curriculum(
            course=course,
            version=version,
            effective=date_range(effective_from, None),
            minutes=minutes,
            outline=outline,
            required_of=required_of,
            within_days=within_days,
            renewed_after_years=renewed_after_years,
            certifies_trainers=certifies_trainers,
        )
        if before is not None and before.effective_to is None:
            before.effective = date_range(before.effective_from, effective_from - timedelta(days=1))
            before.save(update_fields=["effective"])
        row.text_digest = digest(row.canonical_with([section.code for section in taught]))
        row.save()
        TaughtSection.objects.bulk_create(
            TaughtSection(curriculum=row, section=section, order=place) for place, section in enumerate(taught)
        )
        act.record(
            "training.curriculum_published",
            subject=course.reference,
            objects=[row.reference],
            facts={
                "version": version,
                "minutes": minutes,
                "effective_from": effective_from.isoformat(),
                "curriculum_sha256": row.text_digest,
                "sections": [section.code for section in taught],
            },
            sections=_texts(taught, max(effective_from, act.on)),
        )
        return row


def _check(course: Course, version: str, minutes: int, required_of: str, within_days: int | None) -> None:
    if not VERSION.fullmatch(version):
        raise Invalid(_("A version is made of numbers with dots between them, such as 1.2."), "version")
    if course.curricula.filter(version=version).exists():
        raise Invalid(_("This course has a version %(version)s already.") % {"version": version}, "version")
    if not 0 < minutes <= LONGEST_COURSE:
        raise Invalid(_("Say how long it lasts, up to 100 hours."), "minutes")
    if required_of not in RequiredOf.values:
        raise Invalid(_("Say of whom it is required."), "required_of")
    if required_of != RequiredOf.NOBODY and within_days is None:
        raise Invalid(_("Say within how many days it must be completed."), "within_days")


def _sections(course: Course, codes: Sequence[str]) -> list[Section]:
    wanted = list(dict.fromkeys(code.strip() for code in codes if code.strip()))
    if not wanted:
        raise Invalid(_("Name at least one section that it teaches."), "sections")
    found = {section.code: section for section in Section.objects.filter(manual=course.manual, code__in=wanted)}
    if missing := [code for code in wanted if code not in found]:
        raise Invalid(_("The manual has no section %(codes)s.") % {"codes": ", ".join(missing)}, "sections")
    return [found[code] for code in wanted]


def _texts(sections: Sequence[Section], day: date) -> list[SectionVersion]:
    found = []
    for section in sections:
        try:
            found.append(in_force(section, on=day))
        except NotInForce:
            continue
    return found


def seat_on_panel(*, name: str, is_outside: bool, perspective: str = "", since: date, by: User) -> PanelMember:
    """Note that someone sits on the curriculum panel. The name is public: an organisation or an office, no person."""
    with training("keep_curriculum_panel", by=by, perm=TrainingPerm.KEEP_PANEL) as act:
        manual = governing_manual()
        name = stated(name, _("Name the organisation or office."), "name")
        if manual.panel_members.filter(name=name, until=None).exists():
            raise Invalid(_("They sit on the panel already."), "name")
        member = PanelMember.objects.create(
            manual=manual, name=name, is_outside=is_outside, perspective=perspective.strip(), since=since
        )
        act.record(
            "training.panel_seated",
            subject="list:curriculum-panel",
            facts={"member": member.pk, "outside": is_outside, "since": since.isoformat()},
            detail={"name": name},
        )
        return member


def leave_panel(*, member: PanelMember, by: User) -> PanelMember:
    """Note that someone sits on the panel no more; what they recommended stays."""
    with training("keep_curriculum_panel", by=by, perm=TrainingPerm.KEEP_PANEL) as act:
        if member.until is not None:
            raise Invalid(_("They have left the panel already."))
        member.until = max(act.on, member.since)
        member.save(update_fields=["until"])
        act.record("training.panel_left", subject="list:curriculum-panel", facts={"member": member.pk})
        return member


def recommend(*, course: Course, member: PanelMember, text: str, made_on: date, by: User) -> PanelRecommendation:
    """Enter what a member of the panel recommends; the answer is due by the rules in force (DE-8.3, CH-12.4)."""
    with training("keep_curriculum_panel", by=by, perm=TrainingPerm.KEEP_PANEL) as act:
        course = Course.objects.select_for_update().get(pk=course.pk)
        text = stated(text, _("Write what is recommended."), "text")
        if made_on > act.on:
            raise Invalid(_("The day lies in the future."), "made_on")
        number = (course.recommendations.aggregate(top=Max("number"))["top"] or 0) + 1
        row = PanelRecommendation.objects.create(
            course=course,
            number=number,
            member=member,
            text=text,
            made_on=made_on,
            answer_due_on=made_on + timedelta(days=rules_on(act.on).clock(ANSWER_CLOCK).duration),
        )
        act.record(
            "training.recommended",
            subject=course.reference,
            objects=[row.reference],
            facts={"number": number, "member": member.pk, "outside": member.is_outside, "made_on": made_on.isoformat()},
            detail={"text": text},
        )
        return row


def answer(
    *,
    recommendation: PanelRecommendation,
    code: str,
    rationale: str,
    led_to: Curriculum | None = None,
    by: User,
    on: date | None = None,
) -> PanelRecommendation:
    """Answer a recommendation in public, once, with reasons and, where it was taken up, the version it led to."""
    with training("answer_curriculum_panel", by=by, perm=TrainingPerm.KEEP_PANEL, on=on) as act:
        row = (
            PanelRecommendation.objects.select_for_update(of=["self"])
            .select_related("course")
            .get(pk=recommendation.pk)
        )
        if row.answer:
            raise Invalid(_("This recommendation has been answered already."), "code")
        if code not in Answer.values:
            raise Invalid(_("Choose an answer."), "code")
        if led_to is not None and (code not in LEADS_TO_A_CHANGE or led_to.course_id != row.course_id):
            raise Invalid(_("Name a version only where it was accepted, and one of this course."), "led_to")
        row.rationale = stated(rationale, _("Give the reasons; they are published."), "rationale")
        row.answer, row.led_to, row.answered_on, row.answered_by = code, led_to, act.on, by
        row.save(update_fields=["answer", "rationale", "led_to", "answered_on", "answered_by"])
        act.record(
            "training.answered",
            subject=row.course.reference,
            objects=[row.reference],
            facts={"answer": code, "led_to": led_to.version if led_to else "", "late": row.answer_due_on < act.on},
            detail={"rationale": row.rationale},
        )
        return row
