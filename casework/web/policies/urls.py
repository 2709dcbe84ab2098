"""Addresses of the figures of the manual in the office, beside the drafts."""

from django.urls import path

from casework.web.policies import figures

app_name = "policy_figures"
urlpatterns = [
    path("failing/", figures.failing, name="failing"),
    path("figures/", figures.overview, name="overview"),
]
