import pytest

from accounts.models import User

pytestmark = pytest.mark.django_db


def test_the_language_switch_leads_to_the_same_page_and_is_remembered(client):
    assert 'href="/es/contact/?set-language=es"' in client.get("/en/contact/").text
    answer = client.get("/es/contact/?set-language=es")
    assert answer.url == "/es/contact/"
    assert answer.cookies["language"].value == "es"


def test_a_switch_keeps_the_rest_of_the_address(client):
    page = client.get("/en/?year=2026&set-theme=&year=2025").text
    assert 'href="/es/?year=2026&amp;year=2025&amp;set-language=es"' in page
    assert client.get("/es/?year=2026&year=2025&set-language=es").url == "/es/?year=2026&year=2025"


def test_a_switch_never_leads_to_another_site(client):
    answer = client.get("/", {"set-language": "es"}, PATH_INFO="//elsewhere.example/")
    assert answer.url == "/%2Felsewhere.example/"


def test_an_unknown_language_is_not_kept(client):
    assert "language" not in client.get("/en/?set-language=xx").cookies


def test_chosen_colors_are_set_by_the_server_and_can_go_back_to_the_device(client):
    assert "data-theme" not in client.get("/en/").text
    client.get("/en/?set-theme=dark")
    assert '<html lang="en" dir="ltr" data-theme="dark">' in client.get("/en/").text
    client.get("/en/?set-theme=device")
    assert "data-theme" not in client.get("/en/").text


def test_a_forged_color_cookie_is_not_printed(client):
    client.cookies["theme"] = '"><script>'
    assert "<script>" not in client.get("/en/").text.replace('<script type="module"', "")


def test_pages_without_a_language_speak_the_signed_in_persons(client):
    client.force_login(User.objects.create_user("ana", language="es", name="Ana"))
    assert 'lang="es"' in client.get("/accounts/no-such-page/").text
    client.cookies["language"] = "en"
    assert 'lang="en"' in client.get("/accounts/no-such-page/").text


def test_answers_differ_by_cookie_so_caches_must_too(client):
    assert "Cookie" in client.get("/en/").headers["Vary"]
