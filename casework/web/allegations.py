"""Allegations and findings: the grid, the worksheet of each allegation, the recommendation and the decision."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from casework import clocks
from casework.actions import allegations as acts
from casework.actions import people
from casework.actions.training.evidence import add_training_record
from casework.models import Allegation, Case, Finding
from casework.permissions import permissions_of
from casework.reporting.trained import trained_before
from casework.vocabulary import FINDING_LABELS, FINDING_MEANINGS, Perm, Stage
from casework.web import words
from casework.web.desk import case_answer, steps
from casework.web.entrance import WorkRequest, case_page, done, require, sent
from casework.web.events import section_link
from casework.web.forms import AllegationForm, IdentifyForm, OfficerForm, RecommendForm
from casework.web.worksheet import Worksheet
from policy_rules.models import Chapter, SectionVersion
from policy_rules.rules import Rules, rules_on

POSTS = ("GET", "HEAD", "POST")


def _allegations(case: Case) -> Any:
    return case.allegations.select_related("section_version__section", "officer").prefetch_related(
        "findings__by", "conclusions", "exceptions__section_version__section", "section_version__elements"
    )


@case_page(Perm.VIEW_FILE)
def grid(request: WorkRequest, case: Case) -> HttpResponse:
    """Show each allegation against each officer, stage by stage."""
    rows = [_row(case, allegation) for allegation in _allegations(case)]
    page = {"rows": rows, "steps": steps(request.user, case), "stages": [stage.label for stage in Stage]}
    return case_answer(request, case, "casework/allegation_list.html", page)


def _row(case: Case, allegation: Allegation) -> dict[str, Any]:
    version = allegation.section_version
    elements = list(version.elements.all()) if version else []
    concluded = {row.element_id for row in allegation.conclusions.all()}
    open_ = [element.code.rpartition("-")[2] for element in elements if element.pk not in concluded]
    before, stages = None, []
    for stage in Stage:
        finding = allegation.finding_at(stage)
        stages.append(stage_cell(finding, before))
        before = finding or before
    return {
        "allegation": allegation,
        "section": section_link(version) if version else None,
        "title": version.title if version else allegation.category or allegation.source_category,
        "url": reverse("staff:worksheet", kwargs={"number": case.number, "allegation": allegation.number}),
        "elements": len(elements),
        "concluded": len(elements) - len(open_),
        "open": ", ".join(open_),
        "exceptions": [
            {"code": row.section_version.section.code, "result": words.code_label(row.result) if row.result else ""}
            for row in allegation.exceptions.all()
        ],
        "stages": stages,
    }


def stage_cell(finding: Finding | None, before: Finding | None) -> dict[str, Any] | None:
    """Return a finding as a cell of the grid; it departs where it differs from that of the stage before."""
    if finding is None:
        return None
    departs = before is not None and before.code != finding.code
    return {
        "code": finding.code,
        "label": FINDING_LABELS.get(finding.code, finding.code),
        "by": str(finding.by or ""),
        "when": finding.on,
        "departs": departs,
        "reason": finding.reason if departs or finding.code != finding.implied else "",
    }


@case_page(Perm.FRAME_ALLEGATION, methods=POSTS)
def add_allegation(request: WorkRequest, case: Case) -> HttpResponse:
    """Frame an allegation: one section in force on the day of the event, against one officer of the case."""
    officers = case.officers.all()
    sections = _sections(case)
    form = AllegationForm(sent(request), sections=_choices(case, sections), officers=officers)
    if request.method == "POST" and form.carry_out(acts.frame, case=case, by=request.user):
        return done(request, case, "staff:allegations", number=case.number)
    reasons = words.refusal_lines(form.refusals, case.number)
    page = {
        "form": form,
        "has_officers": officers.exists(),
        "reasons": reasons,
        "changed": _changed(sections),
        "days": acts.possible_days(case),
    }
    return case_answer(request, case, "casework/allegation_add.html", page, status=form.status)


def _sections(case: Case) -> list[list[SectionVersion]]:
    """Return the sections that could be alleged, each as the versions in force on some day of the event."""
    first, last = _days(case)
    versions = SectionVersion.objects.during(first, last).filter(allegable=True, section__manual__governs=True)
    found: dict[str, list[SectionVersion]] = {}
    for version in versions.in_order().select_related("section__chapter"):
        found.setdefault(version.section.code, []).append(version)
    return list(found.values())


def _days(case: Case) -> tuple[date, date]:
    return acts.possible_days(case) or (case.received_on, case.received_on)


def _choices(case: Case, sections: list[list[SectionVersion]]) -> list[tuple[str, str]]:
    """Return each section, or each of its versions where which of them applied is for a person to say."""
    days = _days(case)
    return [choice for versions in sections for choice in _versions_to_choose(versions, *days)]


def _versions_to_choose(versions: list[SectionVersion], first: date, last: date) -> Iterator[tuple[str, str]]:
    if not acts.is_open(versions, first, last):
        (only,) = versions
        yield only.section.code, f"{only.section.code} {only.title}"
        return
    before = None
    for version in versions:
        told = {
            "section": f"{version.section.code} {version.title}",
            "first": formats.date_format(version.effective_from),
            "last": version.effective_to and formats.date_format(version.effective_to),
            "version": version.version,
        }
        words = (
            _("%(section)s, version %(version)s, in force from %(first)s to %(last)s")
            if version.effective_to
            else _("%(section)s, version %(version)s, in force from %(first)s")
        ) % told
        if before is not None and before.wording_digest == version.wording_digest:
            words = _("%(version)s; the same words") % {"version": words}
        yield f"{version.section.code}@{version.version}", words
        before = version


def _changed(sections: list[list[SectionVersion]]) -> list[dict[str, Any]]:
    """Return the chapters that changed during the event, with the addresses at which their versions are compared."""
    pairs = {
        (older.section.chapter, older.version, newer.version): None
        for versions in sections
        for older, newer in pairwise(versions)
    }
    return [
        {
            "chapter": chapter,
            "before": before,
            "after": after,
            "url": _comparison(chapter, before=before, after=after),
        }
        for chapter, before, after in pairs
    ]


def _comparison(chapter: Chapter, **versions: str) -> str:
    return f"{reverse('policies:compare', args=[chapter.code])}?{urlencode(versions)}"


@case_page(Perm.ADD_PERSON, methods=POSTS)
def add_officer(request: WorkRequest, case: Case) -> HttpResponse:
    """Add an officer by badge, or by description."""
    form = OfficerForm(sent(request))
    if request.method == "POST" and form.carry_out(people.add_officer, case=case, by=request.user):
        return done(request, case, "staff:people", number=case.number)
    page = {"form": form, "reasons": words.refusal_lines(form.refusals, case.number)}
    return case_answer(request, case, "casework/officer_add.html", page, status=form.status)


@case_page(Perm.ADD_PERSON, methods=POSTS)
def identify_officer(request: WorkRequest, case: Case, officer: int) -> HttpResponse:
    """Say who an officer known only by description is."""
    described = case.officers.filter(pk=officer, officer=None).first()
    if described is None:
        raise Http404
    form = IdentifyForm(sent(request))
    if request.method == "POST" and form.carry_out(
        people.identify_officer, case=case, officer=described, by=request.user
    ):
        return done(request, case, "staff:people", number=case.number)
    page = {"form": form, "officer": described, "reasons": words.refusal_lines(form.refusals, case.number)}
    return case_answer(request, case, "casework/officer_identify.html", page, status=form.status)


def _allegation(case: Case, number: int) -> Allegation:
    found = _allegations(case).filter(number=number).first()
    if found is None or found.section_version is None or found.incident_on is None:
        raise Http404
    return found


@case_page(Perm.VIEW_FILE, methods=POSTS)
def worksheet(request: WorkRequest, case: Case, allegation: int) -> HttpResponse:
    """Show the elements and exceptions of an allegation; whoever investigates concludes each on cited evidence."""
    alleged = _allegation(case, allegation)
    if request.method == "POST":
        require(request.user, case, Perm.CONCLUDE)
    rules = rules_on(clocks.today())
    sheet = Worksheet(alleged, rules, sent(request))
    if request.method == "POST" and sheet.save(request.user):
        return done(request, case, "staff:worksheet", number=case.number, allegation=allegation)
    page = {
        "form": sheet,
        "allegation": alleged,
        "concludes": Perm.CONCLUDE in permissions_of(request.user, case),
        "conclusions": [_conclusion(element) for element in sheet.elements],
        "reasons": words.refusal_lines(sheet.refusals, case.number),
        **_rule(alleged, rules),
    }
    status = sheet.status if request.method == "POST" else 200
    return case_answer(request, case, "casework/allegation_worksheet.html", page, status=status)


def _conclusion(form: Any) -> dict[str, Any]:
    concluded = form.conclusion
    return {
        "element": form.element,
        "letter": form.letter,
        "label": words.code_label(concluded.code) if concluded else "",
        "sentence": concluded.sentence if concluded else "",
        "cites": [{"item": cite.evidence, "place": cite.place} for cite in concluded.cites.all()] if concluded else [],
    }


def _rule(allegation: Allegation, rules: Rules) -> dict[str, Any]:
    implied = acts.implied_finding(allegation, rules)
    version, day = allegation.cited
    return {
        "version": version,
        "section": section_link(version),
        "day": day,
        "implied": implied,
        "implied_label": FINDING_LABELS.get(implied, ""),
        "implied_meaning": FINDING_MEANINGS.get(implied, ""),
        "recommended": stage_cell(allegation.finding_at(Stage.INVESTIGATOR), None),
        "trained": trained_before(allegation.officer, version.section, day),
    }


@case_page(Perm.ADD_EVIDENCE, methods=("POST",))
def cite_training(request: WorkRequest, case: Case, allegation: int) -> HttpResponse:
    """Put what the records say of the officer's training into the file, as an item that conclusions can cite."""
    alleged = _allegation(case, allegation)
    add_training_record(allegation=alleged, by=request.user)
    return done(request, case, "staff:worksheet", number=case.number, allegation=allegation)


@case_page(Perm.RECOMMEND_FINDING, methods=POSTS)
def recommend(request: WorkRequest, case: Case, allegation: int) -> HttpResponse:
    """Recommend a finding on one allegation."""
    alleged = _allegation(case, allegation)
    rules = rules_on(clocks.today())
    rule = _rule(alleged, rules)
    initial = {"code": rule["implied"], "act_occurred": "yes"}
    form = RecommendForm(sent(request), codes=rules.finding_codes.decided, initial=initial)
    if request.method == "POST" and form.carry_out(acts.recommend, allegation=alleged, by=request.user):
        return done(request, case, "staff:allegations", number=case.number)
    page = {
        "form": form,
        "allegation": alleged,
        "meanings": FINDING_MEANINGS,
        "reasons": words.refusal_lines(form.refusals, case.number),
        **rule,
    }
    return case_answer(request, case, "casework/allegation_recommend.html", page, status=form.status)
