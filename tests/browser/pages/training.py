from tests.browser.pages import Page

_T = {"scene": "training"}
PAGES = [
    Page("/[lang]/training/", **_T),
    Page("/[lang]/training/", state="empty"),
    Page("/[lang]/training/<course>/", **_T),
    Page("/staff/training/", "training_coordinator", **_T),
    Page("/staff/training/", "training_coordinator", state="empty"),
    Page("/staff/training/mine/", "sergeant", **_T),
    Page("/staff/training/mine/", "officer", state="empty"),
    Page("/staff/training/courses/<course>/", "training_coordinator", **_T),
    Page("/staff/training/courses/add/", "training_coordinator", state="error", send=True),
    Page("/staff/training/courses/<course>/publish/", "training_coordinator", **_T),
    Page("/staff/training/panel/", "training_coordinator", **_T),
    Page("/staff/training/panel/recommend/", "training_coordinator", **_T),
    Page("/staff/training/panel/recommendations/<recommendation>/", "training_coordinator", **_T),
    Page("/staff/training/sessions/add/", "training_coordinator", state="error", send=True, **_T),
    Page("/staff/training/sessions/<session>/", "training_coordinator", **_T),
    Page("/staff/training/sessions/<session>/correct/<attendance>/", "training_coordinator", **_T),
    Page("/staff/training/members/<badge>/", "training_coordinator", **_T),
    Page("/staff/training/members/<badge>/excuse/", "training_coordinator", state="error", send=True, **_T),
    Page("/staff/training/compliance/", "training_coordinator", **_T),
    Page("/staff/training/compliance/", "unit_supervisor", state="empty"),
    Page("/staff/training/hours/", "training_coordinator", query="?first=2025-01-01&last=2025-12-31", **_T),
    Page("/staff/training/hours/", "training_coordinator", state="empty"),
]
NOT_PAGES = {
    "/staff/training/mine/<chapter>/<version>/": "leads back to the person's own page",
    "/staff/training/panel/<member>/leave/": "leads back to the panel",
    "/staff/training/sessions/<session>/import/": "leads back to the session, or shows it with what is wrong",
    "/staff/training/sessions/<session>/people/": "leads back to the session, or shows it with what is wrong",
    "/staff/training/sessions/<session>/costs/": "leads back to the session, or shows it with what is wrong",
    "/staff/training/compliance/table/": "a file",
    "/staff/training/hours/file/": "a file",
    "/staff/cases/<number>/allegations/<allegation>/training/": "leads back to the worksheet",
}
