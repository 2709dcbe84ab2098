"""The public pages of the policy manual."""

from django.urls import path

from policy_rules.web import answered, commenting, consultation, finding, following, rules, views

app_name = "policies"
urlpatterns = [
    path("", views.contents, name="contents"),
    path("search/", following.find, name="search"),
    path("changes/", following.recent, name="changes"),
    path("changes/feed/", following.feed, name="feed"),
    path("rules/", rules.rules, name="rules"),
    path("rules/oversight/", rules.arrangement, name="arrangement"),
    path("consultations/", consultation.consultations, name="consultations"),
    path("consultations/find/", finding.find_comment, name="find_comment"),
    path("consultations/sessions.ics", consultation.all_sessions, name="sessions_calendar"),
    path("consultations/<str:docket>/", consultation.docket, name="docket"),
    path("consultations/<str:docket>/draft/", consultation.draft, name="docket_draft"),
    path("consultations/<str:docket>/comment/", commenting.comment, name="write_comment"),
    path("consultations/<str:docket>/comments/", answered.comment_list, name="comments"),
    path("consultations/<str:docket>/answers/", answered.answer_list, name="answers"),
    path("consultations/<str:docket>/comments.csv", answered.matrix, name="comments_csv"),
    path("consultations/<str:docket>/comments/<int:number>/", answered.one_comment, name="comment"),
    path("consultations/<str:docket>/sessions/<int:number>.ics", consultation.one_session, name="session_calendar"),
    path("manuals/<str:manual_code>/", views.contents, name="manual_contents"),
    path("manuals/<str:manual_code>/search/", following.find, name="manual_search"),
    path("manuals/<str:manual_code>/chapter/<str:code>/", views.chapter, name="manual_chapter"),
    path("manuals/<str:manual_code>/chapter/<str:code>/compare/", following.compare_versions, name="manual_compare"),
    path("manuals/<str:manual_code>/chapter/<str:code>/<str:version>/", views.chapter, name="manual_chapter_version"),
    path("manuals/<str:manual_code>/<str:code>/", views.section, name="manual_section"),
    path("manuals/<str:manual_code>/<str:code>/history/", following.history, name="manual_history"),
    path("manuals/<str:manual_code>/<str:code>/<str:version>/", views.section, name="manual_section_version"),
    path("chapter/<str:code>/", views.chapter, name="chapter"),
    path("chapter/<str:code>/compare/", following.compare_versions, name="compare"),
    path("chapter/<str:code>/<str:version>/", views.chapter, name="chapter_version"),
    path("<str:code>/", views.section, name="section"),
    path("<str:code>/history/", following.history, name="history"),
    path("<str:code>/<str:version>/", views.section, name="section_version"),
]
