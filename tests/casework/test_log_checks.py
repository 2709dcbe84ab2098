"""Checks of the log: asked for, carried out by the worker, kept, recorded, and told to auditors."""

import pytest
from django.core import mail
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import User
from audit import log
from audit.models import Checkpoint, Entry
from audit.outside import Agreement, compare_with_outside
from casework import tasks
from casework.actions import log as acts
from casework.exceptions import NotPermitted
from casework.models import LogVerification, Wall
from tests import walk
from tests.casework.web.visit import browser
from tests.cast import person

pytestmark = pytest.mark.django_db
AUDITOR = "vsundarell"


def state(login=AUDITOR):
    return browser(login).get("/audit/")


def jobs(name):
    return [job.args for job in ProcrastinateJob.objects.filter(task_name=name)]


def spoil_a_text():
    """Change a sealed text as the owner of the database could."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_keeps_its_rows")
        cursor.execute("UPDATE audit_entry SET leaf = replace(leaf, 'move.receive', 'move.withdraw')")
        cursor.execute("ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_keeps_its_rows")


@pytest.fixture
def seal(django_capture_on_commit_callbacks):
    def seal_all():
        with django_capture_on_commit_callbacks(execute=True):
            return log.integrate()

    return seal_all


@pytest.fixture
def sealed(seal):
    walk.file()
    return seal()


def test_a_check_is_asked_for_on_a_page_and_carried_out_by_the_worker(sealed):
    answer = browser(AUDITOR).post("/audit/checks/")
    check = LogVerification.objects.get()
    assert answer.url == f"/audit/checks/{check.pk}/"
    assert jobs(acts.VERIFY) == [{"check": check.pk}]
    tasks.verify_log(check.pk)
    check.refresh_from_db()
    assert check.found_nothing
    assert (check.size, check.root) == (sealed.size, sealed.root_hex)
    assert "Everything agrees" in browser(AUDITOR).get(answer.url).text


def test_a_check_under_way_is_not_begun_a_second_time(sealed):
    assert acts.ask_for_check(by=person(AUDITOR)) == acts.ask_for_check(by=person("kbrandvold"))
    LogVerification.objects.update(told_at="2026-01-01T00:00Z")
    assert acts.ask_for_check(by=person(AUDITOR)) != LogVerification.objects.first()


def test_a_check_is_an_entry_of_the_log_itself(sealed):
    acts.carry_out(LogVerification.objects.create(asked_by=person(AUDITOR)))
    entry = Entry.objects.filter(action="log.verified").get()
    assert (entry.actor, entry.actor_role) == (person(AUDITOR).reference, "auditor")
    assert entry.facts == {
        "size": sealed.size, "root": sealed.root_hex, "faults": 0, "codes": [], "checkpoints": 1,
    }  # fmt: skip


@pytest.mark.superuser
def test_faults_are_kept_shown_and_mailed_to_auditors_without_a_word_about_cases(sealed):
    User.objects.filter(login=AUDITOR).update(email="auditor@example.org", language="es")
    spoil_a_text()
    check = acts.carry_out(LogVerification.objects.create())
    assert "leaf_altered" in {fault["code"] for fault in check.faults}
    assert "La última comprobación encontró" in state().text
    page = browser(AUDITOR).get(f"/audit/checks/{check.pk}/").text
    assert "leaf_altered" in page
    (arguments,) = jobs(acts.ALARM)
    tasks.alarm_auditors(**arguments)
    (sent,) = mail.outbox
    assert sent.to == ["auditor@example.org"]
    assert sent.subject == "El registro necesita su atención"
    assert f"/audit/checks/{check.pk}/" in sent.body
    assert "2026-" not in sent.body


@pytest.mark.superuser
def test_an_auditor_is_told_of_which_case_a_fault_is_unless_they_are_kept_out_of_it(sealed):
    case = walk.Case.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE casework_case SET state = 'closed'")
    check = acts.carry_out(LogVerification.objects.create())
    address = f"/audit/checks/{check.pk}/"
    assert f"?case={case.number}" in browser(AUDITOR).get(address).text
    assert case.number not in browser("kbrandvold").get(address).text
    assert [fault["subject"] for fault in acts.faults_for(check, person("kbrandvold"))] == ["", ""]
    Wall.objects.create(case=case, user=person(AUDITOR), kind="conflict", since=case.received_on)
    assert case.number not in browser(AUDITOR).get(address).text


def test_a_check_that_breaks_off_keeps_why_and_alarms_too(sealed, monkeypatch):
    def break_off(**_given):
        raise OSError("the disk is gone")

    monkeypatch.setattr(acts, "verify", break_off)
    check = LogVerification.objects.create()
    with pytest.raises(OSError, match="the disk is gone"):
        acts.carry_out(check)
    check.refresh_from_db()
    assert not check.found_nothing
    assert "the disk is gone" in check.error
    assert jobs(acts.ALARM) == [{"check": check.pk}]
    assert Entry.objects.filter(action="log.verified").get().facts["codes"] == ["not_finished"]
    assert "A later check could not be finished" in state().text


def test_the_whole_log_is_checked_once_a_day_by_itself(sealed):
    assert [task.cron for task in app.periodic_registry.periodic_tasks.values() if "verify" in task.task.name] == [
        "23 4 * * *"
    ]
    tasks.verify_log_daily(0)
    assert LogVerification.objects.get().asked_by is None


def test_the_state_says_what_is_true_and_no_more(sealed, seal):
    assert "has not been checked here yet" in state().text
    acts.carry_out(LogVerification.objects.create())
    walk.file()
    seal()
    page = state().text
    assert "The log was complete and unchanged at the last check" in page
    assert "entries have been sealed since" in page
    assert "Agrees" in page


def test_an_administrator_sees_how_the_log_stands_and_no_way_to_entries(sealed):
    page = state("kbrandvold")
    assert page.status_code == 200
    assert "/audit/entries/" not in page.text
    with pytest.raises(NotPermitted):
        acts.ask_for_check(by=person("oferrant"))


@pytest.mark.superuser
def test_a_check_of_what_is_new_says_that_it_read_less_and_clears_nothing(sealed, seal):
    acts.carry_out(LogVerification.objects.create())
    for number in range(256):
        with transaction.atomic():
            log.record("log.exported", actor="system", role="system", subject=f"log:{number}")
    seal()
    assert acts.carry_out(LogVerification.objects.create(incremental=True)).read_from == 0, "no whole tile was read yet"
    seal()
    browser(AUDITOR).post("/audit/checks/", {"scope": "new"})
    asked = LogVerification.objects.last()
    tasks.verify_log(asked.pk)
    assert LogVerification.objects.get(pk=asked.pk).read_from == 256
    assert Entry.objects.filter(action="log.verified").last().facts["read_from"] == 256
    page = browser(AUDITOR).get(f"/audit/checks/{asked.pk}/").text
    assert "The first 256 entries were held to the root" in page
    assert "the first 256 have the root" in state().text
    assert [row["scope"] for row in browser(AUDITOR).get("/audit/checks/").context["rows"]] == [
        "What was new", "Everything", "Everything",
    ]  # fmt: skip
    spoil_a_text()
    acts.carry_out(LogVerification.objects.create())
    assert acts.carry_out(LogVerification.objects.create(incremental=True)).found_nothing
    assert "The last check found" in state().text


@pytest.mark.superuser
def test_a_program_of_the_auditor_sees_how_each_check_ended(sealed):
    acts.carry_out(LogVerification.objects.create())
    spoil_a_text()
    acts.carry_out(LogVerification.objects.create())
    LogVerification.objects.create()
    rows = browser(AUDITOR).get("/api/v1/audit/checks/").json()["results"]
    assert [row["ok"] for row in rows] == [None, False, True]
    assert "leaf_altered" in {fault["code"] for fault in rows[1]["faults"]}


@pytest.mark.superuser
def test_a_database_put_back_is_called_out_on_the_first_page(sealed, seal, checkpoint_folder):
    kept = next(checkpoint_folder.glob("*.checkpoint"))
    note = kept.read_text()
    walk.file()
    later = seal()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_checkpoint DISABLE TRIGGER ALL")
        Checkpoint.objects.filter(size=later.size).delete()
        cursor.execute("ALTER TABLE audit_checkpoint ENABLE TRIGGER ALL")
    kept.write_text(later.note)
    assert compare_with_outside().agreement is Agreement.LOG_IS_SHORTER
    assert "The log does not agree with the copy kept outside" in state().text
    kept.write_text(note)
    assert compare_with_outside().agreement is Agreement.AGREES
    kept.write_text(note.replace(note.splitlines()[2], "A" * 43 + "="))
    assert compare_with_outside().agreement is Agreement.CANNOT_BE_READ
    kept.unlink()
    assert compare_with_outside().agreement is Agreement.NOTHING_KEPT
