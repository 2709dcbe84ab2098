"""Courses, their versions, and the panel that reviews them."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from audit.log import integrate
from audit.models import Entry
from audit.verify import verify
from casework.actions.training import courses
from casework.exceptions import Invalid, NotPermitted
from policy_rules.models import Curriculum
from tests.casework.training import teaching
from tests.cast import person

pytestmark = pytest.mark.django_db
NEXT = {**teaching.COURSE, "version": "1.1", "effective_from": date(2025, 7, 1)}


def test_a_new_version_ends_the_one_before_on_the_day_before_it():
    course = teaching.course()
    courses.publish_curriculum(course=course, by=person("dpassmoor"), **NEXT)
    before, after = course.curricula.order_by("effective")
    assert before.effective_to == date(2025, 6, 30)
    assert course.curriculum_on(date(2025, 7, 1)) == after


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"version": "1.0"}, "version"),
        ({"version": "new"}, "version"),
        ({"effective_from": date(2023, 1, 1)}, "effective_from"),
        ({"sections": ["XX-9"]}, "sections"),
        ({"sections": []}, "sections"),
        ({"minutes": 0}, "minutes"),
        ({"within_days": None}, "within_days"),
        ({"outline": " "}, "outline"),
    ],
)
def test_what_cannot_be_published_is_said_beside_its_field(wrong, field):
    course = teaching.course()
    with pytest.raises(Invalid) as refused:
        courses.publish_curriculum(course=course, by=person("dpassmoor"), **{**NEXT, **wrong})
    assert refused.value.field == field
    assert course.curricula.get().effective_to is None


def test_a_published_version_cannot_be_edited_and_one_that_was_forged_is_found():
    course = teaching.course()
    with pytest.raises(IntegrityError, match="never edited"), transaction.atomic():
        course.curricula.update(minutes=60)
    row = course.curricula.get()
    row.pk, row.version = None, "9.9"
    row.effective = type(row.effective)(date(2030, 1, 1), None)
    course.curricula.update(effective=type(row.effective)(date(2024, 1, 1), date(2029, 1, 1)))
    row.save()
    integrate()
    assert [fault.code for fault in verify().faults] == ["curriculum_altered"]


def test_a_version_cites_the_sections_it_teaches_in_the_log():
    course = teaching.course()
    entry = Entry.objects.about(course.reference).get(action="training.curriculum_published")
    assert {"HBPD-MANUAL/DE-4.1@1.1", "HBPD-MANUAL/DE-8.1@1.1"} <= set(entry.basis)
    assert entry.facts["curriculum_sha256"] == Curriculum.objects.get().text_digest


def test_nobody_but_the_coordinator_publishes_and_the_attempt_is_an_entry():
    course = teaching.course()
    with pytest.raises(NotPermitted):
        courses.publish_curriculum(course=course, by=person("tminch"), **NEXT)
    assert Entry.objects.filter(action="training.refused").get().facts["act"] == "keep_courses"


def test_the_panel_is_answered_once_with_reasons_and_within_the_time_of_the_rules():
    course = teaching.course()
    asked = teaching.recommendation(course, days_ago=10)
    assert asked.answer_due_on == asked.made_on + timedelta(days=60)
    by = person("dpassmoor")
    with pytest.raises(Invalid, match="reasons"):
        courses.answer(recommendation=asked, code="rejected", rationale="", by=by)
    with pytest.raises(Invalid, match="only where it was accepted"):
        courses.answer(
            recommendation=asked, code="rejected", rationale="No room.", led_to=course.curricula.get(), by=by
        )
    courses.answer(recommendation=asked, code="accepted", rationale="Hired.", led_to=course.curricula.get(), by=by)
    with pytest.raises(Invalid, match="answered already"):
        courses.answer(recommendation=asked, code="rejected", rationale="After all not.", by=by)


def test_everyone_reads_what_is_taught_and_what_the_panel_was_answered(client):
    course = teaching.course()
    asked = teaching.recommendation(course)
    courses.answer(
        recommendation=asked, code="accepted", rationale="A paid instructor joined.", by=person("ecastlemayne")
    )
    page = client.get("/en/training/DE-INIT/").content.decode()
    assert "Let a deaf instructor teach." in page
    assert "A paid instructor joined." in page
    assert "DE-INIT" in client.get("/en/policies/DE-4.1/").content.decode()
    (read,) = client.get("/api/v1/training/courses/").json()
    assert read["recommendations"][0]["answer"] == "accepted"
    assert read["curricula"][0]["sections"] == ["DE-4.1", "DE-4.2"]
