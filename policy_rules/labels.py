"""What the codes of a manual are called on a page. A code not listed is shown with its underscores taken out."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext
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


def labelled(codes: Iterable[str]) -> list[tuple[str, Any]]:
    """Return choices of a form for codes that a move asks for."""
    return [(code, REVIEW_OUTCOMES.get(code, code)) for code in codes]
