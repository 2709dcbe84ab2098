"""What changed between two versions, in words that a person would mark by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_rules.canonical import SectionText
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


def test_a_change_of_the_class_of_discipline_alone_is_a_change():
    (section,) = compare({"A": text("x", discipline_class="A")}, {"A": text("x", discipline_class="C")}).sections
    assert (section.what, section.settings) == (Change.CHANGED, (("discipline_class", "A", "C"),))


def test_a_removed_section_stands_where_it_was():
    found = compare({"A": text("a"), "B": text("b"), "C": text("c")}, {"A": text("a"), "C": text("c")})
    assert [section.code for section in found.sections] == ["A", "B", "C"]
