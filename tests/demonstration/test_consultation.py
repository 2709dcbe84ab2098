"""The made-up city has heard its residents once, and is hearing them now."""

import pytest
import yaml

from audit.log import integrate
from audit.verify import verify
from casework.importers import demo_dockets, demonstration
from moves.carrying import carrying_over
from policy_rules.models import Docket
from policy_rules.states import State


@pytest.mark.django_db
def test_the_city_has_six_sessions_behind_it_and_an_open_docket_with_comments_in_two_languages(manual):
    city = yaml.safe_load(demonstration.HARROW_BEND.read_text(encoding="utf-8"))
    with carrying_over():
        demonstration._people(city)
        demo_dockets.load(city)
    held, running = Docket.objects.get(code="DE-2022"), Docket.objects.get(code="DE-2026")
    assert sum(session.was_held for session in held.sessions.all()) == 6
    assert held.comments.tally() == {"comments": 30, "people": 30 + 209 + 93, "answered": 30}
    assert held.groups.get(title="Crisis teams at night").rationale_es.startswith("Es un asunto de presupuesto")
    assert running.is_open()
    assert running.version.state == State.PUBLIC_COMMENT
    assert {comment.language for comment in running.comments.all()} == {"en", "es"}
    assert running.comments.get(number=1).quote == "A child shall not be used as interpreter"
    assert sorted(session.was_held for session in running.sessions.all()) == [False, True]
    integrate()
    assert verify().faults == []
