"""Addresses beside the manual under each language: the figures of each section, and comparisons as files."""

from django.urls import path

from casework.portal import comparisons, figures, reviews

app_name = "figures"
urlpatterns = [
    path("failing/", figures.failing, name="failing"),
    path("chapter/<str:code>/compare.pdf", comparisons.comparison, name="comparison"),
    path("chapter/<str:code>/review/", reviews.review, name="review"),
    path("chapter/<str:code>/review/<int:pack>.pdf", reviews.review_file, name="review_file"),
    path("figures.csv", figures.all_tables, name="all_tables"),
    path("<str:code>/figures/", figures.section, name="section"),
    path("<str:code>/figures.csv", figures.table, name="table"),
]
