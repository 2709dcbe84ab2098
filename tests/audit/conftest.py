from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from audit import actions, log, verify
from audit.models import Entry


@pytest.fixture(autouse=True)
def _log_alone(monkeypatch):
    """The log as it is by itself: with one act in its vocabulary, and without the checks of the apps above."""
    monkeypatch.setattr(verify, "_checks", {})
    monkeypatch.setattr(actions, "_actions", dict(actions._actions))
    actions.register("case.moved", "Moved the case", complainant="Your complaint moved on")


@pytest.fixture
def record() -> Callable[..., Entry]:
    """Record an act like any other, in a transaction of its own."""

    def record_one(subject: str = "case:2026-000042", **given: Any) -> Entry:
        with transaction.atomic():
            return log.record("case.moved", **{"actor": "user:17", "role": "investigator", "subject": subject, **given})

    return record_one
