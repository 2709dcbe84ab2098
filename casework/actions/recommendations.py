"""Recommendations for change: who may make, send, answer, report and verify one, and the one door to its state."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from audit import log
from casework import clocks
from casework.actions import acts, recommendation_news
from casework.exceptions import CaseNotFound, Invalid, NotPermitted
from casework.models import Allegation, Case, Recommendation
from casework.models.recommendations import RecommendationQuerySet
from casework.permissions import access_case, permissions_of
from casework.recommending import ADDRESSEES, PROMISED, ROLES, UNANSWERED, RecommendationPerm, RecommendationState
from casework.vocabulary import Perm, Stage
from moves.carrying import is_carrying_over
from moves.models import Proposal
from moves.perform import Attempt, Process
from moves.refusals import Refusal
from policy_rules import citations
from policy_rules.in_force import NotInForce, UnknownSection, in_force
from policy_rules.models import Comment, SectionVersion
from policy_rules.rules import rules_on

ANSWER_CLOCK = "recommendation_answer"
NUMBERED = "casework.recommendation_number"
DATES = {"send": "sent_on", "accept": "answered_on", "accept_in_part": "answered_on", "reject": "answered_on",
         "report_done": "done_on", "verify": "verified_on"}  # fmt: skip
"""The field in which the day of a move is kept."""


def roles_of(by: User) -> tuple[str, ...]:
    """Return the roles of the table that the person holds today; superusers hold none."""
    if not by.is_active or by.is_superuser:
        return ()
    return tuple(sorted(role for role in by.role_codes() if role in ROLES))


def may(by: User, perm: RecommendationPerm) -> bool:
    """Say whether the person has the permission for some recommendation."""
    return any(perm in ROLES[role] for role in roles_of(by))


def require(by: User, perm: RecommendationPerm) -> None:
    """Raise NotPermitted for someone who may not do this with any recommendation."""
    if not may(by, perm):
        raise NotPermitted(perm.label)


def permissions_on(by: User, recommendation: Recommendation) -> frozenset[str]:
    """Return what the person may do with a recommendation: answering is for the one it is addressed to."""
    held: set[str] = set()
    for role in roles_of(by):
        denied = {RecommendationPerm.ANSWER} if role != recommendation.addressed_to else set()
        held |= {perm.value for perm in ROLES[role] - denied}
    return frozenset(held)


def waiting_for(by: User) -> RecommendationQuerySet:
    """Return the recommendations whose next step is this person's."""
    roles = roles_of(by)
    held = {perm for role in roles for perm in ROLES[role]}
    asked = [role for role in roles if RecommendationPerm.ANSWER in ROLES[role]]
    steps = Q(state__in=UNANSWERED, addressed_to__in=asked)
    for perm, states in (
        (RecommendationPerm.SEND, [RecommendationState.PROPOSED]),
        (RecommendationPerm.REPORT, PROMISED),
        (RecommendationPerm.VERIFY, [RecommendationState.IMPLEMENTED]),
    ):
        if perm in held:
            steps |= Q(state__in=states)
    return Recommendation.objects.filter(steps)


def _role_for(by: User, perm: str) -> str:
    return next((role for role in roles_of(by) if perm in ROLES[role]), "none")


class RecommendationProcess(Process[Recommendation, User, Proposal]):
    """The table of moves at work on recommendations."""

    model: ClassVar[type[Recommendation]] = Recommendation

    def permissions(self, by: User, subject: Recommendation) -> Collection[str]:
        return permissions_on(by, subject)

    def lock(self, subject: Recommendation) -> Recommendation:
        return Recommendation.objects.select_for_update().get(pk=subject.pk)

    def day(self, subject: Recommendation, by: User, on: date | None) -> tuple[date, list[Refusal]]:
        """A step takes place on the day it is entered, except where a whole history is entered."""
        today = clocks.today()
        if on is None or on == today or (is_carrying_over() and on < today):
            return on or today, []
        return on, [Refusal("not_today", _("A step is entered on the day it is taken."), field="on")]

    def revision(self, subject: Recommendation) -> int:
        return subject.revision

    def carry_out(self, attempt: Attempt[Recommendation, User, Proposal]) -> None:
        recommendation, on = attempt.subject, attempt.on
        if field := DATES.get(attempt.move.name):
            setattr(recommendation, field, on)
        if attempt.move.name == "send":
            recommendation.answer_due_on = clocks.due_on(rules_on(on).clock(ANSWER_CLOCK), on)
        recommendation.revision += 1
        recommendation.save()
        texts: Sequence[SectionVersion] = ()
        if recommendation.motives is not None:
            texts, cases, votes = recommendation.motives
            recommendation.sections.set(text.section_id for text in texts)
            recommendation.cases.set(cases)
            recommendation.votes.set(votes)
        _record(attempt, texts)
        recommendation_news.tell(recommendation, attempt.move.tells, news=attempt.move.name, by=attempt.by)

    def record_proposal(self, attempt: Attempt[Recommendation, User, Proposal]) -> Proposal:
        raise NotImplementedError("No move of a recommendation takes a second person.")

    def record_refusal(self, attempt: Attempt[Recommendation, User, Proposal], refusals: list[Refusal]) -> None:
        with transaction.atomic():
            log.record(
                "recommendation.refused",
                actor=attempt.by.reference,
                role="none",
                subject=attempt.subject.reference,
                facts={"act": attempt.move.name, "codes": [refusal.code for refusal in refusals]},
            )


PROCESS = RecommendationProcess()


def _record(attempt: Attempt[Recommendation, User, Proposal], texts: Sequence[SectionVersion]) -> None:
    recommendation, move, on = attempt.subject, attempt.move, attempt.on
    stated = {"from": attempt.source, "to": recommendation.state, **attempt.facts}
    if on != clocks.today():
        stated["on"] = on.isoformat()
    if is_carrying_over():
        stated["carried_over"] = True
    citations.record(
        f"recommendation.{move.name}",
        acts.authority("act", f"{move.name}_recommendation", on),
        *texts,
        actor=attempt.by.reference,
        role=_role_for(attempt.by, move.permission),
        subject=recommendation.reference,
        objects=[case.reference for case in recommendation.cases.order_by("pk")],
        facts=stated,
        detail=attempt.detail or None,
    )


@transaction.atomic
def make(
    *,
    title: str,
    text: str,
    sections: Sequence[str],
    addressed_to: str,
    cases: Sequence[str] = (),
    comments: Sequence[str] = (),
    language: str = "",
    by: User,
    on: date | None = None,
) -> Recommendation:
    """Recommend a change (CH-12.4) and return the recommendation, which is public once it is sent.

    `sections` are codes of the manual in force, `cases` numbers of cases that the person may see; the board's votes on
    these sections in them, where the person may see votes, are linked too. Raises Invalid, naming the field, and
    Refused for someone who may not recommend.
    """
    recommendation = Recommendation(
        title=title.strip(),
        text=text.strip(),
        language=language or settings.LANGUAGE_CODE,
        addressed_to=addressed_to,
        body=_role_for(by, RecommendationPerm.MAKE),
        comments=list(comments),
        proposed_by=by,
        proposed_on=on or clocks.today(),
    )
    if not recommendation.title or not recommendation.text:
        raise Invalid(_("Say what is to change."), field="title" if not recommendation.title else "text")
    if addressed_to not in ADDRESSEES:
        raise Invalid(_("Choose who is asked."), field="addressed_to")
    if recommendation.language not in dict(settings.LANGUAGES):
        raise Invalid(_("Choose the language it is written in."), field="language")
    texts = _texts(sections, recommendation.proposed_on)
    linked = [_case(number, by) for number in dict.fromkeys(cases)]
    for receipt in recommendation.comments:
        _known_comment(receipt)
    votes = [vote for case in linked for vote in _votes(case, by, {text.section_id for text in texts})]
    recommendation.motives = (texts, linked, votes)
    recommendation.number = _next_number(recommendation.proposed_on)
    return PROCESS.perform("make", recommendation, by=by, on=on)


def perform(
    name: str, recommendation: Recommendation, *, by: User, on: date | None = None, **stated: Any
) -> Recommendation:
    """Make a move and return the recommendation as it now is; raises Refused, after recording it, with every reason."""
    return PROCESS.perform(name, recommendation, by=by, on=on, **stated)


def _texts(codes: Sequence[str], on: date) -> list[SectionVersion]:
    if not codes:
        raise Invalid(_("Name at least one section of the manual."), field="sections")
    try:
        return [in_force(code, on=on) for code in dict.fromkeys(codes)]
    except (NotInForce, UnknownSection) as error:
        raise Invalid(str(error), field="sections") from error


def _case(number: str, by: User) -> Case:
    try:
        return access_case(by, number, Perm.VIEW)
    except (CaseNotFound, NotPermitted) as error:
        raise Invalid(_("There is no case %(number)s that you may see.") % {"number": number}, field="cases") from error


def _known_comment(receipt: str) -> None:
    docket, _dash, number = receipt.rpartition("-")
    if not (number.isdecimal() and Comment.objects.filter(docket__code=docket, number=int(number)).exists()):
        raise Invalid(_("There is no comment %(number)s.") % {"number": receipt}, field="comments")


def _votes(case: Case, by: User, sections: set[int]) -> list[Allegation]:
    if Perm.VIEW_VOTES not in permissions_of(by, case):
        return []
    voted = case.allegations.filter(findings__stage=Stage.BOARD, section_version__section__in=sections)
    return list(voted.distinct())


def _next_number(on: date) -> str:
    """Return the next number of the year; whoever else makes one waits until this one is made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [NUMBERED])
    made = Recommendation.objects.filter(number__startswith=f"R-{on.year}-").count()
    return f"R-{on.year}-{made + 1:03d}"
