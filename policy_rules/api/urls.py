"""The policy manual in the API."""

from django.urls import path

from policy_rules.api import consultation, docket_acts, drafting, following, views

app_name = "policies_api"
urlpatterns = [
    path("changes/", following.Changes.as_view(), name="changes"),
    path("chapters/", views.Chapters.as_view(), name="chapters"),
    path("chapters/<str:code>/compare/", following.Comparison.as_view(), name="compare"),
    path("chapters/<str:code>/versions/<str:version>/", drafting.VersionInFull.as_view(), name="chapter_version"),
    path("chapters/<str:code>/versions/<str:version>/moves/", drafting.VersionMoves.as_view(), name="version_moves"),
    path(
        "chapters/<str:code>/versions/<str:version>/moves/<slug:name>/",
        drafting.VersionMove.as_view(),
        name="version_move",
    ),
    path("chapters/<str:code>/versions/<str:version>/rules/<str:path>/", drafting.Rule.as_view(), name="draft_rule"),
    path(
        "chapters/<str:code>/versions/<str:version>/sections/<str:section>/",
        drafting.Section.as_view(),
        name="draft_section",
    ),
    path(
        "chapters/<str:code>/versions/<str:version>/sections/<str:section>/retire/",
        drafting.RetiredSection.as_view(),
        name="retire_draft_section",
    ),
    path(
        "chapters/<str:code>/versions/<str:version>/sections/<str:section>/translations/<str:language>/",
        drafting.Translation.as_view(),
        name="translate_draft_section",
    ),
    path("consultations/", consultation.Dockets.as_view(), name="dockets"),
    path("consultations/<str:docket>/", consultation.OneDocket.as_view(), name="docket"),
    path("consultations/<str:docket>/comments/", consultation.Comments.as_view(), name="comments"),
    path(
        "consultations/<str:docket>/comments/<int:number>/withheld/",
        docket_acts.WithheldWords.as_view(),
        name="withheld_words",
    ),
    path("consultations/<str:docket>/answers/", consultation.Answers.as_view(), name="answers"),
    path("consultations/<str:docket>/asked/", docket_acts.Asked.as_view(), name="describe_docket"),
    path("consultations/<str:docket>/groups/", docket_acts.Together.as_view(), name="group_comments"),
    path(
        "consultations/<str:docket>/groups/<int:number>/answer/",
        docket_acts.GivenAnswer.as_view(),
        name="answer_comments",
    ),
    path(
        "consultations/<str:docket>/groups/<int:number>/separate/",
        docket_acts.Apart.as_view(),
        name="separate_comments",
    ),
    path("consultations/<str:docket>/longer/", docket_acts.Longer.as_view(), name="extend_docket"),
    path("consultations/<str:docket>/sessions/", consultation.Sessions.as_view(), name="sessions"),
    path("consultations/<str:docket>/sessions/<int:number>/", docket_acts.OneSession.as_view(), name="session"),
    path("consultations/<str:docket>/texts/", consultation.Texts.as_view(), name="heard_texts"),
    path("manual/", views.WholeManual.as_view(), name="manual"),
    path("manual/yaml/", views.ManualFile.as_view(), name="manual_yaml"),
    path("manuals/", views.Manuals.as_view(), name="manuals"),
    path("search/", views.Search.as_view(), name="search"),
    path("rules/", views.RulesInForce.as_view(), name="rules"),
    path("sections/", views.Sections.as_view(), name="sections"),
    path("sections/<str:code>/", views.OneSection.as_view(), name="section"),
    path("sections/<str:code>/versions/<str:version>/", views.OneVersion.as_view(), name="version"),
    path("sections/<str:code>/versions/<str:version>/canonical/", views.Canonical.as_view(), name="canonical"),
]
