import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.urls import reverse

from accounts import second_factor, signals
from tests.signing_in import PASSWORD, SECRET, code_at

pytestmark = pytest.mark.django_db


def recovery_codes(user) -> list[str]:
    return Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()


def test_the_password_alone_does_not_sign_in(person, sign_in, is_signed_in):
    person("ana", second_step=True)
    assert sign_in("ana").url == reverse("mfa_authenticate")
    assert not is_signed_in()


def test_password_and_code_sign_in(person, sign_in, second_step, is_signed_in):
    person("ana", second_step=True)
    sign_in("ana")
    second_step()
    assert is_signed_in()


def test_a_code_signs_in_once_for_as_long_as_it_is_valid(client, person, sign_in, second_step, is_signed_in):
    person("ana", second_step=True)
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        code = code_at(time.time())
        sign_in("ana")
        second_step(code)
        client.post(reverse("account_logout"))
        clock.shift(31)
        sign_in("ana")
        assert "The code is not right." in second_step(code).text
        assert not is_signed_in()


def test_an_old_code_is_refused_and_announced(person, sign_in, second_step, is_signed_in):
    heard = []
    signals.sign_in_failed.connect(
        lambda person, step, **sent: heard.append((person.login, step)), weak=False, dispatch_uid="test"
    )
    person("ana", second_step=True)
    sign_in("ana")
    assert "The code is not right." in second_step(code_at(time.time() - 90)).text
    signals.sign_in_failed.disconnect(dispatch_uid="test")
    assert heard == [("ana", "second_factor")]
    assert not is_signed_in()


def test_a_recovery_code_works_once(client, person, sign_in, second_step, is_signed_in):
    code = recovery_codes(person("ana", second_step=True))[0]
    sign_in("ana")
    second_step(code)
    assert is_signed_in()
    client.post(reverse("account_logout"))
    sign_in("ana")
    second_step(code)
    assert not is_signed_in()


def test_five_wrong_codes_are_enough(person, sign_in, second_step, is_signed_in):
    person("ana", second_step=True)
    sign_in("ana")
    for _ in range(5):
        second_step("000000")
    assert "Too many tries." in second_step().text
    assert not is_signed_in()


def test_a_person_sets_up_an_app_and_gets_recovery_codes(client, person, sign_in):
    user = person("ana")
    sign_in("ana")
    page = client.get(reverse("mfa_activate_totp"))
    assert "<svg" in page.text
    assert "style=" not in page.text
    secret = page.context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_at(time.time(), secret)})
    assert answer.url == reverse("mfa_view_recovery_codes")
    assert all(code in client.get(answer.url).text for code in recovery_codes(user))


def test_recovery_codes_can_be_saved_as_a_file(client, person, sign_in, second_step):
    user = person("ana", second_step=True)
    sign_in("ana")
    second_step()
    answer = client.get(reverse("mfa_download_recovery_codes"))
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.text.split()[-10:] == recovery_codes(user)


def test_secrets_lie_encrypted_in_the_database(person):
    user = person("ana", second_step=True)
    stored = Authenticator.objects.get(user=user, type="totp").data["secret"]
    assert SECRET not in stored
    assert Authenticator.objects.get(user=user, type="totp").wrap().validate_code(code_at(time.time()))


def test_secrets_outlive_a_change_of_the_sites_key(person, settings):
    user = person("ana", second_step=True)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key that the site was given later on"
    assert Authenticator.objects.get(user=user, type="totp").wrap().validate_code(code_at(time.time()))


class TestWhereItIsRequired:
    @pytest.fixture(autouse=True)
    def _required(self, settings):
        settings.SECOND_FACTOR_REQUIRED = True

    def test_who_has_none_is_sent_to_set_one_up(self, client, person, sign_in):
        person("ana", "investigator")
        sign_in("ana")
        for page in ("account_home", "account_tokens", "account_people", "begin"):
            assert client.get(reverse(page)).url == reverse("mfa_index")

    @pytest.mark.parametrize("page", ["mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_logout"])
    def test_the_pages_for_setting_one_up_stay_open(self, client, person, sign_in, page):
        person("ana")
        sign_in("ana")
        assert client.get(reverse(page)).status_code == 200

    def test_public_pages_stay_open(self, client, person, sign_in):
        person("ana")
        sign_in("ana")
        assert client.get("/en/").status_code == 200

    def test_who_has_one_goes_on(self, person, sign_in, second_step, is_signed_in):
        person("ana", second_step=True)
        sign_in("ana")
        second_step()
        assert is_signed_in()

    def test_the_last_one_cannot_be_taken_away(self, client, person, sign_in, second_step):
        user = person("ana", second_step=True)
        sign_in("ana")
        second_step()
        answer = client.post(reverse("mfa_deactivate_totp"))
        assert "One second step is required, and this is the last." in answer.text
        assert second_factor.is_set_up(user)

    def test_the_last_passkey_cannot_be_taken_away(self, client, person, sign_in, second_step):
        user = person("ana", second_step=True)
        sign_in("ana")
        second_step()
        passkey = Authenticator.objects.create(user=user, type="webauthn", data={"name": "Key", "credential": {}})
        client.post(reverse("mfa_deactivate_totp"))
        answer = client.post(reverse("mfa_remove_webauthn", args=[passkey.pk]))
        assert "One second step is required, and this is the last." in answer.text
        assert list(Authenticator.objects.filter(user=user, type__in=["totp", "webauthn"])) == [passkey]


class TestInATrial:
    def test_a_password_is_enough_and_a_notice_asks_for_more(self, client, person, sign_in):
        person("ana")
        sign_in("ana")
        page = client.get(reverse("account_home"))
        assert page.status_code == 200
        assert "Set up a second step" in page.text

    def test_who_has_a_second_step_is_left_in_peace(self, client, person, sign_in, second_step):
        person("ana", second_step=True)
        sign_in("ana")
        second_step()
        assert "A password alone can be stolen" not in client.get(reverse("account_home")).text


def test_sensitive_acts_ask_again_after_a_quarter_of_an_hour(client, person, sign_in):
    person("ana", "investigator")
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        sign_in("ana")
        assert client.get(reverse("account_token_new")).status_code == 200
        clock.shift(16 * 60)
        answer = client.get(reverse("account_token_new"))
        assert answer.url.startswith(reverse("account_reauthenticate"))
        back = client.post(answer.url, {"password": PASSWORD})
        assert back.url == reverse("account_token_new")
        assert client.get(back.url).status_code == 200


def test_a_wrong_password_does_not_confirm(client, person, sign_in):
    person("ana", "investigator")
    sign_in("ana")
    assert "The password is not right." in client.post(reverse("account_reauthenticate"), {"password": "nor this"}).text
