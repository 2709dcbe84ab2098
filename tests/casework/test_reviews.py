"""The yearly review as a duty: its day moves, what is late is public, analysts are told, and its figures are a file."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.models import Entry
from casework.actions.reviews import ask_for_pack, make_pack, prepare_due
from casework.documents.render import why_unavailable
from casework.exceptions import NotPermitted
from casework.models import ReviewPack, SectionTally
from policy_rules.actions import lifecycle
from policy_rules.actions.reviews import mail_reminder, remind
from policy_rules.models import Chapter, ChapterVersion, Section
from policy_rules.models.dates import add_months
from policy_rules.reviews import review_of
from tests.cast import person

pytestmark = pytest.mark.django_db
ANALYST = "nhalvaney"


def chapter(code="DE"):
    return Chapter.objects.select_related("manual").get(code=code)


def due_in(days, code="DE"):
    row = chapter(code)
    row.annexes["review"]["next_due"] = (timezone.localdate() + timedelta(days=days)).isoformat()
    row.save(update_fields=["annexes"])
    return row


def reviewed(outcome="no_change", report="Figures published."):
    version = ChapterVersion.objects.get(chapter__code="DE", state="in_force")
    version = lifecycle.perform("begin_review", version, by=person(ANALYST))
    return lifecycle.perform("end_review", version, by=person(ANALYST), outcome=outcome, report=report)


def test_a_review_moves_the_day_of_the_next_by_the_months_of_the_rule_and_is_kept():
    today = timezone.localdate()
    due_in(-3)
    reviewed()
    review = review_of(chapter(), today)
    assert (review.last, review.due, review.is_overdue) == (today, add_months(today, 12), False)
    assert review.report == "Figures published."


def test_a_review_held_early_keeps_the_day_of_the_year():
    due = timezone.localdate() + timedelta(days=20)
    due_in(20)
    reviewed()
    assert review_of(chapter(), timezone.localdate()).due == add_months(due, 12)


def test_an_overdue_review_is_told_to_everyone_on_the_manual_and_on_its_chapter():
    due_in(5)
    assert "the yearly review was due on" not in Client().get("/en/policies/").text.split("420")[0]
    due_in(-1)
    assert "400 <span" in Client().get("/en/policies/").text
    assert "Review overdue" in Client().get("/en/policies/chapter/DE/").text
    assert Client().get("/api/v1/policies/sections/DE-4.1/figures/").json()["review_overdue"]


def test_analysts_are_reminded_once_before_the_day_and_once_after_it():
    for code in ("UF", "CH", "BWC"):
        due_in(200, code)
    due_in(31)
    assert remind() == []
    due_in(30)
    assert [row.code for row in remind()] == ["DE"]
    assert remind() == []
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert [row.code for row in remind()] == ["DE"]
        assert remind() == []
    told = Entry.objects.about(chapter().reference).filter(action="policy.review_reminded")
    assert [entry.facts["mark"] for entry in told.order_by("id")] == ["soon", "overdue"]
    assert told[0].basis == ["HBPD-MANUAL/CH-13.6@2.1"]


def test_the_mail_names_the_chapter_and_goes_to_analysts_alone():
    due_in(-1)
    User.objects.update(email="")
    User.objects.filter(login=ANALYST).update(email="noor@example.org")
    mail_reminder(chapter().pk)
    assert [(sent.to, "De-escalation" in sent.body) for sent in mail.outbox] == [(["noor@example.org"], True)]
    due_in(300)
    mail_reminder(chapter().pk)
    assert len(mail.outbox) == 1, "a review held meanwhile is not called in"


def test_the_page_of_a_review_shows_the_figures_as_everyone_may_see_them():
    section = Section.objects.get(code="DE-4.1")
    for measure, number in (("complaints", 3), ("standing.policy_failure", 2)):
        SectionTally.objects.create(section=section, month=date(2026, 3, 1), measure=measure, count=number)
    client = Client()
    client.force_login(person(ANALYST))
    page = client.get("/staff/policies/review/DE/")
    assert "withheld" in page.text
    assert [row.section for row in page.context["failing"]] == ["DE-4.1"]
    assert {row["code"] for row in page.context["rows"]} >= {"DE-4.1", "DE-8.4"}


@pytest.mark.skipif(bool(why_unavailable()), reason="Pango, which sets the text of PDF files, is not installed here")
def test_the_file_is_made_by_the_worker_kept_and_sealed():
    client = Client()
    client.force_login(person(ANALYST))
    assert "It is being made." in client.post("/staff/policies/review/DE/", follow=True).text
    pack = make_pack(ReviewPack.objects.get())
    assert bytes(pack.pdf).startswith(b"%PDF")
    assert Entry.objects.about(chapter().reference).last().facts["sha256"] == pack.sha256
    answer = client.get(f"/staff/policies/review/DE/files/{pack.pk}/")
    assert (answer["Content-Type"], answer.content) == ("application/pdf", bytes(pack.pdf))


def test_who_does_not_review_policy_asks_for_no_file():
    with pytest.raises(NotPermitted):
        ask_for_pack(chapter(), language="en", by=person("vsundarell"))


def all_but(code):
    for other in {"DE", "UF", "CH", "BWC"} - {code}:
        due_in(200, other)


@pytest.mark.skipif(bool(why_unavailable()), reason="Pango, which sets the text of PDF files, is not installed here")
def test_the_figures_of_a_review_that_is_near_are_made_once_in_every_language_and_everyone_reads_them():
    all_but("DE")
    due_in(31)
    assert prepare_due() == []
    row = due_in(30)
    packs = prepare_due()
    assert [(pack.chapter, pack.language) for pack in packs] == [(row, "en"), (row, "es")]
    assert prepare_due() == []
    address = f"/es/policies/chapter/DE/review/{packs[1].pk}.pdf"
    assert Client().get(address).status_code == 404
    pack = make_pack(packs[1])
    assert Client().get(address).content == bytes(pack.pdf)
    assert address in Client().get("/es/policies/chapter/DE/review/").text
    entry = Entry.objects.about(chapter().reference).last()
    assert (entry.actor, entry.facts["sha256"]) == ("system", pack.sha256)


def test_everyone_reads_what_a_review_rests_on_with_the_findings_of_each_stage():
    section = Section.objects.get(code="DE-4.1")
    for measure in ("complaints", "board.sustained", "chief.exonerated"):
        SectionTally.objects.create(section=section, month=date(2026, 3, 1), measure=measure, count=8)
    reviewed(report="Read it at the library.")
    page = Client().get("/en/policies/chapter/DE/review/")
    assert "Read it at the library." in page.text
    assert [(stage["label"], stage["columns"]) for stage in page.context["stages"]] == [
        ("Board", ["Sustained"]),
        ("Chief", ["Exonerated"]),
    ]
    assert "/en/policies/chapter/DE/review/" in Client().get("/en/policies/chapter/DE/").text


def test_a_chapter_whose_manual_names_no_day_is_due_a_year_after_its_first():
    row = chapter()
    row.annexes = {}
    row.save(update_fields=["annexes"])
    first = min(version.effective_from for version in row.versions.all() if version.effective_from)
    assert review_of(row, timezone.localdate()).due == add_months(first, 12)
    (told,) = [item for item in Client().get("/api/v1/policies/chapters/").json() if item["code"] == "DE"]
    assert (told["next_review_due"], told["review_overdue"]) == (add_months(first, 12).isoformat(), True)
