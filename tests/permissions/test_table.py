import pytest

from tests.permissions import table
from tests.permissions.table import Row, RowError, rows

VISITORS = ["anonymous", "no_role", "chief"]


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.setattr(table, "FOLDER", tmp_path)
    return (tmp_path / "some.txt").write_text


def row(**outcomes: str) -> Row:
    return Row("/x/", "GET", "a_case", outcomes, "some.txt:1")


def test_a_line_may_be_continued_and_commented(write):
    write("# first\n/x/  # an address\n    GET a_case: anonymous=sign-in\n        others=404\n    POST: anyone=405\n")
    assert [(str(row), row.outcomes) for row in rows()] == [
        ("GET /x/ a_case", {"anonymous": "sign-in", "others": "404"}),
        ("POST /x/", {"anyone": "405"}),
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("/x/\n    GET anyone=200\n", "some.txt:2: expected 'METHOD scene: visitor=outcome …'"),
        ("/x/\n    GET: anyone=maybe\n", "some.txt:2: expected 'visitor=outcome', not 'anyone=maybe'"),
        ("/x/\n    GET: chief=200 chief,others=403\n", "some.txt:2: chief is named twice"),
        ("/x/\n    GET: anyone=200\n    GET: anyone=403\n", "some.txt:3: GET /x/ stands already at some.txt:2"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(write, text, complaint):
    write(text)
    with pytest.raises(RowError) as error:
        rows()
    assert complaint in str(error.value)


def test_others_never_covers_the_public():
    with pytest.raises(RowError, match="say what anonymous gets"):
        row(others="403").expected(VISITORS, [])


def test_others_never_covers_a_person_in_relation_to_the_thing():
    with pytest.raises(RowError, match="say what recused_member gets"):
        row(anyone="403").expected(VISITORS, ["recused_member"])


def test_a_named_visitor_goes_before_the_group():
    assert row(anonymous="sign-in", chief="200", others="403").expected(VISITORS, []) == {
        "anonymous": "sign-in", "no_role": "403", "chief": "200",
    }  # fmt: skip


def test_a_visitor_who_does_not_exist_is_named():
    with pytest.raises(RowError, match="cheif does not visit"):
        row(anyone="403", cheif="200").expected(VISITORS, [])
