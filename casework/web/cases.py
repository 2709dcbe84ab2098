"""A case's summary, its class, its report, its packet, and its timeline."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.translation import gettext as _

from audit.actions import all_actions
from audit.models import Entry
from casework import clocks
from casework.actions import allegations, decisions, evidence, notices
from casework.actions.recommendations import may as may_recommend
from casework.models import Case
from casework.permissions import permissions_of
from casework.recommending import RecommendationPerm
from casework.states import State
from casework.vocabulary import Perm
from casework.web import words
from casework.web.desk import READS_PACKET, case_answer, language_name, steps
from casework.web.entrance import WorkRequest, case_page, done, require, sent
from casework.web.events import events
from casework.web.forms import ClassifyForm, ReportForm
from casework.web.moves import stated_lines, statements
from policy_rules.rules import rules_on

NEWEST = 6
"""Entries shown beside the summary."""

ON_ONE_PAGE = 50


@case_page(Perm.VIEW)
def summary(request: WorkRequest, case: Case) -> HttpResponse:
    """Show what was said, how the case stands, and which steps are open or not yet, with every reason."""
    notices.mark_read(request.user, case=case)
    may = permissions_of(request.user, case)
    reads = Perm.VIEW_FILE in may
    proposals = case.proposals.filter(performed_by=None, declined_by=None).select_related("proposed_by")
    page = {
        "steps": steps(request.user, case),
        "proposals": [
            {"proposal": row, "label": words.move_label(row.move), "stated": stated_lines(row)}
            for row in (proposals if Perm.VIEW_NOTES in may else ())
        ],
        "statements": statements(case) if Perm.VIEW_NOTES in may else [],
        "complaint": _complaint(case) if reads else [],
        "clocks": _clock_lines(case) if reads else [],
        "events": events(list(_told_to(may, case).reverse()[:NEWEST])) if reads else [],
        "recommended": case.recommendations.all() if may_recommend(request.user, RecommendationPerm.READ) else (),
        "may_tell_board": Perm.SEND_LETTER in may and _board_waits(case),
    }
    return case_answer(request, case, "casework/case_summary.html", page)


def _clock_lines(case: Case) -> list[dict[str, Any]]:
    """Return the clocks of a case, those that run first; what is due soonest stands at the head."""
    lines = [words.clock_line(clock, clocks.today()) for clock in case.clocks.order_by("due_on", "id")]
    return sorted(lines, key=lambda line: not line["running"])


def _complaint(case: Case) -> list[dict[str, Any]]:
    rows = [
        (_("Received"), case.received_on),
        (_("How it came"), case.get_channel_display()),
        (_("What the complainant is to the event"), case.get_relation_display()),
        (_("Name"), case.get_confidentiality_display()),
        (_("Language"), language_name(case.language)),
        (_("Event"), case.incident_on or _span(case)),
        (_("Time of day"), case.incident_time),
        (_("Place"), case.place),
        (_("District"), case.district),
        (_("Board"), _("The complainant asks that the board hear the case") if case.board_requested else ""),
        (_("Recorded by"), str(case.recorded_by or "")),
        (_("Source"), f"{case.source}: {case.source_reference}" if case.source else ""),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def _span(case: Case) -> str:
    if case.incident_from is None or case.incident_to is None:
        return ""
    return _("%(first)s to %(last)s") % {"first": case.incident_from, "last": case.incident_to}


def _board_waits(case: Case) -> bool:
    return case.state == State.DISPOSITION_ISSUED and case.board_told_on is None and case.draws.exists()


@case_page(Perm.SEND_LETTER, methods=("POST",))
def tell_board(request: WorkRequest, case: Case) -> HttpResponse:
    """Tell the board what was decided."""
    decisions.tell_board(case=case, by=request.user)
    return done(request, case, "staff:case", number=case.number)


@case_page(Perm.CLASSIFY, methods=("GET", "HEAD", "POST"))
def classify(request: WorkRequest, case: Case) -> HttpResponse:
    """Classify the complaint."""
    codes = rules_on(clocks.today()).classifications.codes
    form = ClassifyForm(sent(request), codes=codes, initial={"code": case.classification})
    if request.method == "POST" and form.carry_out(allegations.classify, case=case, by=request.user):
        return done(request, case, "staff:case", number=case.number)
    page = {"form": form, "reasons": words.refusal_lines(form.refusals, case.number)}
    return case_answer(request, case, "casework/case_classify.html", page, status=form.status)


@case_page(Perm.VIEW_FILE, methods=("GET", "HEAD", "POST"))
def report(request: WorkRequest, case: Case) -> HttpResponse:
    """Show the report and its versions; the investigator writes the next one."""
    versions = list(case.reports.select_related("by"))
    if request.method == "POST":
        require(request.user, case, Perm.SUBMIT)
    form = ReportForm(sent(request), initial={"text": versions[-1].text if versions else ""})
    if request.method == "POST" and form.carry_out(allegations.write_report, case=case, by=request.user):
        return done(request, case, "staff:report", number=case.number)
    page = {"form": form, "versions": versions, "reasons": words.refusal_lines(form.refusals, case.number)}
    return case_answer(request, case, "casework/case_report.html", page, status=form.status)


@case_page(*READS_PACKET)
def packet(request: WorkRequest, case: Case) -> HttpResponse:
    """Show the packets that were built for the board, item by item."""
    packets = [
        {
            "packet": packet,
            "listed": [{"name": f"E{row['number']} {row['title']}", **row} for row in packet.manifest["evidence"]],
        }
        for packet in case.packets.select_related("built_by", "checked_by").order_by("-version")
    ]
    page = {"packets": packets, "newest": packets[0]["packet"] if packets else None}
    return case_answer(request, case, "casework/case_packet.html", page)


@case_page(Perm.BUILD_PACKET, methods=("POST",))
def build_packet(request: WorkRequest, case: Case) -> HttpResponse:
    """Freeze the file as a list of items and digests."""
    evidence.build_packet(case=case, by=request.user)
    return done(request, case, "staff:packet", number=case.number)


@case_page(Perm.BUILD_PACKET, methods=("POST",))
def check_packet(request: WorkRequest, case: Case) -> HttpResponse:
    """Confirm the newest packet as a second person."""
    evidence.check_packet(case=case, by=request.user)
    return done(request, case, "staff:packet", number=case.number)


@case_page(Perm.VIEW_FILE)
def timeline(request: WorkRequest, case: Case) -> HttpResponse:
    """Show what was done, in order, each act with its authority and its place in the log.

    Without the permission to read the log: the steps of the case and what the complainant is told.
    """
    may = permissions_of(request.user, case)
    entries = Paginator(_told_to(may, case).reverse(), ON_ONE_PAGE).get_page(request.GET.get("page"))
    page = {"page": entries, "events": events(list(entries)), "reads_log": Perm.VIEW_AUDIT in may}
    return case_answer(request, case, "casework/case_timeline.html", page)


def _told_to(may: frozenset[str], case: Case) -> Any:
    entries = Entry.objects.about(case.reference).with_positions()
    if Perm.VIEW_AUDIT in may:
        return entries
    told = [action.code for action in all_actions() if action.complainant or action.code.startswith("move.")]
    return entries.filter(action__in=told)
