"""Complaints enough to be counted: five in one district, and one in another, which is withheld."""

from casework.models import Case
from casework.states import State
from tests import walk
from tests.permissions.visitors import Scene, scene


@scene
def results() -> Scene:
    for _ in range(6):
        walk.file()
    walk.case_in(State.INVESTIGATION)
    numbers = Case.objects.order_by("pk").values_list("pk", flat=True)
    Case.objects.filter(pk__in=list(numbers[:6])).update(district="Harrow Bend")
    return Scene({"code": "districts"})
