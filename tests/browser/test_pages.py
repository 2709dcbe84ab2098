"""The table is whole, and every page in it can be used by everyone and has a title of its own."""

import re

import pytest
from playwright.sync_api import Page as Tab

from tests.browser.examination import examine
from tests.browser.pages import Page, not_pages, pages
from tests.permissions import scenes  # noqa: F401  the scenes enter themselves
from tests.permissions.routes import LANGUAGE, addresses
from tests.permissions.table import rows

PAGES = pages()


def test_every_route_that_can_be_opened_has_a_page():
    opened = {row.address for row in rows() if row.method == "GET"}
    known = {page.address for page in PAGES} | not_pages().keys()
    missing = [address for address in sorted(opened - known) if not address.startswith("/api/")]
    assert not missing, "Add these to tests/browser/pages/ (tests/browser/__init__.py says how):\n" + "\n".join(missing)


def test_every_page_has_a_route():
    routes = [re.compile(re.sub(r"<\w+>", "[^/]+", re.escape(address))) for address in addresses()]
    named = [page.address for page in PAGES if page.status == 200] + list(not_pages())
    gone = [address for address in named if not any(route.fullmatch(address) for route in routes)]
    assert not gone, "No route has these addresses; take them out or mend them:\n" + "\n".join(gone)


def stage_name(page: Page) -> str:
    return str(page) if page.send else page.scene


@pytest.fixture(autouse=True)
def checkpoint_folder() -> None:
    """The scene has a store of its own, which lasts as long as it does."""


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, id=str(page), marks=pytest.mark.xdist_group(stage_name(page)))
        for page in sorted(PAGES, key=stage_name)
    ],
)
def test_everyone_can_use_this_page(page: Page, stage, tabs, titles, live_server):
    standing = stage(page.scene, key=stage_name(page))
    scene = standing.scene
    visitor = scene.visitors.get(page.visitor) or standing.people[page.visitor]
    cookies = {name: cookie.value for name, cookie in visitor.client().cookies.items()}

    def visit(tab: Tab, language: str) -> None:
        path = page.address.replace(LANGUAGE, language)
        for name, value in scene.parameters.items():
            path = path.replace(f"<{name}>", str(value))
        answer = tab.goto(path + page.query)
        if page.send:
            for name, value in page.fill.items():
                field = tab.locator(f"main [name='{name}']")
                is_list = field.evaluate("field => field.tagName") == "SELECT"
                (field.select_option if is_list else field.fill)(value)
            for name, value in page.choose.items():
                tab.locator(f"main [name='{name}'][value='{value}']").check()
            with tab.expect_navigation() as sent:
                tab.locator("main form[method=post] button:not([type=button])").first.click()
            answer = sent.value
        assert answer.status == page.status
        if not page.send:
            titles.claim(tab.title(), language, page.address.removesuffix("<version>/"))

    examine(tabs, live_server.url, cookies, visit, str(page))
