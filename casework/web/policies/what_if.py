"""What a draft of the rules would have changed in past cases: ask for a run, follow it, read what it found."""

from __future__ import annotations

import csv
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import RoleCode, User
from casework.actions import what_if as acts
from casework.models import Case, WhatIf
from casework.vocabulary import WhatIfKind
from casework.web.entrance import WorkRequest, work_page
from casework.web.policies.figures import require_reader
from policy_rules import labels
from policy_rules.models import ChapterVersion

CASES_SHOWN = 100
COLUMNS = ("case", "allegation", "kind", "subject", "before", "after")


@work_page(methods=("GET", "HEAD", "POST"))
def what_if(request: WorkRequest, code: str, version: str) -> HttpResponse:
    """Show the newest run of a draft's rules over past cases; sent, ask for another."""
    require_reader(request)
    row = _draft(code, version)
    if request.method == "POST":
        acts.ask(version=row, by=request.user)
        messages.success(request, _("The cases are being gone through. You can leave this page; the result is kept."))
        return redirect("policy_figures:what_if", code=code, version=version)
    run = row.what_ifs.select_related("asked_by", "version").order_by("-pk").first()
    page: dict[str, Any] = {
        "version": row,
        "chapter": row.chapter,
        "run": run,
        "may_run": row.draft_rules.exists() and (run is None or run.finished_at is not None or run.is_silent),
        "groups": _groups(run) if run else [],
        "looked_at": [(LOOKED_AT[kind], number) for kind, number in run.looked_at.items()] if run else [],
    }
    if run and sees_cases(request.user):
        cases = _cases(run, request.user)
        page |= {"sees_cases": True, "cases": [_told(item) for item in cases[:CASES_SHOWN]], "number": len(cases)}
    return render(request, "casework/what_if.html", page)


@work_page()
def what_if_file(request: WorkRequest, code: str, version: str) -> HttpResponse:
    """Give the newest run as CSV: the counts, or case by case for who may see the cases."""
    require_reader(request)
    run = WhatIf.objects.finished().filter(version=_draft(code, version)).first()
    if run is None:
        raise Http404
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="what-if-{code}-{version}.csv"'
    writer = csv.writer(answer)
    if sees_cases(request.user):
        writer.writerow(COLUMNS)
        writer.writerows([item[name] for name in COLUMNS] for item in _cases(run, request.user))
    else:
        names = ("kind", "subject", "before", "after", "number")
        writer.writerow(names)
        writer.writerows([item[name] for name in names] for item in run.tallies)
    return answer


LOOKED_AT = {
    "deadlines": _lazy("Limits of cases"),
    "findings": _lazy("Findings on conclusions"),
    "discipline": _lazy("Outcomes for officers"),
    "classifications": _lazy("Classified cases"),
    "votes": _lazy("Votes of panels"),
    "decisions": _lazy("Decisions of the chief after a board"),
}


def sees_cases(user: User) -> bool:
    """Say whether the differences are shown case by case: they tell of findings and of discipline."""
    return RoleCode.AUDITOR in user.role_codes()


def _draft(code: str, version: str) -> ChapterVersion:
    rows = ChapterVersion.objects.select_related("chapter__manual")
    return get_object_or_404(rows, chapter__manual__governs=True, chapter__code=code, version=version)


def _groups(run: WhatIf) -> list[dict[str, Any]]:
    order = {kind.value: place for place, kind in enumerate(WhatIfKind)}
    rows = sorted(run.tallies, key=lambda row: (order[row["kind"]], row["subject"]))
    return [
        {"kind": kind, "label": WhatIfKind(kind).label, "rows": [_told(row) for row in held]}
        for kind, held in groupby(rows, key=lambda row: row["kind"])
    ]


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with the words for its codes."""
    kind = WhatIfKind(row["kind"])
    is_clock = kind in (WhatIfKind.MISSED, WhatIfKind.MET, WhatIfKind.DUE_DATE, WhatIfKind.NO_LIMIT)
    subject = labels.rule_name(f"authorities.clocks.{row['subject']}") if is_clock else _subject(kind, row["subject"])
    return row | {"label": kind.label, "about": subject, "from": _value(row["before"]), "to": _value(row["after"])}


def _subject(kind: WhatIfKind, subject: str) -> str:
    if kind in (WhatIfKind.RANGE, WhatIfKind.OUTCOME):
        return labels.discipline_class(subject)
    if kind == WhatIfKind.QUORUM:
        return _("%(number)s votes") % {"number": subject}
    return labels.rule_part(subject)


def _value(told: str) -> str:
    words = {"yes": _("Yes"), "no": _("No"), "met": _("Met"), "missed": _("Missed")}
    words |= {"earlier": _("Earlier"), "later": _("Later")}
    words |= {"inside": _("Inside the range"), "outside": _("Outside the range")}
    return words.get(told) or " – ".join(labels.rule_value(end) for end in told.split(" – ")) or "–"


def _cases(run: WhatIf, user: User) -> list[dict[str, Any]]:
    """Return the differences in cases that the person may see."""
    numbers = {row["case"] for row in run.differences}
    seen = set(Case.objects.visible_to(user).filter(number__in=numbers).values_list("number", flat=True))
    return [row for row in run.differences if row["case"] in seen]
