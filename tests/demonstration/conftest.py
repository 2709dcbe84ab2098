from tests.browser.conftest import browser, window  # noqa: F401  (fixtures of the picture)
