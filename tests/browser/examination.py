"""What a page must hold, read off the page in the browser."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from playwright.sync_api import Page as Tab

CHECKS = (Path(__file__).parent / "checks.js").read_text()
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
LANGUAGES = [code for code, _name in settings.LANGUAGES]
PHONE = {"width": 320, "height": 640}
WIDE = {"width": 1280, "height": 900}
PICTURES = settings.VAR_DIR / "screenshots" if os.environ.get("REDRESS_SCREENSHOTS") else None


@dataclass(frozen=True)
class Tabs:
    """Two tabs that go from page to page: one that runs scripts, one on a phone that does not.

    Axe is sent to the scripted one once, which then puts it on each page by itself.
    """

    scripted: Tab
    plain: Tab

    def __post_init__(self) -> None:
        self.scripted.add_init_script(AXE_SCRIPT)


def examine(
    tabs: Tabs,
    site: str,
    cookies: dict[str, str],
    visit: Callable[[Tab, str], None],
    name: str,
    languages: Sequence[str] = LANGUAGES,
) -> None:
    """Visit a page as people do: in each language, light, dark, wide, narrow, spaced out, and without scripts.

    `visit` opens the page on a tab, in a language. Colors do not depend on words: contrast in the dark is read once.
    """
    for language in languages:
        tab = tabs.scripted
        _become(tab, site, cookies | {"language": language})
        tab.emulate_media(color_scheme="light", reduced_motion="reduce")
        tab.set_viewport_size(WIDE)
        with listening(tab, site) as noise:
            visit(tab, language)
            assert tab.locator("html").get_attribute("lang") == language
            check(tab, "inlineCode", "headings", "targets", "sideways")
            no_faults(tab)
            keep_picture(tab, f"{name} {language} light")
            tab.emulate_media(color_scheme="dark")
            if language == languages[0]:
                no_faults(tab, only=["color-contrast"])
            keep_picture(tab, f"{name} {language} dark")
            tab.set_viewport_size(PHONE)
            check(tab, "targets", "sideways")
            keep_picture(tab, f"{name} {language} phone")
            tab.evaluate(f"{CHECKS}.spaceText()")
            check(tab, "sideways")
        assert not noise, "\n".join(noise)

        _become(tabs.plain, site, cookies | {"language": language})
        visit(tabs.plain, language)
        check(tabs.plain, "headings", "sideways")


def _become(tab: Tab, site: str, cookies: dict[str, str]) -> None:
    """Be someone else, who has not been here before."""
    tab.context.clear_cookies()
    tab.context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])


def no_faults(tab: Tab, only: list[str] | None = None) -> None:
    faults = axe(tab, only)
    assert not faults, "\n".join([f"{tab.url}:", *faults])


def check(tab: Tab, *names: str) -> None:
    for name in names:
        faults = tab.evaluate(f"{CHECKS}.{name}()")
        assert not faults, "\n".join([f"{tab.url} at {tab.viewport_size['width']} pixels:", *faults])


def axe(tab: Tab, only: list[str] | None = None) -> list[str]:
    """Return what axe finds against WCAG 2.0 to 2.2, A and AA, and against good practice."""
    rules = {"type": "rule", "values": only} if only else {"type": "tag", "values": AXE_TAGS}
    found = tab.evaluate("options => axe.run(document, options)", {"resultTypes": ["violations"], "runOnly": rules})
    return [
        f"{violation['id']}: {node['failureSummary']} {node['html'][:200]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


@contextmanager
def listening(tab: Tab, site: str) -> Iterator[list[str]]:
    """Hold a list that fills with what a page should not do: messages, errors, requests to other places."""
    noise: list[str] = []
    expected = "the server responded with a status of"
    heard = {
        "console": lambda message: None if expected in message.text else noise.append(message.text),
        "pageerror": lambda error: noise.append(str(error)),
        "request": lambda request: None if request.url.startswith(site) else noise.append(request.url),
    }
    for event, hear in heard.items():
        tab.on(event, hear)
    yield noise
    for event, hear in heard.items():
        tab.remove_listener(event, hear)


def keep_picture(tab: Tab, name: str) -> None:
    if PICTURES:
        plain = re.sub(r"[^\w-]+", "-", name).strip("-")
        tab.screenshot(path=PICTURES / f"{plain}.png", full_page=True)
