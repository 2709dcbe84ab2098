from tests.browser.pages import Page

PAGES = [Page("/api/v1/reference/")]
NOT_PAGES = {
    "/api/v1/schema/": "a description for programs",
}
