import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from audit.canonical import LARGEST_INTEGER, NotCanonicalError, canonical, parse
from tests.shared_data import shared

ascii_keys = st.text(st.characters(max_codepoint=127))
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(ascii_keys, inner), max_leaves=20)


@given(values)
def test_it_gives_the_bytes_of_rfc_8785(value):
    assert canonical(value) == rfc8785.dumps(value)


@given(st.dictionaries(ascii_keys, values))
def test_what_was_written_reads_back_the_same(value):
    assert parse(canonical(value)) == value


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ({"rate": 0.5}, r"value\['rate'\] is a float"),
        ({"ages": [1, 2**53]}, r"value\['ages'\]\[1\] is 9007199254740992; whole numbers must be below"),
        ({"ages": -(2**53)}, "below 2"),
        ({"año": 1}, "keys must be ASCII"),
        ({1: 1}, "keys must be ASCII"),
        ({"when": {1, 2}}, "is a set"),
        ("\ud800", "cannot be written as JSON"),
    ],
)
def test_it_refuses_what_has_no_single_form(value, complaint):
    with pytest.raises(NotCanonicalError, match=complaint):
        canonical(value)


@pytest.mark.parametrize("text", ['{"b":1,"a":2}', '{"a": 1}', '{"a":1,"a":1}', "[1]", '{"a":1', '{"a":"\\u0041"}'])
def test_it_reads_the_canonical_form_alone(text):
    with pytest.raises(NotCanonicalError):
        parse(text)


def published(name):
    folder = shared("vectors/cyberphone-jcs/testdata")
    value = json.loads((folder / "input" / f"{name}.json").read_bytes())
    return value, bytes.fromhex("".join((folder / "outhex" / f"{name}.txt").read_text().split()))


@pytest.mark.parametrize("name", ["arrays", "unicode"])
def test_the_published_documents_come_out_byte_for_byte(name):
    value, wanted = published(name)
    assert canonical(value) == wanted


@pytest.mark.parametrize("name", ["french", "structures", "values", "weird"])
def test_the_published_documents_beyond_the_profile_are_refused(name):
    value, _ = published(name)
    with pytest.raises(NotCanonicalError, match=r"float|ASCII"):
        canonical(value)
