"""Every part, before any page uses it; and what the script adds."""

import re

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from accounts.models import User
from tests.browser.examination import check, examine
from tests.permissions.visitors import Visitor

pytestmark = pytest.mark.urls("tests.gallery.urls")


@pytest.fixture
def tab(window) -> Tab:
    return window(reduced_motion="reduce").new_page()


@pytest.mark.parametrize("name", ["public", "work", "errors"])
def test_every_part_can_be_used_by_everyone(name, tabs, live_server):
    person = User.objects.create_user("nora", name="N. Fenwarrow")
    cookies = {key: cookie.value for key, cookie in Visitor(person).client().cookies.items()}
    examine(
        tabs,
        live_server.url,
        cookies,
        lambda tab, _language: tab.goto(f"/gallery/{name}/?rule=DE-4.1&page=2&sort=due"),
        f"gallery {name}",
    )


@pytest.mark.parametrize("name", ["acknowledgement", "outcome_L3", "officer_notice"])
def test_letters_can_be_read_on_a_page_by_everyone(name, tabs, live_server):
    examine(
        tabs,
        live_server.url,
        {},
        lambda tab, language: tab.goto(f"/{language}/gallery/letter/{name}/"),
        f"letter {name}",
    )


@pytest.mark.parametrize("status", [409, 500])
def test_faults_can_be_read_by_everyone(status, tabs, live_server):
    examine(
        tabs,
        live_server.url,
        {},
        lambda tab, language: tab.goto(f"/{language}/gallery/fault/{status}/"),
        f"fault {status}",
        languages=["es"],
    )


def test_parts_fit_a_page_that_reads_from_right_to_left(tab):
    tab.goto("/gallery/public/")
    tab.evaluate("document.documentElement.dir = 'rtl'")
    for width in (1280, 320):
        tab.set_viewport_size({"width": width, "height": 700})
        check(tab, "sideways")


def test_controls_keep_their_edges_in_forced_colors(tab):
    tab.goto("/gallery/public/?rule=DE-4.1")
    tab.emulate_media(forced_colors="active")
    for part in (".button", ".choice", ".tag", ".badge", ".exit", ".redacted"):
        expect(tab.locator(part).first).to_have_css("border-top-style", re.compile("solid|dashed"))
    expect(tab.locator(".furrows")).to_have_count(0)


def test_print_leaves_out_what_paper_cannot_use(tab):
    tab.goto("/gallery/work/")
    tab.emulate_media(media="print")
    for part in (".exit-bar", ".nav", ".button >> nth=0", ".pager", ".subnav", ".display"):
        expect(tab.locator(part).first).to_be_hidden()
    expect(tab.locator("h1")).to_be_visible()
    expect(tab.locator(".finding").first).to_be_visible()


def test_the_first_tab_stop_skips_to_the_content(tab):
    tab.goto("/gallery/public/")
    tab.keyboard.press("Tab")
    expect(tab.locator(".skip")).to_be_focused()
    expect(tab.locator(".skip")).to_be_in_viewport()
    tab.keyboard.press("Enter")
    expect(tab.locator("main")).to_be_focused()


def test_focus_is_drawn_around_what_has_it(tab):
    tab.goto("/gallery/public/")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    expect(tab.locator(".brand")).to_have_css("outline-style", "solid")
    expect(tab.locator(".brand")).to_have_css("outline-width", "3px")


def test_the_error_summary_is_read_first_and_leads_to_the_fields(tab):
    tab.goto("/gallery/errors/")
    expect(tab.locator(".error-summary")).to_be_focused()
    tab.locator(".error-summary a[href='#id_day_0']").click()
    expect(tab.locator("#id_day_0")).to_be_focused()


@pytest.fixture
def weather(tab):
    tab.route(
        "https://www.weather.gov/**", lambda route: route.fulfill(body="<h1>Weather</h1>", content_type="text/html")
    )


def test_exit_leaves_at_once_and_the_page_is_not_in_the_history(tab, weather):
    tab.goto("/en/")
    tab.goto("/gallery/public/")
    tab.get_by_role("link", name="Exit this page").click()
    expect(tab.get_by_role("heading", name="Weather")).to_be_visible()
    tab.go_back()
    expect(tab).to_have_url(re.compile("/en/$"))


def test_three_presses_of_shift_leave_too(tab, weather):
    tab.goto("/gallery/public/")
    for _ in range(3):
        tab.keyboard.press("Shift")
    expect(tab.get_by_role("heading", name="Weather")).to_be_visible()


def test_exit_is_a_real_link_without_scripts(window):
    plain = window(java_script_enabled=False).new_page()
    plain.goto("/gallery/public/")
    expect(plain.get_by_role("link", name="Exit this page")).to_have_attribute("href", "https://www.weather.gov/")


def test_a_copied_hash_has_no_gaps(window, live_server):
    context = window(permissions=["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    tab.goto("/gallery/public/")
    tab.get_by_role("button", name="Copy").click()
    expect(tab.get_by_role("button", name="Copied")).to_be_visible()
    assert re.fullmatch("[0-9a-f]{64}", tab.evaluate("navigator.clipboard.readText()"))


def test_a_refused_move_stays_where_it_is_and_keeps_its_reasons(tab):
    tab.goto("/gallery/public/")
    button = tab.get_by_role("button", name="Send to quality review")
    button.click(force=True)
    expect(tab).to_have_url(re.compile("/gallery/public/$"))
    expect(button).to_have_accessible_description(re.compile("2 things are missing"))


def test_a_form_pressed_twice_is_sent_once(tab):
    sent = []
    tab.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    tab.goto("/gallery/public/")
    with tab.expect_navigation():
        tab.evaluate("for (const _ of [1, 2]) document.querySelector('form[method=post]').requestSubmit()")
    assert len(sent) == 1


def test_unsaved_text_is_not_left_without_a_question(tab):
    asked = []
    tab.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    tab.goto("/gallery/work/")
    tab.locator("#id_account").press_sequentially("a")
    tab.goto("/en/")
    assert asked == ["beforeunload"]


def test_chosen_colors_are_kept_without_scripts(window):
    plain = window(java_script_enabled=False, color_scheme="light").new_page()
    plain.goto("/en/contact/")
    plain.get_by_role("link", name="Dark").click()
    expect(plain).to_have_url(re.compile("/en/contact/$"))
    expect(plain.locator("body")).to_have_css("background-color", "rgb(23, 19, 26)")
    plain.goto("/en/")
    expect(plain.locator("body")).to_have_css("background-color", "rgb(23, 19, 26)")


def test_the_language_switch_names_the_other_language_and_keeps_the_page(tab):
    tab.goto("/en/contact/")
    tab.get_by_role("link", name="Español").click()
    expect(tab).to_have_url(re.compile("/es/contact/$"))
    tab.goto("/how-we-decide/")
    expect(tab).to_have_url(re.compile("/es/how-we-decide/$"))
