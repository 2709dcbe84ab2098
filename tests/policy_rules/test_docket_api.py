"""A docket over the API: everyone reads what was asked, said and answered; programs do what their owner may do."""

from django.utils import timezone

from policy_rules.models import Comment
from tests.consulting import DAY, SENTENCE, change_after_hearing, let_comment_end, open_docket, say
from tests.policy_rules.test_drafting_api import Program

ROOT = "/api/v1/policies/consultations/DE-2026/"


def test_a_docket_is_kept_and_answered_by_programs_and_read_by_everyone(manual, client):
    docket = open_docket()
    analyst = Program("policy_analyst")
    letter = {"channel": "mail", "received_on": timezone.localdate().isoformat(), "language": "vi", "text": "Không."}
    made = analyst.post(f"{ROOT}comments/", 201, **letter, section="DE-4.6", words=SENTENCE, signatures=40)
    assert (made["receipt"], made["quote"], made["signatures"]) == ("DE-2026-0001", SENTENCE, 40)
    assert analyst.post(f"{ROOT}comments/", 400, **letter, section="DE-9.9")["errors"][0]["attr"] == "section"
    say(docket, "Vive en la calle Olmo 9.")
    told = {"day": timezone.localdate().isoformat(), "time": "00:00", "place": "Lake House", "languages": ["en"]}
    assert analyst.put(f"{ROOT}sessions/1/", 201, **told)["attendance"] is None
    assert analyst.put(f"{ROOT}sessions/1/", **told, attendance=19)["attendance"] == 19
    assert analyst.put(f"{ROOT}comments/2/withheld/", reason="private_person")["text"] == ""
    closes = timezone.localdate(docket.closes_at)
    for day in (closes.isoformat(), "9999-12-31"):
        assert analyst.post(f"{ROOT}longer/", 400, closes=day, reason="x")["errors"][0]["attr"] == "closes"
    analyst.post(f"{ROOT}longer/", closes=(closes + DAY).isoformat(), reason="The translation came late.")
    let_comment_end(docket)
    analyst.post("/api/v1/policies/chapters/DE/versions/1.2/moves/close_comment/")
    assert analyst.post(f"{ROOT}groups/", numbers=[1, 2])["people"] == 41
    assert analyst.post(f"{ROOT}groups/1/separate/", numbers=[2])["numbers"] == [1]
    given = {"answer": "accepted", "rationale": "The text now says so.", "change": "DE-4.6"}
    assert analyst.put(f"{ROOT}groups/1/answer/", 400, **given)["errors"][0]["attr"] == "change"
    change_after_hearing(docket)
    analyst.put(f"{ROOT}groups/1/answer/", **given)
    (answer,) = client.get(f"{ROOT}answers/").json()["results"]
    assert (answer["answer"], answer["people"], answer["numbers"]) == ("accepted", 40, [1])
    texts = {(row["code"], row["language"]): row for row in client.get(f"{ROOT}texts/").json()["results"]}
    assert SENTENCE in texts["DE-4.6", "en"]["text"]
    assert ("DE-4.6", "es") in texts
    assert client.get(f"{ROOT}comments/").json()["results"][0]["group"] == 1


def test_who_reads_drafts_does_not_keep_their_docket(manual):
    docket = open_docket()
    say(docket, "One.")
    counsel, chief = Program("counsel"), Program("chief")
    asked = dict.fromkeys(("title", "title_es", "summary", "summary_es"), "x")
    counsel.put(f"{ROOT}asked/", 409, **asked)
    chief.put(f"{ROOT}comments/1/withheld/", 409, reason="threat")
    counsel.put(f"{ROOT}comments/1/withheld/", reason="threat")
    assert Comment.objects.get().withheld == "threat"
