"""The pages on which the rules of a draft are read, changed, and compared with those in force."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from moves.forms import ActForm
from policy_rules import drafted_rules
from policy_rules.actions import drafts
from policy_rules.actions import rules as acts
from policy_rules.models import ChapterVersion
from policy_rules.roles import PolicyPerm
from policy_rules.rule_rows import CLOCKS, PROFILES, Row, row_at, rows_of
from policy_rules.web.office import OfficeRequest, draft_of, office_page, said, sent_to
from policy_rules.web.rule_forms import EndRuleForm, NewRuleForm, RuleForm
from policy_rules.web.rules import in_groups


@office_page()
def rules(request: OfficeRequest, code: str, version: str) -> HttpResponse:
    """Show what the draft changes in the rules, and every rule that is drafted with its chapter."""
    row = _draft(code, version)
    own = set(row.draft_sections.values_list("code", flat=True))
    data = drafted_rules.drafted_data(row)
    known = [rule for rule in rows_of(data) if rule.section in own]
    changed = {change.row.path: change for change in drafted_rules.changes_of(row)}
    page = _page(row) | {
        "changes": list(changed.values()),
        "groups": in_groups(known),
        "changed": set(changed),
        "may_edit": drafts.may_edit(request.user, row),
        "newest": drafted_rules.newest_set(row.chapter.manual),
    }
    return render(request, "policy_rules/office_rules.html", page)


@office_page(methods=("GET", "HEAD", "POST"))
def rule(request: OfficeRequest, code: str, version: str, path: str) -> HttpResponse:
    """Show what a rule is to be; change it, or take its change back, where it can be changed."""
    row = _draft(code, version)
    data = drafted_rules.drafted_data(row)
    found = row_at(data, path) or _new(path, data)
    may_edit = drafts.may_edit(request.user, row) and (found.section == "" or acts.is_of_chapter(row, found))
    if request.method == "POST" and not may_edit:
        raise PermissionDenied(_("A draft is not changed at this stage."))
    step = request.POST.get("step")
    if step == "keep":
        acts.keep_rule(row, path, by=request.user)
        return said(request, row, "policy_office:rules")
    is_ended = step == "end"
    form = RuleForm(None if is_ended else sent_to(request), version=row, row=found, data=data)
    ending = EndRuleForm(sent_to(request) if is_ended else None, prefix="end")
    sent: ActForm = ending if is_ended else form
    given = {"path": path, "value": None} if is_ended else {}
    if request.method == "POST" and sent.carry_out(acts.change_rule, version=row, by=request.user, **given):
        return said(request, row, "policy_office:rules")
    in_force = row_at(drafted_rules.adopted_data(row), path)
    page = _page(row) | {
        "form": form,
        "rule": found,
        "in_force": in_force,
        "may_edit": may_edit,
        "is_changed": row.draft_rules.filter(path=path).exists(),
        "parts": list(form.parts.values()),
        "reasons": sent.refusals,
        "ending": ending if row_at(data, path) and acts.may_end(path) else None,
        "sent": sent,
    }
    return render(request, "policy_rules/office_rule.html", page, status=sent.status)


@office_page(PolicyPerm.DRAFT, methods=("GET", "HEAD", "POST"))
def add_rule(request: OfficeRequest, code: str, version: str) -> HttpResponse:
    """Name a time limit or an arrangement that the rules do not have yet, and lead on to its form."""
    row = _draft(code, version)
    form = NewRuleForm(sent_to(request))
    if request.method == "POST" and form.is_valid():
        path = f"{form.cleaned_data['kind']}.{form.cleaned_data['name']}"
        if row_at(drafted_rules.drafted_data(row), path) is None:
            return redirect("policy_office:rule", code=code, version=version, path=path)
        form.add_error("name", _("There is a rule of that name already."))
    return render(request, "policy_rules/office_rule_add.html", _page(row) | {"form": form}, status=form.status)


def _new(path: str, data: dict[str, Any]) -> Row:
    parent, _dot, name = path.rpartition(".")
    if parent not in (CLOCKS, PROFILES) or not name.isidentifier() or not data:
        raise Http404
    return NewRuleForm.begun(path, data)


def _draft(code: str, version: str) -> ChapterVersion:
    row = draft_of(code, version)
    if not row.is_draft:
        raise Http404
    return row


def _page(row: ChapterVersion) -> dict[str, Any]:
    return {"version": row, "chapter": row.chapter}
