"""Anyone reads a draft, comments on it, and finds the answer; without an account and without scripts."""

import csv
import datetime
import io
from http import HTTPStatus

import pytest
import time_machine
from django.utils import timezone

from accounts import throttle
from policy_rules import hearing, passages
from policy_rules.actions import comments, lifecycle
from policy_rules.models import Comment
from policy_rules.web import commenting
from tests.consulting import (
    DAY,
    SENTENCE,
    SPANISH,
    SPANISH_SENTENCE,
    TEXT,
    change_after_hearing,
    hold_session,
    holder,
    open_docket,
    say,
)

HOME = "/en/policies/consultations/"
WRITE = f"{HOME}DE-2026/comment/"


@pytest.fixture
def docket(manual):
    return open_docket()


@pytest.fixture
def read(client):
    """Return the words of a page as they are sent."""

    def run(path: str, status: int = HTTPStatus.OK) -> str:
        answer = client.get(path)
        assert answer.status_code == status, answer
        return " ".join(answer.text.split())

    return run


def test_there_is_a_page_before_there_is_any_draft(read, manual):
    assert "No draft is open for comment now" in read(HOME)


def test_a_resident_comments_on_one_sentence_reads_it_back_and_finds_it_by_its_number(client, read, docket):
    place = next(passage.place for passage in passages.sentences(TEXT) if passage.words == SENTENCE)
    answers = {"place": place, "text": "Also not by telephone.", "district": "North"}
    page = client.post(f"{WRITE}?section=DE-4.6", answers).text
    assert "Check your comment" in page
    assert SENTENCE in page
    assert not Comment.objects.exists()
    again = client.post(f"{WRITE}?section=DE-4.6", answers | {"step": "change"}).text
    assert "Also not by telephone." in again
    sent = client.post(f"{WRITE}?section=DE-4.6", answers | {"step": "record"}, follow=True)
    assert sent.redirect_chain[-1][0] == f"{HOME}DE-2026/comments/1/"
    assert "Its number is DE-2026-0001" in sent.text
    assert client.get(f"{HOME}find/", {"number": " de-2026-0001 "}).url == f"{HOME}DE-2026/comments/1/"
    assert "There is no comment of this number" in client.get(f"{HOME}find/", {"number": "DE-2026-x"}).text
    assert (SENTENCE in read(f"{HOME}DE-2026/"), "Not answered yet" in read(f"{HOME}DE-2026/comments/")) == (True, True)


def test_a_reader_of_spanish_reads_the_draft_in_spanish_with_its_changes_and_comments_on_a_sentence_of_it(
    client, read, docket
):
    page = read("/es/policies/consultations/DE-2026/draft/")
    assert "dejará de repetirlas." in page
    assert "Reevaluación continua" in page
    assert "Agregado:" in page
    assert SENTENCE in page
    write = "/es/policies/consultations/DE-2026/comment/?section=DE-4.6"
    place = next(passage.place for passage in passages.sentences(SPANISH) if passage.words == SPANISH_SENTENCE)
    client.post(write, {"place": place, "text": "Tampoco por teléfono.", "step": "record"})
    client.post(write, {"text": "Không dùng trẻ em.", "written_in": "vi", "step": "record"})
    first, other = Comment.objects.order_by("number")
    assert (first.quote, first.language, other.language) == (SPANISH_SENTENCE, "es", "vi")
    assert f'<q lang="es">{SPANISH_SENTENCE}</q>' in read(f"{HOME}DE-2026/comments/1/")


def test_a_section_without_a_translation_is_shown_in_english_and_says_so(read, manual):
    open_docket(in_spanish=False)
    page = read("/es/policies/consultations/DE-2026/draft/")
    assert SENTENCE in page
    assert "traducción de esta sección es de un texto anterior" in page


def test_what_is_missing_is_said_and_what_was_typed_stays(client, docket):
    page = client.post(f"{WRITE}?section=DE-4.6", {"words": "a parrot", "text": "Why?"}).text
    assert "These words do not stand in the section" in page
    assert "a parrot" in page
    assert "Answer “Your comment”" in client.post(WRITE, {"text": ""}).text
    assert "a person writes" in client.post(WRITE, {"text": "Buy!", "website": "https://spam.example"}).text


def test_a_comment_that_comes_too_late_is_not_lost(client, docket):
    with time_machine.travel(docket.closes_at + DAY, tick=True):
        answer = client.post(WRITE, {"text": "I was away.", "step": "record"})
        assert answer.status_code == HTTPStatus.CONFLICT
        assert "I was away." in answer.text
        assert "What you wrote was not sent" in answer.text
        assert client.get(WRITE).url == f"{HOME}DE-2026/"


def test_a_network_that_sends_too_many_is_told_to_wait_and_other_networks_are_not(client, docket, monkeypatch):
    monkeypatch.setattr(commenting, "MOST_FROM_NETWORK", 1)
    assert client.post(WRITE, {"text": "One.", "step": "record"}).status_code == HTTPStatus.FOUND
    client.cookies.clear()
    refused = client.post(WRITE, {"text": "Two.", "step": "record"})
    assert refused.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert "Two." in refused.text
    other = client.post(WRITE, {"text": "Three.", "step": "record"}, REMOTE_ADDR="203.0.113.9")
    assert other.status_code == HTTPStatus.FOUND
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=throttle.WINDOW + 5), tick=True):
        client.cookies.clear()
        assert client.post(WRITE, {"text": "Two.", "step": "record"}).status_code == HTTPStatus.FOUND


def test_a_withheld_comment_shows_its_reason_everywhere_and_its_words_nowhere(client, read, docket):
    comment = say(docket, "Vive en la calle Olmo 9.", name="A. N.")
    comments.withhold(comment, by=holder("counsel"), reason="private_person")
    pages = ["", "comments/", "comments/1/", "comments.csv"]
    told = [read(f"{HOME}DE-2026/{page}") for page in pages]
    told.append(client.get("/api/v1/policies/consultations/DE-2026/comments/").text)
    assert not any("Olmo" in page or "A. N." in page for page in told)
    assert "DE-2026-0001" not in read(f"{HOME}DE-2026/comments/?words=Olmo")
    assert "Words withheld in 1" in read(f"{HOME}DE-2026/")
    assert all("private person" in page or "private_person" in page for page in told)


def test_comments_and_answers_are_one_table_that_can_be_narrowed_and_taken_away(client, read, docket):
    say(docket, "=1+1")
    second = say(docket, "Diez minutos.", section="DE-4.6")
    with time_machine.travel(docket.closes_at + DAY, tick=True):
        lifecycle.perform("close_comment", docket.version, by=holder("policy_analyst"))
        change_after_hearing(docket)
        group = comments.group(docket, by=holder("policy_analyst"), numbers=[second.number])
        told = {"rationale": "The line bills by the minute.", "rationale_es": "La línea cobra por minuto."}
        comments.answer(group, by=holder("policy_analyst"), answer="accepted_in_part", change="DE-4.6", **told)
        answered = read("/es/policies/consultations/DE-2026/comments/?answer=accepted_in_part")
    assert "La línea cobra por minuto." in answered
    assert "/es/policies/consultations/DE-2026/draft/#DE-4.6" in answered
    assert "=1+1" not in answered
    draft = read(f"{HOME}DE-2026/draft/")
    assert ("Changed after the comments" in draft, "nor by telephone" in draft) == (True, True)
    once = read("/es/policies/consultations/DE-2026/answers/")
    assert "La línea cobra por minuto." in once
    assert "Diez minutos." in once
    rows = list(csv.DictReader(io.StringIO(client.get(f"{HOME}DE-2026/comments.csv?order=new").text)))
    assert (rows[0]["group_comments"], rows[0]["change_url"].split("/en/")[1]) == (
        "1", "policies/consultations/DE-2026/draft/#DE-4.6",
    )  # fmt: skip
    assert [row["number"] for row in rows] == ["DE-2026-0002", "DE-2026-0001"]
    assert (rows[0]["answer"], rows[0]["change"], rows[1]["comment"]) == ("accepted_in_part", "DE-4.6", "'=1+1")


def test_the_answer_to_the_most_people_comes_first_beside_words_that_are_published(docket):
    analyst = holder("policy_analyst")
    one, hidden, same, other = (
        say(docket, words, section=section)
        for words, section in (("Ten.", ""), ("None.", "DE-4.6"), ("NONE", "DE-4.6"), ("Delete it.", "DE-6.1"))
    )
    comments.withhold(hidden, by=holder("counsel"), reason="private_person")
    with time_machine.travel(docket.closes_at + DAY, tick=True):
        lifecycle.perform("close_comment", docket.version, by=analyst)
        for numbers in ([one.number], [same.number, other.number]):
            group = comments.group(docket, by=analyst, numbers=numbers)
            comments.answer(group, by=analyst, answer="rejected", rationale="The rule stays.")
    rows = hearing.read_groups(hearing.answered_groups(docket), docket)
    assert [(item.row.said, item.row.people, item.sections, item.example) for item in rows] == [
        (3, 3, ("DE-4.6", "DE-6.1"), same), (1, 1, ("",), one),
    ]  # fmt: skip


def test_the_draft_marks_what_changes_and_offers_each_section_for_comment(read, docket):
    page = read(f"{HOME}DE-2026/draft/")
    assert '<span class="sr" lang="en">Added:' in page
    assert "?section=DE-4.6" in page
    assert "Complaints of this year." in page
    assert "DE-2026/draft/#DE-4.6" in read("/en/policies/DE-4.6/")
    assert "DE-2026/draft/" in read("/en/policies/chapter/DE/")


def test_sessions_come_as_a_calendar(client, docket):
    hold_session(docket)
    lines = client.get(f"{HOME}sessions.ics").content.decode().split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    text = "\n".join(lines).replace("\n ", "")
    assert "SUMMARY:Listening session: De-escalation\\, second revision" in text
    assert "LOCATION:Roberts Park Gym\\, Southeast" in text
    assert text.count("BEGIN:VEVENT") == 1
    assert client.get(f"{HOME}DE-2026/sessions/1.ics").status_code == HTTPStatus.OK
    assert client.get(f"{HOME}DE-2026/sessions/9.ics").status_code == HTTPStatus.NOT_FOUND


def test_the_list_costs_the_same_number_of_queries_however_many_comments(client, docket, django_assert_max_num_queries):
    for number in range(12):
        say(docket, f"Comment {number}", section="DE-4.6" if number % 2 else "")
    for path, most in (("comments/", 9), ("", 10), ("draft/", 11)):
        with django_assert_max_num_queries(most):
            client.get(f"{HOME}DE-2026/{path}")


class TestApi:
    ROOT = "/api/v1/policies/consultations/"

    def test_gives_dockets_comments_and_sessions_in_pages(self, client, docket):
        hold_session(docket)
        say(docket, "Quiten la excepción.", section="DE-4.6", words=SENTENCE)
        (row,) = client.get(self.ROOT).json()["results"]
        assert (row["code"], row["is_open"], row["version"]) == ("DE-2026", True, "HBPD-MANUAL/DE@1.2")
        (comment,) = client.get(f"{self.ROOT}DE-2026/comments/").json()["results"]
        assert (comment["receipt"], comment["quote"], comment["answer"]) == ("DE-2026-0001", SENTENCE, None)
        (session,) = client.get(f"{self.ROOT}DE-2026/sessions/").json()["results"]
        assert (session["place"], session["attendance"]) == ("Roberts Park Gym", 37)
        assert client.get(f"{self.ROOT}XX/comments/").status_code == HTTPStatus.NOT_FOUND
        assert client.get(f"{self.ROOT}DE-2026/comments/?answered=perhaps").status_code == HTTPStatus.BAD_REQUEST
