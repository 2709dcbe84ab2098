"""Sign-in, sign-out and second factor, all of django-allauth with templates of ours."""

from django.urls import include, path

urlpatterns = [path("", include("allauth.urls"))]
