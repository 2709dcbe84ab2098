"""The routes of the project as the URL configuration has them."""

import re
from collections.abc import Iterator

from django.contrib.admindocs.views import simplify_regex
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern, RoutePattern

LANGUAGE = "[lang]"


def addresses() -> list[str]:
    """Return the address of every route, sorted, in the notation of the rows; static files are not routes."""
    return sorted(set(_walk(get_resolver(), "/")))


def _walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        address = prefix + _part(entry)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, address)
        else:
            yield address


def _part(entry: URLPattern | URLResolver) -> str:
    if isinstance(entry.pattern, LocalePrefixPattern):
        return f"{LANGUAGE}/"
    if isinstance(entry.pattern, RoutePattern):
        return re.sub(r"<(?:[^<>:]+:)?([^<>:]+)>", r"<\1>", str(entry.pattern))
    return simplify_regex(str(entry.pattern)).removeprefix("/")
