"""A course with a session that was held, a member who attended, and a panel that waits for an answer."""

from datetime import timedelta

from django.utils import timezone

from casework.actions.training import members, sessions
from casework.models import Officer
from tests.casework.training import teaching
from tests.cast import person
from tests.permissions.visitors import Scene, Visitor, scene


@scene
def training() -> Scene:
    course = teaching.course()
    held = teaching.session(course, award="G-2026-1")
    attendance = teaching.took(held, "1014", score=88)
    teaching.took(held, "1006")
    board = teaching.course("CH-BOARD", sections=["CH-5.5"], required_of="board", within_days=0)
    sessions.record_person(
        session=teaching.session(board, "TS-02"), person=person("wtarrow"), result="completed", by=person("dpassmoor")
    )
    asked = teaching.recommendation(course)
    members.waive(
        officer=Officer.objects.get(badge="1013"), course=course, ground="leave", reason="Approved family leave",
        expires_on=timezone.localdate() + timedelta(days=20), by=person("dpassmoor"),
    )  # fmt: skip
    parameters = {
        "course": course.code, "session": held.code, "attendance": attendance.pk, "badge": "1013",
        "member": asked.member_id, "recommendation": asked.pk, "chapter": "DE", "version": "1.1",
    }  # fmt: skip
    sergeant = person("tminch")
    return Scene(parameters, {"coordinator": Visitor(person("dpassmoor")), "sergeant": Visitor(sergeant)})


@scene
def training_downtown() -> Scene:
    """The same, asked about a member whom the sergeant commands."""
    found = training()
    return Scene({**found.parameters, "badge": "1006"}, found.visitors)


@scene
def training_list_with_faults() -> Scene:
    found = training()
    return Scene(found.parameters, found.visitors, {"lines": "badge,result\n9999,completed\n1013,late"})
