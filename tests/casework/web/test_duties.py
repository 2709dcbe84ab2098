"""What waits for those who keep the policy and the training, on the page with which their day begins."""

import pytest

from casework.actions import recommendations
from policy_rules.actions import lifecycle
from policy_rules.models import Chapter
from tests.casework.web.visit import browser
from tests.cast import person

pytestmark = pytest.mark.django_db

ANALYST, COUNSEL, CHIEF = "nhalvaney", "lquillfeather", "ecastlemayne"


def duties(login):
    page = browser(login).get("/staff/")
    return {duty.title: duty for duty in page.context["duties"]}, page.text


def test_an_analyst_begins_the_day_with_the_drafts_and_reviews_that_wait_and_without_the_cases_they_do_not_see():
    chapter = Chapter.objects.get(code="DE")
    lifecycle.begin(chapter=chapter, by=person(ANALYST), version="1.2", trigger="What residents said.")
    found, text = duties(ANALYST)
    assert found["400 De-escalation 1.2"].step == "Draft it, and send it to legal review"
    assert found["420 Body-Worn Cameras (short form)"].due.words.startswith("Late by")
    assert "Without an investigator" not in text
    assert duties(COUNSEL)[0] == {}


def test_a_change_that_is_asked_for_waits_for_the_one_who_is_asked():
    asked = recommendations.make(
        by=person("vsundarell"), title="Say who calls for cover", text="The chapter names nobody.",
        addressed_to="chief", sections=["DE-4.2"],
    )  # fmt: skip
    recommendations.perform("send", recommendation=asked, by=person("vsundarell"))
    found, _text = duties(CHIEF)
    assert found[str(asked)].step == "Sent"
    assert str(asked) not in duties(ANALYST)[0]
