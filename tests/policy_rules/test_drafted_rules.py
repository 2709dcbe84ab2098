"""Rules are drafted, checked on entry, adopted with their chapter and applied from its first day."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from audit.faults import VerifyContext
from audit.models import Entry
from moves.exceptions import Invalid, Refused
from policy_rules import drafted_rules, verification
from policy_rules.actions import drafts, lifecycle, rules
from policy_rules.models import Chapter, ChapterVersion
from policy_rules.rule_reading import parse_rules
from policy_rules.rule_rows import differences, parts_of, row_at, rows_of, value_from
from policy_rules.rules import rules_on
from tests.arranging import from_day
from tests.policy_rules.test_lifecycle import DAY, carried, person

pytestmark = pytest.mark.django_db
BOARD = "authorities.clocks.board"
SIXTY = {"section": "CH-5.11", "duration": 60, "unit": "days"}


@pytest.fixture
def analyst(db):
    return person("policy_analyst")


@pytest.fixture
def draft(manual, analyst) -> ChapterVersion:
    chapter = Chapter.objects.get(code="CH")
    return lifecycle.begin(chapter, by=analyst, version="2.2", trigger="Cases wait too long for the board.")


def change(draft, analyst, path: str, **different):
    value = {**row_at(drafted_rules.drafted_data(draft), path).value, **different}
    return rules.change_rule(draft, path, by=analyst, value=value, reason="It was asked for.")


def adopted(draft, analyst, clock):
    """Carry a draft to adoption and return its first day."""
    version = carried(draft, analyst, lifecycle.State.PUBLIC_COMMENT)
    clock.shift(31 * DAY)
    lifecycle.perform("close_comment", version, by=analyst)
    first = timezone.localdate() + 10 * DAY
    lifecycle.perform("adopt", version, by=person(draft.chapter.adopter), effective_from=first, change_note="Rules.")
    return first


def test_rules_apply_from_the_first_day_of_the_chapter_that_changed_them(draft, analyst):
    change(draft, analyst, BOARD, duration=60)
    change(draft, analyst, "rules.panel", quorum=4)
    table = {**row_at(drafted_rules.drafted_data(draft), "element_rules").value}
    table["outcome_table"] = table["outcome_table"] | {"act_occurred_but_exception_established": "unfounded"}
    rules.change_rule(draft, "element_rules", by=analyst, value=table, reason="To see it applied.")
    with time_machine.travel(timezone.now(), tick=True) as clock:
        first = adopted(draft, analyst, clock)
    old, new = rules_on(first - timedelta(days=1)), rules_on(first)
    assert (old.clock("board").duration, new.clock("board").duration) == (45, 60)
    assert (old.panel.quorum, new.panel.quorum) == (5, 4)
    assert new.implied_finding("act_occurred_but_exception_established") == "unfounded"
    assert old.implied_finding("act_occurred_but_exception_established") == "exonerated"
    assert new.reference == f"HBPD-MANUAL/rules@{first.isoformat()}"
    assert Entry.objects.filter(action="policy.rules_published").order_by("-pk").first().object_references == [
        new.reference
    ]
    assert list(verification.check_rules(VerifyContext(0, lambda *_told: None))) == []


def test_nothing_of_a_draft_applies_before_its_adoption(draft, analyst):
    change(draft, analyst, "rules.panel", quorum=4)
    assert rules_on(timezone.localdate()).panel.quorum == 5


def test_a_draft_that_changes_only_rules_can_be_reviewed(draft, analyst):
    change(draft, analyst, BOARD, duration=60)
    assert lifecycle.perform("send_to_legal_review", draft, by=analyst).state == "legal_review"


WRONG = [
    ("rules.panel", {"quorum": 9}, "quorum", "9 is more than the 7 of a panel"),
    (BOARD, {"unit": "moons"}, "unit", "no unit"),
    (BOARD, {"duration": -1}, "duration", "whole number"),
    (BOARD, {"section": "DE-4.1"}, "section", "section of this chapter"),
    ("rules.classifications", {"grave": ["rude"]}, "grave", "no classification rude"),
    ("profiles.california", {"oversight_model": "royal"}, "oversight_model", "no way to oversee"),
    ("profiles.california", {"oversight_model": "advisory"}, "review_board", "no board reviews cases where"),
    ("profiles.nc_advisory", {"public_officer_data": "all"}, "public_officer_data", "is not known"),
    ("profiles.nc_advisory", {"disclosure_level": "L3"}, "disclosure_level", "that the public never learns"),
    ("profiles.maryland_acc", {"review_board": False}, "review_board", "a board reviews cases where"),
    ("rules.panel", {"majority": "of_the_loudest"}, "majority", "is no majority"),
    ("rules.limit_warnings", {"passed_percent": [90, 50]}, "passed_percent", "each above the one before"),
    ("profiles", {"in_use": "atlantis"}, "in_use", "no profile"),
    ("rules.discipline_matrix", {"corrective_only_barred_from_class": 3}, "corrective_only", "text is expected"),
]
"""A rule, what is said wrongly of it, the part that is named, and the reason."""


def test_a_fault_is_named_with_its_place_and_nothing_is_kept(draft, analyst):
    for path, different, place, message in WRONG:
        with pytest.raises(Invalid, match=message) as wrong:
            change(draft, analyst, path, **different)
        assert wrong.value.field.startswith(place), path
    assert not draft.draft_rules.exists()


def test_a_code_that_another_rule_names_cannot_go(draft, analyst):
    decided = rules_on(timezone.localdate()).finding_codes.decided
    with pytest.raises(Invalid, match="no finding exonerated"):
        change(draft, analyst, "rules.finding_codes", decided=[code for code in decided if code != "exonerated"])


def test_a_time_limit_is_ended_on_its_page_with_a_reason_unless_acts_reckon_with_it(draft, analyst, client):
    client.force_login(analyst)
    page = "/staff/policies/CH/2.2/rules/authorities.clocks.{}/"
    ended = page.format("tie_full_board")
    assert client.post(ended, {"step": "end"}).status_code == 200
    assert not draft.draft_rules.exists()
    assert client.post(ended, {"step": "end", "end-reason": "The full board never met."}).status_code == 302
    assert "tie_full_board" not in drafted_rules.drafted_rules(draft).clocks
    assert drafted_rules.changes_of(draft)[0].is_gone
    assert "End this rule" not in client.get(page.format("packet_handover_minimum")).text
    with pytest.raises(Invalid, match="cannot end"):
        rules.change_rule(draft, "authorities.clocks.public_comment", by=analyst, value=None, reason="Why not.")


def test_words_stand_for_one_finding_only(draft, analyst):
    synonyms = {**row_at(drafted_rules.drafted_data(draft), "rules.finding_codes").value["synonyms"]}
    with pytest.raises(Invalid, match="stands for sustained already"):
        change(draft, analyst, "rules.finding_codes", synonyms=synonyms | {"unfounded": ["SUBSTANTIATED"]})
    found = rules_on(timezone.localdate()).finding_codes
    assert [found.meant_by(words) for words in ("substantiated ", "Not sustained", "who knows")] == [
        "sustained", "not_sustained", "",
    ]  # fmt: skip


def test_a_rule_of_another_chapter_is_left_to_that_chapter(manual, analyst):
    draft = lifecycle.begin(Chapter.objects.get(code="DE"), by=analyst, version="1.2", trigger="A review.")
    with pytest.raises(Invalid, match=r"CH-5\.5, a section of another chapter"):
        change(draft, analyst, "rules.panel", quorum=4)


def test_rules_are_changed_by_who_drafts_and_only_while_it_is_drafted(draft, analyst):
    change(draft, analyst, BOARD, duration=60)
    with pytest.raises(Refused):
        change(draft, person("counsel"), BOARD, duration=61)
    lifecycle.perform("send_to_legal_review", draft, by=analyst)
    with pytest.raises(Refused) as refused:
        change(draft, analyst, BOARD, duration=61)
    assert refused.value.codes == ("wrong_state",)


def test_a_change_can_be_taken_back_and_both_acts_are_in_the_log(draft, analyst):
    change(draft, analyst, BOARD, duration=60)
    rules.keep_rule(draft, BOARD, by=analyst)
    assert drafted_rules.changes_of(draft) == []
    told = Entry.objects.filter(action="policy.rule_drafted").order_by("pk")
    assert [entry.facts["rule"] for entry in told] == [BOARD, BOARD]
    assert told[0].basis == ["HBPD-MANUAL/CH-13.1@2.1"]


def test_a_new_time_limit_and_a_new_arrangement_can_be_stated(draft, analyst):
    rules.change_rule(draft, "authorities.clocks.second_hearing", by=analyst, value=SIXTY, reason="New.")
    pattern = row_at(drafted_rules.drafted_data(draft), "profiles.demo").value
    rules.change_rule(draft, "profiles.ours", by=analyst, value=pattern, reason="New.")
    rules.change_rule(draft, "profiles", by=analyst, value={"in_use": "ours"}, reason="It is ours.")
    stated = drafted_rules.drafted_rules(draft)
    assert (stated.clock("second_hearing").duration, stated.profile.code) == (60, "ours")
    assert lifecycle.faults(draft) == []


def test_rules_of_two_drafts_do_not_begin_before_those_already_adopted(draft, analyst):
    change(draft, analyst, BOARD, duration=60)
    with time_machine.travel(timezone.now(), tick=True) as clock:
        first = adopted(draft, analyst, clock)
        other = lifecycle.begin(draft.chapter, by=analyst, version="2.3", trigger="Again.")
        assert row_at(drafted_rules.drafted_data(other), BOARD).value["duration"] == 60
        change(other, analyst, BOARD, duration=30)
        refusals = lifecycle._rules_can_begin(other, first)
    assert [refusal.code for refusal in refusals] == ["before_other_rules"]


def test_every_rule_comes_out_of_its_form_as_it_went_in(manual):
    data = manual.rule_sets.order_by("effective").last().data
    for row in rows_of(data):
        given = {part.name: part.value for part in parts_of(row, data)}
        assert value_from(row, data, given) == row.value, row.path


def test_differences_are_told_part_by_part(draft, analyst):
    change(draft, analyst, "rules.panel", quorum=4)
    (told,) = drafted_rules.changes_of(draft)
    assert [(part.name, part.before.value, part.after.value) for part in told.differences] == [("quorum", 5, 4)]
    assert told.reason == "It was asked for."
    assert differences({"a": 1}, {"a": 1}) == []


def test_each_rule_of_the_shipped_manual_cites_its_section(manual):
    data = manual.rule_sets.order_by("effective").last().data
    assert [row.path for row in rows_of(data) if not row.section] == []
    assert parse_rules(data)[1] == []


class TestPages:
    @pytest.fixture
    def visit(self, client, analyst):
        client.force_login(analyst)
        return client

    def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(self, visit, draft):
        sent = {
            "rule-section": "CH-5.5", "rule-size": "7", "rule-substitutes": "2", "rule-quorum": "8",
            "rule-majority": "of_members_present_and_voting", "rule-tie": "full_board", "reason": "Fewer are enough.",
        }  # fmt: skip
        path = f"/staff/policies/CH/{draft.version}/rules/rules.panel/"
        page = visit.post(path, sent)
        assert page.context["form"].errors == {"rule-quorum": ["8 is more than the 7 of a panel."]}
        assert "Fewer are enough." in page.text
        assert visit.post(path, sent | {"rule-quorum": "4"}).status_code == 302
        assert drafted_rules.drafted_rules(draft).panel.quorum == 4

    def test_a_matrix_is_typed_as_ranges(self, visit, draft):
        path = f"/staff/policies/CH/{draft.version}/rules/rules.discipline_matrix/"
        form = visit.get(path).context["form"]
        sent = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
        sent = {name: value for name, value in sent.items() if value is not None} | {"reason": "Harder."}
        assert visit.post(path, sent | {"rule-C-first": "10, 3"}).context["form"].errors == {
            "rule-C-first": ["10 is not milder than 3."]
        }
        assert visit.post(path, sent | {"rule-C-first": "5, demotion"}).status_code == 302
        (told,) = drafted_rules.changes_of(draft)
        assert [part.after.value for part in told.differences] == [[5, "demotion"]]

    def test_a_retired_section_leaves_a_rule_without_its_ground(self, visit, draft, analyst):
        drafts.retire_section(draft, "CH-5.11", by=analyst, reason="Gone.")
        page = visit.get(f"/staff/policies/CH/{draft.version}/rules/{BOARD}/")
        assert "CH-5.11" not in dict(page.context["form"].fields["rule-section"].choices)

    def test_the_public_reads_the_rules_of_a_day_and_what_changed(self, client, manual, django_assert_max_num_queries):
        with django_assert_max_num_queries(4):
            page = client.get("/en/policies/rules/?on=2025-01-01")
        assert "4 hours" in page.text
        assert {change.row.path for change in page.context["changes"]} >= {"rules.statistics"}
        assert "No rules applied on that day" in client.get("/en/policies/rules/?on=2020-01-01").text

    def test_the_public_reads_with_a_draft_which_rules_it_changes(self, client, draft, analyst):
        change(draft, analyst, BOARD, duration=60)
        carried(draft, analyst, lifecycle.State.PUBLIC_COMMENT)
        docket = "/en/policies/consultations/DE-2027/"
        for page in (client.get(docket).text, client.get(f"{docket}draft/").text):
            assert 'id="rule-authorities.clocks.board"' in page
            assert "It was asked for." in page
            assert '<span class="sr">Added: </span>60' in page

    def test_the_public_reads_how_oversight_is_arranged_and_since_when(self, manual, client):
        arranged = "/en/policies/rules/oversight/"
        page = client.get(arranged)
        assert "Serious matters go to a review board" in page.text
        assert "The law bars discipline after 365 days." in page.text
        first = timezone.localdate() + 5 * DAY
        from_day(first, profiles={"in_use": "nc_advisory"})
        assert client.get(arranged).context["profile"].code == "demo"
        later = client.get(f"{arranged}?on={first.isoformat()}")
        assert "No board reviews cases." in later.text
        assert "No law sets a time" in later.text
        assert later.context["turns"][0].first == first
        assert len(later.context["turns"]) == 2
