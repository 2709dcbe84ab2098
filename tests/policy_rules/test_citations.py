from datetime import date

import pytest
from django.db import connection

from audit import actions, log
from audit.log import record
from audit.models import Entry
from audit.verify import verify
from policy_rules import citations
from policy_rules.canonical import digest
from policy_rules.in_force import in_force
from policy_rules.models import Citation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("manual")]


@pytest.fixture(autouse=True)
def _vocabulary(monkeypatch):
    monkeypatch.setattr(actions, "_actions", dict(actions._actions))
    actions.register("case.moved", "Moved the case")


@pytest.fixture
def duty():
    return in_force("DE-4.1", on=date(2024, 6, 1))


@pytest.fixture
def other():
    return in_force("DE-4.2", on=date(2024, 6, 1))


def act(*texts):
    return citations.record("case.moved", *texts, actor="user:1", role="investigator", subject="case:2026-000001")


def faults() -> list[str]:
    return [fault.code for fault in verify().faults]


def altered(table: str, change: str) -> None:
    """Change a table as a superuser who has put the guards out of the way."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(change)
        assert cursor.rowcount
        cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_keeps_its_rows")


def test_an_entry_names_the_text_it_rests_on_and_its_digest(duty):
    entry = act(duty)
    assert entry.basis == ["HBPD-MANUAL/DE-4.1@1.1"]
    assert entry.data["basis"] == [{"section": "HBPD-MANUAL/DE-4.1@1.1", "sha256": duty.text_digest}]
    assert list(duty.citations.values_list("entry", flat=True)) == [entry.pk]


def test_a_text_is_cited_once_however_often_it_is_given(duty, other):
    assert act(duty, other, duty).basis == [duty.reference, other.reference]
    assert Citation.objects.filter(section_version__in=[duty, other]).count() == 2


def test_publishing_is_itself_an_act_that_cites_the_manual():
    entries = Entry.objects.filter(action__startswith="policy.")
    assert {tuple(entry.basis) for entry in entries} == {("HBPD-MANUAL/CH-13.5@2.1",)}
    published = entries.get(object_references=["HBPD-MANUAL/DE@1.1"])
    assert published.subject == "chapter:HBPD-MANUAL/DE"
    assert published.facts["effective_from"] == "2024-01-01"
    assert published.facts["sections"] == 41


def test_verify_finds_nothing_wrong_with_what_was_published_and_cited(duty):
    act(duty)
    log.integrate()
    assert faults() == []


def test_verify_names_an_entry_whose_citation_has_no_row(duty):
    basis = [log.Basis(duty.reference, duty.text_digest)]
    record("case.moved", actor="user:1", role="chief", subject="case:1", basis=basis)
    assert faults() == ["citation_missing"]


def test_verify_names_a_row_that_its_entry_does_not_state(duty, other):
    Citation.objects.create(entry=act(duty), section_version=other)
    assert faults() == ["citation_extra"]


def test_verify_names_a_citation_of_a_text_that_nobody_published(duty):
    entry = record(
        "case.moved", actor="user:1", role="chief", subject="case:1", basis=[log.Basis("HBPD-MANUAL/XX-1@9", "0" * 64)]
    )
    assert (entry.basis, faults()) == (["HBPD-MANUAL/XX-1@9"], ["citation_unknown"])


@pytest.mark.parametrize(
    "change",
    [
        "text = 'Nobody shall do anything.'",
        "title = 'Other'",
        "number = '999'",
        "kind = 'prohibition'",
        "discipline_class = 'A'",
        "standard_of_proof = 'none'",
        "deadlines = '{\"days\": 1}'",
        "details = '{\"hours\": 1}'",
        "allegable = false",
        "wording_digest = repeat('0', 64)",
    ],
)
@pytest.mark.superuser
def test_verify_names_a_text_changed_behind_the_guards(duty, change):
    altered("policy_rules_sectionversion", f"UPDATE policy_rules_sectionversion SET {change} WHERE id = {duty.pk}")
    assert "policy_text_altered" in faults()


@pytest.mark.superuser
def test_verify_names_a_text_changed_together_with_its_digest(duty):
    act(duty)
    duty.text = "Nobody shall do anything."
    altered(
        "policy_rules_sectionversion",
        f"UPDATE policy_rules_sectionversion SET text = 'Nobody shall do anything.', "
        f"text_digest = '{digest(duty.canonical())}' WHERE id = {duty.pk}",
    )
    assert {"policy_texts_differ", "citation_text_differs"} <= set(faults())


SECTION_IN_FORCE = "reference = 'HBPD-MANUAL/DE-4.8@1.1'"


@pytest.mark.parametrize(
    ("fault", "table", "change", "where"),
    [
        ("policy_text_altered", "element", "text = 'Nothing'", "code = 'DE-4.1-a'"),
        ("policy_text_altered", "element", "code = 'x'", "code = 'DE-4.1-a'"),
        ("policy_text_altered", "exceptionlink", '"order" = 99', '"order" = 1'),
        ("policy_text_altered", "section", "code = 'DE-99'", "code = 'DE-4.8'"),
        ("policy_reference_altered", "sectionversion", "reference = 'X/Y@1'", SECTION_IN_FORCE),
        ("policy_days_altered", "sectionversion", "effective = '[2024-01-02,)'", SECTION_IN_FORCE),
        ("policy_days_altered", "chapterversion", "effective = '[2024-01-02,)'", "version = '3.0'"),
        ("policy_not_published", "chapterversion", "version = '4.0'", "version = '3.0'"),
        ("policy_rules_altered", "ruleset", "data = jsonb_set(data, '{rules,panel,quorum}', '1')", "true"),
        ("policy_rules_altered", "ruleset", "data_digest = repeat('0', 64)", "true"),
        ("policy_days_altered", "ruleset", "effective = '[2023-01-01,2025-01-01)'", "NOT upper_inf(effective)"),
        ("policy_authorities_differ", "authority", "name = 'bribe'", "name = 'receive'"),
    ],
)
@pytest.mark.superuser
def test_verify_names_what_was_changed_behind_the_guards(fault, table, change, where):
    altered(f"policy_rules_{table}", f"UPDATE policy_rules_{table} SET {change} WHERE {where}")
    assert fault in faults()


def test_verify_names_a_chapter_version_that_no_entry_published():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO policy_rules_chapterversion (chapter_id, version, effective, adopted_on, adopted_by, docket,"
            " change_note, state, revision)"
            " SELECT chapter_id, '0.5', '[1990-01-01,1991-01-01)', '1989-01-01', '', '', '', 'superseded', 0"
            " FROM policy_rules_chapterversion WHERE version = '3.0'"
        )
    assert faults() == ["policy_not_published"]


@pytest.mark.superuser
def test_verify_names_a_published_rule_set_that_is_gone():
    altered("policy_rules_authority", "DELETE FROM policy_rules_authority")
    altered("policy_rules_ruleset", "DELETE FROM policy_rules_ruleset WHERE upper(effective) IS NULL")
    assert "policy_removed" in faults()
