"""The board: a draw that anyone can repeat, votes by name that are never altered, reasons and dissents."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts.models import RoleHolding, User
from audit import log
from casework.actions import notices
from casework.actions.acts import acting, authority, record
from casework.actions.allegations import add_finding, finding_facts
from casework.exceptions import Invalid
from casework.models import Allegation, Assignment, Case, Finding, Opinion, PanelDraw, PanelSeat, Vote, Wall
from casework.permissions import SYSTEM, Actor, grant, user
from casework.vocabulary import CaseRole, OpinionKind, Perm, Stage, VoteChoice
from policy_rules.rule_data import PanelRule
from policy_rules.rules import Rules, rules_on

MEMBER_ROLES = (CaseRole.BOARD_MEMBER, CaseRole.BOARD_CHAIR)


def lot(seed: str, reference: str) -> str:
    """Return a member's lot: SHA-256 of ``seed`` and the member's reference. The lowest lots are drawn (CH-5.5)."""
    return hashlib.sha256(f"redress/draw/v1\0{seed}\0{reference}".encode()).hexdigest()


def draw_order(seed: str, pool: Sequence[str]) -> list[str]:
    """Return the pool in the order of the draw: the same for everyone who knows the seed and the pool."""
    return sorted(pool, key=lambda reference: lot(seed, reference))


def board_pool(case: Case) -> list[User]:
    """Return the members of the board who have no known conflict in the case, in the order of their keys."""
    walled = Wall.objects.filter(case=case).values("user")
    holders = RoleHolding.objects.in_force().filter(role_id__in=MEMBER_ROLES, user__is_active=True)
    return list(User.objects.filter(pk__in=holders.values("user")).exclude(pk__in=walled).order_by("pk"))


def draw_panel(*, case: Case | str, by: Actor, on: date | None = None) -> PanelDraw:
    """Draw the panel and its substitutes by lot, seeded with the root of the log's newest checkpoint (CH-5.5).

    Raises Invalid where a panel is drawn already, or too few members are without a conflict.
    """
    with acting("draw_panel", case=case, by=by, perm=Perm.DRAW_PANEL, on=on) as act:
        if act.case.draws.exists():
            raise Invalid(_("The panel has been drawn. Members are replaced in the order drawn."), field="draw")
        rules = rules_on(act.on)
        members = {user.reference: user for user in board_pool(act.case)}
        if len(members) < rules.panel.quorum:
            raise Invalid(_("Too few members are without a conflict for a quorum."), field="draw")
        checkpoint = log.newest_checkpoint() or log.integrate()
        if checkpoint is None:
            raise Invalid(_("The log has no checkpoint yet. Try again in a minute."), field="draw")
        pool = list(members)
        order = draw_order(checkpoint.root_hex, pool)
        draw = PanelDraw.objects.create(
            case=act.case,
            seed=checkpoint.root_hex,
            checkpoint_size=checkpoint.size,
            pool=pool,
            by=user(by),
            on=act.on,
        )
        size, substitutes = rules.panel.size, rules.panel.substitutes
        for index, reference in enumerate(order[: size + substitutes]):
            is_substitute = index >= size
            PanelSeat.objects.create(
                draw=draw,
                user=members[reference],
                order=index + 1,
                is_substitute=is_substitute,
                called_on=None if is_substitute else act.on,
            )
            if not is_substitute:
                Assignment.objects.create(
                    case=act.case,
                    user=members[reference],
                    role=CaseRole.DRAWN_MEMBER,
                    received_on=act.case.received_on,
                    since=act.on,
                )
        grant(act.case)
        entry = act.record(
            "panel.drawn",
            objects=order[: size + substitutes],
            facts={
                "draw": draw.pk,
                "seed": draw.seed,
                "checkpoint": draw.checkpoint_size,
                "pool": pool,
                "seats": order[:size],
                "substitutes": order[size : size + substitutes],
            },
        )
        notices.tell(entry, case=act.case, roles=[CaseRole.DRAWN_MEMBER], by=by, on=act.on)
        return draw


def seated(case: Case) -> list[PanelSeat]:
    """Return the seats that are taken now."""
    draw = case.draws.last()
    return [] if draw is None else [seat for seat in draw.seats.select_related("user") if seat.is_taken]


def vote(
    *,
    case: Case | str,
    allegation: Allegation | None,
    choice: str,
    note: str = "",
    by: User,
    on: date | None = None,
) -> Vote:
    """Cast one's vote on an allegation, or with `allegation=None` on sending the case back (CH-5.7).

    `note` holds the questions of a vote to send back, which are specific (CH-5.10), or why one abstains. A vote is by
    name and is never altered; its entry tells that it was cast, and holds the choice sealed until the roll call shows
    it. When the last seated member has voted on an allegation, and a quorum and a majority are reached, the board's
    finding is entered in the same act. A tie makes no finding.
    """
    with acting("vote", case=case, by=by, perm=Perm.VOTE, on=on) as act:
        rules = rules_on(act.on)
        if allegation is not None and allegation.case_id != act.case.pk:
            raise Invalid(_("This allegation belongs to another case."), field="allegation")
        if choice not in answers(rules, allegation):
            raise Invalid(_("Choose one of the answers."), field="choice")
        if choice == VoteChoice.SEND_BACK and not note.strip():
            raise Invalid(_("Write the questions that the investigation is to answer."), field="note")
        if by.pk not in {seat.user_id for seat in seated(act.case)}:
            raise Invalid(_("You do not sit on this panel."), field="choice")
        number = act.case.returns + 1
        if Vote.objects.filter(case=act.case, allegation=allegation, member=by, round=number).exists():
            raise Invalid(_("You have voted. A vote is never altered; it is corrected only by a new vote."), "choice")
        cast = Vote.objects.create(
            case=act.case, allegation=allegation, member=by, round=number, choice=choice, note=note, on=act.on
        )
        act.record(
            "vote.cast",
            objects=[allegation.reference] if allegation else [],
            facts={
                "vote": cast.pk,
                "allegation": allegation.code if allegation else "",
                "round": number,
            },
            detail={"choice": str(choice), "note": note},
        )
        if allegation is not None and have_all_voted(act.case, allegation):
            count = tally(act.case, allegation, act.on)
            if count.result:
                _enter_result(act.case, allegation, count.result, act.on)
        return cast


def answers(rules: Rules, allegation: Allegation | None) -> tuple[str, ...]:
    """Return what a member may answer on an allegation, or with None on whether the case is sent back."""
    if allegation is None:
        return tuple(VoteChoice)
    return (*rules.finding_codes.decided, VoteChoice.ABSTAIN)


def have_all_voted(case: Case, allegation: Allegation | None) -> bool:
    """Say whether every member who sits has voted in the present round."""
    cast = case.votes.filter(allegation=allegation, round=case.returns + 1)
    members = {seat.user_id for seat in seated(case)}
    return bool(members) and members <= set(cast.values_list("member_id", flat=True))


def has_voted_on(case: Case, allegation: Allegation) -> bool:
    """Say whether the board has made its finding on an allegation in the present round."""
    found = allegation.finding_at(Stage.BOARD)
    return found is not None and found.round == case.returns + 1


def close_vote(*, case: Case | str, allegation: Allegation, by: Actor, on: date | None = None) -> Finding:
    """Close the vote on an allegation with the members present, where a quorum of them has voted (CH-5.7).

    Raises Invalid without a quorum, and where no answer has a majority: a tie makes no finding (CH-5.8).
    """
    with acting("vote", case=case, by=by, perm=Perm.ADOPT_RECOMMENDATION, on=on) as act:
        if allegation.case_id != act.case.pk:
            raise Invalid(_("This allegation belongs to another case."), field="allegation")
        if has_voted_on(act.case, allegation):
            raise Invalid(_("The vote on this allegation is closed."), field="allegation")
        count = tally(act.case, allegation, act.on)
        if count.present < count.quorum:
            raise Invalid(_("Too few members have voted for a quorum."), field="allegation")
        if not count.result:
            raise Invalid(_("No finding has a majority of the members voting."), field="allegation")
        act.record("vote.closed", objects=[allegation.reference], facts={"allegation": allegation.code})
        return _enter_result(act.case, allegation, count.result, act.on)


@dataclass(frozen=True)
class Tally:
    """A vote so far: how many chose what, and the result once it is reached."""

    counts: dict[str, int]
    present: int
    quorum: int
    result: str
    is_tied: bool


def tally(case: Case, allegation: Allegation | None, on: date) -> Tally:
    """Count the votes of the present round by the members who sit now.

    The result is the choice of a majority by the rules in force (CH-5.7).
    """
    members = [seat.user_id for seat in seated(case)]
    cast = case.votes.filter(allegation=allegation, round=case.returns + 1, member__in=members)
    return counted(list(cast.values_list("choice", flat=True)), rules_on(on).panel)


def counted(choices: Sequence[str], panel: PanelRule) -> Tally:
    """Count choices against the quorum and majority of the rules; whoever abstains is present and does not vote."""
    voting = Counter(choice for choice in choices if choice != VoteChoice.ABSTAIN)
    ranked = voting.most_common()
    top = ranked[0] if ranked else ("", 0)
    present = len(choices)
    result = top[0] if panel.is_decided(top[1], voting=voting.total(), present=present) else ""
    tied = len(ranked) > 1 and ranked[0][1] == ranked[1][1] and present >= panel.quorum
    return Tally(dict(Counter(choices)), present, panel.quorum, result, tied)


def _enter_result(case: Case, allegation: Allegation, result: str, on: date) -> Finding:
    before = allegation.finding_at(Stage.INVESTIGATOR)
    finding = add_finding(
        allegation,
        Stage.BOARD,
        result,
        by=None,
        on=on,
        implied=before.implied if before else "",
    )
    record(
        "finding.voted",
        case=case,
        by=SYSTEM,
        perm=Perm.VOTE,
        on=on,
        sections=[authority("act", "vote", on), *allegation.alleged],
        objects=[allegation.reference],
        facts=finding_facts(finding),
    )
    return finding


def give_opinion(
    *,
    case: Case | str,
    allegation: Allegation | None,
    kind: str,
    text: str,
    by: User,
    on: date | None = None,
) -> Opinion:
    """State the reasons of the majority, a concurrence or a dissent; each travels with the recommendation (CH-5.9)."""
    with acting("record_dissent", case=case, by=by, perm=Perm.VOTE, on=on) as act:
        if kind not in OpinionKind.values:
            raise Invalid(_("Choose what this text is."), field="kind")
        if not text.strip():
            raise Invalid(_("Write the reasons."), field="text")
        if allegation is None or allegation.case_id != act.case.pk:
            raise Invalid(_("Choose an allegation of this case."), field="allegation")
        if kind == OpinionKind.MAJORITY and not has_voted_on(act.case, allegation):
            raise Invalid(_("The majority states its reasons once the vote has made a finding."), field="kind")
        if (
            kind == OpinionKind.MAJORITY
            and act.case.opinions.filter(allegation=allegation, kind=kind, round=act.case.returns + 1).exists()
        ):
            raise Invalid(_("The majority has stated its reasons on this allegation."), field="kind")
        opinion = Opinion.objects.create(
            case=act.case,
            allegation=allegation,
            kind=kind,
            round=act.case.returns + 1,
            member=by,
            text=text,
            on=act.on,
        )
        act.record(
            "opinion.given",
            objects=[allegation.reference],
            facts={"opinion": opinion.pk, "allegation": allegation.code, "kind": str(kind)},
            detail={"text": text},
        )
        return opinion
