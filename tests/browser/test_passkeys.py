"""Passkeys need a device; the browser's virtual one stands in for it."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from accounts.models import User
from tests.signing_in import PASSWORD


@pytest.fixture
def tab(window):
    """A tab on a device that holds passkeys."""
    tab = window().new_page()
    device = tab.context.new_cdp_session(tab)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"isUserVerified": True}})
    return tab


@pytest.fixture(autouse=True)
def ana(live_server):
    return User.objects.create_user("ana", PASSWORD, name="Ana")


def sign_in_by_password(tab):
    tab.goto(reverse("account_login"))
    tab.fill("input[name=login]", "ana")
    tab.fill("input[name=password]", PASSWORD)
    with tab.expect_navigation():
        tab.click("button:has-text('Sign in')")


def add_passkey(tab, *, alone: bool = False):
    tab.goto(reverse("mfa_add_webauthn"))
    tab.fill("input[name=name]", "Work phone")
    if alone:
        tab.check("input[name=passwordless]")
    tab.click("button:has-text('Add the passkey')")
    tab.wait_for_url(f"**{reverse('mfa_view_recovery_codes')}")


def sign_out(tab):
    tab.goto(reverse("account_logout"))
    with tab.expect_navigation():
        tab.click("main button:has-text('Sign out')")


def test_a_passkey_alone_signs_in(tab, ana):
    sign_in_by_password(tab)
    add_passkey(tab, alone=True)
    assert Authenticator.objects.get(user=ana, type="webauthn").wrap().name == "Work phone"
    sign_out(tab)
    tab.click("button:has-text('Use a passkey')")
    tab.wait_for_url(f"**{reverse('account_home')}")


def test_a_passkey_is_a_second_step_after_the_password(tab):
    sign_in_by_password(tab)
    add_passkey(tab)
    sign_out(tab)
    sign_in_by_password(tab)
    tab.wait_for_url(f"**{reverse('mfa_authenticate')}")
    tab.click("button:has-text('Use a passkey')")
    tab.wait_for_url(f"**{reverse('account_home')}")


def test_where_a_passkey_does_not_work_the_page_says_so(tab):
    tab.goto(reverse("account_login"))
    tab.click("button:has-text('Use a passkey')")
    tab.get_by_role("alert").get_by_text("The passkey did not work. Try again, or use another way.").wait_for()


def test_without_scripts_the_page_offers_the_other_ways(window):
    tab = window(java_script_enabled=False).new_page()
    tab.goto(reverse("account_login"))
    assert not tab.is_visible("text=With a passkey")
    sign_in_by_password(tab)
    tab.goto(reverse("mfa_add_webauthn"))
    assert tab.is_visible("text=You can set up an authenticator app instead.")
