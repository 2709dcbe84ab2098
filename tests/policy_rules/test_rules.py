from dataclasses import replace
from datetime import date

import pytest

from policy_rules.in_force import in_force
from policy_rules.rules import ClockRule, NoAuthority, NoRulesInForce, authority_for, rules_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("manual")]
TODAY = date(2026, 3, 2)


def test_there_are_no_rules_before_the_first_set():
    with pytest.raises(NoRulesInForce):
        rules_on(date(2023, 12, 31))


def test_rules_of_the_first_and_of_the_last_day_of_a_set():
    assert rules_on(date(2024, 1, 1)).reference == "HBPD-MANUAL/rules@2024-01-01"
    assert rules_on(date(2024, 12, 31)).reference == "HBPD-MANUAL/rules@2024-01-01"
    assert rules_on(date(2025, 1, 1)).reference == "HBPD-MANUAL/rules@2025-01-01"


def test_a_time_limit_states_its_length_its_unit_and_its_section():
    assert rules_on(TODAY).clock("acknowledge") == ClockRule("acknowledge", 3, "business_days", "CH-2.7")
    assert rules_on(TODAY).clock("complainant_update").repeats
    assert rules_on(TODAY).clock("retention_sustained").counted_from == "separation"


def test_a_rule_follows_the_text_that_was_in_force_with_it():
    assert (
        rules_on(date(2024, 6, 1)).statistics.small_cell_threshold,
        rules_on(TODAY).statistics.small_cell_threshold,
    ) == (3, 5)
    assert rules_on(date(2024, 6, 1)).clock("break_glass").duration == 24
    assert rules_on(TODAY).clock("break_glass").duration == 4


def test_an_unknown_time_limit_is_named_with_those_known():
    with pytest.raises(LookupError, match="no time limit 'lunch'; known are absence_reassignment"):
        rules_on(TODAY).clock("lunch")


def test_it_reads_findings_panel_and_profile():
    rules = rules_on(TODAY)
    assert rules.finding_codes.decided[:2] == ("sustained", "not_sustained")
    assert "mediated" in rules.finding_codes.all
    assert (rules.panel.size, rules.panel.substitutes, rules.panel.quorum) == (7, 2, 5)
    assert rules.codes("toll_reasons")[0] == "criminal_matter_pending"
    assert list(rules.disclosure_levels) == ["L0", "L1", "L2", "L3"]
    assert (rules.profile.disclosure_level, rules.profile.legal_deadline) == ("L2", "discipline_limit")
    assert rules.profile.standard_of_proof == "preponderance"
    assert rules.move("screen_out").two_person
    assert not rules.move("receive").two_person


@pytest.mark.parametrize(
    ("majority", "chosen", "decides"),
    [
        ("of_members_present_and_voting", 3, True),
        ("of_members_present", 3, False),
        ("of_members_present", 4, True),
        ("of_panel", 4, True),
        ("of_panel", 3, False),
    ],
)
def test_the_rules_say_of_whom_more_than_half_must_agree(majority, chosen, decides):
    panel = replace(rules_on(TODAY).panel, majority=majority)
    assert panel.is_decided(chosen, voting=5, present=6) is decides
    assert not panel.is_decided(chosen, voting=4, present=4)


def test_the_outcome_table_implies_a_finding():
    assert rules_on(TODAY).implied_finding("act_occurred_but_exception_established") == "exonerated"
    with pytest.raises(LookupError):
        rules_on(TODAY).implied_finding("coin_toss")


@pytest.mark.parametrize(
    ("discipline_class", "occurrence", "penalty", "allowed"),
    [
        ("A", 1, "counselling", True),
        ("A", 1, "written_reprimand", False),
        ("A", 3, 3, True),
        ("A", 7, 4, False),
        ("B", 1, "written_reprimand", True),
        ("B", 1, 1, True),
        ("B", 1, 2, False),
        ("C", 3, "demotion", True),
        ("C", 3, 400, True),
        ("C", 3, "dismissal", False),
        ("E", 1, 29, False),
        ("E", 1, "dismissal", True),
    ],
)
def test_the_matrix_says_which_penalties_are_within_the_range(discipline_class, occurrence, penalty, allowed):
    assert rules_on(TODAY).discipline_matrix.allows(discipline_class, occurrence, penalty) is allowed


def test_a_penalty_outside_the_scale_is_named():
    with pytest.raises(LookupError, match="flogging"):
        rules_on(TODAY).discipline_matrix.allows("A", 1, "flogging")


def test_corrective_measures_stand_alone_only_below_class_c():
    matrix = rules_on(TODAY).discipline_matrix
    assert [matrix.allows_corrective_only(code) for code in "ABCDE"] == [True, True, False, False, False]


def test_earlier_findings_of_the_gravest_class_count_for_the_whole_career():
    classes = rules_on(TODAY).discipline_matrix.classes
    assert (classes["A"].look_back_years, classes["E"].look_back_years) == (1, None)


def test_an_act_is_empowered_by_the_text_in_force_on_its_day():
    assert authority_for("move", "receive", on=date(2024, 6, 1)) == in_force("CH-2.6", on=date(2024, 6, 1))
    assert authority_for("clock", "board", on=TODAY).reference == "HBPD-MANUAL/CH-5.11@2.1"
    assert authority_for("act", "vote", on=TODAY).reference == "HBPD-MANUAL/CH-5.7@2.1"
    assert authority_for("two_person", "lower_classification", on=TODAY).reference == "HBPD-MANUAL/CH-3.2@2.1"
    assert authority_for("policy_move", "adopt", on=TODAY).reference == "HBPD-MANUAL/CH-13.5@2.1"


def test_an_act_that_no_section_allows_yet_is_refused():
    with pytest.raises(NoAuthority):
        authority_for("act", "issue_receipt", on=date(2024, 12, 31))
    assert authority_for("act", "issue_receipt", on=date(2025, 1, 1)).section.code == "CH-10.7"


@pytest.mark.parametrize(("kind", "name"), [("move", "bribe"), ("act", "receive")])
def test_an_act_without_a_row_is_refused(kind, name):
    with pytest.raises(NoAuthority, match=name):
        authority_for(kind, name, on=TODAY)


def test_nothing_is_empowered_before_the_first_rule_set():
    with pytest.raises(NoAuthority, match="2023-12-31"):
        authority_for("move", "receive", on=date(2023, 12, 31))
