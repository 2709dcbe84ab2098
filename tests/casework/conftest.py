import pytest


@pytest.fixture(scope="package", autouse=True)
def _in_harrow_bend(harrow_bend):
    """These tests need the manual and the cast."""
    with harrow_bend():
        yield
