"""Addresses beside the manual under each language: the figures of each section, and comparisons as files."""

from django.urls import path

from casework.portal import comparisons, figures

app_name = "figures"
urlpatterns = [
    path("failing/", figures.failing, name="failing"),
    path("chapter/<str:code>/compare.pdf", comparisons.comparison, name="comparison"),
    path("<str:code>/figures/", figures.section, name="section"),
    path("<str:code>/figures.csv", figures.table, name="table"),
]
