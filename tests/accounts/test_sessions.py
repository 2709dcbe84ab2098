from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.tasks import clear_sessions
from accounts.templatetags.accounts import browser
from tests.signing_in import PASSWORD

pytestmark = pytest.mark.django_db


def test_a_session_ends_after_half_an_hour_without_use(person, sign_in, is_signed_in):
    person("ana")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in("ana")
        clock.shift(timedelta(minutes=29))
        assert is_signed_in()
        clock.shift(timedelta(minutes=29))
        assert is_signed_in()
        clock.shift(timedelta(minutes=31))
        assert not is_signed_in()


def test_a_session_ends_after_twelve_hours_of_use(person, sign_in, is_signed_in):
    person("ana")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in("ana")
        for _ in range(35):
            clock.shift(timedelta(minutes=20))
            assert is_signed_in()
        clock.shift(timedelta(minutes=21))
        assert not is_signed_in()


def test_what_was_noted_of_a_device_goes_with_its_session(person, sign_in):
    person("ana")
    with time_machine.travel(timezone.now() - timedelta(days=2)):
        sign_in("ana")
    assert UserSession.objects.count() == 1
    clear_sessions(timestamp=0)
    assert UserSession.objects.count() == 0


def test_who_is_still_reading_can_put_off_the_end(client, person, sign_in, is_signed_in):
    person("ana")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in("ana")
        for _ in range(2):
            clock.shift(timedelta(minutes=25))
            client.post(reverse("account_stay"))
        assert is_signed_in()


def test_the_session_cookie_ends_with_the_browser(client, person, sign_in):
    person("ana")
    sign_in("ana")
    cookie = client.cookies["sessionid"]
    assert cookie["expires"] == ""
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_signing_in_begins_a_new_session(client, person, sign_in):
    person("ana")
    client.get(reverse("account_login"))
    session = client.session
    session["before"] = "planted"
    session.save()
    old = session.session_key
    client.cookies["sessionid"] = old
    sign_in("ana")
    assert client.cookies["sessionid"].value != old


def test_what_a_signed_in_person_sees_is_kept_by_no_cache(client, person, sign_in):
    person("ana")
    sign_in("ana")
    assert "no-store" in client.get(reverse("account_home")).headers["Cache-Control"]


def test_public_pages_may_be_kept(client):
    assert "Cache-Control" not in client.get("/en/").headers


def test_a_person_ends_the_sessions_on_other_devices(client, person, sign_in, is_signed_in):
    person("ana")
    elsewhere = Client(headers={"user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1"})
    elsewhere.post(reverse("account_login"), {"login": "ana", "password": PASSWORD})
    sign_in("ana")
    assert "Safari, iPhone" in client.get(reverse("usersessions_list")).text
    client.post(reverse("usersessions_list"))
    assert elsewhere.get(reverse("account_home")).status_code == 302
    assert is_signed_in()


def test_a_new_password_ends_the_sessions_on_other_devices(client, person, sign_in, is_signed_in):
    person("ana")
    elsewhere = Client()
    elsewhere.post(reverse("account_login"), {"login": "ana", "password": PASSWORD})
    sign_in("ana")
    new = "nine green bicycles"
    answer = client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert answer.url == reverse("account_home")
    assert elsewhere.get(reverse("account_home")).status_code == 302
    assert is_signed_in()


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8", "Unknown browser"),
    ],
)
def test_a_browser_is_named_so_that_its_owner_knows_it(user_agent, words):
    assert browser(user_agent) == words
