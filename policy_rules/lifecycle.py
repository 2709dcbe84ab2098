"""THE table of moves of a policy: how a version of a chapter is drafted, heard, adopted, reviewed and replaced.

The section that empowers a move is found under its name in the manual in force on the day (`authorities.policy_moves`).
`policy_rules.actions.lifecycle` is the only door. What a move asks of dates, comments and the whole manual stands there
too, in `LifecycleProcess.further`, since it rests on the rules in force.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from moves.models import Subject
from moves.refusals import Refusal, guard
from moves.statements import Choice, Day, Text
from moves.table import move
from policy_rules.roles import PolicyPerm
from policy_rules.states import BINDING, UNBEGUN, State

REVIEW_OUTCOMES = ("no_change", "amendment_proposed", "amended")
CODE_LENGTH = 20


@guard(_("Nothing differs from the version in force."), place="draft")
def has_changes(version: Any) -> bool:
    """The draft changes, adds or retires at least one section, or changes a rule."""
    return version.draft_sections.filter(reason__gt="").exists() or version.draft_rules.exists()


def _comment_is_over(version: Any, _given: dict[str, Any], day: date) -> Refusal | None:
    if version.comment_closes_on is None or day > version.comment_closes_on:
        return None
    sentence = _now("The public can comment until %(day)s.") % {"day": version.comment_closes_on.isoformat()}
    return Refusal("comment_still_open", sentence)


def _day_has_come(version: Any, _given: dict[str, Any], day: date) -> Refusal | None:
    if version.effective_from is not None and version.effective_from <= day:
        return None
    return Refusal("not_yet", _now("Its first day has not come."))


def _last_day_has_passed(version: Any, _given: dict[str, Any], day: date) -> Refusal | None:
    if version.effective_to is not None and version.effective_to < day:
        return None
    return Refusal("still_in_force", _now("It is still in force."))


class ChapterLifecycle(Subject):
    """The stages of a chapter's version and the moves between them, in the order of the process."""

    state = FSMField(protected=True, default=UNBEGUN, max_length=20, choices=State.choices)

    class Meta:
        abstract = True

    comment_closes_on: Any

    @move(
        source=UNBEGUN,
        target=State.DRAFTING,
        permission=PolicyPerm.DRAFT,
        label=_("Begin a draft"),
        timeline=_("Drafting begun"),
        states=[
            Text("version", _("Number of the new version"), limit=CODE_LENGTH, hint=_("For example 1.2.")),
            Text(
                "trigger", _("Why the chapter is to change"), hint=_("An incident, a recommendation, a law, a review.")
            ),
        ],
    )
    def begin_drafting(self) -> None:
        """A policy analyst begins with the texts in force, and says why they are to change."""

    @move(
        source=State.DRAFTING,
        target=State.LEGAL_REVIEW,
        permission=PolicyPerm.SEND_TO_LEGAL_REVIEW,
        label=_("Send to legal review"),
        timeline=_("Sent to legal review"),
        guards=[has_changes],
        states=[Text("note", _("What counsel should look at"), required=False)],
    )
    def send_to_legal_review(self) -> None:
        """Counsel reviews a draft that holds together."""

    @move(
        source=State.LEGAL_REVIEW,
        target=State.DRAFTING,
        permission=PolicyPerm.REVIEW_LEGALLY,
        label=_("Return to drafting"),
        timeline=_("Returned to drafting"),
        states=[Text("reason", _("Which sections are unlawful, and why"))],
    )
    def return_to_drafting(self) -> None:
        """Sections found unlawful go back to drafting with reasons."""

    @move(
        source=State.LEGAL_REVIEW,
        target=State.PUBLIC_COMMENT,
        permission=PolicyPerm.REVIEW_LEGALLY,
        label=_("Clear it and open it for comment"),
        timeline=_("Opened for public comment"),
        states=[
            Text("docket", _("Docket"), limit=60, hint=_("The name under which people find it, for example DE-2026.")),
            Day("closes", _("Last day for comments")),
            Text("memo", _("Opinion of counsel"), required=False),
        ],
    )
    def open_for_comment(self, docket: str, closes: date) -> None:
        """The draft is published, and anyone may comment until the day that is named."""
        self.docket = docket
        self.comment_closes_on = closes

    @move(
        source=State.PUBLIC_COMMENT,
        target=State.COMMENT_DISPOSITION,
        permission=PolicyPerm.CLOSE_COMMENT,
        label=_("Close the comment period"),
        timeline=_("Comment period closed"),
        checks=[_comment_is_over],
    )
    def close_comment(self) -> None:
        """Once the last day for comments has passed, every comment is answered."""

    @move(
        source=State.COMMENT_DISPOSITION,
        target=State.ADOPTED,
        permission=PolicyPerm.ADOPT,
        label=_("Adopt"),
        timeline=_("Adopted"),
        states=[
            Day("effective_from", _("First day in force")),
            Text("change_note", _("What changes, in a sentence"), limit=2_000),
            Text("vote", _("Vote of the council, if there was one"), required=False, limit=200),
        ],
    )
    def adopt(self) -> None:
        """Who adopts the chapter names the day on which it comes into force; on that day the version before it ends."""

    @move(
        source=State.ADOPTED,
        target=State.IN_FORCE,
        permission=PolicyPerm.BRING_INTO_FORCE,
        label=_("Bring into force"),
        timeline=_("Came into force"),
        checks=[_day_has_come],
    )
    def bring_into_force(self) -> None:
        """On its first day an adopted version comes into force."""

    @move(
        source=State.IN_FORCE,
        target=State.UNDER_REVIEW,
        permission=PolicyPerm.REVIEW,
        label=_("Begin the review"),
        timeline=_("Review begun"),
    )
    def begin_review(self) -> None:
        """The chapter is reviewed on the figures of its sections; it stays in force."""

    @move(
        source=State.UNDER_REVIEW,
        target=State.IN_FORCE,
        permission=PolicyPerm.REVIEW,
        label=_("End the review"),
        timeline=_("Review ended"),
        states=[
            Choice("outcome", _("Outcome"), codes=lambda _version: REVIEW_OUTCOMES),
            Text("report", _("Report"), hint=_("It is public.")),
        ],
    )
    def end_review(self) -> None:
        """The review ends with a public report."""

    @move(
        source=list(BINDING),
        target=State.SUPERSEDED,
        permission=PolicyPerm.SUPERSEDE,
        label=_("Replace by the next version"),
        timeline=_("Superseded"),
        checks=[_last_day_has_passed],
    )
    def supersede(self) -> None:
        """A version ends on the day before the next one begins."""

    @move(
        source=list(BINDING),
        target=State.RESCINDED,
        permission=PolicyPerm.RESCIND,
        label=_("Rescind"),
        timeline=_("Rescinded"),
        states=[Day("last_day", _("Last day in force")), Text("reason", _("Why it is rescinded"))],
    )
    def rescind(self) -> None:
        """Who adopts the chapter can end it without another in its place."""
