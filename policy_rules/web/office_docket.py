"""The pages on which the office keeps a docket: what is asked, sessions, comments typed in, and answers."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from moves.forms import ActForm
from policy_rules import hearing, labels, likeness
from policy_rules.actions import comments, consultation, translating
from policy_rules.draft_reading import texts_in
from policy_rules.models import ChapterVersion, Comment, Docket
from policy_rules.models.consultation import CommentQuerySet
from policy_rules.permissions import permissions_on
from policy_rules.roles import PolicyPerm
from policy_rules.states import PUBLIC_DRAFTS, State
from policy_rules.web.comment_lists import KeptForm, group_choices
from policy_rules.web.docket_forms import AnswerForm, DescribeForm, ExtendForm, SessionForm, TypedForm, WithholdForm
from policy_rules.web.office import OfficeRequest, draft_of, office_page, said, sent_to

ON_A_PAGE = 50
STAYS = ("channel", "session", "received_on", "language")
"""What stays filled in while one comment after another is typed in."""
TICKED = 200
"""Comments of a set of like ones that are put together at once; the rest are like their group, and follow."""
DISTINCT = 20
"""Comments of different words that the page of a group shows; all of them are in the list."""
HERE = "policy_office:docket"


def _docket(code: str, version: str) -> Docket:
    rows = Docket.objects.select_related("version__chapter__manual")
    return get_object_or_404(rows, version=draft_of(code, version))


@office_page()
def docket(request: OfficeRequest, code: str, version: str) -> HttpResponse:
    """Show how the consultation stands: what has no answer yet, the groups, the sessions, and what stops adoption."""
    row = _docket(code, version)
    groups = list(row.groups.counted().select_related("docket"))
    form = KeptForm(request.GET, docket=row, groups=groups)
    listed = Paginator(form.narrow(hearing.comments_of(row)), ON_A_PAGE).get_page(request.GET.get("page"))
    may = permissions_on(request.user, row.version)
    is_public = row.version.state in PUBLIC_DRAFTS
    page = _page(row) | {
        "tally": row.comments.tally(),
        "form": form,
        "page": listed,
        "rows": hearing.read(listed.object_list, row),
        "groups": groups,
        "group_choices": group_choices(groups),
        "group_number": form.group_number,
        "sessions": row.sessions.all(),
        "untranslated": _untranslated(row) if row.version.is_draft else [],
        "reasons": consultation.reasons_against_adoption(row.version, timezone.localdate()) if is_public else [],
        "may_keep": PolicyPerm.KEEP_DOCKET in may and is_public,
        "may_extend": PolicyPerm.CLOSE_COMMENT in may and row.version.state == State.PUBLIC_COMMENT,
        "may_group": PolicyPerm.ANSWER_COMMENTS in may and is_public,
        "may_withhold": PolicyPerm.WITHHOLD_COMMENTS in may,
        "may_translate": translating.may_translate(request.user, row.version),
    }
    return render(request, "policy_rules/office_docket.html", page)


def _untranslated(row: Docket) -> list[dict[str, Any]]:
    """Return the sections that change and that the public cannot read in a language of the office, by language."""
    found = []
    for language in translating.translated_into(row.version.chapter.manual):
        texts = [text for text in texts_in(row.version, language).values() if text.row.is_changed]
        behind = [text.row for text in texts if text.text.language != language and not text.row.is_retired]
        if behind:
            found.append({"language": labels.LANGUAGES[language], "sections": behind, "anchor": language})
    return found


@office_page(PolicyPerm.ANSWER_COMMENTS)
def alike(request: OfficeRequest, code: str, version: str) -> HttpResponse:
    """Show comments without an answer that say nearly the same, so that they can be put together."""
    row = _docket(code, version)
    standing: dict[int, Comment] = {}
    sizes: dict[int, int] = {}
    heads: dict[int, int] = {}
    for spoken in row.comments.unanswered().select_related("docket"):
        head = heads.setdefault(spoken.group_id, spoken.number) if spoken.group_id else spoken.number
        standing.setdefault(head, spoken)
        sizes[head] = sizes.get(head, 0) + 1
    found = [
        {
            "comments": [{"row": standing[number], "said": sizes[number]} for number in numbers[:TICKED]],
            "said": sum(sizes[number] for number in numbers),
            "more": len(numbers[TICKED:]),
        }
        for numbers in likeness.alike((number, spoken.text) for number, spoken in standing.items())
    ]
    listed = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "policy_rules/office_alike.html", _page(row) | {"page": listed})


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
    stayed = {name: request.GET[name] for name in STAYS if name in request.GET}
    form = TypedForm(sent_to(request), docket=row, initial=stayed)
    if request.method == "POST" and form.carry_out(comments.receive, docket=row, by=request.user):
        done = said(request, row.version, HERE)
        if "another" not in request.POST:
            return done
        stays = urlencode({name: request.POST.get(name, "") for name in STAYS})
        return redirect(f"{reverse('policy_office:add_comment', args=[code, version])}?{stays}")
    return _form_page(
        request, row, form, _("Type in a comment"), _("Record the comment"), another=_("Record it and type in another")
    )


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
    into, form = request.POST.get("into", ""), ActForm({})
    given = {
        "numbers": _numbers(request),
        "title": request.POST.get("title", "")[:200],
        "into": int(into) if into.isdecimal() else None,
    }
    if form.carry_out(comments.group, docket=row, by=request.user, **given):
        return redirect("policy_office:comment_group", code=code, version=version, number=form.outcome.number)
    return _form_page(request, row, form, _("Put comments together"), "")


@office_page(PolicyPerm.ANSWER_COMMENTS, methods=("POST",))
def separate(request: OfficeRequest, code: str, version: str, number: int) -> HttpResponse:
    """Take the chosen comments out of a group."""
    row = _docket(code, version)
    found = get_object_or_404(row.groups.select_related("docket__version__chapter__manual"), number=number)
    form = ActForm({})
    if form.carry_out(comments.separate, group=found, by=request.user, numbers=_numbers(request)):
        return said(request, row.version, HERE)
    return _form_page(request, row, form, _("Take comments out of a group"), "")


def _numbers(request: OfficeRequest) -> list[int]:
    return [int(number) for number in request.POST.getlist("numbers") if number.isdecimal()]


@office_page(PolicyPerm.ANSWER_COMMENTS, methods=("GET", "HEAD", "POST"))
def answer(request: OfficeRequest, code: str, version: str, number: int) -> HttpResponse:
    """Answer the comments of a group."""
    row = _docket(code, version)
    found = get_object_or_404(row.groups.select_related("docket__version__chapter__manual"), number=number)
    form = AnswerForm(sent_to(request), docket=row, initial=AnswerForm.initial_of(found))
    if request.method == "POST" and form.carry_out(comments.answer, group=found, by=request.user):
        return said(request, row.version, HERE)
    spoken = hearing.comments_of(row).filter(group=found)
    tally = found.comments.tally()
    count = tally["comments"]
    heading = found.title or ngettext("Answer %(n)s comment", "Answer %(n)s comments", count) % {"n": count}
    return _form_page(
        request, row, form, heading, _("Publish the answer"), comments=_distinct(spoken), group=found, tally=tally,
        too_early=row.version.state == State.PUBLIC_COMMENT,
    )  # fmt: skip


def _distinct(rows: CommentQuerySet) -> CommentQuerySet:
    """Return the first comment of each wording, up to the number that a page shows."""
    first = rows.order_by("words_digest", "number").distinct("words_digest")
    return rows.filter(pk__in=first.values("pk"))[:DISTINCT]
