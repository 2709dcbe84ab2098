from tests.browser.pages import Page

_WRITE = "/[lang]/policies/consultations/<docket>/comment/"
_OFFICE = "/staff/policies/<code>/<version>/consultation/"
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
    Page("/[lang]/policies/consultations/<docket>/draft/", scene="answered_draft", state="changed since"),
    Page("/[lang]/policies/consultations/<docket>/answers/", scene="answered_draft"),
    Page("/[lang]/policies/consultations/<docket>/comments/<number>/", scene="answered_draft"),
    Page(_OFFICE, "policy_analyst", scene="public_draft"),
    Page(_OFFICE, "chief", scene="answered_draft", state="read"),
    Page(_OFFICE + "describe/", "policy_analyst", scene="public_draft"),
    Page(_OFFICE + "extend/", "policy_analyst", scene="public_draft", state="error", send=True),
    Page(_OFFICE + "sessions/add/", "policy_analyst", scene="public_draft"),
    Page(_OFFICE + "sessions/<number>/", "policy_analyst", scene="public_draft"),
    Page(_OFFICE + "comments/add/", "policy_analyst", scene="public_draft"),
    Page(_OFFICE + "comments/<number>/", "counsel", scene="public_draft"),
    Page(_OFFICE + "groups/<number>/", "policy_analyst", scene="answered_draft"),
    Page(_OFFICE + "alike/", "policy_analyst", scene="public_draft"),
]
NOT_PAGES = {
    _OFFICE + "group/": "leads on to the answer, or says why not",
    _OFFICE + "groups/<number>/separate/": "leads back to the consultation, or says why not",
    "/[lang]/policies/consultations/sessions.ics": "a calendar",
    "/[lang]/policies/consultations/<docket>/comments.csv": "a table to take away",
    "/[lang]/policies/consultations/<docket>/sessions/<number>.ics": "a calendar",
}
