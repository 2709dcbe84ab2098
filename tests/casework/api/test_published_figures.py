"""The figures of two cities, asked of the statistics as a program asks them, after an import of what they publish.

They were counted in the files by hand. Each city is imported once, in a transaction that its tests share.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client

from accounts.models import RoleHolding, User
from accounts.tokens import Scope, issue
from casework.importers.report import Report
from casework.importers.run import Outcome, run
from casework.models import ImportedRow
from casework.permissions import SYSTEM
from tests.casework.importers.conftest import shipped
from tests.shared_data import shared

pytestmark = pytest.mark.django_db


class City:
    """The statistics of one import, as a program with the scope gets them."""

    def __init__(self, source: str, outcome: Outcome, secret: str) -> None:
        self.source = source
        self.outcome = outcome
        self.client = Client(headers={"authorization": f"Bearer {secret}"})

    def ask(self, subject: str, **query: str) -> dict:
        answer = self.client.get(f"/api/v1/statistics/{subject}/", {"source": self.source, **query})
        assert answer.status_code == 200, answer.content
        return answer.json()

    def counts(self, subject: str, key: str, **query: str) -> dict[str, int]:
        return {row[key]: row["count"] for row in self.ask(subject, group_by=key, **query)["rows"]}

    def total(self, subject: str, **query: str) -> int:
        return self.ask(subject, **query)["total"]


@contextmanager
def _imported(name: str, folder: Path, *files: str) -> Iterator[City]:
    with transaction.atomic():
        with Report(folder / "report.csv") as report:
            outcome = run(shipped(name), [shared(f"data/{name}/{file}") for file in files], by=SYSTEM, report=report)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # the database does so by itself, but not inside a transaction
        client = User.objects.create_user(f"figures-{name}", name="Figures")
        RoleHolding.objects.create(user=client, role_id="report_client")
        _token, secret = issue(by=client, label="t", scopes=[Scope.STATISTICS_READ], lasts=timedelta(days=1))
        yield City(name, outcome, secret)
        transaction.set_rollback(True)


@pytest.fixture(scope="class")
def detroit(_in_harrow_bend, django_db_blocker, tmp_path_factory) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("detroit")
    with django_db_blocker.unblock(), _imported("detroit", folder, "DPD_Citizen_Complaints.csv") as city:
        yield city


@pytest.fixture(scope="class")
def philadelphia(_in_harrow_bend, django_db_blocker, tmp_path_factory) -> Iterator[City]:
    files = ("complaints_against_police.csv", "complaints.against.police.findings.csv")
    folder = tmp_path_factory.mktemp("philadelphia")
    with django_db_blocker.unblock(), _imported("philadelphia", folder, *files) as city:
        yield city


@pytest.mark.xdist_group("detroit")
class TestDetroit:
    def test_every_row_is_taken_and_counted(self, detroit):
        outcome = detroit.outcome
        assert (outcome.complaints, outcome.allegations, outcome.created, outcome.rejected) == (4_482, 19_735, 4_482, 0)
        assert (detroit.total("complaints"), detroit.total("allegations")) == (4_482, 19_735)
        assert ImportedRow.objects.filter(file__source__name="detroit").count() == 19_735

    def test_complaints_by_year(self, detroit):
        assert detroit.counts("complaints", "year_received") == {
            "2016": 1_109, "2017": 1_127, "2018": 1_091, "2019": 1_155,
        }  # fmt: skip

    def test_findings_as_the_city_wrote_them(self, detroit):
        assert detroit.counts("allegations", "source_finding") == {
            "No Charge": 5_563, "Admin. Closure": 3_397, "Unfounded": 2_857, "Not Sustained": 2_217,
            "Exonerated": 2_159, "Sustained": 1_786, "Inconclusive": 1_216, "Void": 539, "**Pending**": 1,
        }  # fmt: skip

    def test_not_sustained_becomes_inconclusive_from_2018_on(self, detroit):
        def years(finding):
            rows = detroit.ask("allegations", group_by="source_finding,year_received")["rows"]
            return {row["year_received"] for row in rows if row["source_finding"] == finding and row["count"] > 100}

        assert (years("Not Sustained"), years("Inconclusive")) == ({"2016", "2017"}, {"2018", "2019"})

    def test_categories_after_folding_the_case(self, detroit):
        assert detroit.counts("allegations", "category") == {
            "Procedure": 7_258, "Demeanor": 4_635, "Service": 2_911, "Force": 1_120, "Harassment": 982, "Property": 979,
            "Search": 847, "Arrest": 700, "Entry": 303,
        }  # fmt: skip

    def test_complaints_with_a_sustained_allegation(self, detroit):
        assert detroit.total("complaints", has_finding="sustained") == 812

    def test_the_middle_number_of_days_to_close(self, detroit):
        assert detroit.ask("complaints", measure="median_days_to_close")["rows"] == [
            {"count": 4_406, "median_days_to_close": 83.0}
        ]

    def test_the_public_reads_the_same_figures_where_no_cell_is_small(self, detroit):
        answer = Client().get("/api/v1/statistics/complaints/", {"source": "detroit", "group_by": "year_received"})
        assert [row["count"] for row in answer.json()["rows"]] == [1_109, 1_127, 1_091, 1_155]
        assert answer.json()["total"] == 4_482

    def test_the_public_cannot_work_out_the_one_pending_allegation(self, detroit):
        query = {"source": "detroit", "group_by": "source_finding"}
        answer = Client().get("/api/v1/statistics/allegations/", query).json()
        hidden = [row["source_finding"] for row in answer["rows"] if row["count"] is None]
        assert "**Pending**" in hidden
        assert len(hidden) == 2 or answer["total"] is None


@pytest.mark.xdist_group("philadelphia")
class TestPhiladelphia:
    def test_every_row_is_taken_and_counted(self, philadelphia):
        outcome = philadelphia.outcome
        assert (outcome.complaints, outcome.allegations, outcome.rejected) == (3_388, 8_839, 0)
        assert ImportedRow.objects.filter(file__source__name="philadelphia").count() == 3_388 + 8_839
        assert (philadelphia.total("complaints"), philadelphia.total("allegations")) == (3_388, 8_839)

    def test_complaints_by_year(self, philadelphia):
        assert philadelphia.counts("complaints", "year_received") == {
            "2016": 683, "2017": 652, "2018": 624, "2019": 682, "2020": 654, "2021": 93,
        }  # fmt: skip

    def test_findings_as_the_city_wrote_them(self, philadelphia):
        assert philadelphia.counts("allegations", "source_finding") == {
            "No Sustained Findings": 6_107, "Sustained Finding": 1_925, "Pending": 611, "Not Applicable": 194,
            "#VALUE!": 2,
        }  # fmt: skip

    def test_districts_keep_their_leading_zeros(self, philadelphia):
        districts = philadelphia.counts("complaints", "district")
        assert (districts["0600"], districts["0200"]) == (186, 154)
        assert sum(districts.values()) == 3_388

    def test_complaints_without_findings_are_counted_as_complaints(self, philadelphia):
        findings = philadelphia.counts("complaints", "source_finding")
        assert (findings[""], philadelphia.total("complaints")) == (6, 3_388)
