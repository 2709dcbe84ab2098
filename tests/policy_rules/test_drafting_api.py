"""The life of a version over the API: everyone reads what is published, and programs do what their owner may do."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import RoleHolding, User
from accounts.tokens import Scope, issue, scopes_open_to
from audit.models import Entry
from policy_rules.models import ChapterVersion, Docket
from tests.permissions.scenes.policies import policy_draft, rules_draft

pytestmark = pytest.mark.django_db
DRAFT = "/api/v1/policies/chapters/DE/versions/1.2/"
RULES = "/api/v1/policies/chapters/CH/versions/2.2/rules/"


class Program:
    def __init__(self, role: str, *scopes: str) -> None:
        owner = User.objects.create_user(f"runs-{role}", name=f"The {role}")
        RoleHolding.objects.create(user=owner, role_id=role, since=timezone.now() - timedelta(days=1))
        scopes = scopes or tuple(scopes_open_to(owner))
        _token, secret = issue(by=owner, label="test", scopes=scopes, lasts=timedelta(days=1))
        self.client = Client(headers={"authorization": f"Bearer {secret}"})

    def get(self, path: str, status: int = 200, **query):
        return self._answer(self.client.get(path, query), status)

    def post(self, path: str, status: int = 200, **body):
        return self._answer(self.client.post(path, body, content_type="application/json"), status)

    def put(self, path: str, status: int = 200, **body):
        return self._answer(self.client.put(path, body, content_type="application/json"), status)

    @staticmethod
    def _answer(answer, status: int):
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None


@pytest.fixture
def draft() -> ChapterVersion:
    policy_draft()
    return ChapterVersion.objects.get(chapter__code="DE", version="1.2")


@pytest.fixture
def analyst(draft) -> Program:
    return Program("policy_analyst")


def test_a_draft_that_is_not_published_does_not_exist_for_the_public(draft, client):
    assert client.get(DRAFT).status_code == 404
    listed = client.get("/api/v1/policies/chapters/").json()[0]["versions"]
    assert [row["version"] for row in listed] == ["0.9", "1.0", "1.1"]
    assert "<dt>1.2</dt>" not in client.get("/en/policies/chapter/DE/").text


def test_those_who_draft_read_its_changes_and_every_act_with_who_did_it_and_by_what_section(analyst):
    told = analyst.get(DRAFT)
    assert [row["code"] for row in told["sections"]] == ["DE-4.1"]
    assert told["sections"][0]["reason"] == "Said more plainly."
    (begun,) = told["acts"]
    assert (begun["action"], begun["by"], begun["role"], begun["after"]) == (
        "policy.begin_drafting", "Noor Halvaney", "policy_analyst", "drafting",
    )  # fmt: skip
    assert begun["basis"] == ["HBPD-MANUAL/CH-13.1@2.1"]
    assert len(analyst.get(DRAFT, all="true")["sections"]) > 30


def test_the_steps_of_a_draft_are_told_without_a_query_for_each_text_of_the_manual(
    analyst, django_assert_max_num_queries
):
    analyst.get(DRAFT + "moves/")
    with django_assert_max_num_queries(40):
        analyst.get(DRAFT + "moves/")


def test_a_scope_that_only_reads_takes_no_step(draft):
    reader = Program("policy_analyst", Scope.POLICIES_READ)
    assert reader.get(DRAFT + "moves/")[0]["name"] == "send_to_legal_review"
    reader.post(DRAFT + "moves/send_to_legal_review/", 403)


def test_a_version_goes_from_its_beginning_to_the_public_by_programs(manual, client):
    analyst, counsel = Program("policy_analyst"), Program("counsel")
    begun = analyst.post(DRAFT + "moves/begin_drafting/", stated={"trigger": "The review proposed it."})
    assert begun == {"version": "HBPD-MANUAL/DE@1.2", "state": "drafting"}
    words = {"number": "400.4.1", "title": "Slow down", "text": "A member slows down.", "reason": "Plainer."}
    analyst.put(DRAFT + "sections/DE-4.1/", **words)
    counsel.post(DRAFT + "moves/send_to_legal_review/", 409)
    analyst.post(DRAFT + "moves/send_to_legal_review/")
    closes = timezone.localdate() + timedelta(days=31)
    refused = counsel.post(DRAFT + "moves/open_for_comment/", 409, stated={"docket": "DE-27", "by": "x"})
    assert refused["errors"][0]["attr"] == "unknown_statement"
    counsel.post(DRAFT + "moves/open_for_comment/", stated={"docket": "DE-27", "closes": closes.isoformat()})
    assert Docket.objects.filter(code="DE-27").exists()
    public = client.get(DRAFT).json()
    assert (public["state"], public["sections"][0]["title"]) == ("public_comment", "Slow down")
    assert [act["after"] for act in public["acts"]] == ["drafting", "legal_review", "public_comment"]
    assert [act["by"] for act in public["acts"]] == ["", "", ""]


def test_sections_are_changed_added_translated_and_ended(analyst, draft):
    section = DRAFT + "sections/DE-4.10/"
    words = {"number": "400.4.10", "title": "Say so", "text": "A member says so.", "reason": "Two duties in one."}
    assert analyst.put(section, 400, **words)["errors"][0]["attr"] == "kind"
    new = {"kind": "duty", "discipline_class": "A", "elements": ["They did not."], "after": "DE-4.9"}
    made = analyst.put(section, 201, **words, **new, how="split", came_from=["DE-4.9"])
    assert (made["how"], made["came_from"], made["elements"][0]["code"]) == ("split", ["DE-4.9"], "DE-4.10-a")
    assert analyst.put(section, 400, **words, kind="duty")["errors"][0]["attr"] == "kind"
    told = analyst.put(section + "translations/es/", title="Dígalo", text="Lo dice.", elements=["No lo hizo."])
    assert told["is_stale"] is False
    analyst.post(DRAFT + "sections/DE-4.8/retire/", 204, reason="CH-4.2 says it.")
    assert draft.draft_sections.get(code="DE-4.8").is_retired
    assert Entry.objects.filter(action="policy.draft_changed", actor=Entry.objects.last().actor).count() == 2


def test_rules_are_drafted_and_taken_back(db):
    rules_draft()
    analyst = Program("policy_analyst")
    version = "/api/v1/policies/chapters/CH/versions/2.2/"
    panel = next(row for row in analyst.get(version)["rules"] if row["path"] == "rules.panel")
    assert (panel["section"], panel["before"]["quorum"], panel["after"]["quorum"]) == ("CH-5.5", 5, 4)
    wrong = analyst.put(RULES + "rules.panel/", 400, value={**panel["after"], "quorum": 9}, reason="More.")
    assert [(error["attr"], error["code"]) for error in wrong["errors"]] == [("quorum", "invalid")]
    changed = analyst.put(RULES + "rules.panel/", value={**panel["after"], "quorum": 6}, reason="More.")
    assert {row["path"]: row["reason"] for row in changed}["rules.panel"] == "More."
    kept = analyst._answer(analyst.client.delete(RULES + "rules.panel/"), 200)
    assert [row["path"] for row in kept] == ["authorities.clocks.board"]


@pytest.mark.parametrize("role", ["auditor", "chief"])
def test_who_reads_drafts_does_not_write_them(draft, role):
    program = Program(role)
    assert program.get(DRAFT)["version"] == "1.2"
    words = {"number": "1", "title": "T", "text": "T", "reason": "R"}
    program.put(DRAFT + "sections/DE-4.1/", 403 if role == "auditor" else 409, **words)
