"""Addresses. Public pages carry their language; the staff, board, audit, log and API addresses do not."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from config import api, pages

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.not_found"
handler429 = "config.errors.too_many_tries"
handler500 = "config.errors.server_error"

urlpatterns = [
    path("begin/", pages.begin, name="begin"),
    path("accounts/", include("accounts.urls")),
    path("api/v1/", include("casework.api.urls")),
    path("api/v1/schema/", api.Schema.as_view(), name="api_schema"),
    path("api/v1/reference/", api.reference, name="api_reference"),
    path("staff/policies/", include("casework.web.policies.urls")),
    path("staff/policies/", include("policy_rules.web.office_urls")),
    path("staff/training/", include("casework.web.training.urls")),
    path("staff/", include("casework.web.urls")),
    path("audit/", include("casework.web.explorer.urls")),
    path("log/", include("audit.urls")),
    path("board/", include("casework.web.board_room.urls")),
    path("api/v1/policies/", include("policy_rules.api.urls")),
    *i18n_patterns(
        path("", pages.home, name="home"),
        path("how-we-decide/", pages.how_we_decide, name="how_we_decide"),
        path("your-information/", pages.your_information, name="your_information"),
        path("accessibility/", pages.accessibility, name="accessibility"),
        path("contact/", pages.contact, name="contact"),
        path("emergency/", pages.emergency, name="emergency"),
        path("", include("casework.portal.urls")),
        path("policies/", include("casework.portal.figures_urls")),
        path("policies/", include("policy_rules.web.urls")),
        path("training/", include("casework.portal.training_urls")),
        path("results/", include("casework.portal.results_urls")),
        path("recommendations/", include("casework.portal.recommendations_urls")),
    ),
]
