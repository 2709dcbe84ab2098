import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "es"])
def test_home_redirects_to_the_visitors_language(client, language):
    assert client.get("/", headers={"accept-language": language}).url == f"/{language}/"


def test_the_chosen_language_comes_before_the_browsers(client):
    client.cookies["language"] = "es"
    assert client.get("/", headers={"accept-language": "en"}).url == "/es/"


def test_home_says_who_the_office_is_in_both_languages(client):
    english, spanish = client.get("/en/").text, client.get("/es/").text
    assert "We are not part of the police department." in english
    assert "No somos parte del departamento de policía." in spanish
    assert "Oficina de Rendición de Cuentas de la Policía" in spanish


def test_home_asks_the_database_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/en/")


@pytest.mark.parametrize("page", ["how-we-decide", "your-information", "accessibility", "contact", "emergency"])
def test_pages_about_the_office_redirect_by_language_and_open(client, page):
    assert client.get(f"/{page}/", headers={"accept-language": "es"}).url == f"/es/{page}/"
    assert client.get(f"/es/{page}/").status_code == 200
