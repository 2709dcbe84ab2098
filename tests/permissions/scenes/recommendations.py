"""Recommendations: proposed, sent and late, answered, and verified."""

from datetime import timedelta

from casework.actions import recommendations
from casework.clocks import today
from casework.models import Recommendation
from casework.states import State
from moves.carrying import carrying_over
from tests import walk
from tests.cast import person
from tests.permissions.visitors import Scene, scene


def _made(**more) -> Recommendation:
    return recommendations.make(
        title="Practise saying the word stop to a partner", text="Aloud, in every refresher.\n\nThe duty is known.",
        sections=["DE-5.3", "DE-4.2"], addressed_to="chief", by=person("wtarrow"), **more,
    )  # fmt: skip


@scene
def recommendation_proposed() -> Scene:
    case = walk.case_in(State.CHIEF_DECISION)
    return Scene({"number": _made(cases=[case.number]).number, "move": "send"})


@scene
def recommendation_sent() -> Scene:
    """Sent a hundred days ago, and not answered."""
    day = today() - timedelta(days=100)
    with carrying_over():
        row = recommendations.perform("send", _made(on=day), by=person("wtarrow"), on=day)
    return Scene({"number": row.number, "move": "accept"})


@scene
def recommendation_verified() -> Scene:
    row = recommendations.perform("send", _made(), by=person("wtarrow"))
    row = recommendations.perform(
        "accept_in_part", row, by=person("ecastlemayne"), answer="In every second one.", promised_for=today()
    )
    row = recommendations.perform("report_done", row, by=person("dpassmoor"), evidence="Lesson plan 2.1.")
    recommendations.perform("verify", row, by=person("vsundarell"), verification="Two sessions sat in on.")
    return Scene({"number": row.number})
