"""The pages on which policy is drafted."""

from django.urls import path

from policy_rules.web import office, office_rules

app_name = "policy_office"
urlpatterns = [
    path("", office.overview, name="overview"),
    path("<str:code>/begin/", office.begin, name="begin"),
    path("<str:code>/<str:version>/", office.version, name="version"),
    path("<str:code>/<str:version>/moves/<str:move>/", office.step, name="step"),
    path("<str:code>/<str:version>/add/", office.add_section, name="add_section"),
    path("<str:code>/<str:version>/sections/<str:section>/", office.section, name="section"),
    path("<str:code>/<str:version>/sections/<str:section>/retire/", office.retire_section, name="retire_section"),
    path("<str:code>/<str:version>/rules/", office_rules.rules, name="rules"),
    path("<str:code>/<str:version>/rules/add/", office_rules.add_rule, name="add_rule"),
    path("<str:code>/<str:version>/rules/<str:path>/", office_rules.rule, name="rule"),
]
