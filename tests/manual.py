"""The shipped policy manual, for every test that needs rules or sections."""

import pytest

from policy_rules.importers.yaml_format import read_manual, read_translation
from policy_rules.manuals import DEMO_MANUAL, DEMO_TRANSLATIONS
from policy_rules.models import Manual
from policy_rules.publishing import publish


@pytest.fixture
def manual(db) -> Manual:
    """The manual of Harrow Bend with its rules and its Spanish translation, published."""
    publish(read_manual(DEMO_MANUAL), [read_translation(path) for path in DEMO_TRANSLATIONS])
    return Manual.objects.get(governs=True)
