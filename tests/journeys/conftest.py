import pytest


@pytest.fixture(scope="package", autouse=True)
def _in_harrow_bend(harrow_bend):
    """Journeys are made by the cast, under the shipped manual."""
    with harrow_bend():
        yield
