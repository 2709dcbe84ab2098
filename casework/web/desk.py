"""The frame of a case: the bar that names it, its pages, and the steps that are open in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, IntegerField, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from casework import clocks
from casework.actions.moves import PROCESS, open_moves
from casework.actions.recommendations import may as may_recommend
from casework.models import Allegation, Assignment, Case, Evidence, Letter, Message, Note, Packet
from casework.permissions import permissions_of
from casework.recommending import RecommendationPerm
from casework.vocabulary import CLASSIFICATION_LABELS, CaseRole, Clock, Perm
from casework.web import words
from casework.web.entrance import WorkRequest

Place = tuple[str | Promise, str, tuple[Perm, ...], type[Model] | None]

READS_MESSAGES = (Perm.MESSAGE, Perm.VIEW_NOTES)
READS_ACCESS = (Perm.DECLARE_CONFLICT, Perm.ASSIGN, Perm.VIEW_AUDIT)
READS_RECEIPTS = (Perm.VIEW_FILE, Perm.VIEW_VOTES, Perm.VOTE)
READS_PACKET = (Perm.BUILD_PACKET, Perm.VIEW_PACKET)

PLACES: tuple[Place, ...] = (
    (_lazy("Summary"), "staff:case", (Perm.VIEW,), None),
    (_lazy("Allegations and findings"), "staff:allegations", (Perm.VIEW_FILE,), Allegation),
    (_lazy("People"), "staff:people", (Perm.VIEW_FILE,), None),
    (_lazy("Evidence"), "staff:evidence", (Perm.VIEW_EVIDENCE,), Evidence),
    (_lazy("Notes"), "staff:notes", (Perm.VIEW_NOTES,), Note),
    (_lazy("Messages and contacts"), "staff:messages", READS_MESSAGES, Message),
    (_lazy("Letters"), "staff:letters", (Perm.VIEW_FILE,), Letter),
    (_lazy("Report"), "staff:report", (Perm.VIEW_FILE,), None),
    (_lazy("Packet"), "staff:packet", READS_PACKET, Packet),
    (_lazy("Review board"), "board:panel", (Perm.VIEW_PANEL,), None),
    (_lazy("Chief’s decision"), "staff:decision", (Perm.VIEW_DECISION,), None),
    (_lazy("Timeline"), "staff:timeline", (Perm.VIEW_FILE,), None),
    (_lazy("Receipts"), "staff:receipts", READS_RECEIPTS, None),
    (_lazy("Holds"), "staff:holds", (Perm.VIEW_FILE,), None),
    (_lazy("Access"), "staff:access", READS_ACCESS, None),
)
"""The pages of a case: words, route, the permissions of which one opens it, and what is counted beside it."""


def case_answer(
    request: WorkRequest, case: Case, template: str, page: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Show a page of a case inside its frame."""
    return render(request, template, {**desk(request.user, case), **(page or {})}, status=status)


def desk(user: User, case: Case) -> dict[str, Any]:
    """Return what the frame of the case shows to this person; `may` holds their permissions."""
    may = permissions_of(user, case)
    reads = Perm.VIEW_FILE in may
    running = list(case.clocks.running())
    return {
        "case": case,
        "may": may,
        "reads_file": reads,
        "title": words.case_title(case) if reads else "",
        "marks": _marks(case) if reads else _marks(case)[:1],
        "facts": _facts(case, running) if reads else [],
        "places": _places(case, may),
        "recommends": may_recommend(user, RecommendationPerm.MAKE),
    }


def _marks(case: Case) -> list[dict[str, Any]]:
    marks: list[dict[str, Any]] = [{"label": case.get_state_display(), "kind": "bare" if case.has_ended else "key"}]
    if case.classification:
        label = CLASSIFICATION_LABELS.get(case.classification, case.classification)
        marks.append({"label": label, "kind": "bare"})
    marks.append({"label": case.get_confidentiality_display(), "kind": "bare"})
    marks.append({"label": language_name(case.language), "kind": "bare"})
    if case.withdrawn_on:
        marks.append({"label": _("Wish to withdraw recorded"), "kind": "warn"})
    if case.holds.standing().exists():
        marks.append({"label": _("Record is held"), "kind": "warn"})
    if case.source_id is not None:
        marks.append({"label": _("From another system"), "kind": "bare"})
    return marks


def language_name(code: str) -> str:
    """Return the name of a language in the reader's own, or its code."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def _facts(case: Case, running: list[Any]) -> list[dict[str, Any]]:
    today = clocks.today()
    holders = (
        Assignment.objects.current().filter(case=case, role=CaseRole.INVESTIGATOR).select_related("user").order_by("id")
    )
    stage = next((clock for code in reversed(clocks.STAGE_CLOCKS) for clock in running if clock.code == code), None)
    overall = next((clock for clock in running if clock.code == Clock.OVERALL), None)
    facts: list[dict[str, Any]] = [
        {"label": _("Complainant sees"), "value": case.phase.label},
        {"label": _("Assigned to"), "value": ", ".join(str(row.user) for row in holders) or _("Nobody yet")},
    ]
    for label, clock in ((_("Stage clock"), stage), (_("Whole case"), overall)):
        if clock is not None:
            line = words.clock_line(clock, today)
            told = _("Day %(day)s of %(length)s. %(due)s") % {**line, "due": clock_due(line)}
            facts.append({"label": label, "value": told})
    if case.legal_limit_on is not None:
        facts.append({"label": _("Legal limit"), "value": case.legal_limit_on})
    if case.incident_on is not None:
        facts.append({"label": _("Incident"), "value": case.incident_on})
    return facts


def clock_due(line: Mapping[str, Any]) -> str:
    """Return how the due date of a clock's row stands, in words."""
    return str(line["due"].words)


def _counts(case: Case) -> dict[str, int]:
    def counted(model: type[Model]) -> Coalesce:
        rows: QuerySet = model._default_manager.filter(case=OuterRef("pk")).order_by().values("case")
        return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)

    models = [model for *_rest, model in PLACES if model is not None]
    names = {model.__name__: counted(model) for model in models}
    return Case.objects.filter(pk=case.pk).values(**names).get()


def _places(case: Case, may: Iterable[str]) -> list[dict[str, Any]]:
    counts, held = _counts(case), set(may)
    return [
        {
            "label": label,
            "url": reverse(route, kwargs={"number": case.number}),
            "count": counts[model.__name__] if model is not None else None,
        }
        for label, route, perms, model in PLACES
        if held.intersection(perms)
    ]


def steps(user: User, case: Case) -> list[dict[str, Any]]:
    """Return the moves that the person's permissions reach, each with its address or with every reason against it."""
    table = PROCESS.table()
    found: list[dict[str, Any]] = []
    for name, refusals in open_moves(case, by=user).items():
        row = table[name]
        found.append(
            {
                "name": name,
                "label": row.label,
                "url": reverse("staff:move", kwargs={"number": case.number, "move": name}),
                "main": bool(row.targets) and not refusals and not any(step["main"] for step in found),
                "hint": _("Needs a second person.") if row.second_person else "",
                "refusals": words.refusal_lines(refusals, case.number),
            }
        )
    return found
