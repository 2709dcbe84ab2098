"""The days on which one text ends and another begins: zones, gaps, endings, and errata that come late."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from audit.models import Entry
from policy_rules.actions import lifecycle
from policy_rules.in_force import NotInForce, in_force, versions_during
from policy_rules.models import ChapterVersion, Citation, Manual
from policy_rules.rules import authority_for
from policy_rules.states import State
from tests.permissions.scenes.policies import policy_draft

LAST = datetime.date(2023, 12, 31)
DAY = datetime.timedelta(days=1)
pytestmark = pytest.mark.django_db


def test_the_last_day_of_one_text_is_followed_by_the_first_of_the_next(manual):
    assert [in_force("DE-4.1", on=day).version for day in (LAST, LAST + DAY)] == ["1.0", "1.1"]


@pytest.mark.parametrize(
    ("moment", "version"),
    [("2024-01-01 04:59:59+00:00", "1.0"), ("2024-01-01 05:00:00+00:00", "1.1")],
)
def test_a_day_begins_at_midnight_in_the_office_and_not_at_greenwich(manual, moment, version):
    with time_machine.travel(datetime.datetime.fromisoformat(moment), tick=False):
        assert in_force("DE-4.1", on=timezone.localdate()).version == version


def test_a_moment_is_not_a_day(manual):
    with pytest.raises(TypeError, match="agency's time zone"):
        in_force("DE-4.1", on=timezone.now())


def test_in_a_gap_no_text_is_in_force(small, publish_text):
    publish_text(small)
    section = Manual.objects.get(code="SMALL").sections.get(code="CO-1")
    with pytest.raises(NotInForce, match=r"1\.0 from 2021-01-01 to 2022-06-30"):
        in_force(section, on=datetime.date(2022, 7, 1))
    assert [v.version for v in versions_during(section, datetime.date(2022, 6, 1), datetime.date(2023, 2, 1))] == [
        "1.0",
        "2.0",
    ]


def test_a_section_that_ended_stays_what_it_was_on_its_days(manual):
    assert in_force("CH-2.5", on=datetime.date(2023, 12, 31)).version == "1.1"
    with pytest.raises(NotInForce):
        in_force("CH-2.5", on=datetime.date(2024, 1, 1))


def test_an_erratum_cannot_reach_back(small, publish_text, problems_of):
    publish_text(small)
    assert any("published with another text" in line for line in problems_of(small.replace("to everyone.", "to all.")))


def test_an_erratum_is_a_version_with_a_first_day_of_its_own(small, publish_text):
    publish_text(small)
    corrected = (
        small.replace(
            "effective_from: 2023-01-01, effective_to: null}",
            "effective_from: 2023-01-01, effective_to: 2026-01-31}\n"
            '      - {version: "2.1", status: in_force, adopted: 2026-01-15, effective_from: 2026-02-01,'
            " change_note: A comma.}",
        )
        .replace(
            '          - versions: ["1.0"]\n            text: A member should be civil.',
            '          - versions: ["1.0"]\n            text: A member should be civil.\n'
            '          - versions: ["2.0"]\n            text: A member shall be civil to everyone.',
        )
        .replace(
            "        text: A member shall be civil to everyone.\n        elements",
            "        text: A member shall be civil, to everyone.\n        elements",
        )
    )
    publish_text(corrected)
    section = Manual.objects.get(code="SMALL").sections.get(code="CO-1")
    assert in_force(section, on=datetime.date(2026, 1, 31)).text == "A member shall be civil to everyone."
    assert in_force(section, on=datetime.date(2026, 2, 1)).text == "A member shall be civil, to everyone."


def test_an_act_rests_on_the_section_as_it_was_on_its_day(manual):
    assert authority_for("policy_move", "adopt", on=datetime.date(2024, 12, 31)).version == "2.0"
    assert authority_for("policy_move", "adopt", on=datetime.date(2025, 1, 1)).version == "2.1"


def test_a_version_comes_into_force_when_its_day_begins_in_the_office(manual, small, publish_text):
    with time_machine.travel(datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC), tick=False) as clock:
        publish_text(small.replace("effective_from: 2023-01-01", "effective_from: 2026-03-08"))
        coming = ChapterVersion.objects.get(chapter__manual__code="SMALL", version="2.0")
        assert coming.state == State.ADOPTED
        clock.move_to(datetime.datetime.fromisoformat("2026-03-08 04:59:59+00:00"))
        assert lifecycle.keep_days() == []
        clock.move_to(datetime.datetime.fromisoformat("2026-03-08 05:00:00+00:00"))
        assert [row.pk for row in lifecycle.keep_days()] == [coming.pk]


def test_a_first_day_is_never_before_the_adoption(small, problems_of):
    (problem,) = problems_of(small.replace("adopted: 2022-12-01", "adopted: 2023-01-02"))
    assert "is in force before it was adopted" in problem


def test_an_end_that_is_told_late_says_how_many_acts_rest_on_what_had_ended(shipped, publish_text):
    policy_draft()
    late = shipped.replace(
        "effective_from: 2025-01-01, effective_to: null", "effective_from: 2025-01-01, effective_to: 2025-12-31"
    )
    assert late != shipped
    done = publish_text(late)
    rested = Citation.objects.filter(section_version__reference__endswith="@2.1").count()
    assert rested > 1
    assert f"ends on 2025-12-31; {rested} acts since then rest on it, and keep the text that they cite" in [
        doubt.message for doubt in done.doubts
    ]
    assert Entry.objects.filter(action="policy.begin_drafting").get().basis == ["HBPD-MANUAL/CH-13.1@2.1"]
