"""Whatever a program sends, its answer is one that the schema promises: no fault of ours, refusals in one shape.

The requests come out of the published schema: some fit it, some break it in one place, some name things that exist.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.tokens import issue, scopes_open_to
from casework.states import State
from tests import walk
from tests.cast import person

pytestmark = pytest.mark.django_db
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
PUBLISHED = SchemaGenerator().get_schema(public=True)
OPERATIONS = [(method, path) for path, found in PUBLISHED["paths"].items() for method in found]


@pytest.fixture(autouse=True, scope="module")
def _one_connection() -> Iterator[None]:
    """A request does not close the connection on which the test's transaction runs."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def api(_one_connection):
    return schemathesis.openapi.from_wsgi("/api/v1/schema/", get_wsgi_application())


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_no_input_is_answered_by_a_fault_or_by_what_the_schema_does_not_promise(method, path, api):
    case = walk.case_in(State.PRELIMINARY_INQUIRY)
    owner = person("vsundarell" if "/audit/" in path else "rambersole")
    _token, secret = issue(by=owner, label="any input", scopes=scopes_open_to(owner), lasts=timedelta(days=1))
    there = {"number": case.number, "name": "open_investigation", "code": "DE-4.2", "version": "1.0", "act": "posted"}
    operation = api[path][method]
    requests = st.one_of(*(operation.as_strategy(mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)))

    @settings(
        max_examples=15, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(request=requests, exists=st.booleans())
    def answer_each(request, exists):
        if exists:
            request.path_parameters |= {name: there[name] for name in request.path_parameters if name in there}
        answer = request.call(headers={"authorization": f"Bearer {secret}"})
        request.validate_response(answer, checks=CHECKS)
        if answer.status_code >= 400:
            body = answer.json()
            assert body.keys() == {"type", "errors"}
            assert all(error.keys() == {"code", "detail", "attr"} for error in body["errors"])

    answer_each()
