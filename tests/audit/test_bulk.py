"""Comparing stretches finds what reading row by row finds: neither passes over what the other names."""

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit import bulk, log
from audit.log import Basis
from audit.verify import verify
from tests.audit.test_tampering import tamper

pytestmark = [pytest.mark.django_db, pytest.mark.superuser]
STRETCH = 4
ENTRIES = 3 * STRETCH
TRICKY = ["", "a", "b", "c", 'a","b', "a\\", "a\nb", "a b", "é", "{a}"]
TWO_AS_ONE = 'M/1@1","sha256":"' + "ab" * 32 + '"},{"section":"M/2@1'
"""A section that reads like two where it is put between the words around it."""


@pytest.fixture
def sealed(record):
    """Entries with none to three objects and sections, with and without details, about four cases."""
    for number in range(ENTRIES):
        record(
            f"case:{number % 4}",
            objects=["a", "b", "c"][: number % 4],
            basis=[Basis(f"M/{section}@1", "ab" * 32) for section in range(1, number // 3 + 1)],
            facts={"to": "closed", "n": number, "names": ["objects", "prev"]},
            detail={"reason": "Late."} if number % 2 else None,
        )
    log.integrate()


def found(monkeypatch, stretch):
    with monkeypatch.context() as patch:
        patch.setattr(bulk, "STRETCH", stretch)
        return sorted({(fault.code, fault.position) for fault in verify().faults}, key=str)


def both(monkeypatch):
    """Return what is found by stretches, and what is found row by row."""
    return found(monkeypatch, STRETCH), found(monkeypatch, 10**9)


def at(position):
    return f"(SELECT entry_id FROM audit_leaf WHERE position = {position})"


def an_array(elements, shape):
    """Write an array as SQL: flat, counted from another number than 1, or of two dimensions."""
    quoted = ["NULL" if one is None else '"' + one.replace("\\", "\\\\").replace('"', '\\"') + '"' for one in elements]
    if shape == "deep":
        return "{" + ",".join(f"{{{one}}}" for one in quoted) + "}"
    bounds = f"[0:{len(quoted) - 1}]=" if shape == "from 0" and quoted else ""
    return f"{bounds}{{{','.join(quoted)}}}"


ARRAYS = st.builds(
    lambda column, elements, shape: (column, an_array(elements, shape)),
    st.sampled_from(["objects", "basis"]),
    st.lists(st.sampled_from(TRICKY), max_size=4),
    st.sampled_from(["flat", "from 0"]),
)
TEXTS = st.tuples(
    st.sampled_from(["actor", "actor_role", "action", "subject"]),
    st.sampled_from(['x","subject":"y', "case:1\ncase:2", "case:1 ", "user:17\\", "", "Investigator", "é", None]),
)
OTHERS = st.one_of(
    st.tuples(st.just("n"), st.sampled_from([0, 1, 2, 3, 2**31 - 1, None])),
    st.tuples(
        st.just("occurred_at"),
        st.sampled_from(["infinity", "-infinity", "0999-01-01", "1970-01-01", "9999-12-31", "12000-01-01", None]),
    ),
)


def changed_in_one_row(monkeypatch, place, column, value):
    """Return what both find after the change of one column, which is taken back."""
    with transaction.atomic():
        tamper(f"ALTER TABLE audit_entry ALTER {column} DROP NOT NULL")
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE audit_entry SET {column} = %s WHERE id = {at(place)}", [value])
        found = both(monkeypatch)
        transaction.set_rollback(True)
    return found


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, ENTRIES - 1), change=st.one_of(ARRAYS, TEXTS, OTHERS))
def test_a_column_of_another_value(sealed, monkeypatch, place, change):
    by_stretches, by_rows = changed_in_one_row(monkeypatch, place, *change)
    assert by_stretches == by_rows


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("objects", an_array(['a","b', "c"], "flat")),
        ("objects", an_array(["a", None, "b", "c"], "flat")),
        ("objects", an_array(["a", "b", "c"], "deep")),
        ("basis", an_array([TWO_AS_ONE], "flat")),
    ],
    ids=["two elements as one", "an element that is none", "a second dimension", "two sections as one"],
)
def test_an_array_that_reads_like_the_one_that_was_sealed(sealed, monkeypatch, column, value):
    by_stretches, by_rows = changed_in_one_row(monkeypatch, 7, column, value)
    assert by_stretches == by_rows == [("column_altered", 7)]


LEAVES = {
    "an actor twice": """'"commitment"', '"actor":"user:9","commitment"'""",
    "another actor beside the facts": """'"facts":{', '"facts":{},"actor":"user:9","more":{'""",
    "another field in the random value": (
        """substr(leaf, strpos(leaf, '"r":"') + 5, 32), '","more":"' || repeat('0', 22)"""
    ),
    "a key twice": ('\'"facts":{\', \'"facts":{"n":1,\''),
    "half a character": r"""'"to":"closed"', '"to":"\ud800"'""",
    "a float": """'"to":"closed"', '"to":1e2'""",
    "a line break": r"""'"to":"closed"', E'"to":"\n"'""",
    "no time zone": """'Z","basis"', '","basis"'""",
    "another version": """'"v":1}', '"v":2}'""",
    "a space": """'"v":1}', '"v":1} '""",
}


@pytest.mark.parametrize("change", LEAVES)
def test_a_text_and_its_hash(sealed, monkeypatch, change):
    tamper(
        f"UPDATE audit_entry SET leaf = replace(leaf, {LEAVES[change]}) WHERE id = {at(5)};"
        r"UPDATE audit_leaf SET leaf_hash = sha256('\x00'::bytea || convert_to(leaf, 'UTF8'))"
        "  FROM audit_entry WHERE id = entry_id AND position = 5"
    )
    by_stretches, by_rows = both(monkeypatch)
    assert by_stretches == by_rows
    assert ("root_differs", 0) in by_rows
    assert {("leaf_malformed", 5), ("column_altered", 5)} & {*by_rows}


MANY = {
    "a second detail": "INSERT INTO audit_detail SELECT entry_id, salt, '{}' FROM audit_detail",
    "an entry twice": (
        'INSERT INTO audit_entry SELECT (jsonb_populate_record(e, \'{"actor":"user:9"}\')).* FROM audit_entry e'
        f" WHERE id = {at(5)}"
    ),
    "two entries at one position and the next one empty": "UPDATE audit_leaf SET position = 5 WHERE position = 6",
}


@pytest.mark.parametrize("change", MANY)
def test_rows_that_no_constraint_would_let_in(sealed, monkeypatch, change):
    tamper(MANY[change])
    by_stretches, by_rows = both(monkeypatch)
    assert by_stretches == by_rows != []


MADE_UP_FOR = {
    "an actor that the row before gives": (
        "ALTER TABLE audit_entry ALTER actor DROP NOT NULL;"
        "UPDATE audit_entry AS one SET actor = other.actor, occurred_at = other.occurred_at,"
        '       action = one.action || \'","actor":"\' || one.actor || \'","at":"\''
        '                || substring(one.leaf, \'"at":"([^"]+)\') || \'","basis":[\' || E\'\\n{"action":"\''
        "                || other.action"
        f"  FROM audit_entry AS other WHERE one.id = {at(0)} AND other.id = {at(1)};"
        f"UPDATE audit_entry SET actor = NULL WHERE id = {at(1)}"
    ),
    "a position of no entry beside another": (
        "ALTER TABLE audit_leaf ALTER entry_id DROP NOT NULL;"
        "INSERT INTO audit_leaf SELECT 5, NULL, leaf_hash FROM audit_leaf WHERE position = 5"
    ),
    "no list of sections where there are none": (
        f"ALTER TABLE audit_entry ALTER basis DROP NOT NULL;UPDATE audit_entry SET basis = NULL WHERE id = {at(1)}"
    ),
    "no list of sections where there are several": (
        f"ALTER TABLE audit_entry ALTER basis DROP NOT NULL;UPDATE audit_entry SET basis = NULL WHERE id = {at(11)}"
    ),
}


@pytest.mark.parametrize("change", MADE_UP_FOR)
def test_a_value_that_is_missing(sealed, monkeypatch, change):
    tamper(MADE_UP_FOR[change])
    by_stretches, by_rows = both(monkeypatch)
    assert by_stretches == by_rows != []
