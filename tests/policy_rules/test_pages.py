from datetime import date
from unittest import mock

import pytest
import time_machine
from django.utils.translation import override

from policy_rules import contents
from policy_rules.in_force import in_force
from policy_rules.models import SectionTranslation
from policy_rules.section_reading import section_page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("manual")]
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-03-02 12:00 -0500", tick=False):
        yield


@pytest.fixture
def read(client):
    """Return the words of a page as they are sent."""

    def run(path: str, status: int = 200) -> str:
        answer = client.get(path)
        assert answer.status_code == status
        return " ".join(answer.text.split())

    return run


def page_of(code, version=None, *, today=TODAY, language="en"):
    with override(language):
        return section_page(code, version, today=today, language=language)


class TestContents:
    def test_lists_the_sections_in_force_today_by_chapter(self, read):
        page = read("/en/policies/")
        assert "400 De-escalation" in page
        assert "Version 2.1. In force since <time" in page
        assert "400.4.1" in page
        assert "600.2.5" not in page

    def test_a_manual_too_long_for_one_page_lists_its_chapters_with_the_number_of_their_sections(self, read):
        with mock.patch.object(contents, "LISTED", 10):
            page = read("/en/policies/")
        assert "41 sections" in page
        assert "400.4.1" not in page

    def test_speaks_spanish_where_there_is_a_translation_and_marks_what_is_english(self, read):
        page = read("/es/policies/")
        assert "400 Desescalada" in page
        assert '410 <span lang="en">Use of Force (short form)</span>' in page

    def test_costs_the_same_number_of_queries_however_many_sections(self, client, django_assert_max_num_queries):
        with django_assert_max_num_queries(14):
            client.get("/es/policies/")

    def test_an_address_without_a_language_finds_one(self, client):
        assert client.get("/policies/DE-4.1/", headers={"accept-language": "es"}).url == "/es/policies/DE-4.1/"


class TestChapter:
    def test_shows_everything_the_chapter_says_today(self, read):
        page = read("/en/policies/chapter/DE/")
        assert "A member shall not taunt, threaten without lawful purpose" in page
        assert "Next review: <time" in page

    def test_shows_an_earlier_version_whole_and_says_that_it_is_not_in_force(self, read):
        page = read("/en/policies/chapter/DE/1.0/")
        assert "This version is not in force today." in page
        assert "a member should use de-escalation measures when it is safe" in page
        assert "shall not taunt" not in page

    def test_tells_the_acts_that_brought_the_version_about_and_what_empowers_them(self, read):
        page = read("/en/policies/chapter/DE/1.1/")
        assert "How version 1.1 came about" in page
        assert 'Redress. Empowered by <a href="/en/policies/CH-13.5/2.1/">CH-13.5</a>' in page

    def test_lists_the_draft_that_was_published_for_comment(self, read):
        assert "Draft that was published for comment" in read("/en/policies/chapter/DE/")

    def test_a_day_asked_for_leads_to_the_version_in_force_on_it(self, client, read):
        assert client.get("/en/policies/chapter/DE/", {"on": "2023-06-01"}).url == "/en/policies/chapter/DE/1.0/"
        page = read("/en/policies/chapter/DE/?on=2020-01-01")
        assert "No version of this chapter was in force on this day." in page

    def test_a_translation_says_what_it_translates_and_where_it_is_out_of_date(self, read):
        page = read("/es/policies/chapter/DE/")
        assert "Traducción de la versión 1.1." in page
        row = SectionTranslation.objects.get(language="es", version__reference="HBPD-MANUAL/DE-4.1@1.1")
        SectionTranslation.objects.filter(pk=row.pk).update(
            version=row.version.section.versions.get(effective__startswith="2023-01-01")
        )
        assert "En inglés: las palabras cambiaron desde que se tradujo la versión 1.0." in read(
            "/es/policies/chapter/DE/"
        )

    def test_shows_a_review_that_is_overdue(self, read):
        assert "Review overdue" in read("/en/policies/chapter/BWC/")
        assert "Review overdue" not in read("/en/policies/chapter/DE/")

    @pytest.mark.parametrize("path", ["/en/policies/chapter/XX/", "/en/policies/chapter/DE/7.7/"])
    def test_what_does_not_exist_is_not_found(self, read, path):
        read(path, 404)


class TestSection:
    def test_shows_the_text_in_force_with_elements_and_exceptions_beside_it(self, read):
        page = read("/en/policies/DE-4.1/")
        assert 'In force</span> <span class="small soft">Since <time datetime="2024-01-01">' in page
        assert '<li id="DE-4.1-a">' in page
        assert "There are 4 exceptions." in page
        assert "DE-6.4" in page
        assert "Class C" in page

    def test_a_version_has_a_permanent_address_with_an_anchor_for_each_element(self, read):
        page = read("/en/policies/DE-4.2/1.0/")
        assert "Distance and cover" in page
        assert 'href="/en/policies/DE-4.2/1.0/#DE-4.2-b"' in page
        assert "This text is not in force today." in page
        assert 'href="/en/policies/DE-4.2/">See the version in force' in page

    def test_exceptions_of_an_earlier_version_are_those_of_its_days(self):
        page = page_of("DE-4.6", "1.0")
        assert [(row.code, row.source.version) for row in page.exceptions] == [("DE-6.1", "1.0")]

    def test_the_digest_is_shown_with_the_address_of_the_bytes_it_is_made_of(self, read):
        page = read("/en/policies/DE-4.1/")
        assert in_force("DE-4.1", on=TODAY).text_digest[-8:] in page
        assert "/api/v1/policies/sections/DE-4.1/versions/1.1/canonical/" in page

    def test_words_that_did_not_change_have_been_in_force_since_they_first_were(self):
        assert page_of("DE-4.3").in_force_since == date(2023, 1, 1)
        assert page_of("DE-4.1").in_force_since == date(2024, 1, 1)
        assert [line.same_words_as for line in page_of("DE-4.3").versions] == ["1.0", ""]

    def test_a_section_that_ended_is_shown_as_it_last_was_with_what_it_became(self, read):
        page = read("/en/policies/CH-2.5/")
        assert "Not in force today" in page
        assert 'Its text went into <a href="/en/policies/CH-2.6/">CH-2.6</a>' in page

    def test_a_section_not_yet_in_force_is_shown_as_it_will_first_be(self):
        page = page_of("CH-10.7", today=date(2024, 6, 1))
        assert not page.in_force
        assert page.as_of == date(2025, 1, 1)

    def test_an_exception_lists_what_it_may_excuse(self, read):
        page = read("/en/policies/DE-6.6/")
        assert "To establish it" in page
        assert "What it may excuse" in page
        assert "UF-4.1" in page

    def test_a_higher_standard_of_proof_is_said(self, read):
        assert "by clear and convincing evidence" in read("/en/policies/UF-5.2/")

    def test_defined_words_and_codes_lead_to_what_explains_them(self, read):
        page = read("/en/policies/DE-6.1/")
        assert '<a href="/en/policies/DE-2.3/">immediate threat</a>' in page
        assert '<a href="/en/policies/DE-6.5/">DE-6.5</a>' in page

    def test_a_word_defined_in_another_chapter_is_explained_with_the_chapter(self, read):
        page = read("/en/policies/UF-2.2/")
        assert '<a href="/en/policies/DE-2.2/">feasible</a>' in page
        assert "(Chapter 400)" in page

    def test_words_of_an_earlier_version_lead_to_what_they_meant_then(self, read):
        assert '<a href="/en/policies/DE-2.2/1.0/">feasible</a>' in read("/en/policies/DE-5.4/1.0/")

    def test_a_definition_does_not_explain_itself(self):
        assert "DE-2.2" not in [row.code for row in page_of("DE-2.2").definitions]

    def test_the_courses_that_teach_it_are_named(self, read):
        assert "DE-M3" in read("/en/policies/DE-4.1/")

    @pytest.mark.parametrize("path", ["/en/policies/XX-1/", "/en/policies/DE-4.1/7.7/", "/en/policies/DE-4.8/1.0/"])
    def test_what_does_not_exist_is_not_found(self, read, path):
        read(path, 404)

    def test_costs_a_bounded_number_of_queries(self, client, django_assert_max_num_queries):
        client.get("/es/policies/DE-4.1/")
        with django_assert_max_num_queries(26):
            client.get("/es/policies/DE-4.1/")


class TestTranslation:
    def test_is_marked_as_one_with_the_text_that_decides_below(self, read):
        page = read("/es/policies/DE-4.1/")
        assert "Traducción de la versión 1.1. Decide el texto en inglés." in page
        assert "Antes de usar la fuerza" in page
        assert '<p class="serif" lang="en">Before using force' in page

    def test_serves_an_earlier_version_that_has_the_same_words(self):
        page = page_of("DE-4.3", "1.0", language="es")
        assert page.reading.is_translation
        assert page.reading.translation_of.version == "1.1"

    def test_is_not_shown_for_other_words_than_those_it_translates(self, read):
        page = read("/es/policies/DE-4.1/1.0/")
        assert "Todavía no hay traducción de este texto." in page
        assert '<p class="law" id="p1" lang="en">Before using <a href="/es/policies/UF-1.1/2.0/">force</a>,' in page

    def test_is_said_to_be_out_of_date_once_the_words_have_changed(self, publish_text, shipped, read):
        later = shipped.replace(
            '{version: "1.1", status: in_force, adopted: 2023-12-05, effective_from: 2024-01-01, effective_to: null,',
            '{version: "1.2", status: in_force, adopted: 2025-12-05, effective_from: 2026-01-01}\n'
            '      - {version: "1.1", status: superseded, adopted: 2023-12-05, effective_from: 2024-01-01,'
            " effective_to: 2025-12-31,",
        )
        later = later.replace(
            "          This chapter sets out how members are expected",
            "          This chapter now sets out how members are expected",
        ).replace(
            "      - id: DE-1.2\n",
            '        history:\n          - versions: ["1.0", "1.1"]\n            text: >-\n'
            "              This chapter sets out how members are expected to slow down, communicate and use tactics so "
            "that people can\n"
            "              choose to cooperate and force is needed less often. It stands on its own: it applies to "
            "every contact, whether\n              or not force is being considered.\n      - id: DE-1.2\n",
            1,
        )
        assert publish_text(later).created["chapter_versions"] == 1
        page = read("/es/policies/DE-1.1/")
        assert "La traducción no está al día" in page
        assert "Traduce la versión 1.1" in page
        assert '<p class="law" id="p1" lang="en">This chapter now sets out' in page

    def test_has_nothing_to_say_in_the_manuals_own_language(self):
        page = page_of("DE-4.1")
        assert not page.reading.is_translation
        assert page.reading.stale is None


def test_without_a_manual_the_page_says_so(client, manual):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE policy_rules_manual SET governs = false")
    assert "No manual has been published yet." in client.get("/en/policies/").text
