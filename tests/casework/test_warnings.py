"""What the office is warned of at its times, and that it is warned once."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from procrastinate.contrib.django import app

from audit.models import Entry
from casework.actions import letters, warnings
from casework.models import CaseClock, Dispatch, Draft, Notice
from casework.states import State
from casework.vocabulary import Clock, LetterWay
from tests import walk
from tests.cast import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def after(days):
    return time_machine.travel(timezone.now() + timedelta(days=days))


def warned(case, clock):
    entries = Entry.objects.about(case.reference).filter(action="clock.warned")
    return [entry.facts["passed"] for entry in entries if entry.facts["clock"] == clock]


def readers(case, action):
    found = Notice.objects.filter(case=case, entry__action=action)
    return {notice.user.login for notice in found.select_related("user")}


def test_a_limit_warns_at_half_three_quarters_nine_tenths_and_on_its_last_day():
    case = walk.case_in(State.INVESTIGATION)
    for day in (44, 45, 46, 68, 81, 90, 95):
        with after(day):
            warnings.warn_of_limits()
    assert warned(case, Clock.INVESTIGATION) == [50, 75, 90, 100]


def test_a_limit_warns_once_of_what_passed_while_nobody_looked():
    case = walk.case_in(State.INVESTIGATION)
    with after(85):
        warnings.warn_of_limits()
        warnings.warn_of_limits()
    assert warned(case, Clock.INVESTIGATION) == [90]


def test_those_responsible_and_the_supervisors_are_told():
    case = walk.case_in(State.INVESTIGATION)
    with after(46):
        warnings.warn_of_limits()
    assert readers(case, "clock.warned") == {"ivosslind", "rambersole", "cdreyfield"}
    entry = Entry.objects.filter(action="clock.warned", subject=case.reference).last()
    assert (entry.actor, entry.basis) == ("system", ["HBPD-MANUAL/CH-3.11@2.1"])


def test_a_limit_that_stopped_warns_nobody():
    case = walk.case_in(State.INTAKE_REVIEW)
    with after(3):
        warnings.warn_of_limits()
    assert warned(case, Clock.INTAKE_REVIEW) == []


def test_a_limit_long_past_is_left_to_the_lists():
    case = walk.case_in(State.INVESTIGATION)
    with after(400):
        warnings.warn_of_limits()
    assert warned(case, Clock.INVESTIGATION) == []
    assert CaseClock.objects.running().filter(case=case).exists()


def sent(way):
    letter = walk.case_in(State.INTAKE_REVIEW).letters.get()
    letters.prepare_letter(letter=letter, by=person("rambersole"))
    letters.approve_letter(letter=letter, by=person("cdreyfield"))
    return letters.send_letter(letter=letter, by=person("rambersole"), way=way)


def test_a_printed_letter_that_nobody_mails_is_told_once_after_three_days():
    dispatch = sent(LetterWay.POST)
    case = dispatch.letter.case
    assert warnings.warn_of_letters() == 0
    with after(3):
        assert (warnings.warn_of_letters(), warnings.warn_of_letters()) == (1, 0)
    assert readers(case, "letter.undelivered") == {"rambersole", "cdreyfield"}


def test_a_letter_that_came_back_is_told_at_once_unless_it_was_sent_again():
    dispatch = sent(LetterWay.POST)
    letters.record_return(dispatch=dispatch, reason="Moved away", by=person("rambersole"))
    letters.send_again(letter=dispatch.letter, way=LetterWay.TRACKING_PAGE, by=person("rambersole"))
    assert warnings.warn_of_letters() == 0
    Dispatch.objects.filter(letter=dispatch.letter, way=LetterWay.TRACKING_PAGE).delete()
    assert warnings.warn_of_letters() == 1


def test_drafts_go_after_the_days_that_the_pages_name():
    from casework.tasks import discard_drafts

    Draft.objects.create(code_digest="old", changed_at=timezone.now() - timedelta(days=31))
    Draft.objects.create(code_digest="young", changed_at=timezone.now() - timedelta(days=29))
    discard_drafts(0)
    assert list(Draft.objects.values_list("code_digest", flat=True)) == ["young"]


def test_the_worker_has_a_time_for_each_job_that_the_guide_lists():
    app.perform_import_paths()
    jobs = {task.task.name for task in app.periodic_registry.periodic_tasks.values()}
    assert jobs >= {
        "accounts.clear_sessions", "casework.discard_drafts", "casework.warn_of_letters", "casework.warn_of_limits",
    }  # fmt: skip
