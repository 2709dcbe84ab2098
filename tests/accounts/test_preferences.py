import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def choose(client, language):
    """Save the choice, and forget the cookies that the answer takes back, as a browser does."""
    answer = client.post(reverse("account_preferences"), {"language": language})
    for name in [name for name, cookie in client.cookies.items() if cookie["max-age"] == 0]:
        del client.cookies[name]
    return answer


def test_the_chosen_language_speaks_from_the_next_page_on(client, person, sign_in):
    person("ana")
    sign_in("ana")
    answer = choose(client, "es")
    page = client.get(answer.url).text
    assert '<html lang="es"' in page
    assert "Su idioma quedó guardado." in page


def test_it_goes_before_what_this_device_had_chosen(client, person, sign_in):
    person("ana")
    sign_in("ana")
    client.cookies["language"] = "en"
    choose(client, "es")
    assert '<html lang="es"' in client.get(reverse("account_home")).text


def test_a_language_that_we_do_not_speak_is_refused(client, person, sign_in):
    user = person("ana")
    sign_in("ana")
    client.post(reverse("account_preferences"), {"language": "xx"})
    user.refresh_from_db()
    assert user.language == "en"
