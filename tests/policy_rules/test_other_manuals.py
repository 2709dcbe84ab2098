"""Rules that do not govern here are read like those that do, and each page says that they do not."""

import hashlib
import re
from collections.abc import Iterator

import pytest

from policy_rules.importers.yaml_format import document_of
from policy_rules.models import SectionVersion
from policy_rules.paragraphs import blocks_of
from policy_rules.publishing import publish
from tests.law import LAW
from tests.manual import put_in_place

pytestmark = pytest.mark.xdist_group("other manuals")
PATH = "/en/policies/manuals/LAW-5/"
MARK = "These rules do not govern here"


@pytest.fixture(scope="module")
def law(undone_later) -> Iterator[None]:
    with undone_later():
        put_in_place()
        publish(document_of(LAW, "law"), actor="system", role="system")
        yield


@pytest.fixture
def read(client, law, db):
    def run(path: str, status: int = 200) -> str:
        answer = client.get(path)
        assert answer.status_code == status
        return " ".join(answer.text.split())

    return run


def test_are_named_below_the_manual_that_governs(read):
    page = read("/en/policies/")
    assert f'<a href="{PATH}"><span lang="en">Title 5. Police</span></a>' in page
    assert f'<p class="flat">{MARK}' not in page


PAGES = ("", "search/?q=badge", "chapter/5.1/", "chapter/5.1/1.0/", "5-101.01/", "5-101.01/1.0/", "5-101.01/history/")


def test_each_page_is_marked_and_leads_to_its_own_manual(read):
    for page in (read(PATH + path) for path in PAGES):
        assert MARK in page
        assert "/policies/5-" not in page
        assert "/policies/chapter/" not in page


def test_contents_stand_under_their_headings(read):
    page = read(PATH)
    at = [page.index(words) for words in ("General Provisions", "Duties of Members", "Wearing of a badge", "Reports")]
    assert at == sorted(at)


def test_search_finds_words_of_these_rules_alone(read):
    page = read(PATH + "search/?q=badge")
    assert "1 section." in page
    assert f"{PATH}5-101.01/1.0/" in page
    assert "Nothing was found" in read(PATH + "search/?q=de-escalation")
    assert PATH not in read("/en/policies/search/?q=badge")


def test_every_paragraph_has_a_permanent_address_and_is_set_in_by_its_label(read):
    page = read(PATH + "5-101.01/")
    assert '<p class="law long" id="p1">' in page
    assert '<p class="law long in1" id="p3">(1)' in page
    assert f'href="{PATH}5-101.01/1.0/#p3"' in page


def test_codes_in_the_text_lead_to_sections_of_the_same_rules(read):
    assert f'<a href="{PATH}5-101.02/">5-101.02</a>' in read(PATH + "5-101.01/")


def test_what_is_told_beside_the_text_is_said_to_bind_nobody(read):
    page = read(PATH + "5-101.01/")
    assert "1 note, which binds nobody" in page
    assert "Enacted in 1901." in page


def test_a_day_before_the_first_shows_that_nothing_was_in_force(read):
    assert "No version of this chapter was in force on this day." in read(PATH + "?on=1999-01-01")
    assert "This section was not in force on that day" in read(PATH + "5-101.01/?on=1999-01-01")


def test_what_does_not_exist_is_not_found(read):
    for path in ("/en/policies/manuals/NONE/", PATH + "5-999/", PATH + "DE-4.1/", PATH + "chapter/DE/"):
        read(path, 404)


def test_the_governing_manual_leads_to_its_own_addresses(read):
    assert 'href="/en/policies/DE-4.1/"' in read("/en/policies/manuals/HBPD-MANUAL/")


def test_the_api_lists_every_manual_and_says_which_governs(read, client):
    told = {row["code"]: row["governs"] for row in client.get("/api/v1/policies/manuals/").json()}
    assert told == {"HBPD-MANUAL": True, "LAW-5": False}


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("chapters/", "5.1"),
        ("sections/", "Wearing of a badge"),
        ("sections/5-101.01/", "LAW-5/5-101.01@1.0"),
        ("sections/5-101.01/versions/1.0/", "Enacted in 1901."),
        ("sections/5-101.01/versions/1.0/canonical/", '"manual":"LAW-5"'),
        ("chapters/5.1/versions/1.0/", '"state":"in_force"'),
        ("search/?q=badge", "5-101.01"),
        ("manual/", "State of Huron"),
        ("manual/yaml/", "id: LAW-5"),
    ],
)
def test_the_api_gives_them_by_the_code_of_their_manual(read, client, address, found):
    address = f"/api/v1/policies/{address}{'&' if '?' in address else '?'}manual="
    answer = client.get(address + "LAW-5")
    assert answer.status_code == 200
    assert found in answer.text
    assert client.get(address + "NONE").status_code == 404


def test_each_text_leads_to_the_bytes_of_its_digest(read, client):
    (link,) = re.findall(r'/api/v1/policies/sections/5-101.01/versions/1.0/canonical/[^"]*', read(PATH + "5-101.01/"))
    text = SectionVersion.objects.get(reference="LAW-5/5-101.01@1.0")
    assert hashlib.sha256(client.get(link).content).hexdigest() == text.text_digest


def test_blank_lines_are_no_paragraphs():
    assert [(block.place, block.text) for block in blocks_of("One.\n\n Two.\n")] == [(1, "One."), (2, "Two.")]
