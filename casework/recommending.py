"""THE table of moves of a recommendation for change: from the board's proposal to what was done and verified (CH-12.4).

The section that empowers a move is found under its name in the manual in force (`authorities.acts`);
`casework.actions.recommendations` is the only door. That a recommendation is overdue is no state: it follows from the
day on which an answer, or what was promised, is due.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField

from accounts.models import RoleCode
from moves.models import Subject
from moves.refusals import Refusal
from moves.statements import Day, Text
from moves.table import move

UNBEGUN = "unbegun"
"""Before the first move: no recommendation exists yet."""


class RecommendationState(models.TextChoices):
    """Where a recommendation stands."""

    PROPOSED = "proposed", _("Proposed")
    SENT = "sent", _("Sent")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    ACCEPTED = "accepted", pgettext_lazy("a recommendation", "Accepted")
    ACCEPTED_IN_PART = "accepted_in_part", pgettext_lazy("a recommendation", "Accepted in part")
    REJECTED = "rejected", pgettext_lazy("a recommendation", "Rejected")
    IMPLEMENTED = "implemented", _("Done, not yet verified")
    VERIFIED = "verified", _("Verified")


S = RecommendationState
UNANSWERED = (S.SENT, S.ACKNOWLEDGED)
PROMISED = (S.ACCEPTED, S.ACCEPTED_IN_PART)
PUBLIC_STATES = tuple(state for state in S if state != S.PROPOSED)
"""What everyone reads."""


class RecommendationPerm(models.TextChoices):
    """What someone may do with recommendations."""

    READ = "read_recommendation", _("Read recommendations in the office")
    MAKE = "make_recommendation", _("Recommend a change")
    SEND = "send_recommendation", _("Send a recommendation")
    ANSWER = "answer_recommendation", _("Answer a recommendation")
    REPORT = "report_recommendation", _("Report that a recommendation was carried out")
    VERIFY = "verify_recommendation", _("Verify that a recommendation was carried out")


P = RecommendationPerm
ROLES: dict[str, frozenset[RecommendationPerm]] = {
    RoleCode.BOARD_MEMBER: frozenset({P.READ, P.MAKE}),
    RoleCode.BOARD_CHAIR: frozenset({P.READ, P.MAKE, P.SEND}),
    RoleCode.INVESTIGATOR: frozenset({P.READ, P.MAKE}),
    RoleCode.SUPERVISING_INVESTIGATOR: frozenset({P.READ, P.MAKE, P.SEND}),
    RoleCode.AUDITOR: frozenset({P.READ, P.MAKE, P.SEND, P.VERIFY}),
    RoleCode.CHIEF: frozenset({P.READ, P.ANSWER, P.REPORT}),
    RoleCode.CITY_MANAGER: frozenset({P.READ, P.ANSWER, P.REPORT}),
    RoleCode.POLICY_ANALYST: frozenset({P.READ, P.REPORT}),
    RoleCode.TRAINING_COORDINATOR: frozenset({P.READ, P.REPORT}),
    RoleCode.COUNSEL: frozenset({P.READ}),
}
"""What each role of the office may do; at which stage follows from the table of moves."""


class Reader(StrEnum):
    """Who is told of a step by mail: who is asked, who proposed it, and those whose step is the next."""

    ADDRESSEE = "addressee"
    PROPOSER = "proposer"
    SENDERS = "senders"
    VERIFIERS = "verifiers"


R = Reader
ADDRESSEES = (RoleCode.CHIEF, RoleCode.CITY_MANAGER)
"""Who can be asked for a change. Only the one who was asked answers."""


def _lies_ahead(_recommendation: Any, given: dict[str, Any], day: date) -> Refusal | None:
    promised = given.get("promised_for")
    if promised is None or promised >= day:
        return None
    return Refusal("in_the_past", _now("Choose a day from today on."), field="promised_for")


PROMISE = Day("promised_for", _("Day by which it is to be done"))
ANSWER = Text("answer", _("Answer"), hint=_("It is published. Name nobody."), limit=5_000)


class RecommendationFlow(Subject):
    """The states of a recommendation and the moves between them, in the order of the process."""

    state = FSMField(protected=True, default=UNBEGUN, max_length=20, choices=RecommendationState.choices)

    class Meta:
        abstract = True

    answer: Any
    promised_for: Any
    evidence: Any
    verification: Any

    @move(
        source=UNBEGUN,
        target=S.PROPOSED,
        permission=P.MAKE,
        label=_("Recommend a change"),
        timeline=_("Recommendation proposed"),
        tells=[R.SENDERS],
    )
    def make(self) -> None:
        """The board, the auditor or an investigator recommends a change in policy, training or practice."""

    @move(
        source=S.PROPOSED,
        target=S.SENT,
        permission=P.SEND,
        label=_("Send the recommendation"),
        timeline=_("Recommendation sent"),
        tells=[R.ADDRESSEE],
    )
    def send(self) -> None:
        """It goes to whom it is addressed, becomes public, and the time for an answer begins."""

    @move(
        source=S.SENT,
        target=S.ACKNOWLEDGED,
        permission=P.ANSWER,
        label=_("Acknowledge it"),
        timeline=_("Recommendation acknowledged"),
        tells=[R.PROPOSER],
    )
    def acknowledge(self) -> None:
        """The addressee has received it; an answer is still due."""

    @move(
        source=[*UNANSWERED],
        target=S.ACCEPTED,
        permission=P.ANSWER,
        label=_("Accept it"),
        timeline=_("Recommendation accepted"),
        states=[ANSWER, PROMISE],
        checks=[_lies_ahead],
        tells=[R.PROPOSER],
    )
    def accept(self, answer: str, promised_for: date) -> None:
        """The addressee says how it will be carried out, and by when."""
        self.answer, self.promised_for = answer, promised_for

    @move(
        source=[*UNANSWERED],
        target=S.ACCEPTED_IN_PART,
        permission=P.ANSWER,
        label=_("Accept it in part"),
        timeline=_("Recommendation accepted in part"),
        states=[
            Text("answer", _("What is accepted, what is not, and why"), hint=ANSWER.hint, limit=5_000),
            PROMISE,
        ],
        checks=[_lies_ahead],
        tells=[R.PROPOSER],
    )
    def accept_in_part(self, answer: str, promised_for: date) -> None:
        """The addressee says which part will be carried out by when, and why the rest will not."""
        self.answer, self.promised_for = answer, promised_for

    @move(
        source=[*UNANSWERED],
        target=S.REJECTED,
        permission=P.ANSWER,
        label=_("Reject it"),
        timeline=_("Recommendation rejected"),
        states=[Text("answer", _("Why it is rejected"), hint=ANSWER.hint, limit=5_000)],
        tells=[R.PROPOSER],
    )
    def reject(self, answer: str) -> None:
        """The addressee says why it will not be carried out."""
        self.answer = answer

    @move(
        source=[*PROMISED],
        target=S.IMPLEMENTED,
        permission=P.REPORT,
        label=_("Report it as done"),
        timeline=_("Recommendation reported as done"),
        states=[
            Text("evidence", _("What shows that it was done"), hint=_("It is published. Name nobody."), limit=5_000)
        ],
        tells=[R.PROPOSER, R.VERIFIERS],
    )
    def report_done(self, evidence: str) -> None:
        """It was carried out, and something shows it."""
        self.evidence = evidence

    @move(
        source=S.IMPLEMENTED,
        target=S.VERIFIED,
        permission=P.VERIFY,
        label=_("Verify that it was done"),
        timeline=_("Recommendation verified"),
        states=[Text("verification", _("How you verified it"), hint=_("It is published. Name nobody."), limit=5_000)],
        tells=[R.ADDRESSEE, R.PROPOSER],
    )
    def verify(self, verification: str) -> None:
        """The auditor has seen for themselves that it was done."""
        self.verification = verification

    @move(
        source=S.IMPLEMENTED,
        target=S.ACCEPTED,
        permission=P.VERIFY,
        label=_("Return it as not done"),
        timeline=_("Recommendation returned as not done"),
        states=[
            Text("verification", _("What is missing"), hint=_("It is published. Name nobody."), limit=5_000),
            PROMISE,
        ],
        checks=[_lies_ahead],
        tells=[R.ADDRESSEE, R.PROPOSER],
    )
    def find_undone(self, verification: str, promised_for: date) -> None:
        """The auditor found that it was not done, or not wholly, and names a new day."""
        self.verification, self.promised_for = verification, promised_for
