"""The reference page of the API, made from its OpenAPI description and the scopes that the views name."""

from __future__ import annotations

from typing import Any

from drf_spectacular.generators import EndpointEnumerator, SchemaGenerator

from accounts.tokens import Scope

INTRODUCTION = """\
Every address takes and gives JSON. A program sends its token as `Authorization: Bearer …`; a person's open session
works too. What a token opens is narrowed by its scope, and then by what its owner may see and do in each case. Lists
come in pages: follow `next`. The same as OpenAPI 3.1 stands at `/api/v1/schema/`, to be tried at `/api/v1/reference/`.

Every refusal has one shape: `type`, and `errors` with a `code`, a sentence and, as `attr`, the field or the rule.
"""
HTTP_METHODS = ("get", "post", "put", "patch", "delete")


def api_page() -> str:
    """Return the page as Markdown: each address with scope, parameters, body and answers, then each shape."""
    schema = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    scopes = _scopes()
    lines = [INTRODUCTION]
    for path, operations in schema["paths"].items():
        for method in HTTP_METHODS:
            if method in operations:
                lines += _operation(method, path, operations[method], scopes.get((method, path), ""))
    lines += ["## Shapes", ""]
    for name, shape in sorted(schema["components"]["schemas"].items()):
        if "Error" not in name and shape.get("type") == "object":
            lines += _shape(name, shape)
    return "\n".join(lines)


def _scopes() -> dict[tuple[str, str], str]:
    found = {}
    for path, _pattern, method, callback in EndpointEnumerator().get_api_endpoints():  # type: ignore[no-untyped-call]
        scope = getattr(callback.cls, "scopes", {}).get(method)
        if scope is not None:
            found[method.lower(), path] = Scope(scope).value
    return found


def _operation(method: str, path: str, operation: dict[str, Any], scope: str) -> list[str]:
    lines = [f"## {method.upper()} {path}", "", _plain(operation.get("description", "")), ""]
    lines += [f"* scope: `{scope}`" if scope else "* public"]
    for parameter in operation.get("parameters", []):
        said = _plain(parameter.get("description", ""))
        needed = ", required" if parameter.get("required") and parameter["in"] != "path" else ""
        lines.append(
            f"* `{parameter['name']}` in the {parameter['in']}: {_type(parameter['schema'])}{needed}. {said}".rstrip()
        )
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body:
        lines.append(f"* body: {_type(body['schema'])}")
    for status, answer in sorted(operation["responses"].items()):
        content = next(iter(answer.get("content", {}).values()), None)
        if content is not None and status < "400":
            lines.append(f"* answers {status}: {_type(content['schema'])}")
    refusals = [f"`{status}`" for status in sorted(operation["responses"]) if status >= "400"]
    return [*lines, f"* refuses with: {', '.join(refusals)}", ""]


def _shape(name: str, shape: dict[str, Any]) -> list[str]:
    lines = [f"### {name}", ""]
    if said := shape.get("description"):
        lines += [_plain(said), ""]
    required = shape.get("required", [])
    for field, told in shape.get("properties", {}).items():
        said = _plain(told.get("description", ""))
        left_out = "" if field in required else ", may be left out"
        lines.append(f"* `{field}`: {_type(told)}{left_out}. {said}".rstrip())
    return [*lines, ""]


def _type(schema: dict[str, Any]) -> str:
    """Return a type in words: a shape by its name, a list by what is in it."""
    if "$ref" in schema:
        return f"`{schema['$ref'].rpartition('/')[2]}`"
    for several in ("oneOf", "anyOf", "allOf"):
        if several in schema:
            return " or ".join(dict.fromkeys(_type(option) for option in schema[several]))
    if "enum" in schema:
        return " or ".join(f"`{code}`" for code in schema["enum"])
    kinds = schema.get("type", "anything")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return " or ".join(_kind(kind, schema) for kind in kinds)


def _kind(kind: str, schema: dict[str, Any]) -> str:
    if kind == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return {"date": "date", "date-time": "moment"}.get(schema.get("format", ""), kind) if kind == "string" else kind


def _plain(text: str) -> str:
    """Return the text on one line, without the list of codes and labels that follows where codes are choices."""
    return " ".join(text.partition("* `")[0].split())
