"""What the codes of a manual are called on a page. A code not listed is shown with its underscores taken out."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

EVIDENCE = {
    "access_log": _("access log"),
    "advisement_form": _("form with the advisement of rights"),
    "audit_log": _("log of acts"),
    "avl_record": _("vehicle location record"),
    "body_worn_camera": _("body camera video"),
    "bystander_video": _("bystander video"),
    "cad_timeline": _("dispatch timeline"),
    "call_audio": _("audio of the call"),
    "camera_metadata": _("camera metadata"),
    "device_log": _("device log"),
    "dispatch_audio": _("dispatch audio"),
    "ems_record": _("ambulance record"),
    "expert_review": _("review by an expert"),
    "hash_record": _("record of digital fingerprints"),
    "incident_report": _("incident report"),
    "intake_log": _("intake log"),
    "interpreter_service_log": _("log of the interpreter service"),
    "interview_recording": _("recording of the interview"),
    "medical_record_with_consent": _("medical record, with consent"),
    "message_record": _("messages"),
    "officer_statement": _("the officer's statement"),
    "personnel_action": _("personnel action"),
    "radio_audio": _("radio audio"),
    "report_audit_trail": _("history of the report"),
    "report_versions": _("versions of the report"),
    "review_log": _("review log"),
    "roster": _("roster"),
    "scene_diagram": _("diagram of the scene"),
    "training_record": _("training record"),
    "witness_officer_statement": _("statement of an officer who saw it"),
    "witness_statement": _("witness statement"),
}


def evidence(hint: str) -> str:
    """Return what a hint to evidence is called."""
    return str(EVIDENCE.get(hint, hint.replace("_", " ")))


def discipline_class(code: str) -> str:
    """Return what a class of discipline is called."""
    return gettext("Class %(code)s") % {"code": code}


REVIEW_OUTCOMES = {
    "no_change": _("No change"),
    "amendment_proposed": _("An amendment is proposed"),
    "amended": _("Amended"),
}

LANGUAGES = {
    "en": _("English"),
    "es": _("Spanish"),
    "asl": _("American Sign Language"),
    "vi": _("Vietnamese"),
    "zh": _("Chinese"),
    "ar": _("Arabic"),
    "fr": _("French"),
    "ht": _("Haitian Creole"),
    "so": _("Somali"),
    "hmn": _("Hmong"),
}
"""Languages in which a listening session can be held."""
WRITTEN = {code: name for code, name in LANGUAGES.items() if code != "asl"}
"""Languages in which a comment can be written."""


def labelled(codes: Iterable[str]) -> list[tuple[str, Any]]:
    """Return choices of a form for codes that a move asks for."""
    return [(code, REVIEW_OUTCOMES.get(code, code)) for code in codes]


RULE_PARTS = {
    "act_occurred_and_conduct_met_the_duty": _("It happened, and the duty was met"),
    "act_occurred_but_exception_established": _("It happened, and an exception is established"),
    "all_elements_proved_no_exception": _("All elements proved, no exception"),
    "conduct_followed_policy_but_policy_is_deficient": _("The policy was followed, and is deficient"),
    "conduct_followed_training_or_training_absent": _("Training was followed, or was missing"),
    "evidence_insufficient_either_way_on_any_element": _("The evidence decides neither way"),
    "evidence_shows_act_did_not_occur_or_officer_not_involved": _("It did not happen, or the officer had no part"),
    "after_withdrawal": _("Grounds after a withdrawal"),
    "aggravating": _("What aggravates"),
    "codes": _("Codes"),
    "command_review": _("The chain of command reviews the file"),
    "corrective_only_barred_from_class": _("No corrective outcome alone from this class on"),
    "count": _("Number"),
    "decided": _("Findings after an investigation"),
    "disclosure_level": _("What letters may tell"),
    "duration": _("How long"),
    "exception_burden": _("Who raises an exception"),
    "first": _("First finding"),
    "from": _("Counted from"),
    "grave": _("Never closed without investigation"),
    "heard_by_board": _("Always heard by the board"),
    "in_use": _("The arrangement that applies"),
    "least": _("From how many on"),
    "legal_deadline": _("Time limit after which the law bars discipline"),
    "look_back_years": _("Years that count back"),
    "majority": _("Majority"),
    "may_be_screened_out": _("May be closed without investigation"),
    "mitigating": _("What mitigates"),
    "other": _("Other endings"),
    "outcome_table": _("What follows"),
    "oversight_model": _("How the office oversees"),
    "passed_percent": _("Percent of the limit that have passed"),
    "percentage_minimum_group": _("Smallest group for which a share is published"),
    "presumptive": _("Presumed outcome"),
    "public_officer_data": _("What the public learns about officers"),
    "quorum": _("Quorum"),
    "repeats": _("It starts again each time it is met"),
    "review_board": _("A board reviews cases"),
    "rule": _("The rule in words"),
    "scale": _("Penalties from mild to severe"),
    "second": _("Second finding"),
    "section": _("Section that it comes from"),
    "size": _("Members of a panel"),
    "listening_sessions": _("Listening sessions before adoption, at least"),
    "small_cell_threshold": _("Smallest figure that is published"),
    "stages": _("Stages"),
    "standard_of_proof_default": _("Standard of proof"),
    "substitutes": _("Substitutes"),
    "synonyms": _("What others call it"),
    "third": _("Third finding and later ones"),
    "tie": _("What follows a tie"),
    "unit": _("Counted in"),
    "window_months": _("Months that count back"),
    "years": _("Years"),
}
RULE_NAMES = {
    "authorities.clocks.absence_reassignment": _("Absence after which a case is reassigned"),
    "authorities.clocks.break_glass": _("Emergency access"),
    "authorities.clocks.break_glass_review": _("Review of an emergency access"),
    "authorities.clocks.chapter_review": _("Review of a chapter"),
    "authorities.clocks.command_review": _("Command review"),
    "authorities.clocks.early_intervention_followup": _("Follow-up of an early intervention"),
    "authorities.clocks.early_intervention_review": _("Review of an early intervention alert"),
    "authorities.clocks.extension_notice": _("Notice of an extension"),
    "authorities.clocks.interview_notice": _("Notice before an interview"),
    "authorities.clocks.legal_review": _("Legal review of a draft"),
    "authorities.clocks.log_retention": _("Keeping of the log"),
    "authorities.clocks.mediation": _("Mediation"),
    "authorities.clocks.meet_and_confer": _("Meeting of chief and board"),
    "authorities.clocks.packet_handover_minimum": _("Packet before the legal limit"),
    "authorities.clocks.public_comment": _("Public comment on a draft"),
    "authorities.clocks.recommendation_answer": _("Answer to a recommendation"),
    "authorities.clocks.reconsideration": _("Decision on reconsideration"),
    "authorities.clocks.retention_inquiry": _("Keeping of inquiries"),
    "authorities.clocks.retention_not_sustained": _("Keeping of cases not sustained"),
    "authorities.clocks.retention_sustained": _("Keeping of sustained cases"),
    "authorities.clocks.supervisory_resolution": _("Resolution by a supervisor"),
    "authorities.clocks.tie_full_board": _("Full board after a tie"),
    "authorities.clocks.toll_review": _("Review of a stopped clock"),
    "element_rules": _("What conclusions imply"),
    "profiles": _("The arrangement in use"),
    "profiles.california": _("As in California"),
    "profiles.demo": _("As this manual describes it"),
    "profiles.maryland_acc": _("A committee decides on charges, as in Maryland"),
    "profiles.nc_advisory": _("A board advises on policy"),
    "profiles.nc_local_act": _("A board reads confidential files under a local act"),
    "profiles.nc_manager_council": _("The manager or the council discloses, case by case"),
    "profiles.open_records_state": _("Final decisions are public records"),
    "rules.classifications": _("Classifications"),
    "rules.confidentiality_levels": _("Levels of confidentiality"),
    "rules.consultation": _("Hearing the public on a draft"),
    "rules.corrective_outcomes": _("Corrective outcomes"),
    "rules.disclosure_levels": _("Levels of disclosure"),
    "rules.discipline_factors": _("What aggravates and mitigates"),
    "rules.discipline_matrix": _("Discipline matrix"),
    "rules.early_intervention": _("Early intervention"),
    "rules.element_conclusions": _("Conclusions on elements"),
    "rules.exception_conclusions": _("Conclusions on exceptions"),
    "rules.finding_codes": _("Findings and what others call them"),
    "rules.limit_warnings": _("Warnings before a limit ends"),
    "rules.panel": _("Panel and quorum"),
    "rules.reconsideration_grounds": _("Grounds for reconsideration"),
    "rules.unusual_access": _("Unusual access to sealed data"),
    "rules.repeat_failures": _("Sections that keep failing"),
    "rules.retention_classes": _("How long records are kept"),
    "rules.statistics": _("Small figures"),
    "rules.toll_reasons": _("Reasons to stop the clocks"),
}
UNITS = {
    "days": _("days"),
    "business_days": _("business days"),
    "hours": _("hours"),
    "months": _("months"),
    "years": _("years"),
}


def time_limit(number: int, unit: str) -> str:
    """Return a length of time in words, such as 90 days or 3 business days; raises KeyError for another unit."""
    forms = {
        "days": ngettext("%(n)s day", "%(n)s days", number),
        "business_days": ngettext("%(n)s business day", "%(n)s business days", number),
        "hours": ngettext("%(n)s hour", "%(n)s hours", number),
        "months": ngettext("%(n)s month", "%(n)s months", number),
        "years": ngettext("%(n)s year", "%(n)s years", number),
    }
    return forms[unit] % {"n": number}


MODELS = {
    "investigation_focused": _("The office investigates and finds"),
    "review_focused": _("The office reviews what the department investigated"),
    "auditor_focused": _("The office audits investigations and their patterns"),
    "advisory": _("The office advises on policy"),
    "adjudicative": _("The office decides on charges or discipline"),
}


LEVELS = {
    "L0": _("only that it was received"),
    "L1": _("that the matter was decided"),
    "L2": _("what was found on each allegation"),
    "L3": _("what was found, and facts of personnel that are public by law"),
}
OFFICER_DATA = {
    "withheld": _("Nothing"),
    "case_by_case": _("What is released case by case"),
    "final_decisions": _("Final decisions"),
    "listed_cases": _("The kinds of cases that the law lists"),
}
MAJORITIES = {
    "of_members_present_and_voting": _("More than half of those who vote"),
    "of_members_present": _("More than half of those present, also of those who abstain"),
    "of_panel": _("More than half of the whole panel"),
}


_registered: dict[str, Any] = {}


def register(names: Mapping[str, Any]) -> None:
    """Give words to rules by their paths and to codes; for an app that knows what the rules speak of."""
    _registered.update(names)


def rule_name(path: str) -> str:
    """Return what a rule is called, by its place in the data of a rule set."""
    return str(_registered.get(path) or RULE_NAMES.get(path) or in_words(path.rpartition(".")[2]))


def rule_part(name: str) -> str:
    """Return what a part of a rule is called: ``C.first`` is the first finding of class C."""
    *above, last = name.split(".")
    return ": ".join(str(RULE_PARTS.get(item) or _registered.get(item) or in_words(item)) for item in (*above, last))


def rule_value(code: str) -> str:
    """Return what a code that a rule is chosen from is called; lists of codes are told one by one."""
    if ", " in code:
        return ", ".join(rule_value(item) for item in code.split(", "))
    known = next(
        (words[code] for words in (UNITS, MODELS, OFFICER_DATA, LEVELS, MAJORITIES, _registered) if code in words), None
    )
    return str(known or in_words(code))


def is_codes(told: str) -> bool:
    """Return whether a value of a rule is a code, or several with commas between them."""
    return re.fullmatch(r"[a-z][a-z0-9_]*(, [a-z][a-z0-9_]*)*", told) is not None


def is_worded(told: str) -> bool:
    """Return whether a value of a rule holds words, and not only figures, marks and numbers of sections."""
    return re.search(r"[^\W\d_]{2}", re.sub(r"\b[A-Z]{1,3}-?\d+(\.\d+)*\b", "", told)) is not None


def in_words(code: str) -> str:
    """Return a code with spaces for its underscores."""
    return code.replace("_", " ")
