"""Browsers of the cast, for tests of pages."""

from typing import Any

from django.http import HttpResponse
from django.test import Client

from casework.models import Case
from tests.cast import person


def browser(login: str) -> Client:
    """Return a browser in which this member of the cast has signed in."""
    client = Client()
    client.force_login(person(login), backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(case: Case | str, *parts: Any) -> str:
    """Return the address of a page of a case."""
    return "/".join(["/staff/cases", str(case), *(str(part) for part in parts)]) + "/"


def get(login: str, case: Case | str, *parts: Any) -> HttpResponse:
    """Open a page of a case."""
    return browser(login).get(address(case, *parts))


def post(login: str, case: Case | str, *parts: Any, **data: Any) -> HttpResponse:
    """Send a form of a case."""
    return browser(login).post(address(case, *parts), data)
