"""Addresses of the figures of each section, beside the manual under each language."""

from django.urls import path

from casework.portal import figures

app_name = "figures"
urlpatterns = [
    path("failing/", figures.failing, name="failing"),
    path("<str:code>/figures/", figures.section, name="section"),
    path("<str:code>/figures.csv", figures.table, name="table"),
]
