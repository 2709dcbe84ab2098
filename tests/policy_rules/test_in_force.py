from datetime import UTC, date, datetime

import pytest

from policy_rules.in_force import NotInForce, UnknownSection, in_force, versions_during
from policy_rules.models import Section

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("manual")]


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(2023, 1, 1), "1.0"),
        (date(2023, 12, 31), "1.0"),
        (date(2024, 1, 1), "1.1"),
        (date(2099, 1, 1), "1.1"),
    ],
)
def test_it_finds_the_text_in_force_on_the_first_and_the_last_day_of_a_version(day, version):
    assert in_force("DE-4.1", on=day).reference == f"HBPD-MANUAL/DE-4.1@{version}"


def test_conduct_before_a_chapter_existed_has_no_text():
    with pytest.raises(NotInForce, match=r"1\.0 from 2023-01-01 to 2023-12-31, 1\.1 from 2024-01-01 to now"):
        in_force("DE-4.1", on=date(2022, 12, 31))


def test_a_section_split_into_others_ends_the_day_before_they_begin():
    assert in_force("CH-2.5", on=date(2023, 12, 31)).version == "1.1"
    with pytest.raises(NotInForce):
        in_force("CH-2.5", on=date(2024, 1, 1))
    with pytest.raises(NotInForce):
        in_force("CH-2.6", on=date(2023, 12, 31))
    assert in_force("CH-2.6", on=date(2024, 1, 1)).version == "2.0"


def test_an_unchanged_section_is_named_by_the_version_of_its_chapter_and_says_the_same():
    before, after = in_force("DE-4.3", on=date(2023, 6, 1)), in_force("DE-4.3", on=date(2024, 6, 1))
    assert (before.version, after.version) == ("1.0", "1.1")
    assert before.wording_digest == after.wording_digest
    assert before.text_digest != after.text_digest


def test_a_renumbered_section_keeps_its_code_and_its_wording():
    before, after = in_force("DE-4.9", on=date(2023, 6, 1)), in_force("DE-4.9", on=date(2024, 6, 1))
    assert (before.number, after.number) == ("400.4.8", "400.4.9")
    assert before.wording_digest == after.wording_digest


def test_a_text_has_the_title_elements_and_exceptions_of_its_own_version():
    before = in_force("DE-4.2", on=date(2023, 6, 1))
    assert before.title == "Distance and cover"
    assert [element.code for element in before.elements.all()] == ["DE-4.2-a", "DE-4.2-b"]
    assert [text.reference for text in before.exceptions] == [
        "HBPD-MANUAL/DE-6.1@1.0",
        "HBPD-MANUAL/DE-6.2@1.0",
        "HBPD-MANUAL/DE-6.4@1.0",
    ]


def test_an_exception_of_another_chapter_excuses_only_while_it_is_in_force():
    duty = in_force("BWC-2.1", on=date(2022, 6, 1))
    assert duty.version == "1.1"
    assert duty.exceptions_on(date(2022, 6, 1)) == [in_force("BWC-3.1", on=date(2022, 6, 1))]
    assert duty.exceptions_on(date(2023, 6, 1)) == [
        in_force("DE-6.1", on=date(2023, 6, 1)),
        in_force("BWC-3.1", on=date(2023, 6, 1)),
    ]


def test_an_exception_names_the_duties_it_excuses():
    assert [text.section.code for text in in_force("DE-6.6", on=date(2024, 6, 1)).excuses] == ["DE-5.3", "UF-4.1"]


def test_a_span_of_days_over_a_change_shows_both_texts_oldest_first():
    spring = versions_during("DE-4.1", date(2023, 12, 31), date(2024, 1, 1))
    assert [text.version for text in spring] == ["1.0", "1.1"]
    assert [text.version for text in versions_during("DE-4.1", date(2023, 3, 1), date(2023, 3, 31))] == ["1.0"]
    assert versions_during("DE-4.1", date(2021, 1, 1), date(2022, 12, 31)) == []


def test_a_span_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="before the first"):
        versions_during("DE-4.1", date(2024, 1, 2), date(2024, 1, 1))


def test_a_moment_is_refused_because_the_day_depends_on_the_time_zone():
    with pytest.raises(TypeError, match="agency's time zone"):
        in_force("DE-4.1", on=datetime(2024, 1, 1, 2, tzinfo=UTC))


def test_it_takes_a_section_as_well_as_its_code():
    section = Section.objects.get(code="DE-4.1")
    assert in_force(section, on=date(2024, 6, 1)) == in_force("HBPD-MANUAL/DE-4.1", on=date(2024, 6, 1))


def test_an_unknown_section_is_named():
    with pytest.raises(UnknownSection, match="DE-99"):
        in_force("DE-99", on=date(2024, 6, 1))


def test_asking_again_costs_one_query(django_assert_num_queries):
    in_force("DE-4.1", on=date(2024, 6, 1))
    with django_assert_num_queries(1):
        assert in_force("DE-4.1", on=date(2023, 6, 1)).section.code == "DE-4.1"
