"""Searching the manual and following how it changes, as a reader meets it."""

import datetime
import re
from xml.etree import ElementTree

import pytest
from django.test import Client

from policy_rules.in_force import in_force
from policy_rules.models import SectionTranslation
from policy_rules.searching import search
from tests.permissions.scenes.policies import other_manual, policy_changed_of_late

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 22)


@pytest.fixture
def reader() -> Client:
    return Client()


def found(manual, words: str, language: str = "en", on: datetime.date = TODAY) -> list[str]:
    return [item.text.section.code for item in search(manual, words, on=on, language=language).found]


class TestSearch:
    def test_a_title_that_holds_the_words_comes_first(self, manual):
        assert found(manual, "avoidable jeopardy")[:2] in (["DE-2.5", "DE-4.9"], ["DE-4.9", "DE-2.5"])

    @pytest.mark.parametrize("name", ["DE-4.4", "de-4.4", "400.4.4"])
    def test_the_code_or_the_number_of_a_section_finds_it_first(self, manual, name):
        assert found(manual, name)[0] == "DE-4.4"
        (first, *_rest) = search(manual, name, on=TODAY, language="es").found
        assert (first.text.section.code, first.language) == ("DE-4.4", "es")

    def test_words_are_found_in_other_forms(self, manual):
        assert "DE-4.4" in found(manual, "warnings")

    def test_a_reader_of_spanish_finds_a_section_by_its_translation(self, manual):
        translated = SectionTranslation.objects.select_related("version__section").get(
            language="es", version__reference="HBPD-MANUAL/DE-4.4@1.1"
        )
        word = max(translated.title.split(), key=len)
        results = search(manual, word, on=TODAY, language="es")
        assert ("DE-4.4", "es") in [(item.text.section.code, item.language) for item in results.found]

    def test_a_translation_of_words_that_have_changed_finds_nothing(self, manual):
        for row in search(manual, "miembro", on=TODAY, language="es").found:
            assert row.text.in_force_on(TODAY)

    def test_only_texts_in_force_on_the_day_are_found(self, manual):
        assert "DE-4.8" in found(manual, "taunt")
        assert "DE-4.8" not in found(manual, "taunt", on=datetime.date(2023, 6, 1))

    def test_a_phrase_in_quotation_marks_is_kept_together(self, manual):
        assert set(found(manual, '"immediate threat"')) < set(found(manual, "immediate or threat"))

    def test_what_was_found_is_marked_and_all_else_is_escaped(self, manual):
        (first, *_rest) = search(manual, "avoidable", on=TODAY, language="en").found
        assert "<mark>" in first.title
        SectionTranslation.objects.filter(language="es", version__reference="HBPD-MANUAL/DE-4.4@1.1").update(
            title="5 < 6 & zanahoria"
        )
        (only,) = search(manual, "zanahoria", on=TODAY, language="es").found
        assert only.title == "5 &lt; 6 &amp; <mark>zanahoria</mark>"

    @pytest.mark.parametrize("words", ["", "   ", "the", '"', "& | ! ( )", "\x00", "a" * 500, "'; DROP TABLE x; --"])
    def test_no_words_break_it(self, manual, reader, words):
        assert reader.get("/en/policies/search/", {"q": words}).status_code == 200

    def test_the_queries_do_not_grow_with_what_is_found(self, manual, reader, django_assert_max_num_queries):
        with django_assert_max_num_queries(12):
            reader.get("/es/policies/search/", {"q": "agente"})


class TestTheTextOnAnotherDay:
    def test_the_manual_is_shown_as_it_stood(self, manual, reader):
        page = reader.get("/en/policies/", {"on": "2023-06-01"}).content.decode()
        assert "This is not the manual of today" in page
        assert "/en/policies/DE-4.1/1.0/" in page

    def test_a_section_leads_to_the_version_in_force(self, manual, reader):
        answer = reader.get("/en/policies/DE-4.1/", {"on": "2023-12-31"})
        assert answer.url == "/en/policies/DE-4.1/1.0/"
        assert reader.get("/en/policies/DE-4.1/", {"on": "2024-01-01"}).url == "/en/policies/DE-4.1/1.1/"

    def test_a_day_before_the_section_says_so(self, manual, reader):
        page = reader.get("/en/policies/DE-4.1/", {"on": "2022-12-31"}).content.decode()
        assert "This section was not in force on that day" in page

    def test_what_is_no_day_is_said(self, manual, reader):
        answer = reader.get("/en/policies/", {"on": "soon"})
        assert answer.status_code == 200
        assert "Enter a valid date" in answer.content.decode()


class TestComparing:
    def test_a_reader_sees_what_1_1_changed(self, manual, reader):
        page = reader.get("/en/policies/chapter/DE/compare/", {"before": "1.0", "after": "1.1"}).content.decode()
        assert "3 sections were added" in page
        assert 'id="DE-4.8"' in page
        assert '<span class="sr" lang="en">Added: </span>' in page
        assert 'id="DE-1.1"' not in page

    def test_the_whole_chapter_can_be_shown(self, manual, reader):
        asked = {"before": "1.0", "after": "1.1", "show": "all", "view": "line"}
        assert 'id="DE-1.1"' in reader.get("/en/policies/chapter/DE/compare/", asked).content.decode()

    def test_figures_are_told_in_words_with_their_units(self, manual, reader):
        page = reader.get("/es/policies/chapter/DE/compare/", {"before": "1.0", "after": "1.1"}).content.decode()
        assert "Tiempo de formación, como mínimo" in page
        assert "</span>2 horas</del>" in page
        assert "</span>4 horas</ins>" in page

    def test_the_rules_that_changed_with_the_chapter_are_told_with_their_units(self, manual, reader):
        page = reader.get("/en/policies/chapter/CH/compare/", {"before": "2.0", "after": "2.1"}).content.decode()
        (rules,) = re.findall(r'id="rule-authorities.clocks.break_glass">.*?</dl>', page, re.DOTALL)
        assert "Emergency access" in rules
        assert "</span>24 hours</del>" in rules
        assert "</span>4 hours</ins>" in rules

    def test_in_one_text_a_new_section_stands_in_one_column_with_all_that_must_be_proved(self, manual, reader):
        asked = {"before": "1.0", "after": "1.1", "view": "line"}
        page = reader.get("/en/policies/chapter/DE/compare/", asked).content.decode()
        (section,) = re.findall(r'id="DE-4.8".*?</section>', page, re.DOTALL)
        assert 'class="diff' not in page
        assert section.count("<ins>") == 1 + in_force("DE-4.8", on=TODAY).elements.count()
        assert section.count("End of addition.") == section.count("Added: ")

    def test_a_manual_kept_for_reference_is_compared_too(self, reader):
        other_manual()
        page = reader.get("/en/policies/manuals/LAW-5/chapter/5.1/compare/").content.decode()
        assert "This chapter has one version" in page
        assert "These rules do not govern here" in page

    def test_a_version_that_does_not_exist_is_an_error_of_the_form(self, manual, reader):
        answer = reader.get("/en/policies/chapter/DE/compare/", {"before": "1.0", "after": "7"})
        assert answer.status_code == 200
        assert "Select a valid choice" in answer.content.decode()

    def test_the_queries_do_not_grow_with_the_chapter(self, manual, reader, django_assert_max_num_queries):
        with django_assert_max_num_queries(12):
            reader.get("/en/policies/chapter/CH/compare/", {"before": "1.0", "after": "2.1", "show": "all"})

    def test_the_history_of_a_section_tells_each_version(self, manual, reader):
        page = reader.get("/en/policies/DE-7.2/history/").content.decode()
        assert "2 versions of this section" in page
        assert "<ins>" in page


class TestFollowing:
    def test_what_came_into_force_of_late_is_told_with_what_it_changes(self, reader):
        policy_changed_of_late()
        page = reader.get("/en/policies/changes/").content.decode()
        assert "UF-4.1 names the time within which aid is given." in page
        assert "1 section was changed." in page
        assert 'href="/en/policies/UF-4.1/history/"' in page

    def test_the_queries_do_not_grow_with_what_changed(self, reader, django_assert_max_num_queries):
        policy_changed_of_late()
        with django_assert_max_num_queries(6):
            reader.get("/en/policies/changes/feed/")

    def test_a_feed_reader_gets_the_same(self, reader):
        policy_changed_of_late()
        answer = reader.get("/es/policies/changes/feed/")
        root = ElementTree.fromstring(answer.content)
        entry = root.find("{http://www.w3.org/2005/Atom}entry")
        assert answer["Content-Type"].startswith("application/atom+xml")
        assert entry.findtext("{http://www.w3.org/2005/Atom}id") == "urn:redress:HBPD-MANUAL/UF@3.1"

    def test_without_a_manual_the_pages_say_that_there_is_nothing(self, reader):
        for path in ("changes/", "changes/feed/", "search/?q=x"):
            assert reader.get(f"/en/policies/{path}").status_code == 200


class TestTheApi:
    def test_search_gives_sections_with_their_language(self, manual, reader):
        found = reader.get("/api/v1/policies/search/", {"q": "jeopardy"}).json()
        assert {"DE-2.5", "DE-4.9"} <= {item["section"] for item in found["found"]}

    def test_search_asks_for_words(self, manual, reader):
        assert reader.get("/api/v1/policies/search/").status_code == 400

    def test_the_whole_manual_is_a_file_to_take(self, manual, reader):
        answer = reader.get("/api/v1/policies/manual/yaml/")
        assert 'filename="HBPD-MANUAL.yaml"' in answer["Content-Disposition"]
        assert b"license: CC0 1.0" in answer.content
