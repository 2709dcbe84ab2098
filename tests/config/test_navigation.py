import pytest
from django.utils import translation

from config.navigation import Place, menu

PLACES = (
    Place("Home", "home"),
    Place("Contact", "contact", frozenset({"auditor"})),
    Place("Nowhere", "no:such_route"),
)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def labels(request, roles=()):
    return [entry["label"] for entry in menu(request, PLACES, roles)]


def test_an_entry_for_certain_roles_is_for_them_alone(rf):
    assert labels(rf.get("/en/")) == ["Home"]
    assert labels(rf.get("/en/"), {"auditor"}) == ["Home", "Contact"]


def test_the_entry_nearest_above_the_page_is_the_current_one(rf):
    entries = menu(rf.get("/en/contact/somewhere/"), PLACES, {"auditor"})
    assert [entry["label"] for entry in entries if entry["current"]] == ["Contact"]
    entries = menu(rf.get("/staff/"), PLACES, {"auditor"})
    assert not any(entry["current"] for entry in entries)
