"""What a person does on a page. Nobody goes on before the page that answers has come."""

from playwright.sync_api import BrowserContext
from playwright.sync_api import Page as Tab

from tests.browser.examination import check
from tests.permissions.visitors import Visitor


def press(tab: Tab, name: str) -> None:
    """Press a button or a link of the page's own content; the next page must fit the screen."""
    main = tab.locator("main")
    button = main.get_by_role("button", name=name, exact=True).or_(main.get_by_role("link", name=name, exact=True))
    with tab.expect_navigation():
        button.first.click()
    check(tab, "headings", "sideways")


def step(tab: Tab, name: str) -> None:
    """Take a next step of the case, and make it on its page."""
    press(tab, name)
    press(tab, name)


def sit_down(window: BrowserContext, visitor: Visitor, site: str) -> Tab:
    """Return a tab of the window in which the visitor has signed in."""
    cookies = visitor.client().cookies.items()
    window.add_cookies([{"name": name, "value": cookie.value, "url": site} for name, cookie in cookies])
    return window.new_page()
