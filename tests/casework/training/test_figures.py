"""Who is up to date, who has read, and hours for a grant."""

import csv
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import RoleHolding, User
from audit.models import Entry
from casework.actions.training import members, reading, sessions
from casework.documents.render import PdfUnavailable, why_unavailable
from casework.exceptions import NotPermitted
from casework.models import Acknowledgement, Allegation, Officer
from casework.reporting.compliance import standings
from casework.states import State
from casework.training_vocabulary import Standing
from policy_rules.models import ChapterVersion, Docket
from tests import walk
from tests.casework.training import teaching
from tests.casework.web.visit import browser
from tests.cast import person

pytestmark = pytest.mark.django_db


def standing(day: date, badge: str = "1013") -> tuple[str, date | None]:
    (row,) = standings(Officer.objects.filter(badge=badge), day)
    return row.standing, row.due_on


def test_a_course_is_due_from_its_first_day_and_overdue_after_its_days():
    teaching.course()
    due = date(2024, 1, 1) + timedelta(days=180)
    assert standing(due) == (Standing.DUE, due)
    assert standing(due + timedelta(days=1)) == (Standing.OVERDUE, due)


def test_a_course_that_is_renewed_is_due_by_the_end_of_the_next_calendar_year():
    teaching.took(teaching.session(teaching.course(renewed_after_years=1), held_on=date(2024, 4, 16)))
    assert standing(date(2024, 12, 31))[0] == Standing.COMPLETED
    assert standing(date(2025, 12, 31)) == (Standing.DUE, date(2025, 12, 31))
    assert standing(date(2026, 1, 1))[0] == Standing.OVERDUE


def test_a_waiver_excuses_until_its_last_day_and_no_longer():
    course, today = teaching.course(), timezone.localdate()
    members.waive(
        officer=Officer.objects.get(badge="1013"), course=course, ground="leave", reason="Family leave",
        expires_on=today + timedelta(days=5), by=person("dpassmoor"),
    )  # fmt: skip
    assert standing(today + timedelta(days=5))[0] == Standing.WAIVED
    assert standing(today + timedelta(days=6))[0] == Standing.OVERDUE


def test_a_course_of_sworn_members_is_not_required_of_others():
    teaching.course()
    Officer.objects.filter(badge="1013").update(is_sworn=False)
    assert standings(Officer.objects.filter(badge="1013"), date(2025, 1, 1)) == []


def test_a_sergeant_sees_the_unit_and_all_below_and_nobody_else():
    teaching.course()
    sergeant = Officer.objects.get(badge="1006")
    below = Officer.objects.create(badge="1016", name="Y", rank="Officer", unit="Traffic", supervisor=sergeant)
    read = browser("tminch").get("/staff/training/compliance/table/").content.decode()
    rows = list(csv.DictReader(read.splitlines()))
    assert [(row["unit"], row["required"]) for row in rows] == [("Downtown Patrol", "1"), ("Traffic", "1")]
    assert browser("tminch").get(f"/staff/training/members/{below.badge}/").status_code == 200
    assert browser("tminch").get("/staff/training/members/1013/").status_code == 404
    lines = browser("tminch").get("/api/v1/training/compliance/").json()
    assert [line["unit"] for line in lines] == ["Downtown Patrol", "Traffic"]


def test_the_page_takes_no_more_queries_for_forty_members():
    teaching.took(teaching.session(teaching.course()))
    client = browser("dpassmoor")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/staff/training/compliance/")
        return len(queries)

    asked()
    few = asked()
    Officer.objects.bulk_create(Officer(badge=f"20{n:02}", name="M", rank="Officer", unit="Traffic") for n in range(40))
    assert asked() == few


def officer_user() -> User:
    user = User.objects.create_user("naldar", name="Priya Naldar", badge="1014")
    RoleHolding.objects.create(user=user, role_id="officer", since=timezone.now())
    return user


def test_a_member_confirms_what_was_read_once_and_the_entry_holds_the_digest():
    officer_user()
    client = browser("naldar")
    assert client.get("/staff/training/mine/").context["unread"] == 4
    for _twice in range(2):
        client.post("/staff/training/mine/DE/1.1/")
    assert client.get("/staff/training/mine/").context["unread"] == 3
    row = Acknowledgement.objects.get()
    entry = Entry.objects.about(row.officer.reference).get(action="training.read")
    assert entry.facts["texts_sha256"] == row.texts_digest
    waiting = dict(browser("dpassmoor").get("/staff/training/compliance/").context["unread"])
    assert row.officer not in waiting[row.version]


def test_members_are_told_once_of_a_version_that_they_are_to_read():
    User.objects.update(email="")
    user = officer_user()
    User.objects.filter(pk=user.pk).update(email="priya@example.org")
    assert {version.chapter.code for version in reading.ask_to_read()} == {"DE", "UF", "CH", "BWC"}
    assert reading.ask_to_read() == []
    version = ChapterVersion.objects.get(chapter__code="DE", version="1.1")
    entry = Entry.objects.about(version.reference).get(action="training.reading_asked")
    assert (entry.facts["members"], entry.basis) == (1, ["HBPD-MANUAL/CH-13.5@2.1"])
    reading.mail(version.pk, user.pk)
    assert [(letter.to, "version 1.1" in letter.body) for letter in mail.outbox] == [(["priya@example.org"], True)]
    browser("naldar").post("/staff/training/mine/DE/1.1/")
    reading.mail(version.pk, user.pk)
    assert len(mail.outbox) == 1


def test_everyone_reads_how_many_members_have_read_but_not_where_it_shows_who(client):
    def told() -> tuple[int, int | None]:
        rows = client.get("/api/v1/training/reading/").json()
        (row,) = (row for row in rows if row["version"].endswith("DE@1.1"))
        return row["members"], row["read"]

    Officer.objects.bulk_create(Officer(badge=f"20{n:02}", name="M", rank="Officer", unit="Traffic") for n in range(9))
    members, read = told()
    assert read == 0
    version = ChapterVersion.objects.get(chapter__code="DE", version="1.1")
    for place, officer in enumerate(Officer.objects.filter(is_active=True)[:5], start=1):
        Acknowledgement.objects.create(
            officer=officer, version=version, texts_digest="0" * 64, read_on=date(2026, 1, 2)
        )
        assert told() == (members, 5 if place == 5 else None)
    assert f"5 of {members} members" in client.get("/en/training/").text


def test_who_is_no_member_confirms_nothing_and_a_superseded_version_is_not_confirmed():
    version = ChapterVersion.objects.get(chapter__code="DE", version="1.0")
    with pytest.raises(NotPermitted):
        members.confirm_reading(version=version, by=person("dpassmoor"))
    assert browser("tminch").post("/staff/training/mine/DE/1.0/").status_code == 409


def test_nobody_excuses_themself():
    coordinator = person("dpassmoor")
    coordinator.badge = "1022"
    coordinator.save()
    with pytest.raises(NotPermitted):
        members.waive(
            officer=Officer.objects.get(badge="1022"), course=teaching.course(), ground="leave", reason="Rest",
            expires_on=timezone.localdate(), by=coordinator,
        )  # fmt: skip


def paid_session():
    course = teaching.course(certifies_trainers=True)
    held = teaching.session(course, award="G-1")
    teaching.took(held)
    teaching.took(held, "1014", "in_part", minutes=60)
    sessions.state_costs(session=held, cents={"overtime": 120_050, "instructor": 40_000}, by=person("dpassmoor"))
    teaching.session(course, "TS-02", date(2025, 3, 5))
    return held


def test_hours_of_a_grant_count_members_once_and_time_that_they_were_there():
    paid_session()
    page = browser("dpassmoor").get("/staff/training/hours/?first=2025-01-01&last=2025-12-31&award=G-1")
    figures = page.context["figures"]
    assert (figures.officers, figures.hours, figures.trainers, figures.cents) == (2, 9, 1, 160_050)
    assert [line.session.code for line in figures.sessions] == ["TS-01"]


def test_the_report_leaves_as_a_file_and_the_log_holds_its_digest():
    paid_session()
    asked = {"first": "2025-01-01", "last": "2025-12-31", "form": "csv"}
    answer = browser("dpassmoor").post("/staff/training/hours/file/", asked)
    rows = list(csv.reader(answer.content.decode().splitlines()))
    assert rows[-1] == ["total", "", "", "", "", "", "2", "9.00", "1600.50"]
    entry = Entry.objects.get(action="training.hours_reported")
    assert entry.facts["sessions"] == 2
    if not why_unavailable():
        pdf = browser("dpassmoor").post("/staff/training/hours/file/", {**asked, "form": "pdf", "narrative": "Eight."})
        assert pdf.content.startswith(b"%PDF")


def figures_of_report(**stated):
    asked = {"first": "2025-01-01", "last": "2025-12-31", "form": "figures", **stated}
    answer = browser("dpassmoor").post("/staff/training/hours/file/", asked)
    return {
        row["figure"]: (row["value"], row["before"]) for row in csv.DictReader(answer.content.decode().splitlines())
    }


def test_the_report_sets_what_is_kept_elsewhere_in_proportion_beside_the_year_before():
    paid_session()
    told = figures_of_report(force="12", force_before="20", calls="48000", calls_before="50000", injuries="3")
    assert told["force_per_1000_calls"] == ("0.25", "0.4")
    assert told["injuries_per_1000_force"] == ("250.0", "")
    assert told["from"] == ("2025-01-01", "2024-01-02")
    assert (told["officers_trained"], told["overtime"]) == (("2", ""), ("1200.50", ""))
    assert Entry.objects.get(action="training.hours_reported").facts["stated"]["force_before"] == 20


def test_the_report_counts_listening_sessions_and_withholds_few_allegations():
    paid_session()
    docket = Docket.objects.create(
        version=ChapterVersion.objects.filter(chapter__code="DE").first(), code="DE-1",
        opened_at=datetime(2025, 5, 1, tzinfo=UTC), closes_at=datetime(2025, 7, 1, tzinfo=UTC),
    )  # fmt: skip
    for number, came, why in ((1, 40, ""), (2, 24, ""), (3, None, ""), (4, 9, "Snow.")):
        docket.sessions.create(
            number=number, starts_at=datetime(2025, 6, number, 16, tzinfo=UTC), place="Library",
            attendance=came, cancelled_because=why,
        )  # fmt: skip
    walk.case_in(State.INVESTIGATION)
    Allegation.objects.update(incident_on=date(2025, 6, 1))
    told = figures_of_report()
    assert (told["listening_sessions"][0], told["residents"][0]) == ("2", "64")
    assert told["DE-4.2 alleged"] == ("", "0")


def test_a_figure_that_is_no_number_is_named_and_what_was_typed_stays():
    asked = {"first": "2025-01-01", "last": "2025-12-31", "form": "figures", "calls": "many", "narrative": "Eight."}
    page = browser("dpassmoor").post("/staff/training/hours/file/", asked)
    assert "many" in page.text
    assert "Eight." in page.text
    assert not Entry.objects.filter(action="training.hours_reported").exists()


def test_where_no_pdf_can_be_made_the_page_says_why_and_what_was_typed_stays(monkeypatch):
    def unavailable(*_args, **_more):
        raise PdfUnavailable

    monkeypatch.setattr("casework.web.training.figures.hours_pdf", unavailable)
    monkeypatch.setattr("casework.web.training.figures.why_unavailable", lambda: "Install Pango first.")
    asked = {"first": "2025-01-01", "last": "2025-12-31", "form": "pdf", "narrative": "Eight.", "calls": "48000"}
    page = browser("dpassmoor").post("/staff/training/hours/file/", asked)
    assert "Install Pango first." in page.context["report"].non_field_errors()
    for kept in ("Eight.", "48000", "2025-12-31"):
        assert kept in page.text


def test_a_program_asks_whether_a_member_was_trained_as_far_as_its_owner_may():
    teaching.took(teaching.session(teaching.course()))
    ask = "/api/v1/training/trained/?section=DE-4.1&before=2026-01-01&badge="
    assert browser("vsundarell").get(f"{ask}1013").json()["code"] == "trained"
    assert browser("tminch").get(f"{ask}1013").status_code == 404
    assert browser("vsundarell").get(f"{ask}1013".replace("DE-4.1", "XX")).status_code == 400
    (row,) = browser("vsundarell").get("/api/v1/training/records/?badge=1013").json()
    assert (row["course"], row["version"], row["result"]) == ("DE-INIT", "1.0", "completed")


def test_few_completions_are_withheld_from_the_public(client):
    course = teaching.course()
    held = teaching.session(course)
    teaching.took(held)
    assert client.get("/api/v1/training/courses/").json()[0]["completed"] is None
    for badge in ("1000", "1006", "1014", "1022"):
        teaching.took(held, badge)
    assert client.get("/api/v1/training/courses/").json()[0]["completed"] == 5


def test_a_program_reads_the_hours_of_a_grant_where_its_owner_reports_them():
    paid_session()
    ask = "/api/v1/training/hours/?first=2025-01-01&last=2025-12-31&award=G-1"
    told = browser("dpassmoor").get(ask).json()
    assert (told["officers"], told["hours"], told["cost"]) == (2, 9.0, 1600.5)
    assert [row["session"] for row in told["sessions"]] == ["TS-01"]
    assert browser("vsundarell").get(ask).status_code == 403
    assert browser("dpassmoor").get(ask.replace("2025-12-31", "2024-12-31")).status_code == 400
