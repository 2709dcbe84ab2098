"""While a case is open the complainant hears where it stands, even when there is nothing new."""

from datetime import timedelta

import pytest

from audit.models import Entry
from casework import clocks
from casework.actions.updates import send_update, update_text
from casework.exceptions import CaseNotFound, Invalid, NotPermitted
from casework.permissions import SYSTEM
from casework.states import State
from casework.vocabulary import Clock
from tests import walk
from tests.cast import person

pytestmark = pytest.mark.django_db


def due(case):
    return case.clocks.running().get(code=Clock.COMPLAINANT_UPDATE).due_on


def test_an_update_says_the_present_step_the_next_one_and_the_day_expected():
    case = walk.case_in(State.INVESTIGATION)
    text = update_text(case, on=clocks.today())
    assert "Your complaint is being investigated." in text
    assert "We expect to finish this step by " in text
    assert "The next step: With the board and the chief." in text
    assert "There is nothing else to report today." in text


def test_an_update_admits_that_a_step_is_late():
    case = walk.case_in(State.INVESTIGATION)
    late = clocks.stage_clock(case).due_on + timedelta(days=1)
    assert "should have been finished by" in update_text(case, on=late)


def test_an_update_is_in_the_language_of_the_complainant():
    case = walk.file(language="es")
    assert "Tenemos su queja." in update_text(case, on=clocks.today())


def test_what_the_writer_adds_stands_in_the_place_of_nothing_new():
    case = walk.case_in(State.INVESTIGATION)
    message = send_update(case=case, note="The bus company has answered.", by=person("ivosslind"))
    assert message.text.endswith("The bus company has answered.")
    assert "nothing else" not in message.text


def test_the_time_until_the_next_update_runs_from_the_last():
    case = walk.case_in(State.INVESTIGATION)
    case.clocks.filter(code=Clock.COMPLAINANT_UPDATE).update(due_on=clocks.today() - timedelta(days=3))
    send_update(case=case, by=person("ivosslind"))
    assert due(case) == clocks.today() + timedelta(days=30)


def test_the_log_says_that_the_complainant_was_told_and_under_which_section():
    case = walk.case_in(State.INVESTIGATION)
    send_update(case=case, by=person("ivosslind"))
    entry = Entry.objects.about(case.reference).filter(action="complainant.updated").get()
    assert [cited.section_version.section.code for cited in entry.citations.all()] == ["CH-3.14"]
    assert entry.facts["state"] == State.INVESTIGATION


def test_a_case_that_has_ended_owes_no_update():
    case = walk.closed_as_duplicate()
    with pytest.raises(Invalid, match="has ended"):
        send_update(case=case, by=person("oferrant"))


@pytest.mark.parametrize("login", ["vsundarell", "jpenhallis"])
def test_who_may_not_write_to_the_complainant_sends_no_update(login):
    case = walk.case_in(State.INVESTIGATION)
    with pytest.raises((NotPermitted, CaseNotFound)):
        send_update(case=case, by=person(login))


def test_the_program_itself_sends_no_update_in_a_person_s_name():
    case = walk.case_in(State.INVESTIGATION)
    with pytest.raises(NotPermitted):
        send_update(case=case, by=SYSTEM)
