from tests.browser.pages import Page

PAGES = [
    Page("/[lang]/"),
    Page("/[lang]/how-we-decide/"),
    Page("/[lang]/your-information/"),
    Page("/[lang]/accessibility/"),
    Page("/[lang]/contact/"),
    Page("/[lang]/emergency/"),
    Page("/[lang]/no-such-page/", state="not found", status=404),
]
NOT_PAGES: dict[str, str] = {}
