"""What changed between two versions, in words that a person would mark by hand."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_rules.canonical import SectionText
from policy_rules.changes import in_words
from policy_rules.comparing import ADDED, REMOVED, SAME, Change, Run, compare, words_between

prose = st.text("ab .,\n", max_size=60)


def text(words: str, number: str = "1", **other) -> SectionText:
    return SectionText(number=number, title="T", kind="administrative", allegable=False, text=words, **other)


def test_a_word_that_was_replaced_is_marked_and_the_rest_is_kept():
    runs = words_between("Report it to a superior promptly.", "Report it to a superior within 72 hours.")
    assert runs == (
        Run(SAME, "Report it to a superior "),
        Run(REMOVED, "promptly"),
        Run(ADDED, "within 72 hours"),
        Run(SAME, "."),
    )


def test_stray_words_in_common_do_not_shred_a_sentence_that_was_rewritten():
    runs = words_between("The member shall wait for cover.", "Nobody may act alone for any cause.")
    assert [run.what for run in runs] == [REMOVED, ADDED, SAME]


@given(prose, prose)
def test_nothing_is_lost_from_either_text(before, after):
    runs = words_between(before, after)
    assert "".join(run.words for run in runs if run.what != ADDED) == before
    assert "".join(run.words for run in runs if run.what != REMOVED) == after


@given(prose)
def test_a_text_compared_with_itself_shows_no_change(words):
    assert {run.what for run in words_between(words, words)} <= {SAME}


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        (None, text("x"), Change.ADDED),
        (text("x"), None, Change.REMOVED),
        (text("x"), text("y"), Change.CHANGED),
        (text("x"), text("x", number="2"), Change.MOVED),
        (text("x"), text("x"), Change.SAME),
    ],
)
def test_a_section_is_said_to_be_what_became_of_it(before, after, what):
    found = compare({"A": before} if before else {}, {"A": after} if after else {})
    assert [section.what for section in found.sections] == [what]


def test_the_title_is_told_where_it_changed_then_the_text_then_each_element_by_its_code():
    before = SectionText("1", "Warning", "duty", True, "Warn first.", elements=(("a", "No warning."), ("b", "Time.")))
    after = SectionText("1", "Warning", "duty", True, "Warn twice.", elements=(("a", "No warning."), ("c", "Time.")))
    (section,) = compare({"A": before}, {"A": after}).sections
    assert [(passage.place, passage.code, [run.what for run in passage.runs]) for passage in section.passages] == [
        ("text", "", [SAME, REMOVED, ADDED, SAME]),
        ("element", "a", [SAME]),
        ("element", "b", [REMOVED]),
        ("element", "c", [ADDED]),
    ]


def test_a_section_that_was_added_shows_all_that_it_says():
    after = SectionText("1", "T", "duty", True, "Warn first.", elements=(("a", "No warning."),))
    (section,) = compare({}, {"A": after}).sections
    assert [run for passage in section.passages for run in passage.runs] == [
        Run(ADDED, "Warn first."),
        Run(ADDED, "No warning."),
    ]


def test_figures_are_told_one_by_one_and_only_those_that_differ():
    before = text("x", deadlines={"classify_days": 14, "board_days": 45}, details={})
    after = text("x", deadlines={"classify_days": 7, "board_days": 45}, details={"hours_min": 4})
    (section,) = compare({"A": before}, {"A": after}).sections
    assert section.settings == (("deadlines.classify_days", 14, 7), ("details.hours_min", None, 4))


def test_another_number_and_whether_it_can_be_alleged_are_told_beside_other_words():
    (section,) = compare({"A": text("x")}, {"A": replace(text("y", number="2"), allegable=True)}).sections
    assert section.settings == (("number", "1", "2"), ("allegable", False, True))


def test_a_change_of_the_class_of_discipline_alone_is_a_change():
    (section,) = compare({"A": text("x", discipline_class="A")}, {"A": text("x", discipline_class="C")}).sections
    assert (section.what, section.settings) == (Change.CHANGED, (("discipline_class", "A", "C"),))


def test_a_removed_section_stands_where_it_was():
    found = compare({"A": text("a"), "B": text("b"), "C": text("c")}, {"A": text("a"), "C": text("c")})
    assert [section.code for section in found.sections] == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("tally", "told"),
    [
        ({Change.CHANGED: 1}, "1 section was changed."),
        (
            {Change.ADDED: 3, Change.CHANGED: 10, Change.MOVED: 2},
            "3 sections were added, 10 were changed, 2 have other numbers.",
        ),
        ({Change.REMOVED: 2, Change.SAME: 4}, "2 sections were removed."),
        ({Change.SAME: 4}, "Both versions say the same."),
    ],
)
def test_the_summary_names_what_it_counts_once(tally, told):
    assert in_words(tally) == told
