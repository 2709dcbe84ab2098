import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from config.errors import WORDS

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.gallery.urls")]


@pytest.fixture
def fault(client):
    client.raise_request_exception = False
    return lambda status, language="en": client.get(f"/{language}/gallery/fault/{status}/")


@pytest.mark.parametrize("status", WORDS)
def test_it_says_what_became_of_the_answers_in_both_languages(fault, status):
    for language, other in (("en", "es"), ("es", "en")):
        answer = fault(status, language)
        assert answer.status_code == status
        assert f'<html lang="{language}"' in answer.text
        assert f'lang="{other}" aria-labelledby="other-words"' in answer.text
    english = fault(status).text
    with translation.override("en"):
        title, answers, _advice = map(str, WORDS[status])
    assert f"<h1>{title}</h1>" in english
    assert answers in english


@pytest.mark.parametrize("status", WORDS)
def test_it_never_shows_what_went_wrong_inside(fault, status):
    assert "secret" not in fault(status).text


def test_it_can_be_shown_when_the_database_is_gone(fault):
    def refuse(*_):
        raise AssertionError("the database was asked")

    with connection.execute_wrapper(refuse):
        assert fault(500).status_code == 500


def test_it_gives_the_sentence_of_the_refused_act(fault):
    assert "<b>The case changed at 2:31 pm.</b>" in fault(409).text


def test_a_body_above_the_limit_is_called_too_large(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    answer = client.post("/accounts/login/", {"login": "a" * 100})
    assert answer.status_code == 413
    assert "That file is too large" in answer.text


def test_an_address_that_is_only_sent_to_answers_with_a_page(client):
    answer = client.get("/es/complaint/leave/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    with translation.override("es"):
        assert f"<h1>{WORDS[405][0]}</h1>" in answer.text


def test_an_old_form_is_told_that_nothing_was_changed():
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {})
    assert answer.status_code == 403
    assert "Nothing was changed." in answer.text


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_program_is_told_in_the_shape_of_the_api(client, method):
    answer = getattr(client, method)("/api/v1/no-such-thing/")
    assert answer.status_code == 404
    assert answer.json() == {
        "type": "client_error",
        "errors": [{"code": "not_found", "detail": "We cannot find that page", "attr": None}],
    }
