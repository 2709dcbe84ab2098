"""Facts that must be true of a case before a move. A guard reads records that other acts made, and changes nothing.

Guards take the case and follow its relations; they import no model.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from casework.vocabulary import CaseRole, LetterCode, OpinionKind, Stage, VoteChoice
from moves.refusals import Refusal, guard
from policy_rules.outcomes import violation
from policy_rules.rules import Rules, rules_on

Case = Any


def rules_for(case: Case) -> Rules:
    """Return the rules in force on the day of the move that is asked for; today where none is."""
    return rules_on(case.asked_on or timezone.localdate())


@guard(
    _lazy("An intake specialist must declare that they have no conflict in this case."),
    place="declare",
)
def intake_declared_no_conflict(case: Case) -> bool:
    """CH-3.3: whoever begins the intake review has declared no conflict."""
    return case.declarations.filter(role=CaseRole.INTAKE, has_conflict=False).exists()


@guard(
    _lazy("Send the acknowledgement first, or log that the complainant cannot be reached."),
    place="letters",
)
def acknowledged_or_unreachable(case: Case) -> bool:
    """CH-3.4: acknowledged, or contact is shown to be impossible."""
    if case.letters.filter(code=LetterCode.ACKNOWLEDGEMENT, sent_on__isnull=False).exists():
        return True
    return case.contacts.filter(was_reached=False).exists()


@guard(_lazy("Classify the complaint first."), place="classify")
def is_classified(case: Case) -> bool:
    """CH-3.5: a supervising investigator has classified the complaint."""
    return bool(case.classification)


@guard(_lazy("A matter that was ever serious, critical or criminal is never closed without investigation."))
def was_never_grave(case: Case) -> bool:
    """CH-3.6: the bar that stays even when the class is lowered later."""
    return not case.was_grave


def _allegations_without_policy(case: Case) -> Iterator[str]:
    allegations = list(case.allegations.select_related("section_version__section"))
    if not allegations:
        yield _("No allegation has been framed yet.")
    for allegation in allegations:
        version = allegation.section_version
        if version is None or not version.in_force_on(allegation.incident_on):
            yield _("Allegation %(number)s cites no section in force on the day of the event.") % {
                "number": allegation.number
            }


@guard(
    _lazy("Frame at least one allegation under a section in force on the day of the event."),
    place="allegations",
    items=_allegations_without_policy,
)
def allegations_cite_policy_in_force(case: Case) -> bool:
    """CH-3.8: at least one allegation, each under a section in force on the day of the event."""
    return not list(_allegations_without_policy(case))


@guard(_lazy("Assign an investigator who has declared that they have no conflict."), place="access")
def investigator_without_conflict(case: Case) -> bool:
    """CH-3.8 and CH-4.4: an assigned investigator has declared no conflict."""
    investigators = case.assignments.filter(role=CaseRole.INVESTIGATOR, until=None).values("user")
    return case.declarations.filter(user__in=investigators, role=CaseRole.INVESTIGATOR, has_conflict=False).exists()


def _open_elements(case: Case) -> Iterator[str]:
    for allegation in case.allegations.all():
        concluded = {
            conclusion.element_id: conclusion
            for conclusion in allegation.conclusions.prefetch_related("cites")
            if conclusion.exception_id is None
        }
        for element in allegation.section_version.elements.all():
            conclusion = concluded.get(element.pk)
            where = {"number": allegation.number, "element": element.code}
            if conclusion is None:
                yield _("Allegation %(number)s: %(element)s has no conclusion.") % where
            elif not conclusion.sentence.strip():
                yield _("Allegation %(number)s: the conclusion on %(element)s has no sentence.") % where
            elif not conclusion.cites.all():
                yield _("Allegation %(number)s: the conclusion on %(element)s cites no evidence.") % where


@guard(
    _lazy("Conclude each element of each allegation, with a sentence and an item of evidence."),
    place="allegations",
    items=_open_elements,
)
def every_element_is_concluded(case: Case) -> bool:
    """CH-4.10: each element has a conclusion, a sentence and at least one cited item."""
    return next(_open_elements(case), None) is None


def _open_exceptions(case: Case) -> Iterator[str]:
    for allegation in case.allegations.all():
        for raised in allegation.exceptions.select_related("section_version__section"):
            if not raised.result:
                yield _("Allegation %(number)s: the exception %(section)s has no conclusion.") % {
                    "number": allegation.number,
                    "section": raised.section_version.section.code,
                }


@guard(_lazy("Conclude each exception that was raised."), place="allegations", items=_open_exceptions)
def every_exception_is_concluded(case: Case) -> bool:
    """CH-4.10: every exception that was raised has its own conclusion."""
    return next(_open_exceptions(case), None) is None


def _without_finding(stage: Stage) -> Any:
    def missing(case: Case) -> Iterator[str]:
        for allegation in case.allegations.prefetch_related("findings"):
            finding = allegation.finding_at(stage)
            if finding is None or (stage == Stage.BOARD and finding.round != case.returns + 1):
                yield _("Allegation %(number)s has no finding at this stage.") % {"number": allegation.number}

    return missing


@guard(
    _lazy("Recommend a finding on each allegation."), place="allegations", items=_without_finding(Stage.INVESTIGATOR)
)
def every_allegation_has_recommended_finding(case: Case) -> bool:
    """CH-4.10: the investigator recommends a finding on every allegation."""
    return next(_without_finding(Stage.INVESTIGATOR)(case), None) is None


@guard(_lazy("Write the report of the investigation."), place="report")
def report_is_written(case: Case) -> bool:
    """CH-4.11: a report written since the case last came to the investigator."""
    return case.reports.filter(version__gt=case.returns).exists()


@guard(
    _lazy("Interview the complainant, or log the attempts to reach them."),
    place="contacts",
)
def complainant_was_heard(case: Case) -> bool:
    """CH-4.6: the complainant was reached, or attempts to reach them are logged."""
    return case.contacts.exists() or case.messages.filter(author=None).exists()


def _goes_to_board(case: Case) -> bool:
    return rules_for(case).goes_to_board(case.classification, asked=case.board_requested)


@guard(_lazy("Under the rules in force no board reviews cases. Send the case to the chief."))
def a_board_reviews_cases(case: Case) -> bool:
    """CH-13.8: the profile in use has a review board. A case that the board was given stays with it to the end."""
    return rules_for(case).profile.review_board


@guard(_lazy("Only a serious matter, a critical incident, or a case whose complainant asks for it goes to the board."))
def belongs_to_board(case: Case) -> bool:
    """CH-5.3: what the board hears."""
    return _goes_to_board(case)


@guard(_lazy("This case goes to the board."))
def does_not_belong_to_board(case: Case) -> bool:
    """CH-5.12: a minor matter that no one has asked the board to hear, or any where the rules have no board."""
    return not _goes_to_board(case)


@guard(_lazy("Build the packet, and have a second person check it against the file as it is now."), place="packet")
def packet_is_frozen_and_checked(case: Case) -> bool:
    """CH-5.3: the newest packet lists every collected item, and a second person has checked it."""
    packet = case.packets.order_by("-version").first()
    if packet is None or packet.checked_on is None:
        return False
    listed = {(item["number"], item["sha256"]) for item in packet.manifest["evidence"]}
    held = set(case.evidence.filter(is_collected=True).values_list("number", "sha256"))
    return listed == held


def enough_time_is_left(case: Case, stated: dict[str, Any], on: date) -> Refusal | None:
    """CH-5.4: refuse a hand-over with fewer days left on the legal limit than the rules ask, without a memorandum."""
    if case.legal_limit_on is None or stated.get("emergency"):
        return None
    margin = rules_on(on).clock("packet_handover_minimum").duration
    if (case.legal_limit_on - on).days >= margin:
        return None
    return Refusal(
        "too_little_time_left",
        _("Fewer than %(days)d days are left on the legal limit. Write a memorandum of emergency.") % {"days": margin},
        field="emergency",
    )


@guard(_lazy("Draw the panel first."), place="panel")
def panel_is_drawn(case: Case) -> bool:
    """CH-5.5: a draw has been recorded."""
    return case.draws.exists()


def _seats(case: Case) -> list[Any]:
    draw = case.draws.order_by("-id").first()
    return [] if draw is None else [seat for seat in draw.seats.select_related("user") if seat.is_taken]


def _undeclared(case: Case) -> Iterator[str]:
    for seat in _seats(case):
        if seat.declared_on is None:
            yield _("Seat %(seat)d has not declared.") % {"seat": seat.order}


@guard(_lazy("Every member drawn must declare whether they have a conflict."), place="panel", items=_undeclared)
def every_seat_has_declared(case: Case) -> bool:
    """CH-5.5: every member of the panel declares before the packet opens."""
    return next(_undeclared(case), None) is None


@guard(_lazy("Too few members without a conflict are left for a quorum."), place="panel")
def panel_has_quorum(case: Case) -> bool:
    """CH-5.7: enough seats of the panel that was drawn are taken to make the quorum of the rules."""
    return not panel_is_drawn(case) or len(_seats(case)) >= rules_for(case).panel.quorum


def _without_agreement(case: Case) -> Iterator[str]:
    for seat in _seats(case):
        if not seat.user.agreements.filter(signed_on__lte=case.last_act_on, valid_until__gte=case.last_act_on).exists():
            yield _("Seat %(seat)d has no confidentiality agreement in force.") % {"seat": seat.order}


@guard(
    _lazy("Every member of the panel needs a confidentiality agreement in force."),
    place="panel",
    items=_without_agreement,
)
def agreements_are_current(case: Case) -> bool:
    """CH-5.5: each seated member has signed the confidentiality agreement, and it still binds."""
    return next(_without_agreement(case), None) is None


def _votes_to_send_back(case: Case) -> Any:
    seated = [seat.user_id for seat in _seats(case)]
    return case.votes.filter(allegation=None, round=case.returns + 1, member__in=seated).order_by("id")


def questions_of_the_panel(case: Case) -> str:
    """Return what the members asked with their votes, each question once, when they voted to send the case back."""
    if not panel_voted_to_send_back(case):
        return ""
    asked = _votes_to_send_back(case).filter(choice=VoteChoice.SEND_BACK).values_list("note", flat=True)
    return "\n\n".join(dict.fromkeys(note.strip() for note in asked))


@guard(_lazy("The panel has not voted to send the case back."), place="votes")
def panel_voted_to_send_back(case: Case) -> bool:
    """CH-5.10: a majority by the rules, commonly of the members present and voting, chose to send the case back."""
    choices = list(_votes_to_send_back(case).values_list("choice", flat=True))
    voting = [choice for choice in choices if choice != VoteChoice.ABSTAIN]
    back = sum(choice == VoteChoice.SEND_BACK for choice in voting)
    return rules_for(case).panel.is_decided(back, voting=len(voting), present=len(choices))


@guard(
    _lazy("The panel must vote on each allegation with a quorum and a majority."),
    place="votes",
    items=_without_finding(Stage.BOARD),
)
def every_allegation_has_board_finding(case: Case) -> bool:
    """CH-5.11: every allegation has been voted on with a quorum."""
    return next(_without_finding(Stage.BOARD)(case), None) is None


def _without_reasons(case: Case) -> Iterator[str]:
    given = case.opinions.filter(kind=OpinionKind.MAJORITY, round=case.returns + 1)
    reasoned = set(given.values_list("allegation", flat=True))
    for allegation in case.allegations.all():
        if allegation.pk not in reasoned:
            yield _("Allegation %(number)s has no reasons of the majority.") % {"number": allegation.number}


@guard(_lazy("State the reasons of the majority on each allegation."), place="votes", items=_without_reasons)
def every_board_finding_has_reasons(case: Case) -> bool:
    """CH-5.9: the majority states its reasons for each allegation."""
    return next(_without_reasons(case), None) is None


@guard(_lazy("Decide each allegation."), place="decisions", items=_without_finding(Stage.CHIEF))
def every_allegation_is_decided(case: Case) -> bool:
    """CH-7.1: the chief decides every allegation."""
    return next(_without_finding(Stage.CHIEF)(case), None) is None


def _without_discipline(case: Case) -> Iterator[str]:
    broken = violation(rules_for(case))
    for allegation in case.allegations.prefetch_related("findings"):
        finding = allegation.finding_at(Stage.CHIEF)
        if finding is not None and finding.code == broken and not hasattr(allegation, "discipline"):
            yield _("Allegation %(number)s has no outcome for the officer.") % {"number": allegation.number}


@guard(
    _lazy("Record the outcome for the officer on each allegation that broke a rule."),
    place="discipline",
    items=_without_discipline,
)
def every_violation_has_an_outcome(case: Case) -> bool:
    """CH-7.5: one coded outcome for each sustained allegation."""
    return next(_without_discipline(case), None) is None


@guard(_lazy("Send the outcome letter to the complainant, or log that they cannot be reached."), place="letters")
def complainant_was_told(case: Case) -> bool:
    """CH-8.3: the complainant's letter is sent, or an attempt to reach them after the decision is logged."""
    if case.letters.filter(code=LetterCode.OUTCOME, sent_on__isnull=False).exists():
        return True
    decided = case.letters.filter(code=LetterCode.OUTCOME).order_by("id").values_list("drafted_on", flat=True).first()
    return decided is None or case.contacts.filter(was_reached=False, on__gte=decided).exists()


def _untold_officers(case: Case) -> Iterator[str]:
    for letter in case.letters.filter(code=LetterCode.OFFICER_OUTCOME, sent_on=None).select_related("officer"):
        yield _("%(officer)s has not been sent the outcome.") % {"officer": letter.officer}


@guard(_lazy("Send the outcome to each officer."), place="letters", items=_untold_officers)
def officers_were_told(case: Case) -> bool:
    """CH-8.3: the letter to each member is sent."""
    return next(_untold_officers(case), None) is None


@guard(_lazy("Tell the board of the decision."), place="summary")
def board_was_told(case: Case) -> bool:
    """CH-8.3: the board is told, where it reviewed the case."""
    return case.board_told_on is not None or not case.draws.exists()


@guard(_lazy("The time to ask for reconsideration has not passed."))
def reconsideration_window_has_passed(case: Case) -> bool:
    """CH-8.3 and CH-9.1: the time to ask has passed since the outcome letter, as far as one was sent."""
    window = case.clocks.filter(code="reconsideration_window").order_by("-id").first()
    return window is None or window.due_on < max(case.last_act_on, timezone.localdate())


@guard(_lazy("The complaint was already withdrawn."))
def is_not_withdrawn(case: Case) -> bool:
    """CH-3.16: a withdrawal is recorded once."""
    return case.withdrawn_on is None
