"""Results for everyone: figures, charts and files, and that a small figure is nowhere to be read."""

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework.models import Case, ImportSource
from casework.reporting.charts import LONGEST_WIDE, SHOWN, bar_chart
from tests import walk

pytestmark = pytest.mark.django_db


def in_districts(**numbers):
    for district, number in numbers.items():
        for _ in range(number):
            Case.objects.filter(pk=walk.file().pk).update(district=district)


def overview(query="", language="en"):
    return Client().get(f"/{language}/results/{query}")


def figure(page, code):
    return next(shown for shown in page.context["figures"] if shown["figure"].code == code)


def table(code, query=""):
    return list(csv.DictReader(io.StringIO(Client().get(f"/en/results/{code}.csv{query}").text)))


def test_before_the_first_complaint_the_page_says_so():
    assert "No complaint has been counted yet." in overview().text


def test_complaints_are_counted_by_district_and_small_figures_are_withheld_on_the_page_and_in_the_file():
    in_districts(North=9, South=7, West=1)
    shown = {row["label"]: row["words"] for row in figure(overview(), "districts")["rows"]}
    assert shown == {"North": "9", "South": "withheld", "West": "withheld"}
    assert {row["district"]: row["count"] for row in table("districts")} == {"North": "9", "South": "", "West": ""}
    assert "17" not in figure(overview(), "districts")["headline"]


def test_the_words_say_why_a_figure_is_withheld_and_by_which_rule():
    walk.file()
    page = overview().text
    assert "A figure from 1 up to and not including 5 could show who a person is" in page
    assert "/en/policies/CH-12.2/" in page


def test_a_year_shows_its_months_and_the_figures_of_that_year_alone():
    in_districts(North=6)
    year = Case.objects.first().received_on.year
    page = overview(f"?year={year}")
    assert figure(page, "months")["headline"] == "Complaints counted: 6."
    assert "years" not in {shown["figure"].code for shown in page.context["figures"]}
    assert figure(overview("?year=1999"), "months")["rows"] == []


def test_records_of_another_system_are_counted_apart_and_by_its_own_names():
    in_districts(North=6)
    ImportSource.objects.create(name="millbrook", title="Millbrook register")
    page = overview("?source=millbrook")
    assert page.context["figures"] == []
    assert "Imported: Millbrook register" in page.text
    assert {row["district"]: row["count"] for row in table("districts", "?source=millbrook")} == {}


@pytest.mark.parametrize("query", ["?source=nowhere", "?year=soon", "?year=99999", "?year=²"])
def test_an_address_that_asks_for_what_nobody_has_is_not_found(query):
    assert overview(query).status_code == 404
    assert Client().get(f"/en/results/districts.csv{query}").status_code == 404


def test_a_file_of_a_figure_that_does_not_exist_is_not_found():
    assert Client().get("/en/results/secrets.csv").status_code == 404


def test_no_cell_of_a_file_is_a_formula():
    in_districts(**{"=HYPERLINK(0)": 5})
    assert table("districts")[0]["district"] == "'=HYPERLINK(0)"


def test_the_page_speaks_spanish():
    in_districts(North=6)
    page = overview(language="es")
    assert "Resultados y datos" in page.text
    assert figure(page, "findings")["figure"].title == "Lo que concluimos"


def test_more_complaints_take_no_more_queries():
    in_districts(North=5)
    overview()
    with CaptureQueriesContext(connection) as few:
        overview()
    in_districts(North=5, South=5)
    with CaptureQueriesContext(connection) as many:
        overview()
    assert len(many) == len(few)


def test_bars_start_at_zero_and_keep_to_the_longest():
    chart = bar_chart([("North", 10.0, "10"), ("South", 5.0, "5"), ("West", None, "withheld"), ("East", 0.0, "0")])
    assert [bar.wide for bar in chart.bars] == [LONGEST_WIDE, LONGEST_WIDE // 2, 0, 0]
    assert [bar.withheld for bar in chart.bars] == [False, False, True, False]


def test_a_chart_says_how_many_rows_it_leaves_to_the_table():
    assert bar_chart([(str(row), 1.0, "1") for row in range(SHOWN + 3)]).left_out == 3
