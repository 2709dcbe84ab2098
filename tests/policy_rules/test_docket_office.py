"""The office keeps its docket by pages: what was done is told, what is wrong stands beside its field."""

import datetime

import pytest
from django.utils import timezone

from policy_rules.models import Comment
from tests.consulting import DAY, SENTENCE, hold_session, holder, open_docket, say

PAGES = "/staff/policies/DE/1.2/consultation/"


@pytest.fixture
def docket(manual):
    return open_docket()


@pytest.fixture
def office(client):
    client.force_login(holder("policy_analyst"))

    def send(path: str, **answers) -> str:
        answer = client.post(f"{PAGES}{path}", answers, follow=True)
        assert answer.status_code < 500
        return " ".join(answer.text.split())

    return send


def test_what_was_said_at_a_session_is_typed_in_with_its_session_and_its_passage(docket, office):
    session = hold_session(docket)
    today = timezone.localdate().isoformat()
    told = {"channel": "session", "received_on": today, "language": "en", "signatures": "3", "text": "Name the aid."}
    assert "Choose the session at which it was said" in office("comments/add/", **told)
    about = {"session": session.pk, "section": "DE-4.6", "words": SENTENCE, "name": "Neighbors of Elm Street"}
    assert "Typed in a comment on a draft" in office("comments/add/", **told, **about)
    comment = Comment.objects.get()
    assert (comment.session, comment.quote, comment.signatures) == (session, SENTENCE, 3)


def test_letter_after_letter_is_typed_in_without_filling_in_the_day_again(docket, office):
    day = timezone.localdate(docket.opened_at).isoformat()
    told = {"channel": "mail", "received_on": day, "language": "vi", "signatures": "1", "text": "Không."}
    assert f'value="{day}"' in office("comments/add/", **told, another="1")
    assert Comment.objects.get().language == "vi"


def test_three_hundred_comments_are_read_in_pages_and_a_campaign_is_put_together_at_once(
    docket, client, office, django_assert_max_num_queries
):
    letter = "Delete the safety exception, because everything is a safety exception and nobody is held to the rule."
    rows = [
        Comment(
            docket=docket,
            number=number,
            received_on=timezone.localdate(),
            channel="mail",
            language="en",
            text=f"I am number {number}. {letter}" if number % 3 == 0 else f"Thought {number}.",
            words_digest=str(number),
        )
        for number in range(1, 301)
    ]
    Comment.objects.bulk_create(rows)
    with django_assert_max_num_queries(35):
        page = client.get(f"{PAGES}?page=6").text
    assert ("DE-2026-0300" in page, "DE-2026-0250" in page) == (True, False)
    assert "8 comments found" in " ".join(client.get(f"{PAGES}?words=thought 29").text.split())
    alike = client.get(f"{PAGES}alike/").text
    assert alike.count('name="numbers"') == 100
    office("group/", numbers=[str(number) for number in range(3, 301, 3)], title="No exception")
    assert "100 comments from 100 people" in client.get(f"{PAGES}groups/1/").text
    office("group/", numbers=["1"], into="1")
    office("groups/1/separate/", numbers=["1", "3"])
    assert docket.groups.get().comments.count() == 99
    assert client.get(f"{PAGES}alike/").text.count('name="numbers"') == 2


def test_a_session_is_announced_and_counted_once_it_was_held(docket, office):
    day = timezone.localdate() + 7 * DAY
    told = {"day": day.isoformat(), "time": "18:30", "minutes": "90", "place": "Lake House", "interpreters": "1"}
    assert "Languages”" in office("sessions/add/", **told)
    assert not docket.sessions.exists()
    assert "Announced a listening session" in office("sessions/add/", **told, languages=["en", "asl"])
    assert "once the session has been held" in office("sessions/1/", **told, languages=["en"], attendance="9")
    past = told | {"day": timezone.localdate().isoformat(), "time": "00:01"}
    assert "Changed what is told" in office(
        "sessions/1/", **past, languages=["en"], attendance="9", recording="https://example.org/talk"
    )
    session = docket.sessions.get()
    assert (session.was_held, timezone.localtime(session.starts_at).time()) == (True, datetime.time(0, 1))


def test_the_docket_is_described_and_lasts_longer(docket, office):
    told = {"title": "T", "title_es": "Te", "summary": "S", "summary_es": "Ese"}
    assert "Said what the public is asked" in office("describe/", **told)
    closes = timezone.localdate(docket.closes_at)
    assert "Choose a later day" in office("extend/", closes=closes.isoformat(), reason="x")
    assert "Gave the public more time" in office("extend/", closes=(closes + DAY).isoformat(), reason="Holidays.")
    docket.refresh_from_db()
    assert (docket.title_es, timezone.localdate(docket.closes_at)) == ("Te", closes + DAY)


def test_comments_are_put_together_and_words_withheld(docket, office):
    say(docket, "One.")
    say(docket, "Two.")
    assert "Choose at least one comment." in office("group/")
    assert "Comments are still coming in" in office("group/", numbers=["1", "2"], title="Numbers")
    assert docket.groups.get().comments.count() == 2
    assert "This is not possible at this stage" in office("groups/1/", answer="rejected", rationale="Not now.")
    assert "Withheld the words of a comment" in office("comments/1/", reason="advertising")
    assert "Published the words of a comment" in office("comments/1/")
    assert not docket.comments.exclude(withheld="").exists()
