"""People with passwords and second steps, and the ways to sign them in."""

import base64
import hmac
import struct
import time

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.urls import reverse

from accounts.models import RoleHolding, User

PASSWORD = "four quiet lanterns"
SECRET = base64.b32encode(b"12345678901234567890").decode()


def code_at(moment: float, secret: str = SECRET) -> str:
    """The code of RFC 6238 for this second, computed here and not by the library under test."""
    counter = struct.pack(">Q", int(moment) // 30)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    offset = digest[-1] & 15
    return f"{(int.from_bytes(digest[offset : offset + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


@pytest.fixture
def person(db):
    """Makes people: `person("ana", "investigator", second_step=True)`."""

    def make(login: str, *roles: str, second_step: bool = False, **fields) -> User:
        user = User.objects.create_user(login, PASSWORD, name=login.title(), **fields)
        for role in roles:
            RoleHolding.objects.create(user=user, role_id=role)
        if second_step:
            TOTP.activate(user, SECRET)
            RecoveryCodes.activate(user)
        return user

    return make


@pytest.fixture
def sign_in(client):
    """Gives a name and a password on the sign-in page; returns the answer."""

    def give(login: str, password: str = PASSWORD, **more):
        return client.post(reverse("account_login"), {"login": login, "password": password}, **more)

    return give


@pytest.fixture
def second_step(client):
    """Gives a code; returns the answer."""

    def give(code: str | None = None):
        return client.post(reverse("mfa_authenticate"), {"code": code or code_at(time.time())})

    return give


@pytest.fixture
def is_signed_in(client):
    return lambda: client.get(reverse("account_home")).status_code == 200
