"""Addresses of the API, version 1."""

from django.urls import path

from casework.api import (
    cases,
    checks,
    figures,
    holds,
    letters,
    log,
    notices,
    receipts,
    recommendations,
    statistics,
    training,
    training_hours,
    what_if,
)

app_name = "casework_api"
urlpatterns = [
    path("cases/", cases.CaseList.as_view(), name="cases"),
    path("cases/<str:number>/", cases.CaseDetail.as_view(), name="case"),
    path("cases/<str:number>/allegations/", cases.CaseAllegations.as_view(), name="allegations"),
    path("cases/<str:number>/moves/", cases.CaseMoves.as_view(), name="moves"),
    path("cases/<str:number>/moves/<slug:name>/", cases.CaseMove.as_view(), name="move"),
    path("cases/<str:number>/entries/", cases.CaseEntries.as_view(), name="case_entries"),
    path("cases/<str:number>/holds/", holds.CaseHolds.as_view(), name="case_holds"),
    path("cases/<str:number>/holds/<int:hold>/lift/", holds.LiftHold.as_view(), name="case_hold_lift"),
    path("cases/<str:number>/letters/", letters.CaseLetters.as_view(), name="case_letters"),
    path(
        "cases/<str:number>/letters/<int:letter>/<slug:act>/", letters.AfterLetter.as_view(), name="case_letter_after"
    ),
    path("cases/<str:number>/receipts/", receipts.CaseReceipts.as_view(), name="case_receipts"),
    path("cases/<str:number>/receipts/<int:n>/", receipts.CaseReceipt.as_view(), name="case_receipt"),
    path("notices/", notices.Notices.as_view(), name="notices"),
    path("audit/checkpoint/", log.CheckpointView.as_view(), name="checkpoint"),
    path("audit/checks/", checks.Checks.as_view(), name="log_checks"),
    path("audit/entries/", log.Entries.as_view(), name="entries"),
    path("training/courses/", training.Courses.as_view(), name="training_courses"),
    path("training/reading/", training.ReadingCounts.as_view(), name="training_reading"),
    path("training/compliance/", training.Compliance.as_view(), name="training_compliance"),
    path("training/hours/", training_hours.TrainingHours.as_view(), name="training_hours"),
    path("training/records/", training.Records.as_view(), name="training_records"),
    path("training/trained/", training.TrainedBefore.as_view(), name="trained_before"),
    path("statistics/complaints/", statistics.ComplaintStatistics.as_view(), name="complaint_statistics"),
    path("statistics/allegations/", statistics.AllegationStatistics.as_view(), name="allegation_statistics"),
    path("policies/sections/<str:code>/figures/", figures.FiguresOfSection.as_view(), name="section_figures"),
    path("recommendations/", recommendations.Recommendations.as_view(), name="recommendations"),
    path("recommendations/<str:number>/", recommendations.OneRecommendation.as_view(), name="recommendation"),
    path("policies/chapters/<str:code>/versions/<str:version>/what-if/", what_if.DraftWhatIf.as_view(), name="what_if"),
    path("policies/failing/", figures.FailingSections.as_view(), name="failing_sections"),
]
