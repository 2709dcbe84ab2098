"""The states of a case and the phases that the public sees (CH-1.5 to CH-8.3 of the manual)."""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Where a case stands. A state arrives here together with the moves that reach and leave it."""

    RECEIVED = "received", _("Received")
    INTAKE_REVIEW = "intake_review", _("Intake review")
    PRELIMINARY_INQUIRY = "preliminary_inquiry", _("Preliminary inquiry")
    INVESTIGATION = "investigation", _("Investigation")
    QUALITY_REVIEW = "quality_review", _("Quality review")
    BOARD_REFERRED = "board_referred", _("Referred to the board")
    BOARD_REVIEW = "board_review", _("Board review")
    CHIEF_DECISION = "chief_decision", _("Chief's decision")
    DISPOSITION_ISSUED = "disposition_issued", _("Disposition issued")
    CLOSED = "closed", _("Closed")
    REFERRED_OUT = "referred_out", _("Referred out")
    CLOSED_SCREENED = "closed_screened", _("Closed without investigation")


UNFILED = "unfiled"
"""A case that is being filed and is not in the register yet; no row ever holds it."""

ENDED = frozenset({State.CLOSED, State.REFERRED_OUT, State.CLOSED_SCREENED})
"""States in which no clock runs and no further step is due."""

OPEN = tuple(state for state in State if state not in ENDED)


class Phase(TextChoices):
    """What the public is told of a state: five steps in plain words."""

    RECEIVED = "received", _("Received")
    BEING_REVIEWED = "being_reviewed", _("Being reviewed")
    BEING_INVESTIGATED = "being_investigated", _("Being investigated")
    WITH_THE_BOARD = "with_the_board", _("With the board and the chief")
    FINISHED = "finished", _("Finished")


PHASES = {
    State.RECEIVED: Phase.RECEIVED,
    State.INTAKE_REVIEW: Phase.BEING_REVIEWED,
    State.PRELIMINARY_INQUIRY: Phase.BEING_REVIEWED,
    State.INVESTIGATION: Phase.BEING_INVESTIGATED,
    State.QUALITY_REVIEW: Phase.BEING_INVESTIGATED,
    State.BOARD_REFERRED: Phase.WITH_THE_BOARD,
    State.BOARD_REVIEW: Phase.WITH_THE_BOARD,
    State.CHIEF_DECISION: Phase.WITH_THE_BOARD,
    State.DISPOSITION_ISSUED: Phase.FINISHED,
    State.CLOSED: Phase.FINISHED,
    State.REFERRED_OUT: Phase.FINISHED,
    State.CLOSED_SCREENED: Phase.FINISHED,
}

TOLD = {
    State.RECEIVED: _("We have your complaint."),
    State.INTAKE_REVIEW: _("We are reading your complaint and protecting evidence."),
    State.PRELIMINARY_INQUIRY: _("We are finding out what rules your complaint is about, and who was there."),
    State.INVESTIGATION: _("Your complaint is being investigated."),
    State.QUALITY_REVIEW: _("The investigation is finished and is being checked."),
    State.BOARD_REFERRED: _("Your complaint has gone to the review board."),
    State.BOARD_REVIEW: _("The review board is reading your complaint and will vote."),
    State.CHIEF_DECISION: _("The chief must now decide and answer in writing."),
    State.DISPOSITION_ISSUED: _("Your complaint has been decided. A letter is on its way."),
    State.CLOSED: _("Your complaint is closed."),
    State.REFERRED_OUT: _("Your complaint has gone to the agency that is responsible for it."),
    State.CLOSED_SCREENED: _("Your complaint was closed without an investigation. Our letter says why."),
}
"""The sentence with which a complainant is told where the case stands."""

TO_COME = {
    State.RECEIVED: _("An intake specialist reads it, protects evidence and writes to you."),
    State.INTAKE_REVIEW: _("We find out which rules it is about and talk with you."),
    State.PRELIMINARY_INQUIRY: _("We open an investigation, or write to you why we do not."),
    State.INVESTIGATION: _("The investigator writes a report, and a supervisor checks it."),
    State.QUALITY_REVIEW: _("It goes to the review board, or straight to the chief if it is a minor matter."),
    State.BOARD_REFERRED: _("Board members with no ties to the case are drawn by lot."),
    State.BOARD_REVIEW: _("The board sends the chief what it recommends, or asks for more investigation."),
    State.CHIEF_DECISION: _("The chief decides on each allegation, and we write to you."),
    State.DISPOSITION_ISSUED: _(
        "You get a letter with the outcome. It says how and until when you can ask for another look."
    ),
}
"""What comes next, as the complainant is told; nothing once the process has ended."""

WITHOUT_BOARD: dict[str, Promise] = {
    Phase.WITH_THE_BOARD: _("With the chief"),
    State.QUALITY_REVIEW: _("It goes to the chief, who decides on each allegation."),
}
"""What the complainant is told instead where the rules in force have no review board."""
