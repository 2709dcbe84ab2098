"""The description of the API: whole, named throughout, and made once."""

from unittest import mock

import pytest
from django.core.management import call_command
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

pytestmark = pytest.mark.django_db


def test_it_is_valid_and_every_list_of_codes_has_a_name_of_its_own(tmp_path):
    call_command("spectacular", file=str(tmp_path / "schema.yaml"), validate=True, fail_on_warn=True)


def test_it_is_made_once_for_each_language_of_the_site():
    first = Client().get("/api/v1/schema/?format=json&lang=es").json()
    assert first["openapi"] == "3.1.1"
    with mock.patch.object(SchemaGenerator, "get_schema", side_effect=AssertionError("made again")):
        assert Client().get("/api/v1/schema/?format=json&lang=es").json() == first
