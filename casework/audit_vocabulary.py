"""The acts of casework as the log names them, with a sentence for staff and, where they are told, for complainants."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit import actions
from casework.models import Case, Recommendation
from moves.table import moves_of

ACTIONS: dict[str, tuple[str | Promise, str | Promise | None]] = {
    "account.closed": (_("Account closed"), None),
    "account.reopened": (_("Account opened again"), None),
    "act.refused": (_("An act was asked for and refused"), None),
    "allegation.framed": (_("Allegation framed"), _("We wrote down which rule your complaint is about.")),
    "assignment.ended": (_("Person taken off the case"), None),
    "assignment.made": (_("Person put on the case"), _("Your complaint was given to a member of our office.")),
    "board.told": (_("Board told of the decision"), None),
    "case.classified": (_("Complaint classified"), _("We decided how your complaint will be handled.")),
    "cases.exported": (_("List of cases taken as a file"), None),
    "clock.warned": (_("Warned that a limit is running out"), None),
    "conflict.declared": (_("Conflict of interest declared"), None),
    "conflict.denied": (_("Declared that there is no conflict of interest"), None),
    "complainant.updated": (_("Update to the complainant"), _("We wrote to you where your complaint stands.")),
    "contact.logged": (_("Contact with the complainant logged"), _("We tried to reach you.")),
    "discipline.imposed": (_("Outcome for the officer recorded"), None),
    "element.concluded": (_("Element concluded"), None),
    "evidence.added": (_("Evidence added"), _("Evidence was added to your complaint.")),
    "evidence.viewed": (_("Evidence opened"), None),
    "exception.concluded": (_("Exception concluded"), None),
    "exception.raised": (_("Exception raised"), None),
    "finding.decided": (_("Allegation decided by the chief"), None),
    "finding.recommended": (_("Finding recommended by the investigator"), None),
    "finding.voted": (_("Finding of the board entered"), None),
    "identity.opened": (_("Name and contact details opened"), _("A member of our office opened your contact details.")),
    "import.taken_up": (_("Imported case taken up by the office"), None),
    "letter.approved": (_("Letter checked by a second person"), None),
    "letter.delivered": (_("Letter delivered"), None),
    "letter.drafted": (_("Letter drafted"), None),
    "letter.mail_repeated": (_("Mail that tells of a letter sent once more"), None),
    "letter.posted": (_("Printed letter left the office"), None),
    "letter.returned": (_("Letter came back"), _("A letter to you came back.")),
    "letter.sent": (_("Letter sent"), _("We sent you a letter.")),
    "letter.sent_again": (_("Letter sent again by another way"), _("We sent you a letter again, by another way.")),
    "letter.undelivered": (_("Warned that a letter reaches nobody"), None),
    "log.detail_opened": (_("Details behind an entry opened"), None),
    "log.verified": (_("Log checked"), None),
    "message.received": (_("Message from the complainant"), _("You wrote to us.")),
    "message.sent": (_("Message to the complainant"), _("We wrote to you.")),
    "move.declined": (_("Second person declined a proposal"), None),
    "move.proposed": (_("Move proposed to a second person"), None),
    "note.added": (_("Note added"), None),
    "note.struck": (_("Note struck"), None),
    "notice.repeated": (_("Mail that tells of news sent once more"), None),
    "notice.sent": (_("Complainant told by mail that there is news"), None),
    "officer.added": (_("Officer added"), None),
    "officer.identified": (_("Officer identified"), _("We found out who an officer is.")),
    "opinion.given": (_("Board member's text added"), None),
    "packet.built": (_("Packet for the board built"), None),
    "packet.checked": (_("Packet checked by a second person"), None),
    "panel.drawn": (_("Panel drawn by lot"), _("Members of the review board were drawn by lot.")),
    "party.added": (_("Person added"), None),
    "password.set": (_("Password set"), None),
    "password_link.made": (_("Password link made"), None),
    "person.added": (_("Account made"), None),
    "recommendation.refused": (_("A step of a recommendation was asked for and refused"), None),
    "recording.answered": (_("Holder answered whether a recording is kept"), None),
    "recording.asked_for": (_("Holder asked to keep a recording"), _("We asked that recordings be kept.")),
    "report.written": (_("Report of the investigation written"), None),
    "role.ended": (_("Role in the office ended"), None),
    "role.followed": (_("Put on cases or taken off them, as a role began or ended by the calendar"), None),
    "role.granted": (_("Role in the office granted"), None),
    "second_step.added": (_("Second step of signing in set up"), None),
    "second_step.removed": (_("Second step of signing in taken away"), None),
    "second_step.renewed": (_("Recovery codes made anew"), None),
    "second_step.reset": (_("Second step of signing in taken away by two administrators"), None),
    "second_step.reset_declined": (_("Proposal to take a second step away put aside"), None),
    "second_step.reset_proposed": (_("Proposed to a second person to take a second step away"), None),
    "sign_in.ended": (_("Signed out"), None),
    "sign_in.failed": (_("Sign-in failed"), None),
    "sign_in.succeeded": (_("Signed in"), None),
    "substitute.called": (_("Substitute called to the panel"), None),
    "token.created": (_("API token made"), None),
    "token.revoked": (_("API token revoked"), None),
    "tracking.refused": (_("Wrong tracking code or secret"), None),
    "vote.cast": (_("Vote cast"), None),
    "vote.closed": (_("Vote closed with the members present"), None),
}


def register() -> None:
    """Register the acts above and every move of the two tables."""
    for code, (sentence, complainant) in ACTIONS.items():
        actions.register(code, sentence, complainant=complainant)
    for row in moves_of(Recommendation).values():
        actions.register(f"recommendation.{row.name}", row.timeline)
    for row in moves_of(Case).values():
        actions.register(f"move.{row.name}", row.timeline, complainant=row.told)
