"""Addresses of the explorer, under /audit/."""

from django.urls import path

from casework.web.explorer import access, checks, entries, erasures, export, sections

app_name = "audit"

urlpatterns = [
    path("", checks.state, name="state"),
    path("entries/", entries.entry_list, name="entries"),
    path("entries/<int:pk>/", entries.entry, name="entry"),
    path("entries/<int:pk>/detail/", entries.open_detail, name="open_detail"),
    path("entries/<int:pk>/receipt.json", entries.receipt_file, name="receipt"),
    *(path(f"entries/export.{form}", export.export, {"form": form}, name="export") for form in export.FORMS),
    path("access/", access.access, name="access"),
    path("sections/", sections.section_list, name="sections"),
    path("sections/<str:code>/", sections.section, name="section"),
    path("erasures/", erasures.erasure_list, name="erasures"),
    path("erasures/<int:pk>/", erasures.erasure, name="erasure"),
    path("checks/", checks.check_list, name="verifications"),
    path("checks/<int:pk>/", checks.check, name="verification"),
]
