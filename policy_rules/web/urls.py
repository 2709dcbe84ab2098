"""The public pages of the policy manual."""

from django.urls import path

from policy_rules.web import following, rules, views

app_name = "policies"
urlpatterns = [
    path("", views.contents, name="contents"),
    path("search/", following.find, name="search"),
    path("changes/", following.recent, name="changes"),
    path("changes/feed/", following.feed, name="feed"),
    path("rules/", rules.rules, name="rules"),
    path("chapter/<str:code>/", views.chapter, name="chapter"),
    path("chapter/<str:code>/compare/", following.compare_versions, name="compare"),
    path("chapter/<str:code>/<str:version>/", views.chapter, name="chapter_version"),
    path("<str:code>/", views.section, name="section"),
    path("<str:code>/history/", following.history, name="history"),
    path("<str:code>/<str:version>/", views.section, name="section_version"),
]
