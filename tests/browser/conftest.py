"""One browser for each test process, and a fresh window for each test; pages are examined on tabs that last."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from playwright.sync_api import Page as Tab

from tests.browser.examination import PHONE, WIDE, Tabs
from tests.browser.hands import sit_down
from tests.cast import person
from tests.permissions.visitors import Visitor

EXECUTABLE = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE = 30_000
"""Milliseconds that a page may take on a busy machine."""
expect.set_options(timeout=PATIENCE)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not EXECUTABLE:
        pytest.skip("needs Chromium: install Debian's chromium, or name one in CHROMIUM")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; our queries run beside it, never inside.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def window(browser: Browser, live_server) -> Iterator[Callable[..., BrowserContext]]:
    """Open windows onto the program under test; what they open elsewhere is refused."""
    opened = []

    def open_window(**options) -> BrowserContext:
        context = browser.new_context(base_url=live_server.url, **{"viewport": WIDE, **options})
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        return context

    yield open_window
    for context in opened:
        context.close()


@pytest.fixture
def tab_of(window, live_server) -> Callable[[str], Tab]:
    """Find the tab in which this member of the cast has signed in; each keeps theirs."""

    @cache
    def tab(login: str) -> Tab:
        return sit_down(window(), Visitor(person(login)), live_server.url)

    return tab


@pytest.fixture(scope="session")
def tabs(browser: Browser, live_server) -> Iterator[Tabs]:
    """The tabs on which pages are examined. They last, so that what all pages load is loaded once."""
    wide = browser.new_context(base_url=live_server.url, viewport=WIDE)
    phone = browser.new_context(base_url=live_server.url, viewport=PHONE, java_script_enabled=False)
    for context in (wide, phone):
        context.set_default_timeout(PATIENCE)
    yield Tabs(wide.new_page(), phone.new_page())
    wide.close()
    phone.close()


class Titles:
    """The titles that pages have in this run, kept in a folder that all its processes share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def claim(self, title: str, language: str, address: str) -> None:
        """Keep a title for what stands at an address; fails where it is empty or stands at another one."""
        assert title, f"{address} has no title"
        kept = self.folder / hashlib.sha256(f"{language} {title}".encode()).hexdigest()
        mine = kept.with_suffix(f".{os.getpid()}")
        mine.write_text(address)
        with suppress(FileExistsError):
            os.link(mine, kept)
        assert kept.read_text() == address, f"“{title}” is the title of {kept.read_text()} too"


@pytest.fixture(scope="session")
def titles(tmp_path_factory) -> Titles:
    own = tmp_path_factory.getbasetemp()
    return Titles((own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "titles")


@pytest.fixture(scope="package", autouse=True)
def _in_harrow_bend(harrow_bend):
    """The scenes need the manual and the cast."""
    with harrow_bend():
        yield
