import pytest


@pytest.mark.django_db
def test_home_redirects_to_the_visitors_language(client):
    assert client.get("/", headers={"accept-language": "es"}).url == "/es/"
