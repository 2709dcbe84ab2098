"""Addresses of the results, under each language."""

from django.urls import path

from casework.portal import results

app_name = "results"
urlpatterns = [
    path("", results.overview, name="overview"),
    path("<slug:code>.csv", results.table, name="table"),
]
