"""Who is told of a step, how, and that it happens once and says nothing of the case."""

import pytest
from django.core import mail
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import User
from audit import log
from audit.models import Entry
from casework.actions import assignments, notices
from casework.actions.moves import perform
from casework.clocks import today
from casework.exceptions import Invalid, NotPermitted
from casework.models import Identity, Notice
from casework.states import State
from casework.tasks import send_notice
from casework.vocabulary import Audience, NoticeState
from moves.carrying import carrying_over
from tests import walk
from tests.casework.web.visit import browser, get, post
from tests.cast import person

pytestmark = pytest.mark.django_db

REACHABLE = {
    "confidentiality": "named",
    "identity": {"name": "Marguerite Osterfeld", "email": "m.osterfeld@example.org"},
}


class NoMail:
    """A mail server that is down."""

    def __init__(self, *args, **kwargs):
        raise ConnectionRefusedError("the mail server is down")


def with_address(login):
    User.objects.filter(login=login).update(email=f"{login}@example.org")
    return person(login)


def told(case, action):
    return Notice.objects.filter(case=case, entry__action=f"move.{action}")


def queued(notice):
    return ProcrastinateJob.objects.filter(task_name=notices.SEND, args__notice=notice.pk).count()


def begun(**filing):
    """Return the notice that tells the complainant of the intake review."""
    return told(walk.case_in(State.INTAKE_REVIEW, **filing), "begin_intake_review").get()


def test_a_step_tells_those_whom_the_table_names_and_not_whoever_took_it():
    case = walk.case_in(State.INVESTIGATION)
    assert {str(notice.user) for notice in told(case, "begin_preliminary_inquiry")} == {
        "Ruth Ambersole", "Callum Dreyfield",
    }  # fmt: skip
    opened = told(case, "open_investigation")
    assert [notice.party.alias for notice in opened.filter(user=None)] == ["Complainant"]
    assert [notice.user.login for notice in opened.filter(party=None)] == ["ivosslind"]


def test_a_complainant_who_left_an_address_is_mailed_without_a_word_of_the_case():
    notice = begun(**REACHABLE, language="es")
    assert queued(notice) == 1
    send_notice(notice.pk)
    [sent] = mail.outbox
    assert sent.to == ["m.osterfeld@example.org"]
    assert "código" in sent.body
    for word in ("Osterfeld", notice.case.number, "queja", "policía", walk.NARRATIVE[:12]):
        assert word not in sent.subject + sent.body


def test_the_log_knows_that_the_complainant_was_told():
    notice = begun(**REACHABLE)
    send_notice(notice.pk)
    entry = Entry.objects.get(action="notice.sent", subject=notice.case.reference)
    assert entry.facts == {"notice": notice.pk, "of": notice.entry_id}
    assert (entry.actor, entry.basis) == ("system", ["HBPD-MANUAL/CH-3.14@2.1"])
    assert "example.org" not in entry.leaf


@pytest.mark.parametrize(
    "filing",
    [
        {},
        {"confidentiality": "named", "identity": {"name": "Ana", "phone": "555-555-0199"}},
        {"confidentiality": "named", "identity": {"name": "Ana", "email": "a@example.org", "wants_contact": False}},
    ],
)
def test_who_did_not_ask_to_be_mailed_is_told_on_the_tracking_page_alone(filing):
    notice = begun(**filing)
    assert notice.state == NoticeState.ON_PAGE
    assert queued(notice) == 0


def test_who_withdrew_the_wish_before_the_mail_went_gets_none():
    notice = begun(**REACHABLE)
    Identity.objects.filter(party=notice.party).update(wants_contact=False)
    send_notice(notice.pk)
    assert mail.outbox == []
    assert Notice.objects.get(pk=notice.pk).state == NoticeState.ON_PAGE


def test_staff_are_mailed_the_number_and_the_address_in_their_own_language(settings):
    settings.SITE_URL = "https://oversight.example.org"
    User.objects.filter(pk=with_address("rambersole").pk).update(language="es")
    case = walk.case_in(State.PRELIMINARY_INQUIRY)
    notice = told(case, "begin_preliminary_inquiry").get(user=person("rambersole"))
    send_notice(notice.pk)
    [sent] = mail.outbox
    assert sent.subject == f"Novedades en el caso {case.number}"
    assert f"https://oversight.example.org/staff/cases/{case.number}/" in sent.body


def test_who_was_kept_out_meanwhile_is_not_mailed_and_has_no_news():
    with_address("cdreyfield")
    case = walk.case_in(State.PRELIMINARY_INQUIRY)
    notice = told(case, "begin_preliminary_inquiry").get(user=person("cdreyfield"))
    assignments.declare_conflict(case=case, by=person("cdreyfield"), has_conflict=True, ground="friend")
    send_notice(notice.pk)
    assert mail.outbox == []
    assert case.number not in browser("cdreyfield").get("/staff/news/").text


def test_nobody_is_mailed_twice():
    notice = begun(**REACHABLE)
    send_notice(notice.pk)
    send_notice(notice.pk)
    assert len(mail.outbox) == 1


def test_no_notice_is_queued_for_a_step_that_did_not_happen(monkeypatch):
    case = walk.file(**REACHABLE)
    assignments.declare_conflict(case=case, by=person("oferrant"), has_conflict=False)

    def fails(*args, **kwargs):
        raise RuntimeError("the log is full")

    monkeypatch.setattr(log, "record", fails)
    with pytest.raises(RuntimeError), transaction.atomic():
        perform("begin_intake_review", case=case, by=person("oferrant"))
    assert not Notice.objects.filter(case=case).exists()


def test_a_history_that_is_carried_over_mails_nobody():
    case = walk.file(**REACHABLE)
    with carrying_over():
        walk.intake_review(case)
    [notice] = Notice.objects.filter(case=case)
    assert (notice.state, notice.on) == (NoticeState.ON_PAGE, today())


class TestWhenTheMailServerIsDown:
    @pytest.fixture
    def failed(self, settings):
        notice = begun(**REACHABLE)
        settings.EMAIL_BACKEND = f"{__name__}.NoMail"
        with pytest.raises(ConnectionRefusedError):
            send_notice(notice.pk)
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        return Notice.objects.get(pk=notice.pk)

    def test_the_row_says_so_and_the_job_is_tried_again(self, failed):
        assert (failed.state, failed.failure, failed.tries) == (NoticeState.FAILED, "ConnectionRefusedError", 1)
        assert send_notice.retry_strategy.max_attempts == 8

    def test_the_office_sees_it_and_sends_it_once_more(self, failed):
        page = get("oferrant", failed.case, "notices")
        assert "Could not be mailed" in page.text
        post("oferrant", failed.case, "notices", failed.pk, "repeat")
        assert queued(failed) == 2
        send_notice(failed.pk)
        assert Notice.objects.get(pk=failed.pk).state == NoticeState.SENT
        assert Entry.objects.filter(action="notice.repeated", subject=failed.case.reference).count() == 1

    def test_a_mail_that_went_out_is_not_sent_once_more(self, failed):
        send_notice(failed.pk)
        with pytest.raises(Invalid, match="gone out"):
            notices.repeat(notice=failed, by=person("oferrant"))

    def test_an_auditor_does_not_send_it_once_more(self, failed):
        with pytest.raises(NotPermitted):
            notices.repeat(notice=failed, by=person("vsundarell"))


class TestNews:
    def test_it_is_listed_until_the_case_is_opened(self):
        case = walk.case_in(State.INVESTIGATION)
        client = browser("ivosslind")
        assert [row["number"] for row in client.get("/staff/").context["told"]] == [case.number]
        assert [row["unread"] for row in client.get("/staff/news/").context["rows"]] == [True]
        client.get(f"/staff/cases/{case.number}/")
        assert client.get("/staff/").context["told"] == []
        assert [row["unread"] for row in client.get("/staff/news/").context["rows"]] == [False]

    def test_all_of_it_can_be_marked_as_read(self):
        walk.case_in(State.INVESTIGATION)
        client = browser("rambersole")
        assert client.get("/staff/news/").context["unread"] == 1
        client.post("/staff/news/read/")
        assert client.get("/staff/news/").context["unread"] == 0

    def test_the_complainant_sees_on_the_tracking_page_what_is_new(self):
        notice = begun()
        client = browser("oferrant")
        session = client.session
        session["tracking"] = notice.case_id
        session.save()
        assert "New since you last looked" in client.get("/en/track/complaint/").text
        assert "New since you last looked" not in client.get("/en/track/complaint/").text

    def test_a_program_reads_it(self):
        case = walk.case_in(State.INVESTIGATION)
        [row] = browser("ivosslind").get("/api/v1/notices/").json()["results"]
        assert (row["case"], row["action"], row["state"]) == (case.number, "move.open_investigation", "on_page")


def test_every_audience_of_the_table_has_readers_or_a_letter():
    assert {*notices.ROLE_OF, "complainant", "officer"} == set(Audience)
