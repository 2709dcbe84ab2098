from tests.browser.pages import Page

_SENT = {"scene": "recommendation_sent"}
PAGES = [
    Page("/[lang]/recommendations/", scene="recommendation_sent"),
    Page("/[lang]/recommendations/", state="empty"),
    Page("/[lang]/recommendations/<number>/", scene="recommendation_verified"),
    Page("/staff/recommendations/", "chief", scene="recommendation_sent"),
    Page("/staff/recommendations/", "policy_analyst", state="empty"),
    Page("/staff/recommendations/new/", "board_chair"),
    Page("/staff/recommendations/new/", "board_chair", state="error", send=True),
    Page("/staff/recommendations/<number>/", "board_chair", scene="recommendation_proposed"),
    Page("/staff/recommendations/<number>/", "chief", scene="recommendation_verified"),
    Page("/staff/recommendations/<number>/moves/<move>/", "chief", scene="recommendation_sent"),
    Page(
        "/staff/recommendations/<number>/moves/<move>/", "chief", scene="recommendation_sent", state="error", send=True
    ),
]
NOT_PAGES = {"/[lang]/recommendations/recommendations.csv": "a file"}
