"""The codes of casework and the words for them. No rule stands here: limits, findings and ranges are rule data."""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Perm(TextChoices):
    """Every permission on a case, once. `casework.roles` says who has which, in which state."""

    ADD_EVIDENCE = "add_evidence", _("add evidence")
    ADD_NOTE = "add_note", _("add a note")
    ADD_PERSON = "add_person", _("add a person or an officer")
    ADOPT_RECOMMENDATION = "adopt_recommendation", _("sign the board's recommendation")
    APPROVE_LETTER = "approve_letter", _("check a letter another person drafted")
    ASSIGN = "assign", _("assign people to the case")
    BACKDATE = "backdate", _("enter an act that took place on an earlier day")
    BEGIN_INTAKE_REVIEW = "begin_intake_review", _("begin the intake review")
    BEGIN_PRELIMINARY_INQUIRY = "begin_preliminary_inquiry", _("begin the preliminary inquiry")
    BUILD_PACKET = "build_packet", _("build and check the board's packet")
    CLASSIFY = "classify", _("classify the complaint")
    CLOSE = "close", _("close the case")
    CONCLUDE = "conclude", _("conclude elements and exceptions")
    DECIDE_ALLEGATION = "decide_allegation", _("decide an allegation")
    DECLARE_CONFLICT = "declare_conflict", _("declare a conflict or that there is none")
    DRAFT_LETTER = "draft_letter", _("draft a letter")
    DRAW_PANEL = "draw_panel", _("draw the panel")
    FRAME_ALLEGATION = "frame_allegation", _("frame an allegation")
    HOLD = "hold", _("hold the record of the case, or lift a hold")
    IMPORT_RECORD = "import_record", _("enter a record of another system")
    ISSUE_DISPOSITION = "issue_disposition", _("issue the disposition")
    LOG_CONTACT = "log_contact", _("log a contact with the complainant")
    MESSAGE = "message", _("write to the other side of the message thread")
    OPEN_COMPELLED = "open_compelled", _("open compelled statements")
    OPEN_CONTACT = "open_contact", _("open contact details")
    OPEN_IDENTITY = "open_identity", _("open an identity kept confidential")
    OPEN_INVESTIGATION = "open_investigation", _("open the investigation")
    RECEIVE = "receive", _("record a complaint")
    RECOMMEND_FINDING = "recommend_finding", _("recommend a finding")
    REFER_OUT = "refer_out", _("refer the complaint to another agency")
    REFER_TO_BOARD = "refer_to_board", _("refer the case to the board")
    RETURN_TO_INVESTIGATOR = "return_to_investigator", _("return the case to the investigator")
    SCREEN_OUT = "screen_out", _("close the complaint without investigation")
    SEAT_PANEL = "seat_panel", _("seat the panel")
    SEND_BACK = "send_back_to_investigation", _("send the case back to the investigation")
    SEND_LETTER = "send_letter", _("send a letter")
    SEND_TO_CHIEF = "send_to_chief", _("send the case to the chief")
    SUBMIT = "submit_for_quality_review", _("submit the investigation for review")
    VIEW = "view", _("see that the case exists, its number and stage")
    VIEW_AUDIT = "view_audit", _("read the case's log")
    VIEW_DECISION = "view_decision", _("read the chief's decision")
    VIEW_EVIDENCE = "view_evidence", _("see the evidence")
    VIEW_FILE = "view_file", _("see the complaint, allegations and findings")
    VIEW_NOTES = "view_notes", _("read working notes")
    VIEW_PACKET = "view_packet", _("read the board's packet")
    VIEW_PANEL = "view_panel", _("see who sits on the panel")
    VIEW_VOTES = "view_votes", _("see the votes")
    VOTE = "vote", _("vote")
    WITHDRAW = "withdraw", _("record a withdrawal")


class CaseRole(TextChoices):
    """What a person is to one case. Most have the code of the office's role that qualifies for it."""

    INTAKE = "intake_specialist", _("Intake specialist")
    INVESTIGATOR = "investigator", _("Investigator")
    SUPERVISOR = "supervising_investigator", _("Supervising investigator")
    DRAWN_MEMBER = "drawn_member", _("Drawn for the panel")
    BOARD_MEMBER = "board_member", _("Board member")
    BOARD_CHAIR = "board_chair", _("Board chair")
    CHIEF = "chief", _("Chief")
    AUDITOR = "auditor", _("Auditor")
    RECORDS_OFFICER = "records_officer", _("Records officer")
    COMPLAINANT = "complainant", _("Complainant")
    SYSTEM = "system", _("System")


class Channel(TextChoices):
    """How the complaint reached the office."""

    WEB_FORM = "web_form", _("Web form")
    PHONE = "phone", _("Phone")
    IN_PERSON_STATION = "in_person_station", _("In person at a police station")
    IN_PERSON_OVERSIGHT_OFFICE = "in_person_oversight_office", _("In person at our office")
    EMAIL = "email", _("E-mail")
    POSTAL_LETTER = "postal_letter", _("Letter")
    FAX = "fax", _("Fax")
    CITY_LINE = "311", _("City information line")
    WALK_IN_KIOSK = "walk_in_kiosk", _("Walk-in kiosk")
    COMMUNITY_PARTNER_SITE = "community_partner_site", _("Community partner")
    SUPERVISOR_REFERRAL = "supervisor_referral", _("Referral by a supervisor")
    INTERNAL = "internal", _("From within the department")
    USE_OF_FORCE_REVIEW = "use_of_force_review", _("Use-of-force review")
    BWC_AUDIT = "bwc_audit", _("Body-camera audit")
    CIVIL_CLAIM = "civil_claim", _("Civil claim")
    COURT_OR_PROSECUTOR = "court_or_prosecutor", _("Court or prosecutor")
    MEDIA = "media", _("Media")
    ELECTED_OFFICIAL = "elected_official", _("Elected official")
    OTHER_AGENCY = "other_agency", _("Another agency")
    AUDITOR_INITIATED = "auditor_initiated", _("Begun by the auditor")
    LANGUAGE_LINE = "language_line", _("Language line")
    UNKNOWN = "unknown", _("Not recorded")


class Relation(TextChoices):
    """What the person who complains is to the event."""

    PERSON_AFFECTED = "person_affected", _("It happened to them")
    PARENT_OR_GUARDIAN = "parent_or_guardian", _("Parent or guardian")
    RELATIVE = "relative", _("Relative")
    LEGAL_REPRESENTATIVE = "legal_representative", _("Legal representative")
    WITNESS = "witness", _("Witness")
    THIRD_PARTY = "third_party", _("Someone else")
    EMPLOYEE = "employee", _("Member of the department")
    AGENCY = "agency", _("The agency itself")
    UNKNOWN = "unknown", _("Not stated")


class Confidentiality(TextChoices):
    """How far the complainant's name is known (CH-2.9)."""

    NAMED = "named", _("Named")
    CONFIDENTIAL = "confidential", _("Confidential")
    ANONYMOUS = "anonymous", _("Anonymous")


class PartyKind(TextChoices):
    """What a civilian is in the case."""

    COMPLAINANT = "complainant", _("Complainant")
    PERSON_AFFECTED = "person_affected", _("Person it happened to")
    WITNESS = "witness", _("Witness")
    REPRESENTATIVE = "representative", _("Representative")


class OfficerPart(TextChoices):
    """What an officer is in the case."""

    SUBJECT = "subject", _("Subject of an allegation")
    WITNESS = "witness", _("Witness")


class EvidenceKind(TextChoices):
    """What an item of evidence is."""

    AUDIO_911 = "911_audio", _("Emergency call")
    ACCESS_LOG = "access_log", _("Access log")
    AVL_GPS = "avl_gps", _("Vehicle location")
    BWC_REFERENCE = "bwc_reference", _("Body camera")
    CAD_EVENT = "cad_event", _("Dispatch record")
    DASH_REFERENCE = "dash_reference", _("Dashboard camera")
    DEVICE_LOG = "device_log", _("Device log")
    DOCUMENT = "document", _("Document")
    EXPERT_OPINION = "expert_opinion", _("Expert opinion")
    INTERPRETER_TRANSCRIPT = "interpreter_transcript", _("Interpreter's transcript")
    MAP_DIAGRAM = "map_diagram", _("Map or plan")
    MEDICAL_RECORD = "medical_record", _("Medical record")
    PHOTO = "photo", _("Photograph")
    PHYSICAL_ITEM = "physical_item_reference", _("Physical item")
    POLICY_TEXT = "policy_text", _("Policy text")
    RADIO_AUDIO = "radio_audio", _("Radio traffic")
    REPORT = "report", _("Report")
    SOCIAL_MEDIA = "social_media_capture", _("Social media")
    STATEMENT_CIVILIAN = "statement_civilian", _("Civilian's statement")
    STATEMENT_COMPELLED = "statement_officer_compelled", _("Officer's compelled statement")
    STATEMENT_VOLUNTARY = "statement_officer_voluntary", _("Officer's voluntary statement")
    STATEMENT_WITNESS_OFFICER = "statement_witness_officer", _("Witness officer's statement")
    THIRD_PARTY_VIDEO = "third_party_video", _("Video by a third party")
    TRAINING_RECORD = "training_record", _("Training record")


class CustodyAct(TextChoices):
    """What was done with an item of evidence."""

    RECEIVED = "received", _("Received")
    VIEWED = "viewed", _("Viewed")
    DOWNLOADED = "downloaded", _("Downloaded")
    FROZEN = "frozen", _("Frozen in a packet")


class PreservationAnswer(TextChoices):
    """What the holder of a recording answered."""

    KEPT = "kept", _("It is kept")
    HANDED_OVER = "handed_over", _("It was handed over")
    GONE = "gone", _("It no longer exists")
    NEVER = "never", _("There never was one")
    REFUSED = "refused", _("The holder refuses")


class NoteKind(TextChoices):
    """What a working note is."""

    FACT = "fact", _("Fact")
    INTERVIEW = "interview", _("Interview")
    DECISION = "decision", _("Decision")


class ContactMethod(TextChoices):
    """How the office tried to reach the complainant."""

    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    LETTER = "letter", _("Letter")
    IN_PERSON = "in_person", _("In person")
    PORTAL = "portal", _("Tracking page")
    NONE = "none", _("No way to reach them was given")


class ConflictGround(TextChoices):
    """Why a person may not take part (CH-5.6)."""

    RELATIVE = "relative", _("Related by blood, marriage or household")
    FRIEND = "friend", _("Close friend")
    WORK = "work", _("Works or worked together, or supervised")
    BUSINESS = "business", _("Business or money between them")
    PARTY = "party", _("Party or witness in the case")
    STATEMENT = "statement", _("Spoke publicly about the case")
    OTHER = "other", _("Another reason")


class WallKind(TextChoices):
    """Why a person is kept out of a case, whatever else they hold."""

    CONFLICT = "conflict", _("Declared a conflict")
    RECUSAL = "recusal", _("Recused")
    PARTY = "party", _("Named in the case")


class RaisedBy(TextChoices):
    """Who raised an exception."""

    OFFICER = "officer", _("The officer")
    INVESTIGATOR = "investigator", _("The investigator")
    COMPLAINANT = "complainant", _("The complainant")
    BOARD = "board", _("The board")
    NOBODY = "nobody", _("Nobody")


class Stage(TextChoices):
    """Whose finding it is. Each stage keeps its own."""

    INVESTIGATOR = "investigator", _("Investigator")
    BOARD = "board", _("Board")
    CHIEF = "chief", _("Chief")


class WhatIfKind(TextChoices):
    """What other rules would have changed in a case."""

    MISSED = "missed", _("Limit that would have been missed")
    MET = "met", _("Limit that would have been met")
    DUE_DATE = "due_date", _("Limit with another last day")
    NO_LIMIT = "no_limit", _("Limit that would not have applied")
    FINDING = "finding", _("Finding that the conclusions imply")
    RANGE = "range", _("Range of the discipline matrix")
    OUTCOME = "outcome", _("Outcome inside or outside the range")
    TO_BOARD = "to_board", _("Heard by the board")
    GRAVE = "grave", _("Never closed without investigation")
    QUORUM = "quorum", _("Vote with a quorum")
    DEPARTURE = "departure", _("Departure from the board that was open to the chief")


class VoteChoice(TextChoices):
    """What a member may vote besides a finding code of the rules in force."""

    SEND_BACK = "send_back", _("Send back for more investigation")
    GO_ON = "go_on", _("Do not send back")
    ABSTAIN = "abstain", _("Abstain")


class OpinionKind(TextChoices):
    """What a board text is (CH-5.9)."""

    MAJORITY = "majority", _("Reasons of the majority")
    CONCURRENCE = "concurrence", _("Concurrence")
    DISSENT = "dissent", _("Dissent")


class Clock(TextChoices):
    """The clocks that moves start and stop; their lengths are rule data."""

    PRESERVATION_REQUEST = "preservation_request", _("Preserve recordings")
    INTAKE_REVIEW = "intake_review", _("Begin the intake review")
    ACKNOWLEDGE = "acknowledge", _("Acknowledge the complaint")
    CLASSIFY = "classify", _("Classify the complaint")
    PRELIMINARY_INQUIRY = "preliminary_inquiry", _("Preliminary inquiry")
    OFFICER_NOTICE = "officer_notice", _("Notice to the officer")
    INVESTIGATION = "investigation", _("Investigation")
    QUALITY_REVIEW = "quality_review", _("Quality review")
    BOARD = "board", _("Board's recommendation")
    REMAND = "remand", _("Further investigation for the board")
    CHIEF_ANSWER = "chief_answer", _("Chief's answer")
    CLOSING_LETTERS = "closing_letters", _("Closing letters")
    RECONSIDERATION_WINDOW = "reconsideration_window", _("Time to ask for reconsideration")
    COMPLAINANT_UPDATE = "complainant_update", _("Update to the complainant")
    OVERALL = "overall", _("Whole case")
    DISCIPLINE_LIMIT = "discipline_limit", _("Legal limit on discipline")


class Audience(TextChoices):
    """Who is told of a move."""

    COMPLAINANT = "complainant", _("Complainant")
    OFFICER = "officer", _("Officer")
    INVESTIGATOR = "investigator", _("Investigator")
    SUPERVISOR = "supervisor", _("Supervising investigators")
    PANEL = "panel", _("Panel")
    CHAIR = "chair", _("Board chair")
    CHIEF = "chief", _("Chief")
    AUDITOR = "auditor", _("Auditor")


class NoticeState(TextChoices):
    """How it stands with a notice."""

    ON_PAGE = "on_page", _("Told on their page")
    QUEUED = "queued", _("Waits to be mailed")
    SENT = "sent", _("Mailed")
    FAILED = "failed", _("Could not be mailed")


class LetterCode(TextChoices):
    """The letters of the office."""

    ACKNOWLEDGEMENT = "L-ACK", _("Acknowledgement")
    REFERRAL = "L-REF", _("Copy of the referral")
    AGENCY_REFERRAL = "L-AGY", _("Referral to the agency")
    SCREENED_OUT = "L-CLS", _("Closed without investigation")
    OFFICER_NOTICE = "L-OFF", _("Notice to the officer")
    OUTCOME = "L-OUT", _("Outcome to the complainant")
    OFFICER_OUTCOME = "L-DIS", _("Outcome to the officer")


class LetterWay(TextChoices):
    """How a letter goes to its reader."""

    TRACKING_PAGE = "tracking_page", _("Tracking page")
    EMAIL = "email", _("E-mail")
    POST = "post", _("Post")
    REGISTERED_POST = "registered_post", _("Registered post")
    HAND = "hand", _("By hand")
    PARTNER = "partner", _("Through a community partner")


ON_PAPER = (LetterWay.POST, LetterWay.REGISTERED_POST, LetterWay.HAND, LetterWay.PARTNER)
"""Ways of a letter for which someone of the office prints it."""


class ErasureGround(TextChoices):
    """Why the words behind an entry must go."""

    COURT_ORDER = "court_order", _("Order of a court")
    SCHEDULE = "schedule", _("End of the retention period")
    LAW = "law", _("Right of the person under a law")


class HoldGround(TextChoices):
    """Why the record of a case is held (CH-11.2)."""

    LAWSUIT = "lawsuit", _("Lawsuit")
    AUDIT = "audit", _("Audit")
    APPEAL = "appeal", _("Appeal")
    RECORDS_REQUEST = "records_request", _("Request for records")


class DeliveryProof(TextChoices):
    """What shows that a letter reached its reader."""

    SIGNATURE = "signature", _("The reader signed for it")
    CARRIER = "carrier", _("The carrier confirms it")
    HANDED_OVER = "handed_over", _("It was handed over, and two people saw it")
    ANSWER = "answer", _("The reader answered it or opened it")


CLASSIFICATION_LABELS: dict[str, str | Promise] = {
    "inquiry": _("Inquiry"),
    "service": _("Service complaint"),
    "policy_complaint": _("Complaint about a policy"),
    "minor": _("Minor"),
    "serious": _("Serious"),
    "critical_incident": _("Critical incident"),
    "criminal": _("Criminal"),
    "out_of_jurisdiction": _("Outside our jurisdiction"),
    "duplicate": _("Duplicate"),
    "no_formal_investigation": _("No rule could have been broken"),
    "withdrawn": _("Withdrawn"),
}
FINDING_LABELS: dict[str, str | Promise] = {
    "sustained": _("Sustained"),
    "not_sustained": _("Not sustained"),
    "exonerated": _("Exonerated"),
    "unfounded": _("Unfounded"),
    "policy_failure": _("Policy failure"),
    "training_failure": _("Training failure"),
    "mediated": _("Mediated"),
    "withdrawn": _("Withdrawn"),
    "administratively_closed": _("Administratively closed"),
}
FINDING_MEANINGS: dict[str, str | Promise] = {
    "sustained": _("It happened, and it broke the rule."),
    "not_sustained": _("The evidence could not show what happened."),
    "exonerated": _("It happened, and the rules allow it."),
    "unfounded": _("It did not happen, or this officer was not involved."),
    "policy_failure": _("The officer followed a rule that is missing, unclear or wrong."),
    "training_failure": _("The officer acted as trained, or had not been trained."),
    "mediated": _("The people involved settled it between them."),
    "withdrawn": _("The complaint was withdrawn."),
    "administratively_closed": _("The complaint was closed for a reason that the record states."),
}
CONCLUSION_LABELS: dict[str, str | Promise] = {
    "proved": _("Proved"),
    "not_proved": _("Not proved"),
    "disproved": _("Disproved"),
    "not_reached": _("Not reached"),
    "established": _("Established"),
    "not_established": _("Not established"),
    "not_raised": _("Not raised"),
}
OUTCOME_LABELS: dict[str, str | Promise] = {
    "no_action": _("No action"),
    "counselling": _("Counselling"),
    "oral_reprimand": _("Oral reprimand"),
    "written_reprimand": _("Written reprimand"),
    "days_without_pay": _("Days without pay"),
    "demotion": _("Demotion"),
    "dismissal": _("Dismissal"),
}
