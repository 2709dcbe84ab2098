"""The pages on which policy is drafted."""

from django.urls import path

from policy_rules.web import office, office_docket, office_rules

app_name = "policy_office"
urlpatterns = [
    path("", office.overview, name="overview"),
    path("<str:code>/begin/", office.begin, name="begin"),
    path("<str:code>/<str:version>/", office.version, name="version"),
    path("<str:code>/<str:version>/moves/<str:move>/", office.step, name="step"),
    path("<str:code>/<str:version>/add/", office.add_section, name="add_section"),
    path("<str:code>/<str:version>/sections/<str:section>/", office.section, name="section"),
    path(
        "<str:code>/<str:version>/sections/<str:section>/translation/<str:language>/",
        office.translate_section,
        name="translate_section",
    ),
    path("<str:code>/<str:version>/sections/<str:section>/retire/", office.retire_section, name="retire_section"),
    path("<str:code>/<str:version>/rules/", office_rules.rules, name="rules"),
    path("<str:code>/<str:version>/rules/add/", office_rules.add_rule, name="add_rule"),
    path("<str:code>/<str:version>/rules/<str:path>/", office_rules.rule, name="rule"),
    path("<str:code>/<str:version>/consultation/", office_docket.docket, name="docket"),
    path("<str:code>/<str:version>/consultation/describe/", office_docket.describe, name="describe_docket"),
    path("<str:code>/<str:version>/consultation/extend/", office_docket.extend, name="extend_docket"),
    path("<str:code>/<str:version>/consultation/sessions/add/", office_docket.add_session, name="add_session"),
    path("<str:code>/<str:version>/consultation/sessions/<int:number>/", office_docket.session, name="session"),
    path("<str:code>/<str:version>/consultation/comments/add/", office_docket.add_comment, name="add_comment"),
    path("<str:code>/<str:version>/consultation/comments/<int:number>/", office_docket.comment, name="comment"),
    path("<str:code>/<str:version>/consultation/alike/", office_docket.alike, name="comments_alike"),
    path("<str:code>/<str:version>/consultation/group/", office_docket.group, name="group_comments"),
    path("<str:code>/<str:version>/consultation/groups/<int:number>/", office_docket.answer, name="comment_group"),
    path(
        "<str:code>/<str:version>/consultation/groups/<int:number>/separate/",
        office_docket.separate,
        name="separate_comments",
    ),
]
