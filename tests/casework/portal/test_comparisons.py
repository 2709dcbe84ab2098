"""What changed between two versions of a chapter, taken away as a file."""

import pytest

from casework.documents import comparison, render
from tests import manual
from tests.casework.documents import pdf

pytestmark = pytest.mark.django_db
FILE = "/en/policies/chapter/DE/compare.pdf"
VERSIONS = {"before": "1.0", "after": "1.1"}
PAGE = "/en/policies/chapter/DE/compare/"


@pytest.fixture(autouse=True)
def _manual(db):
    manual.put_in_place()


def test_the_file_tells_each_removal_and_addition_and_keeps_the_rules_of_pdf_ua(client):
    page = client.get(PAGE, VERSIONS).content.decode()
    assert f'href="{FILE}?before=1.0&amp;after=1.1"' in page
    answer = client.get(FILE, VERSIONS)
    assert answer["Content-Type"] == "application/pdf"
    assert 'filename="DE-1.0-1.1.pdf"' in answer["Content-Disposition"]
    assert pdf.faults(answer.content) == []
    words = " ".join(pdf.pages(answer.content))
    assert "3 sections were added, 10 were changed" in words
    assert "Removed: excessive force by another member End of removal." in words
    assert "400.6.5 → 400.6.6" in words


def test_the_file_in_spanish_says_in_spanish_what_was_done_to_the_english_words(client):
    content = client.get(FILE.replace("/en/", "/es/"), VERSIONS).content
    assert pdf.language(content) == "es"
    assert "Se agregaron 3 secciones" in pdf.pages(content)[0]


@pytest.mark.parametrize("asked", [{}, {"before": "1.0", "after": "7"}])
def test_versions_that_do_not_exist_lead_to_the_page_that_says_so(client, asked):
    answer = client.get(FILE, asked, follow=True)
    assert answer.redirect_chain[0][0].startswith(PAGE)
    assert ("Select a valid choice" in answer.content.decode()) is bool(asked)


def test_where_no_file_can_be_made_the_page_says_why_and_can_be_printed(client, monkeypatch):
    def missing():
        raise render.PdfUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(render, "_engine", missing)
        assert "Pango library is missing" in client.get(FILE, VERSIONS, follow=True).content.decode()
    monkeypatch.setattr(comparison, "LARGEST", 10)
    answer = client.get(FILE, VERSIONS, follow=True)
    assert answer.redirect_chain == [(f"{PAGE}?before=1.0&after=1.1", 302)]
    assert "Print this page instead" in answer.content.decode()


def test_one_network_is_not_served_without_end(client, monkeypatch):
    monkeypatch.setattr("accounts.throttle.sent_from_network", lambda *_asked: 60)
    assert "Wait 15 minutes" in client.get(FILE, VERSIONS, follow=True).content.decode()
