import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from tests.signing_in import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "password",
    ["eleven char", "qwertyuiop123", "rosalind.okafor", "rosalind@office.example"],
    ids=["short", "common", "the sign-in name", "the address"],
)
def test_a_weak_password_is_refused(person, password):
    ana = person("rosalind.okafor", email="rosalind@office.example")
    with pytest.raises(ValidationError):
        validate_password(password, ana)


@pytest.mark.parametrize("password", [PASSWORD, "x" * 40 + " ünï ☂ " + "y" * 40])
def test_a_long_password_of_any_characters_is_taken(person, password):
    validate_password(password, person("ana"))


def test_the_page_says_what_is_wrong_with_a_new_password(client, person, sign_in):
    person("ana")
    sign_in("ana")
    page = client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    )
    assert "at least 12 characters" in page.text
    assert 'aria-invalid="true"' in page.text
    assert "<title>Error: " in page.text


def test_the_old_password_is_asked_for(client, person, sign_in):
    user = person("ana")
    sign_in("ana")
    new = "nine green bicycles"
    client.post(reverse("account_change_password"), {"oldpassword": "a guess", "password1": new, "password2": new})
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
