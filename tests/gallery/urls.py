"""The addresses of the program, and the gallery's beside them."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import path

from config.urls import handler400, handler403, handler404, handler500  # noqa: F401
from config.urls import urlpatterns as addresses
from tests.gallery import pages

urlpatterns = [
    *addresses,
    path("gallery/<str:name>/", pages.gallery, name="gallery"),
    *i18n_patterns(path("gallery/letter/<str:name>/", pages.letter, name="letter")),
    *i18n_patterns(path("gallery/fault/<int:status>/", pages.fault, name="fault")),
]
