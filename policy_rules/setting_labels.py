"""What a section states beside its words, told in words: its kind, its class of discipline, its time limits."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from policy_rules import labels
from policy_rules.models import Kind

NAMES = {
    "number": _("Number"),
    "kind": _("What it does"),
    "allegable": _("Whether it can be alleged"),
    "discipline_class": _("Class of discipline"),
    "standard_of_proof": _("Standard of proof"),
    "exceptions": _("Exceptions"),
    "applies_to": _("What it may excuse"),
}
FIGURES = {
    "hours_min": _("Time of training, at least"),
    "hours_max": _("Time of training, at most"),
    "small_cell_threshold": labels.RULE_PARTS["small_cell_threshold"],
    "reminder_days": _("Reminder before the day"),
    "confidentiality_agreement_months": _("Renewal of the confidentiality agreement"),
    "reconsideration_decision_days": labels.RULE_NAMES["authorities.clocks.reconsideration"],
    "public_comment_min_days": labels.RULE_NAMES["authorities.clocks.public_comment"],
}
CLOCK_OF = {
    "absence_reassign": "absence_reassignment",
    "chief_decision": "chief_answer",
    "closing_letter": "closing_letters",
    "complainant_update_every": "complainant_update",
    "eis_followup": "early_intervention_followup",
    "eis_review": "early_intervention_review",
    "packet_handover_min": "packet_handover_minimum",
    "reconsideration_request": "reconsideration_window",
}
"""The clock that a figure sets, where the manual's text does not call it as its rules do."""
PROOF = {
    "preponderance": _("Greater weight of the evidence"),
    "clear_and_convincing": _("Clear and convincing evidence"),
}
FIGURE = re.compile(r"(?:(?P<what>.+?)_)?(?P<unit>business_days|days|hours|months|years)(?:_.+)?")
"""The name of a figure that counts time: what it is about, the unit, and from when."""


def setting_name(name: str) -> str:
    """Return what a setting is called: a figure by the time limit that it sets."""
    group, _dot, figure = name.rpartition(".")
    if not group:
        return str(NAMES[name])
    if figure in FIGURES:
        return str(FIGURES[figure])
    found = FIGURE.fullmatch(figure)
    stem = (found and found["what"]) or figure
    clock = CLOCK_OF.get(stem, stem)
    words = labels.rule_name(f"authorities.clocks.{clock}")
    return labels.in_words(figure) if words == labels.in_words(clock) else words


def setting_value(name: str, value: Any) -> str:
    """Return the value of a setting in words: a figure with its unit, a code as what it stands for."""
    if value in (None, "", (), []):
        return "–"
    group, _dot, figure = name.rpartition(".")
    if group:
        found = FIGURE.fullmatch(figure)
        return labels.time_limit(value, found["unit"]) if found else str(value)
    return _value(name, value)


def _value(name: str, value: Any) -> str:
    if name == "kind":
        return str(Kind(value).label)
    if name == "discipline_class":
        return labels.discipline_class(value)
    if name == "standard_of_proof":
        return str(PROOF.get(value, labels.in_words(value)))
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    return str(value) if isinstance(value, str) or not isinstance(value, Collection) else ", ".join(value)
