"""Whether an officer was trained on a section before the event, as the case shows it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from casework.actions.training.courses import publish_curriculum
from casework.actions.training.members import waive
from casework.models import Officer
from casework.reporting.trained import trained
from casework.states import State
from policy_rules.models import Section
from tests import walk
from tests.casework.training import teaching
from tests.casework.web.visit import browser
from tests.cast import person

pytestmark = pytest.mark.django_db
EVENT = date(2026, 3, 14)


def ask(section: str = "DE-4.2", badge: str = "1013", before: date = EVENT):
    return trained(Officer.objects.get(badge=badge), Section.objects.get(code=section), before=before)


def test_a_course_completed_before_the_event_says_which_and_when():
    teaching.took(teaching.session(teaching.course()))
    answer = ask()
    assert answer.is_trained
    assert answer.sentence == (
        "Trained on DE-4.2 before the event: completed DE-INIT 1.0 on March 4, 2025, 375 days before."
    )
    assert answer.sources == ["TS-01, DE-INIT 1.0, March 4, 2025: Completed."]


def test_training_on_the_day_of_the_event_comes_too_late_and_is_told():
    teaching.took(teaching.session(teaching.course(), held_on=EVENT))
    answer = ask()
    assert not answer.is_trained
    assert "Completed DE-INIT 1.0 after the event, on March 14, 2026 (TS-01)." in answer.sources


def test_who_was_absent_or_failed_is_not_trained_and_the_record_says_so():
    course = teaching.course()
    teaching.took(teaching.session(course), result="absent")
    teaching.took(teaching.session(course, "TS-02", date(2025, 5, 6)), result="failed", score=40)
    answer = ask()
    assert answer.code == "not_trained"
    assert [line.rpartition(": ")[2] for line in answer.sources[:2]] == ["Did not pass the test.", "Absent."]
    assert answer.speaks_for_training_failure


def test_a_section_that_the_course_did_not_teach_then_is_not_covered_by_a_later_version():
    course = teaching.course()
    teaching.took(teaching.session(course))
    later = {**teaching.COURSE, "version": "2.0", "effective_from": date(2025, 6, 1), "sections": ["DE-4.6"]}
    publish_curriculum(course=course, by=person("dpassmoor"), **later)
    assert ask("DE-4.2").is_trained
    assert ask("DE-4.6").code == "not_trained"


def test_training_on_words_that_changed_before_the_event_is_told_apart():
    """DE-2.2 said something else in version 1.0 of its chapter, which ended with 2023."""
    course = teaching.course(effective_from=date(2023, 1, 1), sections=["DE-2.2", "DE-4.1"])
    teaching.took(teaching.session(course, held_on=date(2023, 2, 14)))
    assert ask("DE-2.2").code == "earlier_text"
    assert ask("DE-2.2", before=date(2023, 12, 31)).code == "trained"


def test_no_course_and_no_officer_are_answers_of_their_own():
    teaching.course()
    assert ask("BWC-2.1").sentence == "No course taught BWC-2.1 before March 14, 2026."
    section = Section.objects.get(code="DE-4.2")
    assert trained(None, section, before=EVENT).code == "unidentified"


def test_a_waiver_is_told_and_does_not_train():
    course = teaching.course()
    today = timezone.localdate()
    waive(
        officer=Officer.objects.get(badge="1013"), course=course, ground="leave", reason="Family leave",
        expires_on=today + timedelta(days=30), by=person("dpassmoor"),
    )  # fmt: skip
    answer = ask(before=today)
    assert answer.code == "not_trained"
    assert any(line.startswith("Excused from DE-INIT") for line in answer.sources)


def test_the_worksheet_shows_the_answer_and_puts_it_into_the_evidence():
    case = walk.case_in(State.INVESTIGATION)
    teaching.took(teaching.session(teaching.course()))
    client = browser("ivosslind")
    page = client.get(f"/staff/cases/{case.number}/allegations/1/")
    assert "completed DE-INIT 1.0" in page.content.decode()
    client.post(f"/staff/cases/{case.number}/allegations/1/training/")
    item = case.evidence.get(kind="training_record")
    assert item.title == "Training of Officer A on DE-4.2 before 2026-03-14"
    assert item.has_file


def test_the_chief_reads_the_answer_beside_the_choice_of_a_finding():
    case = walk.case_in(State.CHIEF_DECISION)
    page = browser("ecastlemayne").get(f"/staff/cases/{case.number}/decision/1/").text
    assert "No course taught DE-4.2 before" in page
    assert "The records leave a training failure open" in page
