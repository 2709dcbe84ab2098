import pytest
from django.utils import translation

from accounts.models import Role, RoleCode

pytestmark = pytest.mark.django_db


def test_every_role_that_redress_ships_is_a_row():
    assert dict(Role.objects.values_list("code", "name")) == {role.value: str(role.label) for role in RoleCode}


def test_roles_are_named_in_the_readers_language():
    with translation.override("es"):
        assert str(Role.objects.get(code="board_chair")) == "Presidencia de la junta"
