"""Addresses of the tracker of recommendations, under each language."""

from django.urls import path

from casework.portal import recommendations

app_name = "recommendations"
urlpatterns = [
    path("", recommendations.tracker, name="tracker"),
    path("recommendations.csv", recommendations.table, name="table"),
    path("<str:number>/", recommendations.recommendation, name="recommendation"),
]
