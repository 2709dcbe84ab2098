"""Addresses of the figures of the manual in the office, beside the drafts."""

from django.urls import path

from casework.web.policies import figures, review, what_if

app_name = "policy_figures"
urlpatterns = [
    path("failing/", figures.failing, name="failing"),
    path("figures/", figures.overview, name="overview"),
    path("review/<str:code>/", review.review, name="review"),
    path("review/<str:code>/files/<int:pack>/", review.review_file, name="review_file"),
    path("<str:code>/<str:version>/what-if/", what_if.what_if, name="what_if"),
    path("<str:code>/<str:version>/what-if.csv", what_if.what_if_file, name="what_if_file"),
]
