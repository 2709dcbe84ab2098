"""How a vote stands, in words: who has voted, and how once the vote is closed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from casework import clocks
from casework.actions.board import Tally, counted
from casework.models import Allegation, Case, PanelDraw, PanelSeat, Vote
from casework.vocabulary import Stage, VoteChoice
from casework.web import words
from casework.web.dossier import finding_words
from policy_rules.rule_data import PanelRule
from policy_rules.rules import rules_on

READ = (
    Prefetch("draws", PanelDraw.objects.prefetch_related("seats__user")),
    Prefetch("votes", Vote.objects.select_related("member")),
)
"""What the votes of a case are counted from."""


@dataclass(frozen=True)
class Roll:
    """One vote of the panel in the present round, on an allegation or on sending the case back."""

    allegation: Allegation | None
    seats: Sequence[PanelSeat]
    cast: dict[int, Vote]
    tally: Tally
    finding: dict[str, Any] | None

    @property
    def is_closed(self) -> bool:
        """Whether how each member voted may be shown: a finding is made, or every member who sits has voted."""
        return self.finding is not None or (bool(self.seats) and not self.to_vote)

    @property
    def to_vote(self) -> list[PanelSeat]:
        """The members who sit and have not voted."""
        return [seat for seat in self.seats if seat.user_id not in self.cast]

    @property
    def may_close(self) -> bool:
        """Whether the chair may close the vote with the members present (CH-5.7)."""
        return self.allegation is not None and not self.is_closed and bool(self.tally.result)

    @property
    def counts(self) -> list[dict[str, Any]]:
        """How many chose what, once that may be shown; else how many have voted and how many have not."""
        if not self.is_closed:
            voted = {"label": _("Voted"), "number": self.tally.present}
            return [voted, {"label": _("To vote"), "number": len(self.to_vote)}]
        return [{"label": words.code_label(code), "number": number} for code, number in self.tally.counts.items()]

    @property
    def sentence(self) -> str:
        """How the vote stands, with the rule that decides it."""
        if self.finding is not None:
            return _("The board finds: %(finding)s.") % {"finding": self.finding["label"]}
        if not self.is_closed:
            return self._open_sentence()
        if self.tally.present < self.tally.quorum:
            return _("Fewer than %(quorum)d members voted. Without a quorum nothing is decided.") % {
                "quorum": self.tally.quorum
            }
        if self.tally.is_tied:
            return _("The vote is tied. A tie makes no finding.")
        if self.allegation is None and self.tally.result:
            return _("The panel answers: %(answer)s.") % {"answer": words.code_label(self.tally.result)}
        return _("No answer has the majority that the rules ask for. No finding is made.")

    def _open_sentence(self) -> str:
        present, quorum = self.tally.present, self.tally.quorum
        stands = ngettext(
            "%(present)d of %(seats)d member has voted.",
            "%(present)d of %(seats)d members have voted.",
            len(self.seats),
        ) % {"present": present, "seats": len(self.seats)}
        if present < quorum:
            return stands + " " + _("%(quorum)d make a quorum.") % {"quorum": quorum}
        return stands + " " + _("That is a quorum.")

    def rows(self, reader: User) -> list[dict[str, Any]]:
        """Return each seat with its vote, as far as this reader may know it now: their own, and all once closed."""
        found = []
        for seat in self.seats:
            vote = self.cast.get(seat.user_id)
            is_mine = seat.user_id == reader.pk
            is_shown = vote is not None and (self.is_closed or is_mine)
            found.append(
                {
                    "seat": seat,
                    "is_mine": is_mine,
                    "has_voted": vote is not None,
                    "vote": vote if is_shown else None,
                    "label": words.code_label(vote.choice) if vote and is_shown else "",
                    "is_answer": vote is not None and vote.choice in VoteChoice.values,
                }
            )
        return found

    def questions(self) -> list[Vote]:
        """Return the votes to send back, with the questions they ask."""
        return [vote for vote in self.cast.values() if vote.choice == VoteChoice.SEND_BACK]


def panel_today() -> PanelRule:
    """Return how a panel decides under the rules in force."""
    return rules_on(clocks.today()).panel


def rolls(case: Case, allegations: Iterable[Allegation], rule: PanelRule) -> list[Roll]:
    """Return the vote on each allegation and, last, the vote on sending the case back.

    What `READ` names is fetched once, or was fetched with the list that the case comes from.
    """
    prefetch_related_objects([case], *READ)
    draws = list(case.draws.all())
    seats = [seat for seat in draws[-1].seats.all() if seat.is_taken] if draws else []
    votes = [vote for vote in case.votes.all() if vote.round == case.returns + 1]
    return [_roll(case, subject, seats, votes, rule) for subject in (*allegations, None)]


def roll_on(case: Case, allegation: Allegation | None) -> Roll:
    """Return one vote of the panel."""
    return rolls(case, [allegation] if allegation else [], panel_today())[0]


def _roll(
    case: Case, allegation: Allegation | None, seats: Sequence[PanelSeat], votes: Sequence[Vote], rule: PanelRule
) -> Roll:
    sitting = {seat.user_id for seat in seats}
    key = allegation.pk if allegation else None
    cast = {vote.member_id: vote for vote in votes if vote.allegation_id == key and vote.member_id in sitting}
    finding = allegation.finding_at(Stage.BOARD) if allegation else None
    return Roll(
        allegation,
        seats,
        cast,
        counted([vote.choice for vote in cast.values()], rule),
        finding_words(finding.code) if finding and finding.round == case.returns + 1 else None,
    )
