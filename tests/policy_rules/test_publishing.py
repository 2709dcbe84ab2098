import copy
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from policy_rules.importers.yaml_format import read_manual
from policy_rules.in_force import NotInForce, in_force
from policy_rules.models import (
    Authority,
    ChapterVersion,
    Citation,
    Element,
    ExceptionLink,
    RuleSet,
    Section,
    SectionVersion,
)
from policy_rules.models.dates import date_range
from policy_rules.publishing import publish
from policy_rules.rules import rules_on

pytestmark = pytest.mark.django_db


def test_a_small_manual_is_read_with_its_history_and_its_gap(small, publish_text):
    done = publish_text(small)
    assert done.changed
    assert done.counts["section_versions"] == 4
    assert in_force("SMALL/CO-1", on=date(2021, 1, 1)).text == "A member should be civil."
    assert in_force("SMALL/CO-1", on=date(2023, 1, 1)).text == "A member shall be civil to everyone."
    with pytest.raises(NotInForce):
        in_force("SMALL/CO-1", on=date(2022, 7, 1))


def test_publishing_the_same_again_changes_nothing(small, publish_text):
    first = publish_text(small)
    second = publish_text(small)
    assert (second.changed, second.counts) == (False, first.counts)


def test_a_published_text_is_never_edited(small, publish_text, problems_of):
    publish_text(small)
    (problem,) = problems_of(small.replace("shall be civil", "shall be very civil"))
    assert "chapters[CO].sections[CO-1]" in problem
    assert "a change is a new version of the chapter" in problem
    assert in_force("SMALL/CO-1", on=date(2023, 1, 1)).text == "A member shall be civil to everyone."


def test_a_new_version_ends_the_one_before_it_and_is_seen_at_once(small, publish_text):
    publish_text(small)
    assert in_force("SMALL/CO-2", on=date(2025, 1, 1)).version == "2.0"
    later = small.replace(
        "status: in_force, adopted: 2022-12-01, effective_from: 2023-01-01, effective_to: null}",
        "status: superseded, adopted: 2022-12-01, effective_from: 2023-01-01, effective_to: 2024-12-31}\n"
        '      - {version: "3.0", status: in_force, adopted: 2024-12-01, effective_from: 2025-01-01}',
    )
    later = later.replace("text: A member shall be civil to everyone.", "text: A member shall be kind.")
    later = later.replace(
        "            text: A member should be civil.\n",
        "            text: A member should be civil.\n"
        '          - versions: ["2.0"]\n'
        "            text: A member shall be civil to everyone.\n",
    )
    done = publish_text(later)
    assert (done.created["chapter_versions"], done.created["section_versions"]) == (1, 2)
    assert in_force("SMALL/CO-1", on=date(2024, 12, 31)).text == "A member shall be civil to everyone."
    assert in_force("SMALL/CO-1", on=date(2025, 1, 1)).text == "A member shall be kind."


def test_a_first_day_that_is_published_does_not_move(small, publish_text, problems_of):
    publish_text(small)
    (problem,) = problems_of(small.replace("effective_from: 2023-01-01", "effective_from: 2023-02-01"))
    assert "only a missing last day can be set" in problem


def test_a_published_version_keeps_its_name(small, publish_text, problems_of):
    publish_text(small)
    assert any(
        "version of chapter CO 2.0 is published and is not" in line
        for line in problems_of(small.replace('version: "2.0"', 'version: "2.1"'))
    )


@pytest.mark.usefixtures("manual")
def test_a_published_rule_set_keeps_its_first_day(shipped, problems_of):
    moved = shipped.replace("  - effective_from: 2025-01-01", "  - effective_from: 2025-01-02", 1)
    assert moved != shipped
    assert any("rules@2025-01-01 is published and is not in this file" in line for line in problems_of(moved))


def test_a_section_is_not_slipped_into_a_published_version(small, publish_text, problems_of):
    publish_text(small)
    slipped = (
        small
        + """      - id: CO-3
        number: "1.3"
        title: Purpose
        kind: administrative
        allegable: false
        text: To be kind.
"""
    )
    assert "version 1.0 is published without this section; give `since`" in problems_of(slipped)[0]


def test_a_section_is_not_dropped_from_a_published_version(small, publish_text, problems_of):
    extra = (
        small
        + """      - id: CO-3
        number: "1.3"
        title: Purpose
        kind: administrative
        allegable: false
        text: To be kind.
"""
    )
    publish_text(extra)
    assert any("SMALL/CO-3@2.0 is published and is not in this file" in problem for problem in problems_of(small))


@pytest.mark.usefixtures("manual")
def test_two_manuals_cannot_both_empower_the_acts_of_the_office(shipped, problems_of):
    (problem,) = problems_of(shipped.replace("id: HBPD-MANUAL", "id: OTHER-MANUAL"))
    assert "HBPD-MANUAL already empowers the acts of this office" in problem


@pytest.mark.usefixtures("manual")
def test_published_rules_are_never_edited(shipped, problems_of):
    (problem,) = problems_of(shipped.replace("quorum: 5", "quorum: 4"))[:1]
    assert "a change is a new set with its own day" in problem
    assert rules_on(date(2025, 1, 1)).panel.quorum == 5


@pytest.mark.usefixtures("manual")
class TestTheDatabase:
    def test_refuses_two_texts_of_a_section_in_force_on_one_day(self):
        text = in_force("DE-4.1", on=date(2023, 6, 1))
        other = ChapterVersion.objects.create(
            chapter=text.section.chapter, version="1.0a", adopted_on=date(2022, 1, 1), state="adopted"
        )
        rival = copied(text, chapter_version=other, reference="HBPD-MANUAL/DE-4.1@1.0a")
        with pytest.raises(IntegrityError, match="policy_rules_one_text_in_force"), transaction.atomic():
            rival.save()

    def test_refuses_two_versions_of_a_chapter_in_force_on_one_day(self):
        rival = copied(ChapterVersion.objects.get(chapter__code="DE", version="1.1"), version="1.1a")
        with pytest.raises(IntegrityError, match="policy_rules_one_chapter_in_force"), transaction.atomic():
            rival.save()

    def test_refuses_two_rule_sets_on_one_day(self):
        rival = copied(RuleSet.objects.get(effective__endswith=None), reference="HBPD-MANUAL/rules@other")
        with pytest.raises(IntegrityError, match="policy_rules_one_rule_set_in_force"), transaction.atomic():
            rival.save()

    def test_refuses_a_text_without_a_first_day(self):
        text = in_force("DE-4.8", on=date(2024, 6, 1))
        other = ChapterVersion.objects.create(
            chapter=text.section.chapter, version="0.1", adopted_on=date(2022, 1, 1), state="adopted"
        )
        endless = copied(text, chapter_version=other, reference="x", effective=DateRange(None, date(2023, 2, 1)))
        with pytest.raises(IntegrityError, match="policy_rules_text_from_a_day"), transaction.atomic():
            endless.save()

    @pytest.mark.parametrize(
        ("model", "values"),
        [
            (SectionVersion, {"text": "Nobody shall do anything."}),
            (SectionVersion, {"text_digest": "0" * 64}),
            (SectionVersion, {"effective": date_range(date(2020, 1, 1), date(2020, 1, 2))}),
            (Element, {"text": "Nothing need be proved."}),
            (ExceptionLink, {"order": 9}),
            (Section, {"code": "XX-1"}),
            (RuleSet, {"data": {}}),
            (Authority, {"name": "anything"}),
            (ChapterVersion, {"adopted_by": "Nobody"}),
            (Citation, {"entry": 0}),
        ],
    )
    def test_refuses_to_edit_what_is_published(self, model, values):
        published = model.objects.exclude(effective=None) if model is ChapterVersion else model.objects.all()
        row = published.first()
        with pytest.raises(IntegrityError, match="never edited"), transaction.atomic():
            model.objects.filter(pk=row.pk).update(**values)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE id = %s", [row.pk])

    def test_lets_an_open_end_be_set_once(self):
        version = ChapterVersion.objects.get(chapter__code="UF", version="3.0")
        ChapterVersion.objects.filter(pk=version.pk).update(effective=date_range(date(2024, 1, 1), date(2030, 1, 1)))
        with pytest.raises(IntegrityError, match="never edited"), transaction.atomic():
            ChapterVersion.objects.filter(pk=version.pk).update(
                effective=date_range(date(2024, 1, 1), date(2031, 1, 1))
            )


def copied(row, **values):
    """Return the row as a new one that differs in some values."""
    row = copy.copy(row)
    row.pk = None
    row._state = copy.copy(row._state)
    row._state.adding = True
    for name, value in values.items():
        setattr(row, name, value)
    return row


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_the_same_at_once_publish_it_once(small, tmp_path):
    path = tmp_path / "manual.yaml"
    path.write_text(small, encoding="utf-8")

    def publish_it() -> bool:
        try:
            return publish(read_manual(path), actor="system", role="system").changed
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        changed = [future.result(timeout=60) for future in [threads.submit(publish_it) for _ in range(4)]]
    assert sorted(changed) == [False, False, False, True]
    assert SectionVersion.objects.count() == 4
