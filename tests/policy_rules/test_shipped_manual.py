"""The manual that comes with Redress keeps its own promises."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from policy_rules.in_force import in_force
from policy_rules.manuals import DEMO_MANUAL, DEMO_TRANSLATIONS
from policy_rules.models import Authority, Kind, RuleSet, SectionVersion
from policy_rules.rules import authority_for, rules_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("manual")]
FAR_AWAY = date(2040, 1, 1)


def test_every_act_rests_on_a_section_in_force_on_each_day_of_its_rules():
    for rules in RuleSet.objects.all():
        for authority in rules.authorities.select_related("section"):
            for day in (rules.effective_from, rules.effective_to or FAR_AWAY):
                assert in_force(authority.section.code, on=day), authority


def test_every_act_has_been_empowered_since_2024_but_two_that_came_with_the_receipts():
    late = set(RuleSet.objects.get(effective__endswith=None).authorities.values_list("kind", "name"))
    late -= set(RuleSet.objects.get(effective__startswith=date(2024, 1, 1)).authorities.values_list("kind", "name"))
    assert late == {("act", "issue_receipt"), ("clock", "break_glass_review"), ("two_person", "break_glass")}


def test_an_authority_found_by_its_row_is_the_one_that_is_asked_for():
    rules = RuleSet.objects.get(effective__endswith=None)
    for authority in rules.authorities.exclude(kind=Authority.Of.RULE).select_related("section"):
        assert authority_for(authority.kind, authority.name, on=FAR_AWAY).section == authority.section


def test_a_move_that_needs_two_people_says_so_in_both_places():
    rules = rules_on(FAR_AWAY)
    moves = {name: move.section for name, move in rules.moves.items() if move.two_person and name != "refer_to_board"}
    assert moves.items() <= rules.two_person_rules.items()


def test_versions_of_a_chapter_follow_each_other_without_a_gap():
    for section in {text.section for text in SectionVersion.objects.select_related("section")}:
        texts = list(section.versions.order_by("effective"))
        for before, after in pairwise(texts):
            assert after.effective_from == before.effective_to + timedelta(days=1), section


def test_every_rule_that_can_be_alleged_has_elements_on_every_day():
    texts = SectionVersion.objects.filter(allegable=True)
    assert texts.filter(elements=None).count() == 0
    assert set(texts.values_list("kind", flat=True)) == {Kind.DUTY, Kind.PROHIBITION}


@pytest.mark.parametrize("path", [DEMO_MANUAL, *DEMO_TRANSLATIONS], ids=lambda path: path.name)
def test_the_files_say_that_they_are_free_and_fictional(path):
    head = path.read_text(encoding="utf-8")[:400]
    assert "CC0-1.0" in head
    assert "fictional" in head or "ficticios" in head
