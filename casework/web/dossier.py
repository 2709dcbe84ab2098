"""What the file says of an allegation, for those who vote on it and those who decide it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from casework.models import Allegation, Case, ElementConclusion, Evidence, RaisedException
from casework.vocabulary import FINDING_LABELS, FINDING_MEANINGS, Stage
from casework.web import words
from casework.web.allegations import stage_cell
from casework.web.events import section_link
from policy_rules.models import Element

ItemAddress = Callable[[Evidence], str]
"""Where a reader finds an item of evidence; the board reads the packet, the office the file."""


def allegations_of(case: Case) -> Any:
    """Return the allegations of a case with all that `dossier` reads of them."""
    return case.allegations.select_related("section_version__section", "officer", "discipline__by").prefetch_related(
        "findings__by",
        "conclusions__cites__evidence",
        "section_version__elements",
        "exceptions__section_version__section",
        "exceptions__section_version__elements",
        "opinions__member",
    )


def dossier(allegation: Allegation, address: ItemAddress) -> dict[str, Any]:
    """Return the rule in force on the day, each element with its conclusion, the exceptions, and the findings."""
    version, day = allegation.cited
    concluded = {row.element_id: row for row in allegation.conclusions.all()}
    recommended = allegation.finding_at(Stage.INVESTIGATOR)
    board = allegation.finding_at(Stage.BOARD)
    return {
        "allegation": allegation,
        "version": version,
        "section": section_link(version),
        "day": day,
        "elements": [_element(row, concluded.get(row.pk), address) for row in version.elements.all()],
        "exceptions": [_exception(raised, concluded, address) for raised in allegation.exceptions.all()],
        "recommended": stage_cell(recommended, None),
        "board": stage_cell(board, recommended),
        "chief": stage_cell(allegation.finding_at(Stage.CHIEF), board or recommended),
        "opinions": list(allegation.opinions.all()),
    }


def _element(element: Element, conclusion: ElementConclusion | None, address: ItemAddress) -> dict[str, Any]:
    cites = conclusion.cites.all() if conclusion else ()
    return {
        "letter": element.code.rpartition("-")[2],
        "text": element.text,
        "label": words.code_label(conclusion.code) if conclusion else "",
        "sentence": conclusion.sentence if conclusion else "",
        "cites": [{"item": cite.evidence, "place": cite.place, "url": address(cite.evidence)} for cite in cites],
    }


def _exception(
    raised: RaisedException, concluded: dict[int, ElementConclusion], address: ItemAddress
) -> dict[str, Any]:
    version = raised.section_version
    return {
        "section": section_link(version),
        "text": version.text,
        "raised_by": raised.get_raised_by_display(),
        "label": words.code_label(raised.result) if raised.result else "",
        "elements": [_element(row, concluded.get(row.pk), address) for row in version.elements.all()],
    }


def finding_words(code: str) -> dict[str, Any]:
    """Return a finding as a page names it: code, label and what it means."""
    return {"code": code, "label": FINDING_LABELS.get(code, code), "meaning": FINDING_MEANINGS.get(code, "")}
