"""The made-up city: every story is lived through the real actions, and the log explains all of it."""

import pytest

from audit.log import integrate
from audit.models import Entry
from audit.verify import verify
from casework.clocks import today
from casework.importers import demonstration
from casework.models import Case, Dispatch, Recommendation
from casework.permissions import check_grants
from casework.recommending import RecommendationState
from casework.reporting import tallies
from policy_rules.models import Docket
from policy_rules.states import State as VersionState
from tests.cast import person

LOOKED_AT = {"preliminary_inquiry", "investigation", "board_referred", "board_review", "chief_decision"}
"""What the README has people look at."""
NOT_YET = "this version has no move"


@pytest.mark.django_db
@pytest.mark.xdist_group("harrow bend")
class TestTheCity:
    @pytest.fixture(scope="class")
    def loaded(self, undone_later):
        with undone_later():
            yield demonstration.load()

    def test_it_is_loaded_through_real_acts_and_the_log_explains_every_row(self, loaded):
        integrate()
        for case in Case.objects.all():
            moves = Entry.objects.about(case.reference).filter(action__startswith="move.")
            assert [entry.facts["to"] for entry in moves if "to" in entry.facts][-1] == case.state
        assert verify().faults == []
        assert check_grants() == []
        assert tallies.differences() == []
        assert loaded.cases == Case.objects.count() >= 39
        assert {"closed", "closed_screened", "referred_out", *LOOKED_AT} <= set(loaded.by_state)
        to_mail = Dispatch.objects.to_print().filter(letter__case__in=Case.objects.visible_to(person("bollerby")))
        assert 1 <= to_mail.count() <= 3
        assert Case.objects.get(narrative__contains="kitchen knife in his lap").state == "closed"
        assert not {"kitchen-door", "cash-cuffs"} & loaded.stopped.keys(), loaded.stopped
        told = Recommendation.objects.all()
        assert {row.state for row in told} == set(RecommendationState)
        assert told.overdue(today()).exists()
        assert told.filter(cases__isnull=False).exists()
        assert len([reason for reason in loaded.stopped.values() if NOT_YET not in reason]) <= 8, loaded.stopped

    def test_it_has_six_sessions_behind_it_and_an_open_docket_with_comments_in_two_languages(self, loaded):
        held, running = Docket.objects.get(code="DE-2022"), Docket.objects.get(code="DE-2026")
        assert sum(session.was_held for session in held.sessions.all()) == 6
        assert held.comments.tally() == {"comments": 30, "people": 30 + 209 + 93, "answered": 30, "withheld": 0}
        assert held.groups.get(title="Crisis teams at night").rationale_es.startswith("Es un asunto de presupuesto")
        assert running.is_open()
        assert running.version.state == VersionState.PUBLIC_COMMENT
        assert {comment.language for comment in running.comments.all()} == {"en", "es"}
        assert running.comments.get(number=1).quote == "A child shall not be used as interpreter"
        assert sorted(session.was_held for session in running.sessions.all()) == [False, True]


@pytest.mark.django_db
def test_a_city_is_never_loaded_over_what_someone_entered():
    from accounts.models import User
    from casework.exceptions import Invalid

    User.objects.create_user("someone", name="Someone")
    with pytest.raises(Invalid, match="empty"):
        demonstration.load()
