"""The pages on which the office keeps a docket: what is asked, sessions, comments typed in, and answers."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from moves.exceptions import Invalid, Refused
from moves.forms import ActForm
from policy_rules import hearing
from policy_rules.actions import comments, consultation
from policy_rules.models import ChapterVersion, Comment, Docket
from policy_rules.permissions import permissions_on
from policy_rules.roles import PolicyPerm
from policy_rules.states import PUBLIC_DRAFTS, State
from policy_rules.web.docket_forms import AnswerForm, DescribeForm, ExtendForm, SessionForm, TypedForm, WithholdForm
from policy_rules.web.office import OfficeRequest, draft_of, office_page, said, sent_to

SHOWN = 200
"""Unanswered comments on the page; the rest follow once these are answered."""
HERE = "policy_office:docket"


def _docket(code: str, version: str) -> Docket:
    rows = Docket.objects.select_related("version__chapter__manual")
    return get_object_or_404(rows, version=draft_of(code, version))


@office_page()
def docket(request: OfficeRequest, code: str, version: str) -> HttpResponse:
    """Show how the consultation stands: what has no answer yet, the groups, the sessions, and what stops adoption."""
    row = _docket(code, version)
    open_rows = hearing.comments_of(row).unanswered()[:SHOWN]
    may = permissions_on(request.user, row.version)
    is_public = row.version.state in PUBLIC_DRAFTS
    page = _page(row) | {
        "tally": row.comments.tally(),
        "unanswered": hearing.read(open_rows, row),
        "groups": row.groups.annotate(said=Count("comments")).select_related("docket"),
        "sessions": row.sessions.all(),
        "reasons": consultation.reasons_against_adoption(row.version, timezone.localdate()) if is_public else [],
        "may_keep": PolicyPerm.KEEP_DOCKET in may and is_public,
        "may_extend": PolicyPerm.CLOSE_COMMENT in may and row.version.state == State.PUBLIC_COMMENT,
        "may_group": PolicyPerm.ANSWER_COMMENTS in may and is_public,
        "may_withhold": PolicyPerm.WITHHOLD_COMMENTS in may,
    }
    return render(request, "policy_rules/office_docket.html", page)


def _page(row: Docket) -> dict[str, Any]:
    version: ChapterVersion = row.version
    return {"docket": row, "version": version, "chapter": version.chapter, "title": hearing.title_of(row)}


def _form_page(
    request: OfficeRequest, row: Docket, form: ActForm, heading: str, button: str, **more: Any
) -> HttpResponse:
    page = _page(row) | {"form": form, "heading": heading, "button": button, "reasons": form.refusals} | more
    return render(request, "policy_rules/office_docket_form.html", page, status=form.status)


@office_page(PolicyPerm.KEEP_DOCKET, methods=("GET", "HEAD", "POST"))
def describe(request: OfficeRequest, code: str, version: str) -> HttpResponse:
    """Say what the public is asked."""
    row = _docket(code, version)
    now = {name: getattr(row, name) for name in DescribeForm.base_fields}
    form = DescribeForm(sent_to(request), initial=now)
    if request.method == "POST" and form.carry_out(consultation.describe, docket=row, by=request.user):
        return said(request, row.version, HERE)
    return _form_page(request, row, form, _("What the public is asked"), _("Publish"))


@office_page(PolicyPerm.CLOSE_COMMENT, methods=("GET", "HEAD", "POST"))
def extend(request: OfficeRequest, code: str, version: str) -> HttpResponse:
    """Give the public more time."""
    row = _docket(code, version)
    form = ExtendForm(sent_to(request))
    if request.method == "POST" and form.carry_out(consultation.extend, docket=row, by=request.user):
        return said(request, row.version, HERE)
    return _form_page(request, row, form, _("Give more time for comments"), _("Give more time"))


@office_page(PolicyPerm.KEEP_DOCKET, methods=("GET", "HEAD", "POST"))
def add_session(request: OfficeRequest, code: str, version: str) -> HttpResponse:
    """Announce a listening session."""
    row = _docket(code, version)
    form = SessionForm(sent_to(request))
    if request.method == "POST" and form.carry_out(consultation.announce_session, docket=row, by=request.user):
        return said(request, row.version, HERE)
    return _form_page(request, row, form, _("Announce a listening session"), _("Announce the session"))


@office_page(PolicyPerm.KEEP_DOCKET, methods=("GET", "HEAD", "POST"))
def session(request: OfficeRequest, code: str, version: str, number: int) -> HttpResponse:
    """Change what is told of a session."""
    row = _docket(code, version)
    found = get_object_or_404(row.sessions.select_related("docket__version__chapter__manual"), number=number)
    form = SessionForm(sent_to(request), initial=SessionForm.initial_of(found))
    if request.method == "POST" and form.carry_out(consultation.change_session, session=found, by=request.user):
        return said(request, row.version, HERE)
    heading = _("Listening session %(number)s") % {"number": found.number}
    return _form_page(request, row, form, heading, _("Save the session"))


@office_page(PolicyPerm.KEEP_DOCKET, methods=("GET", "HEAD", "POST"))
def add_comment(request: OfficeRequest, code: str, version: str) -> HttpResponse:
    """Type in a comment that came by letter, by telephone or at a session."""
    row = _docket(code, version)
    form = TypedForm(sent_to(request), docket=row)
    if request.method == "POST" and form.carry_out(comments.receive, docket=row, by=request.user):
        return said(request, row.version, HERE)
    return _form_page(request, row, form, _("Type in a comment"), _("Record the comment"))


@office_page(PolicyPerm.WITHHOLD_COMMENTS, methods=("GET", "HEAD", "POST"))
def comment(request: OfficeRequest, code: str, version: str, number: int) -> HttpResponse:
    """Show a comment with its words; withhold them with a public reason, or publish them again."""
    row = _docket(code, version)
    found = get_object_or_404(hearing.comments_of(row), number=number)
    form: ActForm = ActForm(sent_to(request)) if found.withheld else WithholdForm(sent_to(request))
    act = comments.publish if found.withheld else comments.withhold
    if request.method == "POST" and form.carry_out(act, comment=found, by=request.user):
        return said(request, row.version, HERE)
    button = _("Publish the words again") if found.withheld else _("Withhold the words")
    return _form_page(request, row, form, found.receipt, button, comments=[found])


@office_page(PolicyPerm.ANSWER_COMMENTS, methods=("POST",))
def group(request: OfficeRequest, code: str, version: str) -> HttpResponse:
    """Put the chosen comments together, and lead to their answer; without any, say so on the page of the docket."""
    row = _docket(code, version)
    numbers = [int(number) for number in request.POST.getlist("numbers") if number.isdecimal()]
    try:
        made = comments.group(row, by=request.user, numbers=numbers, title=request.POST.get("title", "")[:200])
    except (Invalid, Refused) as refused:
        sentences = (
            [str(item.sentence) for item in refused.refusals] if isinstance(refused, Refused) else [str(refused)]
        )
        form = ActForm({})
        form.is_valid()
        for sentence in sentences:
            form.add_error(None, sentence)
        return _form_page(request, row, form, _("Put comments together"), "")
    return redirect("policy_office:comment_group", code=code, version=version, number=made.number)


@office_page(PolicyPerm.ANSWER_COMMENTS, methods=("GET", "HEAD", "POST"))
def answer(request: OfficeRequest, code: str, version: str, number: int) -> HttpResponse:
    """Answer the comments of a group."""
    row = _docket(code, version)
    found = get_object_or_404(row.groups.select_related("docket__version__chapter__manual"), number=number)
    form = AnswerForm(sent_to(request), docket=row, initial=AnswerForm.initial_of(found))
    if request.method == "POST" and form.carry_out(comments.answer, group=found, by=request.user):
        return said(request, row.version, HERE)
    spoken: list[Comment] = list(hearing.comments_of(row).filter(Q(group=found)))
    heading = found.title or _("Answer %(n)s comments") % {"n": len(spoken)}
    return _form_page(
        request, row, form, heading, _("Publish the answer"), comments=spoken,
        too_early=row.version.state == State.PUBLIC_COMMENT,
    )  # fmt: skip
