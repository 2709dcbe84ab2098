"""The description of the API: OpenAPI 3.1 for programs, and a page for people, made from the same description."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny

METHODS = ("get", "post", "put", "patch", "delete")


class Schema(SpectacularAPIView):
    """OpenAPI 3.1, in YAML or JSON as the request asks."""

    permission_classes = (AllowAny,)
    authentication_classes = ()


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
    description = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return render(request, "pages/api_reference.html", {"operations": _operations(description)})
