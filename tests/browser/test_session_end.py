"""The end of a session, on a clock that the test moves."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import User
from tests.browser.hands import sit_down
from tests.permissions.visitors import Visitor

SOON, OVER = "You will be signed out in five minutes.", "Your session has ended."


@pytest.fixture
def tab(window, live_server):
    visitor = Visitor(User.objects.create_user("ana", name="Ana", password="four quiet lanterns"))
    tab = sit_down(window(), visitor, live_server.url)
    tab.clock.install()
    tab.goto(reverse("account_change_password"))
    return tab


def test_five_minutes_before_the_end_a_person_is_told_and_stays_with_one_press(tab):
    tab.fill("input[name=password1]", "something typed")
    tab.clock.fast_forward("24:59")
    expect(tab.locator(f"text={SOON}")).to_be_hidden()
    tab.clock.fast_forward("00:02")
    with tab.expect_response(f"**{reverse('account_stay')}") as answer:
        tab.click("text=Stay signed in")
    assert answer.value.status == 204
    tab.locator(f"text={SOON}").wait_for(state="hidden")
    assert tab.input_value("input[name=password1]") == "something typed"
    tab.clock.fast_forward("25:01")
    expect(tab.locator(f"text={SOON}")).to_be_visible()


def test_after_the_end_a_person_is_told_that_nothing_typed_is_lost(tab):
    tab.fill("input[name=password1]", "something typed")
    tab.clock.fast_forward("30:01")
    expect(tab.locator(f"text={OVER}")).to_be_visible()
    expect(tab.locator(f"text={SOON}")).to_be_hidden()
    assert tab.input_value("input[name=password1]") == "something typed"
