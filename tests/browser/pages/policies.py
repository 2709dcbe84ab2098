from tests.browser.pages import Page

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
]
NOT_PAGES: dict[str, str] = {}
