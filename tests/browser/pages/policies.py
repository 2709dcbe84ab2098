from tests.browser.pages import Page

_DRAFT = {"scene": "policy_draft"}
PAGES = [
    Page("/[lang]/policies/", scene="policy_manual"),
    Page("/[lang]/policies/", state="empty"),
    Page("/[lang]/policies/chapter/<code>/", scene="policy_chapter"),
    Page("/[lang]/policies/chapter/<code>/<version>/", scene="policy_chapter"),
    Page("/[lang]/policies/<code>/", scene="policy_section"),
    Page("/[lang]/policies/<code>/", scene="policy_exception"),
    Page("/[lang]/policies/<code>/", scene="ended_policy_section"),
    Page("/[lang]/policies/<code>/", scene="untranslated_policy_section"),
    Page("/[lang]/policies/<code>/<version>/", scene="earlier_policy_section"),
    Page("/staff/policies/", "policy_analyst", **_DRAFT),
    Page("/staff/policies/", "policy_analyst", state="empty"),
    Page("/staff/policies/<code>/begin/", "policy_analyst", scene="policy_manual_chapter"),
    Page("/staff/policies/<code>/begin/", "policy_analyst", scene="policy_manual_chapter", state="error", send=True),
    Page("/staff/policies/<code>/<version>/", "policy_analyst", **_DRAFT),
    Page("/staff/policies/<code>/<version>/", "counsel", state="others act", **_DRAFT),
    Page("/staff/policies/<code>/<version>/", "chief", scene="adopted_policy"),
    Page("/staff/policies/<code>/<version>/add/", "policy_analyst", **_DRAFT),
    Page("/staff/policies/<code>/<version>/add/", "policy_analyst", state="error", send=True, **_DRAFT),
    Page("/staff/policies/<code>/<version>/moves/<move>/", "policy_analyst", **_DRAFT),
    Page("/staff/policies/<code>/<version>/moves/<move>/", "chief", scene="adopted_policy", state="error", send=True),
    Page("/staff/policies/<code>/<version>/sections/<section>/", "policy_analyst", **_DRAFT),
    Page("/staff/policies/<code>/<version>/sections/<section>/", "counsel", state="read", **_DRAFT),
]
NOT_PAGES = {"/staff/policies/<code>/<version>/sections/<section>/retire/": "leads on, or shows the section again"}
