"""The public pages of training."""

from django.urls import path

from casework.portal import training

app_name = "courses"
urlpatterns = [
    path("", training.overview, name="overview"),
    path("<str:course>/", training.course, name="course"),
]
