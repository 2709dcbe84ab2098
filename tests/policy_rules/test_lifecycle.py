"""The life of a chapter's version, lived by the people who live it."""

import datetime
import re

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from accounts.models import RoleHolding, User
from audit.faults import VerifyContext
from audit.models import Entry
from moves.exceptions import Invalid, Refused
from policy_rules import replay
from policy_rules.actions import drafts, lifecycle
from policy_rules.in_force import in_force, versions_during
from policy_rules.models import Chapter, ChapterVersion, Docket, SectionVersion
from policy_rules.states import State
from tests.consulting import hold_session

DAY = datetime.timedelta(days=1)


def person(role: str) -> User:
    user = User.objects.create_user(f"{role}-{User.objects.count()}", name=role)
    RoleHolding.objects.create(user=user, role_id=role, since=timezone.now() - 3000 * DAY)
    return user


@pytest.fixture
def chapter(manual) -> Chapter:
    return Chapter.objects.get(code="DE")


@pytest.fixture
def analyst(db) -> User:
    return person("policy_analyst")


@pytest.fixture
def draft(chapter, analyst) -> ChapterVersion:
    version = lifecycle.begin(chapter, by=analyst, version="1.2", trigger="The annual review proposed it.")
    change(version, analyst, "DE-4.1", text="A member shall slow every contact down where that is feasible.")
    return version


def change(version: ChapterVersion, by: User, code: str, **other: str) -> None:
    row = version.draft_sections.get(code=code)
    now = {"number": row.number, "title": row.title, "text": row.text, "reason": "Said more plainly."}
    drafts.change_section(version, code, by=by, **(now | other))


def carried(draft: ChapterVersion, analyst: User, to: State) -> ChapterVersion:
    """Carry a draft to a stage by the real moves; the comment period runs from today."""
    today = timezone.localdate()
    steps = {
        State.LEGAL_REVIEW: lambda: lifecycle.perform("send_to_legal_review", draft, by=analyst),
        State.PUBLIC_COMMENT: lambda: lifecycle.perform(
            "open_for_comment", draft, by=person("counsel"), docket="DE-2027", closes=today + 30 * DAY
        ),
    }
    for state, step in steps.items():
        step()
        if state == to:
            break
    if to == State.PUBLIC_COMMENT:
        hold_session(Docket.objects.get(version=draft))
    return ChapterVersion.objects.get(pk=draft.pk)


def test_a_draft_begins_with_the_texts_in_force_and_binds_nobody(draft):
    assert draft.state == State.DRAFTING
    assert (
        draft.draft_sections.count()
        == SectionVersion.objects.filter(reference__endswith="@1.1", reference__contains="/DE-").count()
    )
    assert in_force("DE-4.1", on=timezone.localdate()).version == "1.1"


def test_a_chapter_from_draft_to_force(draft, analyst):
    with time_machine.travel(timezone.now(), tick=True) as clock:
        version = carried(draft, analyst, State.PUBLIC_COMMENT)
        clock.shift(31 * DAY)
        lifecycle.perform("close_comment", version, by=analyst)
        first = timezone.localdate() + 10 * DAY
        adopted = lifecycle.perform(
            "adopt", version, by=person("chief"), effective_from=first, change_note="DE-4.1 says it more plainly."
        )
        assert adopted.state == State.ADOPTED
        assert in_force("DE-4.1", on=first - DAY).version == "1.1"
        assert in_force("DE-4.1", on=first).text == "A member shall slow every contact down where that is feasible."
        assert in_force("DE-4.2", on=first).wording_digest == in_force("DE-4.2", on=first - DAY).wording_digest
        assert [row.version for row in versions_during("DE-4.1", first - DAY, first)] == ["1.1", "1.2"]
        assert lifecycle.keep_days() == []
        clock.shift(10 * DAY)
        assert {row.reference: row.state for row in lifecycle.keep_days()} == {
            "HBPD-MANUAL/DE@1.1": State.SUPERSEDED,
            "HBPD-MANUAL/DE@1.2": State.IN_FORCE,
        }
    told = list(Entry.objects.about("chapter:HBPD-MANUAL/DE").values_list("action", "basis"))
    assert ("policy.adopt", ["HBPD-MANUAL/CH-13.5@2.1"]) in told
    assert ("policy.open_for_comment", ["HBPD-MANUAL/CH-13.3@2.1"]) in told


def test_an_adoption_that_cannot_be_published_leaves_everything_as_it_was(draft, analyst):
    with time_machine.travel(timezone.now(), tick=True) as clock:
        version = carried(draft, analyst, State.PUBLIC_COMMENT)
        clock.shift(31 * DAY)
        version = lifecycle.perform("close_comment", version, by=analyst)
        with pytest.raises(Refused) as refused:
            lifecycle.perform(
                "adopt", version, by=person("chief"), effective_from=timezone.localdate(), change_note="x"
            )
    assert refused.value.codes == ("not_in_future",)
    version.refresh_from_db()
    assert (version.state, version.effective) == (State.COMMENT_DISPOSITION, None)


@pytest.mark.parametrize("role", ["city_manager", "policy_analyst", "counsel", "auditor", "investigator"])
def test_only_the_chief_adopts_a_conduct_chapter(draft, analyst, role):
    with time_machine.travel(timezone.now(), tick=True) as clock:
        version = carried(draft, analyst, State.PUBLIC_COMMENT)
        clock.shift(31 * DAY)
        version = lifecycle.perform("close_comment", version, by=analyst)
        with pytest.raises(Refused) as refused:
            lifecycle.perform(
                "adopt", version, by=person(role), effective_from=timezone.localdate() + DAY, change_note="x"
            )
    assert refused.value.codes == ("not_permitted",)


def test_comments_stay_open_for_the_days_that_the_manual_names(draft, analyst):
    lifecycle.perform("send_to_legal_review", draft, by=analyst)
    with pytest.raises(Refused) as refused:
        lifecycle.perform(
            "open_for_comment", draft, by=person("counsel"), docket="D", closes=timezone.localdate() + 29 * DAY
        )
    assert refused.value.codes == ("comment_too_short",)
    assert "CH-13.3" in str(refused.value)


def test_the_comment_period_is_not_closed_before_its_last_day_has_passed(draft, analyst):
    version = carried(draft, analyst, State.PUBLIC_COMMENT)
    with pytest.raises(Refused) as refused:
        lifecycle.perform("close_comment", version, by=analyst)
    assert refused.value.codes == ("comment_still_open",)


def test_a_draft_that_changes_nothing_goes_nowhere(chapter, analyst):
    version = lifecycle.begin(chapter, by=analyst, version="1.2", trigger="To see.")
    assert [r.code for r in lifecycle.PROCESS.refusals(version, "send_to_legal_review", by=analyst)] == ["has_changes"]


def test_a_draft_that_does_not_hold_together_names_each_fault(draft, analyst):
    row = draft.draft_sections.get(code="DE-4.1")
    row.links.append("UF-9.9")
    row.save()
    refusals = lifecycle.PROCESS.refusals(draft, "send_to_legal_review", by=analyst)
    assert [refusal.code for refusal in refusals] == ["does_not_hold_together"]
    assert any("UF-9.9, which does not exist" in item for item in refusals[0].items)


def test_counsel_returns_a_draft_with_reasons(draft, analyst):
    lifecycle.perform("send_to_legal_review", draft, by=analyst)
    with pytest.raises(Refused) as refused:
        drafts.retire_section(draft, "DE-4.1", by=analyst, reason="x")
    assert refused.value.codes == ("wrong_state",)
    back = lifecycle.perform("return_to_drafting", draft, by=person("counsel"), reason="DE-4.1 is preempted.")
    assert back.state == State.DRAFTING


def test_a_chapter_has_one_draft_at_a_time(draft, chapter, analyst):
    with pytest.raises(Refused) as refused:
        lifecycle.begin(chapter, by=analyst, version="1.1", trigger="x")
    assert refused.value.codes == ("drafted_already", "taken")


def test_who_adopts_a_chapter_can_end_it_and_days_that_passed_stay(chapter, client):
    chief = person("chief")
    current = chapter.versions.get(version="1.1")
    today = timezone.localdate()
    with pytest.raises(Refused) as refused:
        lifecycle.perform("rescind", current, by=chief, last_day=today - DAY, reason="x")
    assert refused.value.codes == ("in_the_past",)
    ended = lifecycle.perform("rescind", current, by=chief, last_day=today, reason="The state now rules on it.")
    assert ended.state == State.RESCINDED
    assert in_force("DE-4.1", on=today).version == "1.1"
    assert versions_during("DE-4.1", today + DAY, today + DAY) == []
    for page in ("DE-4.1/", "chapter/DE/"):
        assert "Last day in force: <time" in " ".join(client.get(f"/en/policies/{page}").text.split())


def test_a_review_ends_with_its_outcome_and_the_text_stays_in_force(chapter, analyst):
    current = chapter.versions.get(version="1.1")
    lifecycle.perform("begin_review", current, by=analyst)
    assert in_force("DE-4.1", on=timezone.localdate()).version == "1.1"
    ended = lifecycle.perform("end_review", current, by=analyst, outcome="no_change", report="The figures are steady.")
    assert ended.state == State.IN_FORCE
    assert Entry.objects.filter(action="policy.end_review").get().facts["outcome"] == "no_change"


def test_new_sections_carry_where_they_came_from(draft, analyst):
    drafts.add_section(
        draft, by=analyst, code="DE-4.10", after="DE-4.9", how="split", came_from=["DE-4.9"], number="400.4.10",
        title="Say so", kind="duty", text="A member shall say so.", discipline_class="A", elements=["They did not."],
        links=["DE-6.1"], reason="Two duties in one section.",
    )  # fmt: skip
    assert lifecycle.faults(draft) == []
    document = lifecycle.as_adopted(draft, timezone.localdate() + DAY)
    (line,) = [line for line in document.lineage if line.in_version == "1.2"]
    assert (line.how, line.earlier, line.later) == ("split", ("DE-4.9",), ("DE-4.10",))


def adopted(draft: ChapterVersion, analyst: User, clock) -> None:
    """Carry a draft through all its stages, to be in force from tomorrow on; that day comes."""
    version = carried(draft, analyst, State.PUBLIC_COMMENT)
    clock.shift(31 * DAY)
    lifecycle.perform("close_comment", version, by=analyst)
    first = timezone.localdate() + DAY
    lifecycle.perform("adopt", version, by=person("chief"), effective_from=first, change_note="Put in order.")
    clock.shift(DAY)
    lifecycle.keep_days()


def test_a_section_that_is_renumbered_split_or_merged_shows_where_its_text_came_from_and_went(draft, analyst, client):
    change(draft, analyst, "DE-4.2", number="400.4.22", reason="The order changes.")
    new = {"kind": "administrative", "text": "T.", "reason": "Two matters in one section."}
    for code, number in (("DE-1.21", "400.1.21"), ("DE-1.22", "400.1.22")):
        drafts.add_section(
            draft, by=analyst, code=code, number=number, title=code, how="split", came_from=["DE-1.2"], **new
        )
    drafts.retire_section(draft, "DE-1.2", by=analyst, reason="Two matters in one section.")
    drafts.retire_section(draft, "DE-4.8", by=analyst, reason="They say one thing.", into=["DE-4.9"])
    with time_machine.travel(timezone.now(), tick=True) as clock:
        adopted(draft, analyst, clock)

        def page(code: str, more: str = "") -> str:
            words = " ".join(re.sub("<[^>]+>", " ", client.get(f"/en/policies/{code}/{more}").text).split())
            return re.sub(r" (?=[.,])", "", words)

        assert "Renumbered In version 1.2. 400.4.2 → 400.4.22. The order changes." in page("DE-4.2")
        assert "Its text went into DE-1.21, DE-1.22. Two matters in one section." in page("DE-1.2")
        assert "Split In version 1.2. Its text came from DE-1.2. Together with DE-1.22." in page("DE-1.21")
        assert "This text is not in force today." in page("DE-1.2")
        assert "Merged In version 1.2. Its text went into DE-4.9. They say one thing." in page("DE-4.8")
        assert "Merged In version 1.2. Its text came from DE-4.8." in page("DE-4.9")
        assert "Its text came from DE-4.8." in page("DE-4.9", "history/")
        told = client.get("/api/v1/policies/sections/DE-4.8/").json()["lineage"]
    assert [(row["how"], row["earlier"], row["later"]) for row in told] == [
        ("added", [], ["DE-4.8"]),
        ("merged", ["DE-4.8", "DE-4.9"], ["DE-4.9"]),
    ]


def test_a_section_that_goes_on_after_all_is_merged_into_no_other(draft, analyst):
    drafts.retire_section(draft, "DE-4.8", by=analyst, reason="DE-4.9 says it.", into=["DE-4.9"])
    change(draft, analyst, "DE-4.8", title="Kept")
    assert not draft.draft_sections.filter(came_from__len__gt=0).exists()
    with pytest.raises(Invalid, match="no section DE-99"):
        drafts.retire_section(draft, "DE-4.8", by=analyst, reason="x", into=["DE-99"])


@pytest.mark.parametrize(
    ("code", "message"), [("DE-4.1", "never used again"), ("CH-2.5", "never used again"), ("DE 4", "letters, digits")]
)
def test_a_code_is_never_used_again(draft, analyst, code, message):
    with pytest.raises(Invalid, match=message):
        drafts.add_section(
            draft, by=analyst, code=code, number="9", title="T", kind="administrative", text="T", reason="R"
        )


def test_a_retired_section_ends_with_the_version_before(draft, analyst):
    drafts.retire_section(draft, "DE-4.8", by=analyst, reason="CH-4.2 says it.")
    first = timezone.localdate() + DAY
    assert lifecycle.faults(draft) == []
    document = lifecycle.as_adopted(draft, first)
    _chapter, section = document.sections()["DE-4.8"]
    assert "1.2" not in section.texts
    assert ("removed", ("DE-4.8",)) in [(line.how, line.earlier) for line in document.lineage]


def test_an_edit_without_a_reason_is_not_taken(draft, analyst):
    with pytest.raises(Invalid) as wrong:
        change(draft, analyst, "DE-4.2", reason=" ")
    assert wrong.value.field == "reason"


def test_the_stage_of_a_published_version_changes_and_its_text_does_not(chapter):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE policy_rules_chapterversion SET revision = 7 WHERE version = '1.1'")
    with pytest.raises(Exception, match="never edited"), connection.cursor() as cursor:
        cursor.execute("UPDATE policy_rules_chapterversion SET version = '9' WHERE version = '1.1'")


def test_the_check_of_the_log_names_a_stage_that_no_move_brought(draft, analyst):
    context = VerifyContext(0, lambda *_told: None)
    carried(draft, analyst, State.LEGAL_REVIEW)
    assert list(replay.check_stages(context)) == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE policy_rules_chapterversion SET state = 'adopted' WHERE version = '1.2'")
        cursor.execute("UPDATE policy_rules_chapterversion SET state = 'under_review' WHERE version = '3.0'")
    told = [fault.message for fault in replay.check_stages(context)]
    assert "HBPD-MANUAL/DE@1.2 stands in adopted, and the log says legal_review." in told
    assert any("stands in under_review, and no entry of the log brought it there" in message for message in told)
