"""Figures: exact for those who may have them, and for everyone without giving a small cell away."""

from datetime import date, timedelta

import pytest
from django.test import Client

from accounts.models import RoleHolding, User
from accounts.tokens import Scope, issue
from casework.models import Allegation, Case, ImportSource

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/statistics/complaints/"


@pytest.fixture
def harbor():
    """Records of another system: 2019 has 20 complaints, 2020 has 3, 2021 has 9; three of 2019 are sustained."""
    source = ImportSource.objects.create(name="harbor", title="Harbor City")
    number = 0
    for year, count in ((2019, 20), (2020, 3), (2021, 9)):
        for index in range(count):
            number += 1
            received = date(year, 1 + index % 12, 5)
            case = Case(
                number=f"harbor-{number}", received_on=received, last_act_on=received, channel="unknown", source=source,
                source_reference=str(number), closed_on=received + timedelta(days=10 * (index + 1)), state="closed",
                district="07" if index % 2 else "12",
            )  # fmt: skip
            case.save()
            code = "sustained" if year == 2019 and index < 3 else "unfounded"
            Allegation.objects.create(
                case=case, number=1, source=source, category="Force", source_finding="Lawful  ", finding_code=code
            )
    return source


def ask(**query):
    return Client().get(ADDRESS, {"source": "harbor", **query}).json()


def exact(**query):
    client = User.objects.create_user("figures", name="Figures")
    RoleHolding.objects.create(user=client, role_id="report_client")
    _token, secret = issue(by=client, label="t", scopes=[Scope.STATISTICS_READ], lasts=timedelta(days=1))
    return Client(headers={"authorization": f"Bearer {secret}"}).get(ADDRESS, {"source": "harbor", **query}).json()


def test_the_public_gets_no_small_cell_no_neighbour_that_gives_it_away_and_no_total(harbor):
    answer = ask(group_by="year_received")
    assert answer["rows"] == [
        {"year_received": "2019", "count": 20},
        {"year_received": "2020", "count": None, "suppressed": True},
        {"year_received": "2021", "count": None, "suppressed": True},
    ]
    assert answer["total"] is None
    assert "withheld" in answer["note"]


def test_another_grouping_of_the_same_complaints_does_not_give_the_small_cell_away(harbor):
    shown = sum(row["count"] or 0 for row in ask(group_by="year_received")["rows"])
    total = ask(group_by="district")["total"]
    hidden = [row for row in ask(group_by="year_received")["rows"] if row["count"] is None]
    assert total - shown == 12
    assert len(hidden) == 2


def test_with_the_scope_the_figures_are_exact(harbor):
    answer = exact(group_by="year_received")
    assert [row["count"] for row in answer["rows"]] == [20, 3, 9]
    assert answer["total"] == 32


def test_complaints_with_a_sustained_allegation_are_counted_once(harbor):
    assert exact(has_finding="sustained")["total"] == 3


def test_the_sources_own_codes_are_kept_to_the_letter(harbor):
    answer = Client().get("/api/v1/statistics/allegations/", {"source": "harbor", "group_by": "source_finding"}).json()
    assert answer["rows"] == [{"source_finding": "Lawful  ", "count": 32}]


def test_the_median_is_of_the_complaints_that_were_closed(harbor):
    Case.objects.filter(number="harbor-1").update(closed_on=None)
    answer = exact(measure="median_days_to_close", received_from="2019-01-01", received_to="2019-12-31")
    assert answer["rows"] == [{"count": 19, "median_days_to_close": 110.0}]


def test_the_public_cannot_cut_a_month_out_by_subtraction(harbor):
    assert Client().get(ADDRESS, {"source": "harbor", "received_from": "2019-01-06"}).status_code == 400
    everything_but_the_three = ask(received_to="2019-12-31")
    assert everything_but_the_three["total"] == 20
    assert ask(received_from="2020-01-01", received_to="2020-12-31")["total"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"group_by": "name"}, "group_by"),
        ({"measure": "mean"}, "measure"),
        ({"source": "nowhere"}, "source"),
        ({"received_from": "soon"}, "received_from"),
        ({"received_from": "2020-01-01", "received_to": "2019-12-31"}, "received_to"),
    ],
)
def test_a_question_without_an_answer_names_the_parameter(query, field):
    answer = Client().get(ADDRESS, query)
    assert answer.status_code == 400
    assert [error["attr"] for error in answer.json()["errors"]] == [field]


def test_native_complaints_are_counted_apart_from_imports(harbor):
    assert Client().get(ADDRESS).json()["rows"] == [{"count": 0}]
