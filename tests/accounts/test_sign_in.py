import pytest
from django.contrib.auth.signals import user_logged_in
from django.urls import NoReverseMatch, reverse

from accounts import signals
from tests.signing_in import PASSWORD

pytestmark = pytest.mark.django_db
GENERIC = "The sign-in name or the password is not right."


@pytest.fixture
def failures():
    heard = []

    def listen(person, step, **sent):
        heard.append((person and person.login, step))

    signals.sign_in_failed.connect(listen)
    yield heard
    signals.sign_in_failed.disconnect(listen)


def test_a_person_signs_in_with_name_and_password(person, sign_in, is_signed_in):
    person("ana")
    assert sign_in("ana").url == reverse("begin")
    assert is_signed_in()


def test_sign_in_returns_to_the_page_that_was_asked_for(client, person, sign_in):
    person("ana")
    asked = client.get(reverse("account_tokens"))
    assert client.post(asked.url, {"login": "ana", "password": PASSWORD}).url == reverse("account_tokens")


def test_sign_in_never_leads_to_another_site(person, client):
    person("ana")
    answer = client.post(
        reverse("account_login"), {"login": "ana", "password": PASSWORD, "next": "https://else.example/"}
    )
    assert answer.url == reverse("begin")


def test_a_wrong_password_and_an_unknown_name_get_the_same_words(person, sign_in):
    person("ana")
    wrong, unknown = sign_in("ana", "not this one"), sign_in("nobody", "not this one")
    assert GENERIC in wrong.text
    assert GENERIC in unknown.text


def test_the_words_are_spanish_for_who_reads_spanish(person, sign_in):
    person("ana")
    answer = sign_in("ana", "no es esta", headers={"accept-language": "es"})
    assert "El nombre de acceso o la contraseña no son correctos." in answer.text


def test_a_failed_try_says_nothing_of_what_was_typed(person, sign_in, failures):
    person("ana")
    sign_in("ana", "not this one")
    sign_in(PASSWORD, "ana")
    assert failures == [("ana", "password"), (None, "password")]


def test_after_five_failures_even_the_right_password_waits(person, sign_in, is_signed_in, failures):
    person("ana")
    for _ in range(5):
        sign_in("ana", "not this one")
    answer = sign_in("ana")
    assert "Too many tries. Wait 15 minutes and try again." in answer.text
    assert not is_signed_in()
    assert failures[-1] == ("ana", "locked")


def test_failures_of_one_person_do_not_lock_out_another(person, sign_in):
    person("ana")
    person("ben")
    for _ in range(5):
        sign_in("ana", "not this one")
    assert sign_in("ben").status_code == 302


def test_a_closed_account_gets_the_same_words_as_a_wrong_password(person, sign_in):
    person("ana", is_active=False)
    assert GENERIC in sign_in("ana").text


@pytest.mark.parametrize("route", ["account_signup", "account_reset_password", "account_email"])
def test_sign_up_and_mail_have_no_address(route):
    with pytest.raises(NoReverseMatch):
        reverse(route)


@pytest.mark.parametrize("path", ["signup", "password/reset", "email", "confirm-email"])
def test_sign_up_and_mail_are_not_found(client, path):
    assert client.post(f"/accounts/{path}/", {"username": "eve", "password1": PASSWORD}).status_code == 404


def test_signing_out_needs_a_press_of_the_button(client, person, sign_in, is_signed_in):
    person("ana")
    sign_in("ana")
    client.get(reverse("account_logout"))
    assert is_signed_in()
    client.post(reverse("account_logout"))
    assert not is_signed_in()


@pytest.mark.parametrize(
    ("role", "page"),
    [("system_administrator", "account_people"), ("report_client", "account_tokens"), (None, "account_home")],
)
def test_sign_in_leads_to_the_persons_work(client, person, sign_in, role, page):
    person("ana", *filter(None, [role]))
    sign_in("ana")
    assert client.get(reverse("begin")).url == reverse(page)


def test_a_sign_in_is_announced(person, sign_in):
    heard = []
    user_logged_in.connect(lambda user, **sent: heard.append(user.login), weak=False, dispatch_uid="test")
    person("ana")
    sign_in("ana")
    user_logged_in.disconnect(dispatch_uid="test")
    assert heard == ["ana"]
