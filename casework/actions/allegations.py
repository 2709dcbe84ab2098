"""Classification, allegations, conclusions, and the findings they imply."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts.models import User
from casework import clocks
from casework.actions.acts import acting
from casework.exceptions import Invalid
from casework.models import (
    Allegation,
    Case,
    CaseOfficer,
    ElementConclusion,
    Evidence,
    EvidenceCite,
    Finding,
    InvestigationReport,
    RaisedException,
)
from casework.permissions import Actor, user
from casework.reporting.tallies import tallied
from casework.vocabulary import Clock, Perm, RaisedBy, Stage
from policy_rules import outcomes
from policy_rules.in_force import UnknownSection, versions_during
from policy_rules.models import Element, SectionVersion
from policy_rules.outcomes import ESTABLISHED, PROVED
from policy_rules.rules import Rules, rules_on


def classify(*, case: Case | str, code: str, reason: str = "", by: Actor, on: date | None = None) -> None:
    """Classify the complaint by what is alleged (CH-3.5). Raises Invalid for a code the rules do not have.

    A class once set is changed by the move `reclassify`, so that lowering it takes two people.
    """
    with acting("classify", case=case, by=by, perm=Perm.CLASSIFY, on=on) as act:
        rules = rules_on(act.on)
        if code not in rules.classifications.codes:
            raise Invalid(_("Choose one of the classes of the rules in force."), field="classification")
        if act.case.was_grave and code not in rules.classifications.grave:
            raise Invalid(_("A serious, critical or criminal class is not lowered here."), field="classification")
        before = act.case.classification
        act.case.classification = code
        act.case.was_grave = act.case.was_grave or code in rules.classifications.grave
        act.case.save(update_fields=["classification", "was_grave"])
        clocks.stop(act.case, [Clock.CLASSIFY], act.on)
        act.record("case.classified", facts={"class": code, "before": before}, detail={"reason": reason})


def possible_days(case: Case, incident_on: date | None = None) -> tuple[date, date] | None:
    """Return the first and the last day on which the event can have been; None where no day is known."""
    first = incident_on or case.incident_on or case.incident_from
    if first is None:
        return None
    return first, incident_on or case.incident_on or case.incident_to or first


def is_open(versions: Sequence[SectionVersion], first: date, last: date) -> bool:
    """Say whether someone must choose what applies: several texts could, or the only one did not on all the days."""
    return len(versions) > 1 or not all(version.in_force_on(day) for version in versions for day in (first, last))


def _version_for(section: str, case: Case, incident_on: date | None, reason: str) -> tuple[SectionVersion, date]:
    """Return the version in force on the day of the event, and that day; ask for a choice where several could apply.

    A section given with its version, as ``DE-4.1@1.0``, is that choice, and needs the reason for it.
    """
    days = possible_days(case, incident_on)
    if days is None:
        raise Invalid(_("Give the day of the event, as near as it is known."), field="incident_on")
    first, last = days
    if case.incident_from and not case.incident_from <= first <= (case.incident_to or case.incident_from):
        raise Invalid(_("The day lies outside the time of the event."), field="incident_on")
    code, chosen, name = section.partition("@")
    try:
        versions = versions_during(code, first, last)
    except UnknownSection as error:
        raise Invalid(_("There is no section %(code)s in the manual.") % {"code": code}, field="section") from error
    if not versions:
        raise Invalid(_("This section was in force on no day of the event."), field="section")
    if chosen:
        return _chosen(versions, name, first, reason)
    if is_open(versions, first, last):
        told = _(
            "The rule changed between the first and the last possible day. "
            "Choose a version and say why. These were in force: %(versions)s."
        )
        named = ", ".join(f"{version.section.code}@{version.version}" for version in versions)
        raise Invalid(told % {"versions": named}, field="section")
    if case.incident_on is None and incident_on is not None and not reason.strip():
        raise Invalid(_("Say why this day is taken."), field="version_reason")
    return versions[0], first


def _chosen(versions: Sequence[SectionVersion], name: str, first: date, reason: str) -> tuple[SectionVersion, date]:
    """Return the version that someone chose of those that could apply, and the first day on which it could."""
    version = next((version for version in versions if version.version == name), None)
    if version is None:
        raise Invalid(_("That version was in force on no day of the event."), field="section")
    if not reason.strip():
        raise Invalid(_("Say why this version is taken."), field="version_reason")
    return version, max(first, version.effective_from)


def frame(
    *,
    case: Case | str,
    section: str,
    officer: CaseOfficer,
    summary: str = "",
    incident_on: date | None = None,
    version_reason: str = "",
    by: Actor,
    on: date | None = None,
) -> Allegation:
    """Frame an allegation: one section, in the version in force on the day of the event, against one officer.

    Raises Invalid where the section was not in force then or can not be alleged, or the day is not known (CH-3.8).
    """
    with acting("frame_allegation", case=case, by=by, perm=Perm.FRAME_ALLEGATION, on=on) as act:
        if officer.case_id != act.case.pk:
            raise Invalid(_("Choose an officer of this case."), field="officer")
        version, day = _version_for(section, act.case, incident_on, version_reason)
        if not (version.allegable and version.section.manual.governs):
            raise Invalid(_("Only a duty or a prohibition can be alleged against an officer."), field="section")
        if act.case.allegations.filter(section_version=version, officer=officer).exists():
            raise Invalid(_("This allegation is framed already."), field="section")
        with tallied(act.case):
            allegation = Allegation.objects.create(
                case=act.case,
                number=act.case.allegations.count() + 1,
                officer=officer,
                section_version=version,
                text_digest=version.text_digest,
                incident_on=day,
                version_reason=version_reason,
                summary=summary,
                framed_on=act.on,
            )
        act.record(
            "allegation.framed",
            sections=[version],
            objects=[allegation.reference],
            facts={"allegation": allegation.code, "officer": officer.pk, "section": version.reference},
            detail={"summary": summary, "version_reason": version_reason},
        )
        return allegation


@dataclass(frozen=True)
class Cited:
    """An item of evidence and the place in it on which a conclusion rests."""

    evidence: Evidence
    place: str = ""


def _of_case(allegation: Allegation, case: Case) -> None:
    if allegation.case_id != case.pk:
        raise Invalid(_("This allegation belongs to another case."), field="allegation")


def conclude_element(
    *,
    allegation: Allegation,
    element: Element,
    code: str,
    sentence: str,
    cites: Sequence[Cited],
    by: Actor,
    on: date | None = None,
) -> ElementConclusion:
    """Conclude one element of the duty, or of an exception that was raised, on cited evidence (CH-4.10).

    `not_reached` may stand without evidence; every other conclusion needs an item that was collected.
    """
    with acting("conclude_element", case=allegation.case, by=by, perm=Perm.CONCLUDE, on=on) as act:
        _of_case(allegation, act.case)
        rules = rules_on(act.on)
        if code not in rules.codes("element_conclusions"):
            raise Invalid(_("Choose one of the conclusions of the rules in force."), field="code")
        if not sentence.strip():
            raise Invalid(_("Say in a sentence what the evidence shows."), field="sentence")
        if not cites:
            raise Invalid(_("Cite at least one item of evidence."), field="cites")
        if any(cited.evidence.case_id != act.case.pk or not cited.evidence.is_collected for cited in cites):
            raise Invalid(_("Cite items of this case that were collected."), field="cites")
        exception = None
        if element.version_id != allegation.section_version_id:
            exception = allegation.exceptions.filter(section_version=element.version_id).first()
            if exception is None:
                raise Invalid(_("This element is neither of the duty nor of an exception raised."), field="element")
        conclusion, _created = ElementConclusion.objects.update_or_create(
            allegation=allegation,
            element=element,
            defaults={"exception": exception, "code": code, "sentence": sentence, "by": user(by), "on": act.on},
        )
        conclusion.cites.all().delete()
        EvidenceCite.objects.bulk_create(
            EvidenceCite(conclusion=conclusion, evidence=cited.evidence, place=cited.place) for cited in cites
        )
        act.record(
            "element.concluded",
            sections=[element.version],
            objects=[allegation.reference],
            facts={
                "allegation": allegation.code,
                "element": element.code,
                "conclusion": code,
                "evidence": sorted({cited.evidence.code for cited in cites}),
            },
            detail={"sentence": sentence},
        )
        return conclusion


def raise_exception(
    *,
    allegation: Allegation,
    section: str,
    raised_by: str = RaisedBy.INVESTIGATOR,
    result: str = "",
    by: Actor,
    on: date | None = None,
) -> RaisedException:
    """Raise an exception that may excuse the duty, or conclude one that was raised (CH-4.10).

    Raises Invalid for a section that is no exception to the alleged one in its version. `established` needs a
    conclusion of `proved` on each of its elements; silence establishes nothing.
    """
    with acting("conclude_exception", case=allegation.case, by=by, perm=Perm.CONCLUDE, on=on) as act:
        _of_case(allegation, act.case)
        rules = rules_on(act.on)
        alleged, day = allegation.cited
        excuses = alleged.exceptions_on(day)
        version = next((item for item in excuses if item.section.code == section), None)
        if version is None:
            raise Invalid(_("This section is no exception to the alleged one."), field="section")
        if raised_by not in RaisedBy.values:
            raise Invalid(_("Say who raised the exception."), field="raised_by")
        if result and result not in rules.codes("exception_conclusions"):
            raise Invalid(_("Choose one of the conclusions of the rules in force."), field="result")
        with tallied(act.case):
            raised, _created = RaisedException.objects.get_or_create(
                allegation=allegation, section_version=version, defaults={"raised_by": raised_by}
            )
            if result == ESTABLISHED:
                proved = set(raised.conclusions.filter(code=PROVED).values_list("element_id", flat=True))
                if not {element.pk for element in version.elements.all()} <= proved:
                    raise Invalid(_("Each element of the exception must be proved first."), field="result")
            raised.raised_by, raised.result = raised_by, result
            raised.save(update_fields=["raised_by", "result"])
        act.record(
            "exception.concluded" if result else "exception.raised",
            sections=[version],
            objects=[allegation.reference],
            facts={"allegation": allegation.code, "raised_by": str(raised_by), "result": result},
        )
        return raised


def implied_finding(allegation: Allegation, rules: Rules, *, act_occurred: bool = True) -> str:
    """Return the finding that the outcome table of the rules implies, or "" while an element is open.

    An exception that is established excuses; all elements proved is a violation; a disproved element means that the
    conduct met the duty, or that the act did not occur; anything else was not shown either way.
    """
    elements, results = allegation.conclusions_stated()
    return outcomes.implied_finding(rules, elements, results, act_occurred=act_occurred)


def recommend(
    *,
    allegation: Allegation,
    code: str,
    reason: str = "",
    act_occurred: bool = True,
    by: Actor,
    on: date | None = None,
) -> Finding:
    """Recommend a finding on one allegation (CH-4.10); a departure from the element table needs a reason."""
    with acting("recommend_finding", case=allegation.case, by=by, perm=Perm.RECOMMEND_FINDING, on=on) as act:
        _of_case(allegation, act.case)
        rules = rules_on(act.on)
        if code not in rules.finding_codes.decided:
            raise Invalid(_("Choose one of the findings of the rules in force."), field="code")
        implied = implied_finding(allegation, rules, act_occurred=act_occurred)
        if not implied:
            raise Invalid(_("Conclude each element and each exception first."), field="code")
        if code != implied and not reason.strip():
            raise Invalid(_("Say why the finding departs from what the elements imply."), field="reason")
        finding = add_finding(
            allegation, Stage.INVESTIGATOR, code, by=user(by), on=act.on, implied=implied, reason=reason
        )
        act.record(
            "finding.recommended",
            sections=allegation.alleged,
            objects=[allegation.reference],
            facts=finding_facts(finding),
            detail={"reason": reason},
        )
        return finding


def add_finding(
    allegation: Allegation,
    stage: Stage,
    code: str,
    *,
    by: User | None,
    on: date,
    implied: str = "",
    reason: str = "",
) -> Finding:
    """Save a finding row; the action that calls it records the entry.

    The round is read anew: the case of an allegation that was fetched before a remand still counts the old returns.
    """
    returns = Case.objects.values_list("returns", flat=True).get(pk=allegation.case_id)
    with tallied(allegation.case):
        finding = Finding.objects.create(
            allegation=allegation,
            stage=stage,
            code=code,
            implied=implied,
            reason=reason,
            standard_of_proof=(allegation.section_version.standard_of_proof if allegation.section_version else "")
            or rules_on(on).profile.standard_of_proof,
            round=returns + 1,
            by=by,
            on=on,
        )
        allegation.finding_code = code
        allegation.save(update_fields=["finding_code"])
    return finding


def finding_facts(finding: Finding) -> dict[str, str | int]:
    """Return the facts of a finding as the log has them; `verify` compares the rows with these."""
    return {
        "finding": finding.pk,
        "allegation": finding.allegation.code,
        "stage": str(finding.stage),
        "code": finding.code,
        "implied": finding.implied,
        "standard_of_proof": finding.standard_of_proof,
    }


def write_report(*, case: Case | str, text: str, by: Actor, on: date | None = None) -> InvestigationReport:
    """Write the next version of the investigator's report (CH-4.11); earlier versions stay as they were."""
    with acting("write_report", case=case, by=by, perm=Perm.SUBMIT, on=on) as act:
        if not text.strip():
            raise Invalid(_("Write the report."), field="text")
        version = act.case.reports.count() + 1
        digest = hashlib.sha256(text.encode()).hexdigest()
        report = InvestigationReport.objects.create(
            case=act.case, version=version, text=text, sha256=digest, by=user(by), on=act.on
        )
        act.record("report.written", facts={"version": version, "sha256": digest})
        return report
