"""THE table of moves: read this first.

A case goes through intake, investigation, review board and disposition by these moves and by no other way. Each row
says from where to where, who may, what must be true, what must be stated, which clocks run, who is told, which letters
are drafted and whose part in the case begins. The section that empowers a move is found under the move's name in the
manual in force on the day (`authorities` of the manual). `casework.actions.moves.perform` is the only door.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from casework import guards
from casework.states import OPEN, UNFILED, State
from casework.vocabulary import Audience, CaseRole, Clock, LetterCode, Perm
from moves.models import Subject
from moves.statements import Choice, Digests, Flag, Text
from moves.table import move


def _screening_grounds(case: Any) -> tuple[str, ...]:
    """Return the grounds that fit this case: its own class where that may be screened out, and those of the record."""
    kinds = guards.rules_for(case).classifications
    grounds = [code for code in kinds.may_be_screened_out if code == case.classification or code not in kinds.codes]
    return (*grounds, *(kinds.after_withdrawal if case.withdrawn_on is not None else ()))


class CaseWorkflow(Subject):
    """The states of a case and the moves between them, in the order of the process."""

    state = FSMField(protected=True, default=UNFILED, max_length=40, choices=State.choices)

    class Meta:
        abstract = True

    closure_code: Any
    returns: Any

    @move(
        source=UNFILED,
        target=State.RECEIVED,
        permission=Perm.RECEIVE,
        label=_("Record the complaint"),
        timeline=_("Complaint received"),
        told=_("We received your complaint and gave it a number."),
        states=[
            Text("narrative", _("What happened, in the complainant's own words"), limit=200_000),
            Text("incident", _("When it happened"), required=False),
            Text("place", _("Where it happened"), required=False),
            Text("officers", _("The officers, as the complainant described them"), required=False, limit=200_000),
            Text("desired_outcome", _("What the complainant asks for"), required=False, limit=200_000),
            Flag("board_requested", _("The complainant asks that the board hear the case"), required=False),
        ],
        starts=[
            Clock.PRESERVATION_REQUEST,
            Clock.INTAKE_REVIEW,
            Clock.ACKNOWLEDGE,
            Clock.CLASSIFY,
            Clock.COMPLAINANT_UPDATE,
            Clock.OVERALL,
            Clock.DISCIPLINE_LIMIT,
        ],
        gives=[CaseRole.INTAKE, CaseRole.SUPERVISOR, CaseRole.AUDITOR],
    )
    def receive(self) -> None:
        """A complaint is taken in whatever form it comes, and has a number at once."""

    @move(
        source=UNFILED,
        target=[State.RECEIVED, State.CLOSED],
        permission=Perm.IMPORT_RECORD,
        label=_("Enter a record of another system"),
        timeline=_("Record entered from another system"),
        states=[
            Flag("is_closed", _("The source says that it is closed"), required=False),
            Digests("rows", _("SHA-256 of each row of the source")),
        ],
    )
    def import_record(self, is_closed: bool | None) -> State:  # noqa: FBT001 - stated by name
        """A record of another system is entered as that system has it; no clock starts and no letter goes out."""
        return State.CLOSED if is_closed else State.RECEIVED

    @move(
        source=State.RECEIVED,
        target=State.INTAKE_REVIEW,
        permission=Perm.BEGIN_INTAKE_REVIEW,
        label=_("Begin the intake review"),
        timeline=_("Intake review begun"),
        told=_("We began to review your complaint."),
        guards=[guards.intake_declared_no_conflict],
        stops=[Clock.INTAKE_REVIEW],
        drafts=[LetterCode.ACKNOWLEDGEMENT],
        tells=[Audience.COMPLAINANT],
    )
    def begin_intake_review(self) -> None:
        """An intake specialist without a conflict protects evidence, notes urgent needs and prepares the letter."""

    @move(
        source=State.INTAKE_REVIEW,
        target=State.PRELIMINARY_INQUIRY,
        permission=Perm.BEGIN_PRELIMINARY_INQUIRY,
        label=_("Begin the preliminary inquiry"),
        timeline=_("Preliminary inquiry begun"),
        told=_("We began to find out which rules your complaint is about."),
        guards=[guards.acknowledged_or_unreachable],
        starts=[Clock.PRELIMINARY_INQUIRY],
        tells=[Audience.SUPERVISOR],
    )
    def begin_preliminary_inquiry(self) -> None:
        """The office learns what is alleged, of whom, and under which sections."""

    @move(
        source=[State.INTAKE_REVIEW, State.PRELIMINARY_INQUIRY],
        target=State.REFERRED_OUT,
        permission=Perm.REFER_OUT,
        label=_("Refer to another agency"),
        timeline=_("Referred to another agency"),
        told=_("We sent your complaint to the agency that is responsible for it."),
        guards=[guards.is_classified],
        states=[
            Text("agency", _("Agency that is responsible"), limit=200),
            Text("reason", _("Why the complaint belongs to it")),
        ],
        stops=list(Clock),
        drafts=[LetterCode.AGENCY_REFERRAL, LetterCode.REFERRAL],
        tells=[Audience.COMPLAINANT],
        second_person=True,
    )
    def refer_out(self) -> None:
        """A complaint that belongs to another agency is sent to it, and the complainant has a copy of the letter."""
        self.closure_code = "referred_out"

    @move(
        source=[State.INTAKE_REVIEW, State.PRELIMINARY_INQUIRY],
        target=State.CLOSED_SCREENED,
        permission=Perm.SCREEN_OUT,
        label=_("Close without investigation"),
        timeline=_("Closed without investigation"),
        told=_("We closed your complaint without an investigation. Our letter says why and how to ask for review."),
        guards=[guards.is_classified, guards.was_never_grave],
        states=[
            Choice("ground", _("Ground"), codes=_screening_grounds),
            Text("reason", _("Reason, as the complainant will read it")),
            Text("evidence_reviewed", _("Evidence that was reviewed")),
        ],
        stops=list(Clock),
        drafts=[LetterCode.SCREENED_OUT],
        tells=[Audience.COMPLAINANT, Audience.AUDITOR],
        second_person=True,
    )
    def screen_out(self, ground: str) -> None:
        """Only a class that the rules name is closed in this way, and never one that was ever grave."""
        self.closure_code = ground

    @move(
        source=State.PRELIMINARY_INQUIRY,
        target=State.INVESTIGATION,
        permission=Perm.OPEN_INVESTIGATION,
        label=_("Open the investigation"),
        timeline=_("Investigation opened"),
        told=_("We opened an investigation."),
        guards=[
            guards.is_classified,
            guards.allegations_cite_policy_in_force,
            guards.investigator_without_conflict,
        ],
        states=[Text("reason", _("Reason"), required=False)],
        starts=[Clock.INVESTIGATION, Clock.OFFICER_NOTICE],
        stops=[Clock.PRELIMINARY_INQUIRY],
        drafts=[LetterCode.OFFICER_NOTICE],
        tells=[Audience.COMPLAINANT, Audience.INVESTIGATOR],
    )
    def open_investigation(self) -> None:
        """The complaint is classified, framed under the policy in force, and has an investigator without a conflict."""

    @move(
        source=State.INVESTIGATION,
        target=State.QUALITY_REVIEW,
        permission=Perm.SUBMIT,
        label=_("Send to quality review"),
        timeline=_("Investigation sent to quality review"),
        told=_("The investigator finished. A supervisor is checking the work."),
        guards=[
            guards.every_element_is_concluded,
            guards.every_exception_is_concluded,
            guards.every_allegation_has_recommended_finding,
            guards.complainant_was_heard,
            guards.report_is_written,
        ],
        starts=[Clock.QUALITY_REVIEW],
        stops=[Clock.INVESTIGATION, Clock.REMAND],
        tells=[Audience.SUPERVISOR],
    )
    def submit_for_quality_review(self) -> None:
        """Every element and every raised exception is concluded on cited evidence, and the report is written."""

    @move(
        source=State.QUALITY_REVIEW,
        target=State.INVESTIGATION,
        permission=Perm.RETURN_TO_INVESTIGATOR,
        label=_("Return to the investigator"),
        timeline=_("Returned to the investigator"),
        states=[Text("reason", _("Reason")), Text("tasks", _("What is to be done"))],
        stops=[Clock.QUALITY_REVIEW],
        resumes=[Clock.INVESTIGATION],
        tells=[Audience.INVESTIGATOR],
    )
    def return_to_investigator(self) -> None:
        """A supervisor returns the work with a written reason and a list of tasks."""
        self.returns += 1

    @move(
        source=State.QUALITY_REVIEW,
        target=State.BOARD_REFERRED,
        permission=Perm.REFER_TO_BOARD,
        label=_("Refer to the review board"),
        timeline=_("Referred to the review board"),
        told=_("Your complaint went to the review board."),
        guards=[guards.a_board_reviews_cases, guards.belongs_to_board, guards.packet_is_frozen_and_checked],
        states=[
            Text(
                "emergency",
                _("Memorandum of emergency"),
                required=False,
                hint=_("Only where little time is left on the legal limit. It is published with the annual report."),
            )
        ],
        checks=[guards.enough_time_is_left],
        starts=[Clock.BOARD],
        stops=[Clock.QUALITY_REVIEW],
        gives=[CaseRole.BOARD_CHAIR],
        tells=[Audience.CHAIR, Audience.COMPLAINANT],
        second_person=True,
    )
    def refer_to_board(self) -> None:
        """The file is frozen and listed item by item, and a second person has checked it."""

    @move(
        source=State.QUALITY_REVIEW,
        target=State.CHIEF_DECISION,
        permission=Perm.SEND_TO_CHIEF,
        label=_("Send to the chief"),
        timeline=_("Sent to the chief"),
        told=_("Your complaint went to the chief for a decision."),
        guards=[guards.does_not_belong_to_board],
        starts=[Clock.CHIEF_ANSWER],
        stops=[Clock.QUALITY_REVIEW],
        gives=[CaseRole.CHIEF],
        tells=[Audience.CHIEF, Audience.COMPLAINANT],
    )
    def send_to_chief(self) -> None:
        """A minor matter that no one has asked the board to hear goes straight to the chief."""

    @move(
        source=State.BOARD_REFERRED,
        target=State.BOARD_REVIEW,
        permission=Perm.SEAT_PANEL,
        label=_("Seat the panel"),
        timeline=_("Panel seated"),
        told=_("A panel of board members with no ties to the case began its review."),
        guards=[
            guards.panel_is_drawn,
            guards.every_seat_has_declared,
            guards.panel_has_quorum,
            guards.agreements_are_current,
        ],
        tells=[Audience.PANEL],
    )
    def seat_panel(self) -> None:
        """The members drawn by lot have declared, enough have no conflict, and the packet opens to them."""

    @move(
        source=State.BOARD_REVIEW,
        target=State.INVESTIGATION,
        permission=Perm.SEND_BACK,
        label=_("Send back to the investigation"),
        timeline=_("Sent back by the board"),
        told=_("The review board asked for more investigation."),
        guards=[guards.panel_voted_to_send_back],
        states=[
            Text(
                "questions",
                _("Questions to answer"),
                hint=_("As the members wrote them with their votes; put them together into one order."),
                offers=guards.questions_of_the_panel,
            )
        ],
        starts=[Clock.REMAND],
        stops=[Clock.BOARD],
        tells=[Audience.INVESTIGATOR, Audience.SUPERVISOR, Audience.COMPLAINANT],
    )
    def send_back_to_investigation(self) -> None:
        """The panel votes to send the case back with specific questions."""
        self.returns += 1

    @move(
        source=State.BOARD_REVIEW,
        target=State.CHIEF_DECISION,
        permission=Perm.ADOPT_RECOMMENDATION,
        label=_("Adopt the recommendation"),
        timeline=_("Board's recommendation adopted"),
        told=_("The review board voted and sent its recommendation to the chief."),
        guards=[guards.every_allegation_has_board_finding, guards.every_board_finding_has_reasons],
        starts=[Clock.CHIEF_ANSWER],
        stops=[Clock.BOARD],
        gives=[CaseRole.CHIEF],
        tells=[Audience.CHIEF, Audience.COMPLAINANT],
    )
    def adopt_recommendation(self) -> None:
        """Every allegation has been voted on with a quorum, and the reasons are stated."""

    @move(
        source=State.CHIEF_DECISION,
        target=State.DISPOSITION_ISSUED,
        permission=Perm.ISSUE_DISPOSITION,
        label=_("Issue the disposition"),
        timeline=_("Disposition issued"),
        told=_("The chief decided. A letter is on its way."),
        guards=[guards.every_allegation_is_decided, guards.every_violation_has_an_outcome],
        starts=[Clock.CLOSING_LETTERS],
        stops=[Clock.CHIEF_ANSWER],
        drafts=[LetterCode.OUTCOME, LetterCode.OFFICER_OUTCOME],
        gives=[CaseRole.RECORDS_OFFICER],
        tells=[Audience.COMPLAINANT, Audience.OFFICER, Audience.SUPERVISOR],
    )
    def issue_disposition(self) -> None:
        """Each allegation is decided, each departure has its reasons, and each violation an outcome."""

    @move(
        source=State.DISPOSITION_ISSUED,
        target=State.CLOSED,
        permission=Perm.CLOSE,
        label=_("Close the case"),
        timeline=_("Case closed"),
        told=_("Your complaint is closed."),
        guards=[
            guards.complainant_was_told,
            guards.officers_were_told,
            guards.board_was_told,
            guards.reconsideration_window_has_passed,
        ],
        stops=list(Clock),
        tells=[Audience.COMPLAINANT],
    )
    def close(self) -> None:
        """The letters are out, the board is told, and the time to ask for reconsideration has passed."""
        self.closure_code = "decided"

    @move(
        source=OPEN,
        target=None,
        permission=Perm.WITHDRAW,
        label=_("Record a withdrawal"),
        timeline=_("Complainant's wish to withdraw recorded"),
        told=_("You told us that you wish to withdraw."),
        guards=[guards.is_not_withdrawn],
        states=[
            Flag(
                "free_choice",
                _("This is a free choice: nobody pressed, threatened or promised anything"),
                hint=_("If anyone did, write to us instead. Pressure on a complainant is itself a violation."),
            ),
            Text("wish", _("What the complainant said"), required=False),
        ],
        tells=[Audience.SUPERVISOR],
    )
    def withdraw(self) -> None:
        """The wish is recorded and checked to be free; the case goes on unless it may be closed under CH-3.6."""
