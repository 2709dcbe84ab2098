"""Addresses. Public pages carry their language; the staff, board, audit, log and API addresses do not."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from config import pages

urlpatterns = [
    path("accounts/", include("accounts.urls")),
    *i18n_patterns(path("", pages.home, name="home")),
]
