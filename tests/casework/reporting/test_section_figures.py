"""The figures of a section: kept by the acts, equal to a count anew, and nowhere a small one for everyone."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.tokens import Scope, issue
from casework.actions import allegations, decisions
from casework.models import Case, SectionTally
from casework.reporting import tallies
from casework.reporting.failing import failing_sections
from casework.reporting.section_figures import figures_of, public_tables
from casework.states import State
from policy_rules.models import ChapterVersion, Comment, Docket, Section
from tests import walk
from tests.casework.training import teaching
from tests.cast import person

pytestmark = pytest.mark.django_db
FINDINGS = ("sustained", "not_sustained", "exonerated", "policy_failure", "training_failure")


def of(code, *, exact=True):
    found = figures_of([Section.objects.select_related("chapter__manual").get(code=code)], exact=exact)[0]
    return {row.measure: row.count for row in found.rows}


def count(code, measure, number):
    """Enter counts as they stand after so many complaints."""
    section = Section.objects.get(code=code)
    SectionTally.objects.create(section=section, month="2026-03-01", measure=measure, count=number)


def test_each_stage_keeps_its_finding_and_the_latest_one_stands():
    case = walk.case_in(State.CHIEF_DECISION)
    walk.decide_finding(case, "policy_failure", reason="The rule asks for what nobody could do.")
    found = of("DE-4.2")
    assert (found["complaints"], found["allegations"]) == (1, 1)
    assert (found["investigator.sustained"], found["board.sustained"]) == (1, 1)
    assert (found["chief.policy_failure"], found["standing.policy_failure"]) == (1, 1)
    assert found["chief.sustained"] == found["standing.sustained"] == 0
    assert tallies.differences() == []


def test_two_officers_of_one_complaint_are_two_allegations_and_one_complaint():
    case = walk.case_in(State.INVESTIGATION)
    walk.frame(case, badge="1014")
    found = of("DE-4.2")
    assert (found["complaints"], found["allegations"]) == (1, 2)


def test_an_exception_counts_for_the_duty_and_for_itself():
    allegation = walk.case_in(State.INVESTIGATION).allegations.get()
    allegations.raise_exception(
        allegation=allegation, section="DE-6.1", result="not_established", by=person("ivosslind")
    )
    assert of("DE-4.2")["exceptions.raised"] == of("DE-6.1")["exceptions.raised"] == 1
    assert of("DE-4.2")["exceptions.established"] == 0


def test_training_and_comments_stand_beside_the_figures_of_complaints():
    held = teaching.session(teaching.course())
    teaching.took(held)
    teaching.took(held, "1014", "absent")
    docket = Docket.objects.create(
        version=ChapterVersion.objects.filter(chapter__code="DE").first(),
        code="DE-1", opened_at=timezone.now(), closes_at=timezone.now() + timedelta(days=30),
    )  # fmt: skip
    Comment.objects.create(
        docket=docket, number=1, received_on=timezone.localdate(), channel="web", language="en", section="DE-4.1",
        text="Say it plainly.", words_digest="0" * 64,
    )  # fmt: skip
    assert (of("DE-4.1")["training_completed"], of("DE-4.1")["comments"]) == (1, 1)
    assert of("UF-2.4")["training_completed"] == 0
    everyone = of("DE-4.1", exact=False)
    assert (everyone["training_completed"], everyone["comments"]) == (None, 1), (
        "one person was trained; who, is guessed"
    )


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("frame"), st.sampled_from(["DE-4.1", "DE-4.2", "UF-2.4"]), st.sampled_from(["1013", "1022"])),
        st.tuples(st.just("except"), st.sampled_from(["DE-6.1", "DE-6.3"]), st.sampled_from(["", "not_established"])),
        st.tuples(st.just("decide"), st.sampled_from(FINDINGS), st.integers(0, 2)),
        st.tuples(st.just("fold"), st.none(), st.none()),
    ),
    max_size=8,
)


@pytest.fixture
def two_cases():
    return [walk.case_in(State.INVESTIGATION) for _ in range(2)]


@given(acts=ACTS)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_the_acts_keep_is_what_a_count_anew_gives(two_cases, acts):
    with transaction.atomic():
        for place, (act, what, how) in enumerate(acts):
            case = two_cases[place % 2]
            alleged = list(case.allegations.order_by("number"))
            try:
                if act == "frame":
                    walk.frame(case, what, how)
                elif act == "except":
                    allegations.raise_exception(
                        allegation=alleged[-1], section=what, result=how, by=person("ivosslind")
                    )
                elif act == "decide":
                    one = alleged[how % len(alleged)]
                    walk.conclude(one)
                    for raised in one.exceptions.filter(result=""):
                        allegations.raise_exception(
                            allegation=one, section=raised.section_version.section.code, result="not_established",
                            by=person("ivosslind"),
                        )  # fmt: skip
                    allegations.recommend(allegation=one, code=what, reason="It departs.", by=person("ivosslind"))
                else:
                    tallies.fold()
            except decisions.Invalid:
                continue
        assert tallies.differences() == []
        kept = tallies.kept()
        tallies.rebuild()
        assert tallies.kept() == kept
        transaction.set_rollback(True)


def test_the_command_names_a_count_that_is_not_true_and_counts_anew(capsys):
    walk.case_in(State.INVESTIGATION)
    count("DE-4.1", "complaints", 3)
    with pytest.raises(CommandError, match="complaints: 3 is kept, 0 is true"):
        call_command("section_figures", "--check")
    call_command("section_figures")
    call_command("section_figures", "--check")
    assert "Every count is what the cases say." in capsys.readouterr().out


def test_small_figures_are_withheld_on_the_page_in_the_file_and_from_programs():
    for code, number in (("DE-4.1", 9), ("DE-4.2", 7), ("DE-4.8", 1)):
        for measure in ("complaints", "allegations"):
            count(code, measure, number)
    assert of("DE-4.1", exact=False)["complaints"] == 9
    assert of("DE-4.8", exact=False)["complaints"] is None
    assert of("DE-4.2", exact=False)["complaints"] is None, "its number and the total would give the other away"
    page = Client().get("/en/policies/DE-4.8/figures/").text
    assert "withheld" in page
    told = csv.DictReader(io.StringIO(Client().get("/en/policies/DE-4.8/figures.csv").text))
    assert {row["count"] for row in told if row["measure"] == "complaints"} == {""}
    whole = list(csv.DictReader(io.StringIO(Client().get("/en/policies/figures.csv").text)))
    told = {row["section"]: row["count"] for row in whole if row["measure"] == "complaints" and not row["year"]}
    assert told == {"DE-4.1": "9", "DE-4.2": "", "DE-4.8": ""}
    answer = Client().get("/api/v1/policies/sections/DE-4.8/figures/").json()
    assert answer["figures"][0] == {"measure": "complaints", "count": None, "suppressed": True}


def test_a_token_for_statistics_reads_exact_figures():
    count("DE-4.8", "complaints", 1)
    _token, secret = issue(by=person("vsundarell"), label="x", scopes=[Scope.STATISTICS_READ], lasts=timedelta(days=1))
    asked = Client(headers={"authorization": f"Bearer {secret}"}).get("/api/v1/policies/sections/DE-4.8/figures/")
    assert asked.json()["figures"][0]["count"] == 1


def test_what_is_published_of_findings_is_what_the_statistics_publish():
    """A finding that one address withholds must not be read at the other."""
    for _ in range(2):
        walk.case_in(State.QUALITY_REVIEW)
    asked = Client().get("/api/v1/statistics/allegations/?group_by=policy_section,finding").json()["rows"]
    mine = of("DE-4.2", exact=False)
    assert [row["count"] for row in asked if row["finding"] == "sustained"] == [mine["standing.sustained"]] == [None]


def test_a_section_is_listed_from_the_number_of_the_rule_on_with_the_reason():
    count("DE-4.1", "standing.policy_failure", 2)
    count("DE-4.2", "standing.policy_failure", 1)
    count("DE-4.3", "standing.sustained", 6)
    exact = {row.section: [(r.code, r.count) for r in row.reasons] for row in failing_sections(exact=True).rows}
    assert exact == {"DE-4.3": [("sustained", 6)], "DE-4.1": [("policy_failure", 2)]}
    public = {row.section: [(r.code, r.count) for r in row.reasons] for row in failing_sections(exact=False).rows}
    assert public == {"DE-4.3": [("sustained", 6)], "DE-4.1": [("policy_failure", None)]}
    page = Client().get("/en/policies/failing/").text
    assert "2 or more; the number is withheld" in page
    assert Client().get("/api/v1/policies/failing/").json()["sections"][0]["section"] == "DE-4.3"


def test_findings_before_the_window_list_nothing():
    section = Section.objects.get(code="DE-4.1")
    SectionTally.objects.create(section=section, month="2020-03-01", measure="standing.policy_failure", count=9)
    assert failing_sections(exact=True).rows == ()


def test_an_analyst_reads_exact_numbers_in_the_office():
    count("DE-4.1", "standing.policy_failure", 2)
    client = Client()
    client.force_login(person("nhalvaney"))
    assert "2 (listed from 2 on)" in client.get("/staff/policies/failing/").text
    assert "DE-4.1" in client.get("/staff/policies/figures/").text


def test_more_sections_take_no_more_queries():
    client = Client()
    client.force_login(person("nhalvaney"))
    count("DE-4.1", "complaints", 2)
    client.get("/staff/policies/figures/")
    with CaptureQueriesContext(connection) as few:
        client.get("/staff/policies/figures/")
    for code in ("DE-4.2", "DE-4.3", "UF-2.4"):
        count(code, "complaints", 2)
    with CaptureQueriesContext(connection) as many:
        client.get("/staff/policies/figures/")
    assert len(many) == len(few)


def test_records_of_another_system_are_counted_apart():
    walk.case_in(State.INVESTIGATION)
    Case.objects.update(source=None)
    walk.imported()
    assert sum(row.count for row in SectionTally.objects.filter(measure="complaints")) == 1


def test_a_stage_of_a_section_with_one_small_figure_hides_a_second():
    shown = public_tables(
        {("A", "chief.sustained"): 2, ("A", "chief.unfounded"): 8, ("B", "chief.sustained"): 9}, {}, 5
    )
    assert shown.measures["A", "chief.unfounded"] is None
