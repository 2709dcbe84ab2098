import hashlib
from datetime import date

import pytest

from policy_rules.in_force import in_force
from policy_rules.models import SectionTranslation, SectionVersion
from tests.permissions.scenes.policies import policy_changed_of_late

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("manual")]
ROOT = "/api/v1/policies"


@pytest.fixture
def get(client):
    def run(path: str, status: int = 200, **query):
        answer = client.get(f"{ROOT}{path}", query)
        assert answer.status_code == status, answer.content
        return answer.json()

    return run


def test_it_lists_the_texts_in_force_on_a_day_in_the_order_of_the_manual(get):
    first = get("/sections/", on="2023-06-01", chapter="DE")["results"]
    assert first[0]["reference"] == "HBPD-MANUAL/DE-1.1@1.0"
    assert [row["section"] for row in first][9:11] == ["DE-4.2", "DE-4.3"]
    assert "DE-4.8" not in [row["section"] for row in first]


def test_it_pages_through_the_whole_manual_without_losing_a_section(client):
    seen, url = [], f"{ROOT}/sections/?on=2025-06-01"
    while url:
        page = client.get(url).json()
        seen += [row["section"] for row in page["results"]]
        url = page["next"]
    assert len(seen) == len(set(seen)) == 180


def test_it_narrows_the_list(get):
    rows = get("/sections/", on="2025-06-01", chapter="UF", kind="exception")["results"]
    assert [row["section"] for row in rows] == ["UF-3.1"]
    rows = get("/sections/", on="2025-06-01", chapter="BWC", allegable="true")["results"]
    assert [row["section"] for row in rows] == ["BWC-2.1", "BWC-2.2", "BWC-2.3", "BWC-2.4"]


@pytest.mark.parametrize("query", [{"on": "yesterday"}, {"kind": "wish"}, {"allegable": "perhaps"}])
def test_a_query_that_makes_no_sense_is_refused_by_name(get, query):
    (name,) = query
    assert get("/sections/", 400, **query)["errors"][0]["attr"] == name


def test_a_section_has_every_version_it_ever_had(get):
    section = get("/sections/CH-2.1/")
    assert [row["version"] for row in section["versions"]] == ["1.0", "1.1", "2.0", "2.1"]
    assert section["versions"][0]["effective_to"] == "2022-12-31"


def test_a_version_has_its_elements_exceptions_and_translations(get):
    text = get("/sections/DE-4.6/versions/1.1/")
    assert [row["code"] for row in text["elements"]] == ["DE-4.6-a", "DE-4.6-b"]
    assert text["exceptions"] == ["DE-6.1", "DE-6.7"]
    assert text["translations"][0]["language"] == "es"
    assert get("/sections/DE-6.7/versions/1.1/")["applies_to"] == ["DE-4.6"]


def test_a_translation_names_the_version_it_translates_and_says_where_the_words_have_changed(get):
    (spanish,) = get("/sections/DE-4.6/versions/1.1/")["translations"]
    assert (spanish["language"], spanish["translation_of"], spanish["is_stale"]) == ("es", "1.1", False)
    SectionTranslation.objects.filter(version__reference="HBPD-MANUAL/DE-4.6@1.1").update(
        version=SectionVersion.objects.get(reference="HBPD-MANUAL/DE-4.6@1.0")
    )
    (spanish,) = get("/sections/DE-4.6/versions/1.1/")["translations"]
    assert (spanish["translation_of"], spanish["is_stale"]) == ("1.0", True)


def test_two_versions_of_a_chapter_are_compared_word_by_word(get):
    found = get("/chapters/DE/compare/", before="1.0", after="1.1")
    assert (found["before"], found["tally"]["added"]) == ("HBPD-MANUAL/DE@1.0", 3)
    refresher = next(row for row in found["sections"] if row["section"] == "DE-8.2")
    assert refresher["settings"] == [
        {"name": "details.hours_min", "in_words": "Time of training, at least", "before": 2, "after": 4}
    ]
    (text,) = refresher["passages"]
    assert {"what": "removed", "words": "2 hours every two years"} in text["runs"]
    assert next(row for row in found["sections"] if row["what"] == "added")["number_before"] is None


def test_a_comparison_names_the_rules_that_changed_with_the_chapter(get):
    rules = get("/chapters/CH/compare/", before="2.0", after="2.1")["rules"]
    access = next(row for row in rules if row["path"] == "authorities.clocks.break_glass")
    assert access["differences"] == [{"name": "duration", "before": [24, "hours"], "after": [4, "hours"]}]


def test_a_comparison_with_a_version_that_there_is_not_is_refused_by_name(get):
    (error,) = get("/chapters/DE/compare/", 400, before="1.0", after="7")["errors"]
    assert (error["attr"], "1.0, 1.1" in error["detail"]) == ("after", True)


def test_the_versions_of_late_are_listed_with_the_sections_that_they_touch(get):
    policy_changed_of_late()
    (change,) = get("/changes/")
    assert (change["reference"], change["before"]) == ("HBPD-MANUAL/UF@3.1", "3.0")
    assert [(row["section"], row["what"]) for row in change["sections"]] == [("UF-4.1", "changed")]


def test_the_canonical_text_has_the_digest_that_the_log_cites(client):
    text = in_force("DE-4.1", on=date(2024, 6, 1))
    answer = client.get(f"{ROOT}/sections/DE-4.1/versions/1.1/canonical/")
    assert answer.headers["Content-Type"] == "application/json"
    assert hashlib.sha256(answer.content).hexdigest() == text.text_digest


def test_chapters_have_their_drafts_too(get):
    chapter = get("/chapters/")[0]
    assert (chapter["code"], [row["version"] for row in chapter["versions"]]) == ("DE", ["0.9", "1.0", "1.1"])
    assert chapter["versions"][0]["effective_from"] is None


def test_rules_are_those_of_the_day(get):
    assert get("/rules/", on="2024-06-01")["reference"] == "HBPD-MANUAL/rules@2024-01-01"
    assert get("/rules/", on="2025-06-01")["rules"]["authorities"]["moves"]["receive"]["section"] == "CH-2.6"
    get("/rules/", 404, on="2020-01-01")


@pytest.mark.parametrize(
    "path", ["/sections/XX-1/", "/sections/DE-4.1/versions/9/", "/sections/DE-4.8/versions/1.0/canonical/"]
)
def test_what_does_not_exist_is_not_found(get, path):
    assert get(path, 404)["errors"][0]["code"] == "not_found"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written_through_the_api(client, method):
    assert getattr(client, method)(f"{ROOT}/sections/DE-4.1/").status_code in {403, 405}
