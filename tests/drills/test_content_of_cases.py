"""Harm done with every trigger switched off to what a case holds, also under an entry made up for it: it is named."""

import hashlib

import pytest
from django.db import connection

from audit.canonical import canonical
from audit.models import Entry
from casework.models import Case, Finding, Letter, Vote
from casework.models.kept_files import keep_bytes
from policy_rules.canonical import digest, digest_of_texts
from policy_rules.models import Citation, SectionVersion
from tests import walk
from tests.cast import person
from tests.drills.test_behind_the_back import Harm, blind

pytestmark = [pytest.mark.django_db, pytest.mark.superuser, pytest.mark.xdist_group("drills")]
IN_THE_CASE = "case_id = (SELECT id FROM casework_case WHERE state = 'disposition_issued')"
OF_IT = f"allegation_id IN (SELECT id FROM casework_allegation WHERE {IN_THE_CASE})"


def harm(name, table, change, where, code):
    return Harm(name, blind(table, f"UPDATE {table} SET {change} WHERE {where}"), code)


TO_CONTENT = [
    harm(
        "the words of a complaint, and their digest",
        "casework_case",
        "narrative = 'Nothing.', narrative_digest = encode(sha256('Nothing.'), 'hex')",
        "state = 'disposition_issued'",
        "complaint_differs",
    ),
    harm("the reasons of the majority", "casework_opinion", "text = text || ' Not.'", IN_THE_CASE, "opinion_differs"),
    harm(
        "the report of the investigator",
        "casework_investigationreport",
        "text = 'Nothing.', sha256 = encode(sha256('Nothing.'), 'hex')",
        IN_THE_CASE,
        "report_differs",
    ),
    harm(
        "the officer whom an allegation is against",
        "casework_allegation",
        "officer_id = 0",
        IN_THE_CASE,
        "allegation_differs",
    ),
    harm(
        "the rule that an allegation is of",
        "casework_allegation",
        "section_version_id = (SELECT max(id) FROM policy_rules_sectionversion)",
        IN_THE_CASE,
        "allegation_differs",
    ),
    harm(
        "the reason of a finding",
        "casework_finding",
        "reason = 'So it was.'",
        f"stage = 'chief' AND {OF_IT}",
        "finding_differs",
    ),
    harm("what was written with a vote", "casework_vote", "note = 'A tie.'", IN_THE_CASE, "vote_differs"),
    harm(
        "who was drawn",
        "casework_panelseat",
        '"order" = 20 - "order"',
        f"draw_id IN (SELECT id FROM casework_paneldraw WHERE {IN_THE_CASE})",
        "draw_differs",
    ),
    harm(
        "the finding by which an allegation is counted",
        "casework_allegation",
        "finding_code = 'unfounded'",
        IN_THE_CASE,
        "allegation_differs",
    ),
    harm(
        "who an officer of a case is",
        "casework_caseofficer",
        "officer_id = (SELECT id FROM casework_officer WHERE badge = '1022')",
        IN_THE_CASE,
        "officer_differs",
    ),
    harm("the outcome for an officer", "casework_discipline", "outcome = 'training'", OF_IT, "outcome_differs"),
    harm("what an item of evidence is", "casework_evidence", "is_compelled = true", IN_THE_CASE, "evidence_differs"),
    Harm(
        "an item of evidence removed",
        blind("casework_evidence", f"DELETE FROM casework_evidence WHERE {IN_THE_CASE}"),
        "evidence_missing",
    ),
]


@pytest.mark.parametrize("done", TO_CONTENT, ids=lambda done: done.name)
def test_done_to_what_a_case_holds(shows, done):
    subject = Case.objects.get(state="disposition_issued").reference
    shows.only("casework.")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica;" + done.sql)
    shows(done.name, done.code, subject)


def make_up(action, subject, facts, detail=None, *, actor="user:1", objects=()):
    """Record an entry that no act of the program made, as whoever can write to the database may."""
    value = canonical(detail).decode() if detail else ""
    commitment = hashlib.sha256(b"salt" + value.encode()).hexdigest() if detail else None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT audit_append(%s, %s, 'chief', %s, %s, '{}', '[]', %s, %s, repeat('0', 32), 'salt', %s)",
            [action, actor, subject, list(objects), canonical(facts).decode(), commitment, value],
        )


def change(table, sql):
    with connection.cursor() as cursor:
        cursor.execute(blind(table, sql))


class TestUnderAnEntryMadeUpForIt:
    """A second entry about the same row does not make a changed row the one that was sealed."""

    @pytest.fixture(autouse=True)
    def _of_cases(self, shows):
        shows.only("casework.")

    def test_a_finding(self, shows):
        finding = Finding.objects.get(stage="chief")
        subject = finding.allegation.case.reference
        change("casework_finding", f"UPDATE casework_finding SET code = 'unfounded' WHERE id = {finding.pk}")
        facts = {"finding": finding.pk, "allegation": "A1", "stage": "chief", "code": "unfounded"}
        make_up("finding.decided", subject, facts)
        shows("a finding, with a second entry about it", "finding_differs", subject)

    def test_a_vote(self, shows):
        vote = Vote.objects.earliest("id")
        subject = vote.case.reference
        change("casework_vote", f"UPDATE casework_vote SET choice = 'unfounded' WHERE id = {vote.pk}")
        facts = {"vote": vote.pk, "allegation": vote.allegation.code, "round": vote.round}
        make_up("vote.cast", subject, facts, {"choice": "unfounded"}, actor=vote.member.reference)
        shows("a vote, with a second entry about it", "vote_differs", subject)

    def test_a_sent_letter(self, shows):
        letter = Letter.objects.get(sent_on__isnull=False)
        digest, _size = keep_bytes(b"Another letter.")
        change("casework_letter", f"UPDATE casework_letter SET sha256 = '{digest}' WHERE id = {letter.pk}")
        facts = {"letter": letter.pk, "sha256": digest}
        make_up("letter.sent", letter.case.reference, facts)
        shows("a sent letter, with a second entry about it", "letter_differs", letter.case.reference)

    def test_what_an_allegation_is_of(self, shows):
        subject = Case.objects.get(state="disposition_issued").reference
        change("casework_allegation", f"UPDATE casework_allegation SET officer_id = 0 WHERE {IN_THE_CASE}")
        section = Entry.objects.get(action="allegation.framed").facts["section"]
        make_up("allegation.framed", subject, {"allegation": "A1", "officer": 0, "section": section})
        shows("an allegation, with a second entry about it", "allegation_differs", subject)


def test_a_person_slipped_onto_a_case_beside_an_act_of_others(shows):
    """An entry about the case came with it; it names neither the person nor their part."""
    shows.only("casework.assignments")
    case = walk.file()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO casework_assignment (case_id, user_id, role, received_on, since, ended_because)"
            " VALUES (%s, %s, 'investigator', current_date, current_date, '')",
            [case.pk, person("bteasley").pk],
        )
    shows("a person put on a case in the moment of an act of others", "raw_change", case.reference)


def test_a_finding_laid_to_an_allegation_of_another_system(shows):
    """What another system found has no entry here; a case that was filed here has no allegation of that kind."""
    shows.only("casework.")
    case = Case.objects.get(state="disposition_issued")
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL session_replication_role = replica;"
            "INSERT INTO casework_allegation SELECT (jsonb_populate_record(one,"
            ' \'{"id": 999, "number": 9, "source_id": 1, "finding_code": "sustained"}\')).*'
            f" FROM casework_allegation AS one WHERE {IN_THE_CASE}"
        )
    shows("an allegation said to be of another system", "allegation_without_entry", case.reference)


def test_an_adopted_text_under_a_second_publication(shows):
    """One that no entry cites; its digests are made to agree."""
    shows.only("policy ")
    cited = Citation.objects.values("section_version")
    text = SectionVersion.objects.exclude(pk__in=cited).exclude(chapter_version__effective=None).earliest("pk")
    row, version = SectionVersion.objects.filter(pk=text.pk), text.chapter_version
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE policy_rules_sectionversion DISABLE TRIGGER ALL")
    row.update(text="Do as you please.")
    altered = row.get()
    row.update(text_digest=digest(altered.canonical()), wording_digest=digest(canonical(altered.stated.wording())))
    chapter = version.chapter.reference
    published = Entry.objects.about(chapter).filter(object_references__contains=[version.reference]).earliest("pk")
    texts = digest_of_texts(version.sections.values_list("reference", "text_digest"))
    make_up(published.action, chapter, {**published.facts, "texts_sha256": texts}, objects=[version.reference])
    shows("an adopted text, with a second entry that publishes it", "policy_texts_differ", chapter)
