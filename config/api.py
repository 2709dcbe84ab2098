"""The description of the API: OpenAPI 3.1 for programs, and a page for people, made from the same description."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

METHODS = ("get", "post", "put", "patch", "delete")


@cache
def _description(language: str) -> dict[str, Any]:
    """Return the description with its words in that language; made once in each process, since it is slow."""
    with override(language):
        made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return made


def _in_own_language() -> dict[str, Any]:
    language = get_language()
    return _description(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)


class Schema(SpectacularAPIView):
    """OpenAPI 3.1, in YAML or JSON as the request asks."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    def _get_schema_response(self, request: Request) -> Response:
        name = self._get_filename(request, self.api_version or "1")  # type: ignore[no-untyped-call]
        return Response(_in_own_language(), headers={"Content-Disposition": f'inline; filename="{name}"'})


def _operations(description: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "address": address,
            "method": method.upper(),
            "anchor": operation["operationId"],
            "text": operation.get("description", ""),
            "parameters": operation.get("parameters", []),
            "public": {} in operation.get("security", []) or not operation.get("security"),
        }
        for address, methods in description["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Show every address of the API, what it takes, and how to sign in to it."""
    return render(request, "pages/api_reference.html", {"operations": _operations(_in_own_language())})
