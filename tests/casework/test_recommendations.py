"""Recommendations for change: from a case to an answer, to what was done, and who reads what of them."""

import csv
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import User
from audit.log import integrate
from audit.models import Entry
from audit.verify import verify
from casework.actions import recommendation_news, recommendations
from casework.exceptions import Invalid, Refused
from casework.models import Recommendation
from casework.recommending import PROMISED, ROLES, UNANSWERED, UNBEGUN, RecommendationState
from casework.states import State
from moves.table import moves_of
from policy_rules.models import ChapterVersion, Comment, Docket
from policy_rules.rules import authority_for, rules_on
from tests import walk
from tests.cast import person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CHAIR, CHIEF, AUDITOR = "wtarrow", "ecastlemayne", "vsundarell"
TABLE = moves_of(Recommendation)


def made(by=CHAIR, **more):
    stated = {"title": "Practise saying stop", "text": "Aloud, in pairs.", "sections": ["DE-5.3"]}
    return recommendations.make(**{**stated, "addressed_to": "chief", "by": person(by), **more})


def step(row, name, by, **stated):
    return recommendations.perform(name, row, by=person(by), **stated)


def sent():
    return step(made(), "send", CHAIR)


def in_a_month():
    return timezone.localdate() + 30 * DAY


def get(address, login=None):
    client = Client()
    if login:
        client.force_login(person(login))
    return client.get(address)


def test_from_the_proposal_to_what_was_done_and_verified():
    row = step(sent(), "acknowledge", CHIEF)
    row = step(row, "accept", CHIEF, answer="In every refresher.", promised_for=in_a_month())
    row = step(row, "report_done", "dpassmoor", evidence="Lesson plan 2.1.")
    row = step(row, "find_undone", AUDITOR, verification="One shift was left out.", promised_for=in_a_month())
    row = step(row, "report_done", "dpassmoor", evidence="All shifts.")
    row = step(row, "verify", AUDITOR, verification="Two sessions sat in on.")
    assert (row.state, row.evidence) == (RecommendationState.VERIFIED, "All shifts.")
    told = Entry.objects.about(row.reference).order_by("id")
    assert [entry.action.partition(".")[2] for entry in told] == [
        "make", "send", "acknowledge", "accept", "report_done", "find_undone", "report_done", "verify",
    ]  # fmt: skip
    assert told[1].basis == ["HBPD-MANUAL/CH-12.4@2.1"]
    assert "HBPD-MANUAL/DE-5.3@1.1" in told[0].basis


def test_an_answer_is_due_after_the_days_of_the_manual_and_late_from_the_next_day_on():
    today = timezone.localdate()
    row = sent()
    limit = rules_on(today).clock("recommendation_answer").duration
    assert row.answer_due_on == today + limit * DAY
    assert not row.is_overdue(row.answer_due_on)
    with time_machine.travel(timezone.now() + (limit + 1) * DAY):
        assert list(Recommendation.objects.overdue(timezone.localdate())) == [row]
        assert "Overdue" in get(f"/en/recommendations/{row.number}/").text
        step(row, "reject", CHIEF, answer="The radio cannot do this.")
        assert not Recommendation.objects.overdue(timezone.localdate())


def test_only_the_one_who_was_asked_answers():
    row = sent()
    with pytest.raises(Refused) as refused:
        step(row, "reject", "mstrandberg", answer="No.")
    assert refused.value.codes == ("not_permitted",)
    assert Entry.objects.about(row.reference).last().action == "recommendation.refused"


def test_rejecting_takes_a_reason_and_accepting_a_day_that_lies_ahead():
    row = sent()
    with pytest.raises(Refused) as refused:
        step(row, "reject", CHIEF)
    assert refused.value.codes == ("missing_statement",)
    with pytest.raises(Refused) as refused:
        step(row, "accept", CHIEF, answer="Yes.", promised_for=timezone.localdate() - DAY)
    assert refused.value.codes == ("in_the_past",)


def test_who_may_not_recommend_is_refused():
    with pytest.raises(Refused):
        made(by="nhalvaney")
    assert not Recommendation.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"sections": []}, "sections"),
        ({"sections": ["ZZ-9"]}, "sections"),
        ({"cases": ["2020-000001"]}, "cases"),
        ({"comments": ["DE-2026-0001"]}, "comments"),
        ({"comments": ["what"]}, "comments"),
        ({"addressed_to": "mayor"}, "addressed_to"),
        ({"title": " "}, "title"),
    ],
)
def test_what_is_missing_or_unknown_is_named(wrong, field):
    with pytest.raises(Invalid) as invalid:
        made(**wrong)
    assert invalid.value.field == field


def test_numbers_follow_each_other():
    year = timezone.localdate().year
    assert [made().number, made().number] == [f"R-{year}-001", f"R-{year}-002"]


def test_cases_and_votes_are_linked_and_told_only_to_those_who_may_see_them():
    case = walk.case_in(State.CHIEF_DECISION)
    row = step(made(sections=["DE-4.2"], cases=[case.number]), "send", CHAIR)
    assert [vote.code for vote in row.votes.all()] == ["A1"]
    address = f"/staff/recommendations/{row.number}/"
    assert f"Case {case.number}" in get(address, CHAIR).text
    assert "Vote of the board on DE-4.2" in get(address, CHAIR).text
    assert case.number not in get(address, "lquillfeather").text
    assert case.number not in get(f"/en/recommendations/{row.number}/").text
    assert case.number not in get(f"/api/v1/recommendations/{row.number}/").text


def test_what_was_not_sent_is_read_in_the_office_alone():
    row = made()
    assert get(f"/staff/recommendations/{row.number}/", "nhalvaney").status_code == 200
    assert get(f"/en/recommendations/{row.number}/").status_code == 404
    assert get(f"/api/v1/recommendations/{row.number}/").status_code == 404
    assert get("/api/v1/recommendations/").json()["results"] == []


def test_a_change_is_recommended_from_the_page_of_a_case():
    case = walk.case_in(State.INVESTIGATION)
    assert f"recommendations/new/?case={case.number}" in get(f"/staff/cases/{case.number}/", "rambersole").text
    client = Client()
    client.force_login(person("rambersole"))
    form = client.get(f"/staff/recommendations/new/?case={case.number}").context["form"]
    assert form.initial == {"language": "en", "cases": case.number, "sections": "DE-4.2"}
    answers = {"title": "A field on the console", "text": "For what calms.", "addressed_to": "chief", **form.initial}
    page = client.post("/staff/recommendations/new/", answers, follow=True)
    assert "Recommendation proposed. This is entry 1 in the log of this recommendation." in page.text
    assert list(Recommendation.objects.get().cases.all()) == [case]


def test_a_wrong_section_keeps_what_was_typed():
    client = Client()
    client.force_login(person(CHAIR))
    page = client.post(
        "/staff/recommendations/new/",
        {"title": "A", "text": "Because.", "sections": "ZZ-9", "addressed_to": "chief", "language": "en"},
    )
    assert "there is no section ZZ-9" in page.text
    assert "Because." in page.text


def test_the_tracker_is_narrowed_to_what_is_asked_for():
    row = step(sent(), "reject", CHIEF, answer="No.")
    assert row.title in get("/en/recommendations/?state=rejected").text
    assert row.title not in get("/en/recommendations/?state=overdue").text
    assert row.title in get("/es/recommendations/?state=nonsense").text


def test_every_state_is_reached_and_every_open_one_left():
    assert {target for row in TABLE.values() for target in row.targets} == set(RecommendationState)
    leaving = {source for row in TABLE.values() for source in row.sources}
    assert leaving == set(RecommendationState) - {"rejected", "verified"} | {UNBEGUN}
    assert {*UNANSWERED, *PROMISED} <= leaving


def test_some_role_makes_each_move_and_a_section_empowers_it():
    for row in TABLE.values():
        assert any(row.permission in held for held in ROLES.values()), row.name
        authority = authority_for("act", f"{row.name}_recommendation", on=timezone.localdate())
        assert authority.section.code == "CH-12.4"


def test_a_state_that_no_entry_explains_is_named():
    row = sent()
    assert verify().faults == []
    Recommendation.objects.filter(pk=row.pk).update(state="verified")
    assert [(fault.code, fault.subject) for fault in verify().faults] == [("recommendation_state", row.reference)]


def deferred():
    """Return what waits to be mailed, by the reader and the step."""
    rows = ProcrastinateJob.objects.filter(task_name=recommendation_news.TELL).order_by("id")
    return [(User.objects.get(pk=row.args["person"]).login, row.args["news"]) for row in rows]


def with_mail(*logins):
    User.objects.update(email="")
    for login in logins:
        User.objects.filter(login=login).update(email=f"{login}@example.org")


def test_who_is_asked_is_mailed_when_it_is_sent_and_who_proposed_it_when_it_is_answered():
    with_mail(CHAIR, CHIEF)
    row = step(sent(), "reject", CHIEF, answer="No.")
    assert deferred() == [(CHIEF, "send"), (CHAIR, "reject")]
    recommendation_news.mail(row.pk, person(CHIEF).pk, "send")
    (letter,) = mail.outbox
    assert letter.to == [f"{CHIEF}@example.org"]
    assert f"/staff/recommendations/{row.number}/" in letter.body
    assert row.title not in letter.body


def test_all_are_reminded_once_of_a_late_answer_and_again_of_a_late_promise():
    with_mail(CHIEF, AUDITOR)
    row = sent()
    assert recommendation_news.remind() == []
    with time_machine.travel(timezone.now() + 200 * DAY):
        assert recommendation_news.remind() == [row]
        assert recommendation_news.remind() == []
        assert deferred()[-2:] == [(CHIEF, "overdue"), (AUDITOR, "overdue")]
        recommendation_news.mail(row.pk, person(AUDITOR).pk, "overdue")
        assert "It was due on" in mail.outbox[0].body
        row = step(row, "accept", CHIEF, answer="Yes.", promised_for=timezone.localdate() + DAY)
        with time_machine.travel(timezone.now() + 3 * DAY):
            assert recommendation_news.remind() == [row]
    assert Entry.objects.about(row.reference).filter(action="recommendation.reminded").count() == 2
    integrate()
    assert verify().faults == []


def test_a_reminder_is_not_mailed_once_the_answer_has_come():
    with_mail(CHIEF)
    recommendation_news.mail(step(sent(), "reject", CHIEF, answer="No.").pk, person(CHIEF).pk, "overdue")
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("state", "login"), [("proposed", CHAIR), ("sent", CHIEF), ("accepted", "dpassmoor"), ("implemented", AUDITOR)]
)
def test_each_sees_what_waits_for_them(state, login):
    row = made()
    for name, by, stated in (
        ("send", CHAIR, {}),
        ("accept", CHIEF, {"answer": "Yes.", "promised_for": in_a_month()}),
        ("report_done", "dpassmoor", {"evidence": "Lesson plan."}),
    ):
        if row.state != state:
            row = step(row, name, by, **stated)
    assert row.state == state
    assert "Waiting for you (1)" in get("/staff/recommendations/", login).text
    assert row.title in get("/staff/recommendations/?state=mine", login).text
    assert list(recommendations.waiting_for(person("lquillfeather"))) == []


def test_a_case_lists_the_changes_recommended_because_of_it():
    case = walk.case_in(State.INVESTIGATION)
    row = made(by="rambersole", cases=[case.number])
    assert row.number in get(f"/staff/cases/{case.number}/", "rambersole").text


def test_the_language_it_is_written_in_is_told_to_browsers_and_programs():
    row = step(made(title="Decir alto en voz alta", language="es"), "send", CHAIR)
    assert '<span lang="es">Decir alto en voz alta' in get(f"/en/recommendations/{row.number}/").text
    assert get(f"/api/v1/recommendations/{row.number}/").json()["language"] == "es"


def test_the_section_and_the_comment_lead_to_each_other():
    docket = Docket.objects.create(
        version=ChapterVersion.objects.filter(chapter__code="DE").first(),
        code="DE-1", opened_at=timezone.now(), closes_at=timezone.now() + 30 * DAY,
    )  # fmt: skip
    Comment.objects.create(
        docket=docket, number=1, received_on=timezone.localdate(), channel="web", language="en", section="DE-5.3",
        text="Say it aloud.", words_digest="0" * 64,
    )  # fmt: skip
    row = step(made(comments=["DE-1-0001"]), "send", CHAIR)
    assert "Public comment DE-1-0001" in get(f"/en/recommendations/{row.number}/").text
    assert row.title in get("/en/policies/DE-5.3/figures/").text
    assert get(f"/api/v1/recommendations/{row.number}/").json()["comments"] == ["DE-1-0001"]


def test_the_tracker_is_a_file_and_a_list_that_programs_narrow():
    row = sent()
    (line,) = csv.DictReader(get("/en/recommendations/recommendations.csv").text.splitlines())
    assert (line["number"], line["state"], line["sections"], line["overdue"]) == (row.number, "sent", "DE-5.3", "False")
    for query, number in (("state=sent", 1), ("state=rejected", 0), ("section=DE-5.3", 1), ("overdue=true", 0)):
        assert len(get(f"/api/v1/recommendations/?{query}").json()["results"]) == number, query
    assert get("/api/v1/recommendations/?state=proposed").status_code == 400
