"""The public pages of the policy manual."""

from django.urls import path

from policy_rules.web import views

app_name = "policies"
urlpatterns = [
    path("", views.contents, name="contents"),
    path("chapter/<str:code>/", views.chapter, name="chapter"),
    path("chapter/<str:code>/<str:version>/", views.chapter, name="chapter_version"),
    path("<str:code>/", views.section, name="section"),
    path("<str:code>/<str:version>/", views.section, name="section_version"),
]
