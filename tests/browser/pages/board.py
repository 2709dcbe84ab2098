from tests.browser.pages import Page

_BEFORE = {"scene": "case_before_the_board"}
_VOTED = {"scene": "case_that_the_board_voted_on"}
_CHIEF = {"scene": "case_with_the_chief"}
PAGES = [
    Page("/board/", "member", **_BEFORE),
    Page("/board/", "no_role", state="empty"),
    Page("/board/<number>/", "member", **_BEFORE),
    Page("/board/<number>/", "called_member", state="closed", **_BEFORE),
    Page("/board/<number>/panel/", "chair", scene="case_without_a_panel"),
    Page("/board/<number>/panel/", "called_member", scene="case_with_a_drawn_panel"),
    Page("/board/<number>/panel/", "called_member", scene="case_with_a_drawn_panel", state="error", send=True),
    Page("/board/<number>/panel/", "member", **_BEFORE),
    Page("/board/<number>/votes/", "member", **_BEFORE),
    Page("/board/<number>/votes/", "member", **_VOTED),
    Page("/board/<number>/votes/send-back/", "member", **_BEFORE),
    Page("/board/<number>/votes/<allegation>/", "member", **_BEFORE),
    Page("/board/<number>/votes/<allegation>/", "member", state="error", send=True, **_BEFORE),
    Page(
        "/board/<number>/votes/<allegation>/", "member", state="read back", choose={"choice": "sustained"}, send=True,
        **_BEFORE,
    ),
    Page("/board/<number>/votes/<allegation>/reasons/", "member", **_VOTED),
    Page("/board/<number>/votes/<allegation>/reasons/", "member", state="error", send=True, **_VOTED),
    Page("/staff/cases/<number>/decision/", "chief_on_case", **_CHIEF),
    Page("/staff/cases/<number>/decision/<allegation>/", "chief_on_case", **_CHIEF),
    Page(
        "/staff/cases/<number>/decision/<allegation>/", "chief_on_case", state="read back",
        choose={"code": "sustained"}, send=True, **_CHIEF,
    ),
    Page("/staff/cases/<number>/decision/<allegation>/discipline/", "chief_on_case", **_CHIEF),
    Page(
        "/staff/cases/<number>/decision/<allegation>/discipline/", "chief_on_case", state="error", send=True,
        **_CHIEF,
    ),
]  # fmt: skip
NOT_PAGES = {
    "/board/<number>/items/<item>/": "answers with the file itself",
    "/board/<number>/panel/declare/": "leads back to the panel, or shows it with what is wrong",
    "/board/<number>/panel/draw/": "leads back to the panel",
    "/board/<number>/panel/step-aside/": "leads back to the reviews, or shows the panel with what is wrong",
    "/board/<number>/votes/<allegation>/close/": "leads back to the votes",
}
