from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.importers.fields import (
    LONGEST_CODE,
    CodeField,
    DateField,
    FindingField,
    FindingMeaning,
    NumberField,
    TextField,
    fold,
)
from casework.importers.records import Coded, Reason

TODAY = date(2021, 6, 1)


@pytest.mark.parametrize(
    ("text", "folded"),
    [("PROcedure", "procedure"), ("**Pending**", "pending"), (" Walk   In ", "walk in"), ("***", "")],
)
def test_codes_are_compared_without_case_asterisks_and_extra_spaces(text, folded):
    assert fold(text) == folded


def test_a_code_keeps_the_source_to_the_letter_beside_the_canonical_one():
    field = CodeField(column="Race", codes={"b": "Black", "black": "Black"})
    assert field.read("BLACK") == (Coded("BLACK", "Black"), None)
    assert field.read(" b") == (Coded(" b", "Black"), None)


def test_a_code_that_is_on_no_list_is_doubted_and_kept():
    assert CodeField(column="Race", codes={}).read("Q") == (Coded("Q", None), Reason.UNKNOWN_CODE)


def test_a_code_without_a_list_keeps_its_leading_zeros():
    assert CodeField(column="District").read("0700") == (Coded("0700", "0700"), None)


def test_a_cell_too_long_for_a_code_is_cut_and_doubted():
    coded, reason = CodeField(column="Unit").read("x" * 500)
    assert (len(coded.source), coded.source[-1], coded.code, reason) == (120, "…", None, Reason.TOO_LONG)


def test_an_absent_value_is_no_doubt_and_a_broken_one_is():
    field = CodeField(column="Finding", absent=frozenset({"na"}), broken=frozenset({"#value!"}))
    assert field.read("NA") == (Coded("NA", None), None)
    assert field.read("") == (Coded("", None), None)
    assert field.read("#VALUE!") == (Coded("#VALUE!", None), Reason.BROKEN_VALUE)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2019-02-28", (date(2019, 2, 28), None)),
        ("02/28/2019", (date(2019, 2, 28), None)),
        ("2019-02-30", (None, Reason.UNREADABLE_DATE)),
        ("soon", (None, Reason.UNREADABLE_DATE)),
        ("", (None, None)),
        ("1900-01-01", (None, Reason.DATE_TOO_EARLY)),
        ("2021-01-01", (None, Reason.DATE_TOO_LATE)),
        ("3019-01-30", (None, Reason.DATE_TOO_LATE)),
    ],
)
def test_a_date_is_read_in_any_of_its_formats_and_believed_within_its_limits(cell, expected):
    field = DateField(
        column="Closed", formats=("%Y-%m-%d", "%m/%d/%Y"), earliest=date(2016, 1, 1), latest=date(2020, 12, 31)
    )
    assert field.read(cell, today=TODAY) == expected


def test_a_date_in_the_future_is_never_believed():
    field = DateField(column="Received", formats=("%Y-%m-%d",))
    assert field.read("2021-06-01", today=TODAY) == (date(2021, 6, 1), None)
    assert field.read("2021-06-02", today=TODAY) == (None, Reason.DATE_TOO_LATE)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("44", None),
        (" 110 ", None),
        ("930", Reason.ABOVE_MAXIMUM),
        ("-1", Reason.BELOW_MINIMUM),
        ("4x", Reason.UNREADABLE_NUMBER),
        ("4.5", Reason.UNREADABLE_NUMBER),
        ("9" * 50, Reason.UNREADABLE_NUMBER),
        ("٤٤", Reason.UNREADABLE_NUMBER),
    ],
)
def test_a_number_outside_its_limits_is_doubted_and_kept(cell, reason):
    coded, doubt = NumberField(column="Age", minimum=0, maximum=110).read(cell)
    assert (coded.source, doubt) == (cell, reason)
    assert coded.code == (None if reason else cell.strip())


def test_a_finding_means_what_it_meant_on_the_day():
    meanings = {"inconclusive": (FindingMeaning("not_sustained", since=date(2018, 5, 1)),)}
    field = FindingField(column="Finding", meanings=meanings)
    coded, meaning, reason = field.read("Inconclusive", on=date(2018, 5, 1))
    assert (coded.code, meaning, reason) == ("not_sustained", meanings["inconclusive"][0], None)
    coded, meaning, reason = field.read("Inconclusive", on=date(2018, 4, 30))
    assert (coded, meaning, reason) == (Coded("Inconclusive", None), None, Reason.FINDING_OUTSIDE_ITS_DATES)


@given(st.text())
def test_no_cell_is_too_dirty_to_be_read(cell):
    common = {"absent": frozenset({"na"}), "broken": frozenset({"#value!"})}
    day, reason = DateField(column="d", formats=("%Y/%m/%d", "%d %B %y"), **common).read(cell, today=TODAY)
    assert day is None or (day <= TODAY and reason is None)
    kept = cell if len(cell) <= LONGEST_CODE else f"{cell[: LONGEST_CODE - 1]}…"
    assert CodeField(column="c", codes={"a": "A"}, **common).read(cell)[0].source == kept
    assert NumberField(column="n", minimum=0, maximum=9, **common).read(cell)[0].source == kept
    assert FindingField(column="f", meanings={}, **common).read(cell, on=TODAY)[0].source == kept
    assert TextField(column="t", **common).read(cell)[0] in {"", cell}
