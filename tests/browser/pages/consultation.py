from tests.browser.pages import Page

_WRITE = "/[lang]/policies/consultations/<docket>/comment/"
PAGES = [
    Page("/[lang]/policies/consultations/", scene="public_draft"),
    Page("/[lang]/policies/consultations/", state="empty"),
    Page("/[lang]/policies/consultations/find/", state="nothing", query="?number=DE-1"),
    Page("/[lang]/policies/consultations/<docket>/", scene="public_draft"),
    Page("/[lang]/policies/consultations/<docket>/draft/", scene="public_draft"),
    Page("/[lang]/policies/consultations/<docket>/comment/", scene="public_draft"),
    Page(_WRITE, scene="public_draft", state="one section", query="?section=DE-4.6"),
    Page(_WRITE, scene="public_draft", state="error", query="?section=DE-4.6", send=True),
    Page(_WRITE, scene="public_draft", state="check", query="?section=DE-4.6", fill={"text": "No."}, send=True),
    Page("/[lang]/policies/consultations/<docket>/comments/", scene="answered_draft"),
    Page("/[lang]/policies/consultations/<docket>/comments/<number>/", scene="answered_draft"),
]
NOT_PAGES = {
    "/[lang]/policies/consultations/sessions.ics": "a calendar",
    "/[lang]/policies/consultations/<docket>/comments.csv": "a table to take away",
    "/[lang]/policies/consultations/<docket>/sessions/<number>.ics": "a calendar",
}
