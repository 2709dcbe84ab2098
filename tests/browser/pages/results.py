from tests.browser.pages import Page

PAGES = [
    Page("/[lang]/results/", scene="results"),
    Page("/[lang]/results/", state="empty"),
]
NOT_PAGES = {"/[lang]/results/<code>.csv": "a file"}
