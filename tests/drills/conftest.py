"""A running system to do harm to: Harrow Bend with a case that went its whole way, committed and sealed in three beats.

Each drill finds it as it was left here. What a drill showed is told with `shows`; `script/drill` prints it.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections

from audit import log
from audit import verify as verify_module
from audit.models import Entry, Leaf
from tests.conftest import _clone, _drop

SIGN_INS = 300
"""Entries that fill the first tile, so that there is one to rewrite."""


@pytest.fixture(scope="package")
def system(harrow_bend_database, django_db_blocker, tmp_path_factory) -> Iterator[Path]:
    """The folder of the checkpoints kept outside, of a database that the connection stays on."""
    folder = tmp_path_factory.mktemp("outside")
    name, before = f"{harrow_bend_database}_drills", connection.settings_dict["NAME"]
    patch = pytest.MonkeyPatch()
    store = {"BACKEND": "audit.store.FolderStore", "OPTIONS": {"folder": folder}}
    patch.setattr(django_settings, "AUDIT_CHECKPOINT_STORE", store)
    with django_db_blocker.unblock():
        _clone(f"{harrow_bend_database}_pristine", name)
        connection.settings_dict["NAME"] = name
        _live()
        _clone(name, f"{name}_pristine")
    patch.undo()
    yield folder
    with django_db_blocker.unblock():
        connections.close_all()
        connection.settings_dict["NAME"] = before
        _drop(name, f"{name}_pristine")


def _live() -> None:
    from casework.actions import accounts, letters
    from casework.actions.log import carry_out
    from casework.models import LogVerification
    from casework.states import State
    from casework.vocabulary import LetterCode
    from tests import walk
    from tests.cast import person

    for _ in range(SIGN_INS):
        accounts.signed_in(person("vsundarell"))
    log.integrate()
    walk.case_in(State.DISPOSITION_ISSUED)
    log.integrate()
    letter = walk.case_in(State.INTAKE_REVIEW).letters.get(code=LetterCode.ACKNOWLEDGEMENT)
    letters.prepare_letter(letter=letter, by=person("rambersole"))
    letters.send_letter(letter=letters.approve_letter(letter=letter, by=person("cdreyfield")), by=person("rambersole"))
    log.integrate()
    assert carry_out(LogVerification.objects.create()).found_nothing
    log.integrate()


@pytest.fixture(autouse=True)
def outside(system, settings, tmp_path) -> Path:
    """This drill's own copy of the checkpoints kept outside."""
    folder = tmp_path / "outside"
    shutil.copytree(system, folder)
    settings.AUDIT_CHECKPOINT_STORE = {"BACKEND": "audit.store.FolderStore", "OPTIONS": {"folder": folder}}
    return folder


class Shows:
    """Tells what was done and what `verify` found, for the table of `script/drill`; fails unless it found it."""

    def __init__(self, record_property: Callable[[str, object], None], monkeypatch: pytest.MonkeyPatch) -> None:
        self.record_property = record_property
        self.monkeypatch = monkeypatch

    def only(self, prefix: str) -> None:
        """Leave out the checks of the tables that the harm does not concern, for the sake of time."""
        checks = {name: check for name, check in verify_module._checks.items() if name.startswith(prefix)}
        self.monkeypatch.setattr(verify_module, "_checks", checks)

    def __call__(self, done: str, code: str = "", where: int | str = "") -> None:
        faults = verify_module.verify().faults
        self.record_property("done", done)
        self.record_property("found", f"{code} {where}" if code else "nothing is wrong")
        named = [(fault.code, fault.subject if isinstance(where, str) else fault.position) for fault in faults]
        assert (code, where) in named if code else not named, named[:9]


@pytest.fixture
def shows(record_property, monkeypatch) -> Shows:
    return Shows(record_property, monkeypatch)


@pytest.fixture
def tells(record_property) -> Callable[[str, str], None]:
    """Tell what was done and how the system met it, where no check is what shows it."""

    def told(done: str, met: str) -> None:
        record_property("done", done)
        record_property("found", met)

    return told


@pytest.fixture
def exactly_once(shows) -> Callable[[], int]:
    """Make sure that every entry has one place, without gaps, once all is sealed; return how many there are."""
    shows.only("nothing above the log")

    def count() -> int:
        newest = log.integrate()
        assert newest is not None
        places = list(Leaf.objects.order_by("position").values_list("position", "entry_id"))
        assert [position for position, _ in places] == list(range(newest.size))
        assert {entry for _, entry in places} == set(Entry.objects.values_list("pk", flat=True))
        assert verify_module.verify().faults == []
        return newest.size

    return count
