"""What a page must hold, read off the page in the browser."""

import os
import re
from collections.abc import Callable
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from playwright.sync_api import Page as Tab

CHECKS = (Path(__file__).parent / "checks.js").read_text()
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
PHONE = {"width": 320, "height": 640}
PICTURES = settings.VAR_DIR / "screenshots" if os.environ.get("REDRESS_SCREENSHOTS") else None


def examine(window: Callable, site: str, cookies: dict[str, str], visit: Callable[[Tab], None], name: str) -> None:
    """Visit a page in every way that people do: light, dark, wide, narrow, spaced out, and without scripts."""
    tab = _tab(window(color_scheme="light", reduced_motion="reduce"), site, cookies)
    noise = listen(tab, site)
    visit(tab)
    assert tab.locator("html").get_attribute("lang") == cookies["language"]
    check(tab, "inlineCode", "headings", "targets", "sideways")
    faults = axe(tab)
    assert not faults, "\n".join(faults)
    keep_picture(tab, f"{name} light")
    tab.emulate_media(color_scheme="dark")
    faults = axe(tab, only=["color-contrast"])
    assert not faults, "\n".join(faults)
    keep_picture(tab, f"{name} dark")
    tab.set_viewport_size(PHONE)
    check(tab, "targets", "sideways")
    keep_picture(tab, f"{name} phone")
    tab.evaluate(f"{CHECKS}.spaceText()")
    check(tab, "sideways")
    assert not noise, "\n".join(noise)

    plain = _tab(window(java_script_enabled=False, viewport=PHONE), site, cookies)
    visit(plain)
    check(plain, "headings", "sideways")


def _tab(context, site: str, cookies: dict[str, str]) -> Tab:
    context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])
    return context.new_page()


def check(tab: Tab, *names: str) -> None:
    for name in names:
        faults = tab.evaluate(f"{CHECKS}.{name}()")
        assert not faults, "\n".join([f"{tab.url} at {tab.viewport_size['width']} pixels:", *faults])


def axe(tab: Tab, only: list[str] | None = None) -> list[str]:
    """Return what axe finds against WCAG 2.0 to 2.2, A and AA, and against good practice."""
    if not tab.evaluate("typeof axe === 'object'"):
        tab.evaluate(AXE_SCRIPT)
    rules = {"type": "rule", "values": only} if only else {"type": "tag", "values": AXE_TAGS}
    found = tab.evaluate("options => axe.run(document, options)", {"resultTypes": ["violations"], "runOnly": rules})
    return [
        f"{violation['id']}: {node['failureSummary']} {node['html'][:200]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def listen(tab: Tab, site: str) -> list[str]:
    """Return a list that fills with what a page should not do: messages, errors, requests to other places."""
    noise: list[str] = []
    expected = "the server responded with a status of"
    tab.on("console", lambda message: None if expected in message.text else noise.append(message.text))
    tab.on("pageerror", lambda error: noise.append(str(error)))
    tab.on("request", lambda request: None if request.url.startswith(site) else noise.append(request.url))
    return noise


def keep_picture(tab: Tab, name: str) -> None:
    if PICTURES:
        plain = re.sub(r"[^\w-]+", "-", name).strip("-")
        tab.screenshot(path=PICTURES / f"{plain}.png", full_page=True)
