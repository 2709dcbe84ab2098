import logging
from collections.abc import Callable

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

from tests.permissions import scenes  # noqa: F401  the scenes enter themselves
from tests.permissions.routes import LANGUAGE, addresses
from tests.permissions.table import METHODS, Row, rows
from tests.permissions.visitors import SCENES, Scene

ROWS = rows()
REFUSED = {"sign-in", "401", "403", "404", "405"}
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def checkpoint_folder() -> None:
    """The scene has a store of its own, which lasts as long as it does."""


def by_scene(name_of: Callable, items: list) -> list:
    """Return the parameters of a test so that those of one scene come together, in one process."""
    return [
        pytest.param(item, id=str(item), marks=pytest.mark.xdist_group(f"permissions {name_of(item)}"))
        for item in sorted(items, key=name_of)
    ]


@pytest.fixture(scope="module", autouse=True)
def _no_limits_and_no_noise():
    """Around the scenes, whose own settings would otherwise bring these back when they are struck."""
    with override_settings(CACHES={"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}):
        logging.disable(logging.ERROR)
        yield
        logging.disable(logging.NOTSET)


def outcome(response: HttpResponse) -> str:
    place = response.headers.get("Location", "")
    if place.startswith(reverse("account_login")):
        return "sign-in"
    if place.startswith((reverse("account_reauthenticate"), reverse("mfa_reauthenticate"))):
        return "confirm"
    return str(response.status_code)


def visit(client: Client, method: str, address: str, scene: Scene) -> str:
    path = address.replace(LANGUAGE, "en")
    for name, value in scene.parameters.items():
        path = path.replace(f"<{name}>", str(value))
    options = {"content_type": "application/json"} if path.startswith("/api/") else {}
    with transaction.atomic():
        send = getattr(client, method.lower())
        response = send(path) if method == "GET" else send(path, scene.data, **options)
        transaction.set_rollback(True)
    return outcome(response)


def test_every_route_has_a_row():
    missing = [address for address in addresses() if address not in {row.address for row in ROWS}]
    assert not missing, (
        "Add these routes to a file in tests/permissions/rows/ (tests/permissions/__init__.py says how):\n"
        + "\n".join(f"{address}\n    GET: anonymous=sign-in others=403" for address in missing)
    )


def test_every_row_has_a_route():
    known = set(addresses())
    gone = [f"{row.place}: {row.address}" for row in ROWS if row.address not in known]
    assert not gone, "No route has these addresses; take the rows out or mend them:\n" + "\n".join(gone)


def test_every_row_names_a_scene_that_exists():
    unknown = [f"{row.place}: {row.scene}" for row in ROWS if row.scene not in SCENES]
    assert not unknown, "Add these scenes to tests/permissions/scenes/:\n" + "\n".join(unknown)


@pytest.mark.parametrize("row", by_scene(lambda row: row.scene, ROWS))
def test_each_visitor_gets_what_the_row_says(row: Row, stage):
    standing = stage(row.scene)
    scene, standard = standing.scene, standing.standard(row.address)
    expected = row.expected(list(standard), list(scene.visitors))
    answers = {name: visit(standing.client(name), row.method, row.address, scene) for name in standard | scene.visitors}
    wrong = [f"{name}: {answers[name]}, not {expected[name]}" for name in answers if answers[name] != expected[name]]
    assert not wrong, f"{row.place} {row}\n" + "\n".join(wrong)


FIRST_ROWS = {row.address: row for row in reversed(ROWS)}


@pytest.mark.parametrize("address", by_scene(lambda address: FIRST_ROWS[address].scene, list(FIRST_ROWS)))
def test_methods_without_a_row_are_refused(address: str, stage):
    of_address = [row for row in ROWS if row.address == address]
    standing = stage(of_address[0].scene)
    scene, standard = standing.scene, standing.standard(address)
    methods = METHODS if address.startswith("/api/") else METHODS[:2]
    undeclared = [method for method in methods if method not in {row.method for row in of_address}]
    answers = {
        f"{method} as {name}": visit(standing.client(name), method, address, scene)
        for method in undeclared
        for name in standard | scene.visitors
    }
    open_doors = [f"{attempt}: {answer}" for attempt, answer in answers.items() if answer not in REFUSED]
    assert not open_doors, f"{address} answers methods that have no row:\n" + "\n".join(open_doors)
