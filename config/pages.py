"""The home page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    """Say who the office is and what a visitor can do here."""
    return render(request, "home.html")
