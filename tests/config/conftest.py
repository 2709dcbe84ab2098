import signal

import pytest


@pytest.fixture(autouse=True, scope="session")
def heeds_ctrl_c():
    """A shell that starts the tests in the background lets them, and all that they start, ignore Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
