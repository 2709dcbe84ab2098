"""The policy manual in the API."""

from django.urls import path

from policy_rules.api import views

app_name = "policies_api"
urlpatterns = [
    path("chapters/", views.Chapters.as_view(), name="chapters"),
    path("manual/", views.WholeManual.as_view(), name="manual"),
    path("manual/yaml/", views.ManualFile.as_view(), name="manual_yaml"),
    path("search/", views.Search.as_view(), name="search"),
    path("rules/", views.RulesInForce.as_view(), name="rules"),
    path("sections/", views.Sections.as_view(), name="sections"),
    path("sections/<str:code>/", views.OneSection.as_view(), name="section"),
    path("sections/<str:code>/versions/<str:version>/", views.OneVersion.as_view(), name="version"),
    path("sections/<str:code>/versions/<str:version>/canonical/", views.Canonical.as_view(), name="canonical"),
]
