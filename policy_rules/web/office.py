"""The pages on which the office drafts its policy and carries it through its stages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from audit.models import Entry
from moves.forms import ActForm
from moves.table import Move
from policy_rules import labels
from policy_rules.actions import drafts, lifecycle, translating
from policy_rules.drafted_rules import changes_of
from policy_rules.models import Chapter, ChapterVersion, DraftSection
from policy_rules.permissions import may, permissions_on
from policy_rules.reviews import review_of
from policy_rules.roles import PolicyPerm
from policy_rules.rules import NoAuthority, authority_for
from policy_rules.states import DRAFTS, State
from policy_rules.web.forms import NewSectionForm, RetireForm, StepForm, TranslationForm, WordingForm

View = Callable[..., HttpResponse]
ENTRIES_SHOWN = 50
BACKWARD = frozenset({"return_to_drafting", "rescind"})
"""Moves that are not the way on."""


class OfficeRequest(HttpRequest):
    """A request of someone who is signed in."""

    user: User


def office_page(perm: PolicyPerm = PolicyPerm.VIEW_DRAFT, *, methods: tuple[str, ...] = ("GET", "HEAD")) -> Any:
    """Let in whoever has the permission for some chapter. No page of the office is kept by a cache."""

    def wrap(view: View) -> View:
        @never_cache
        @login_required
        @require_http_methods(list(methods))
        @wraps(view)
        def page(request: OfficeRequest, **kwargs: Any) -> HttpResponse:
            if not may(request.user, perm):
                raise PermissionDenied(str(perm.label))
            return view(request, **kwargs)

        return page

    return wrap


@office_page()
def overview(request: OfficeRequest) -> HttpResponse:
    """Show every chapter with the version in force and the draft, if one is being written."""
    today = timezone.localdate()
    chapters = Chapter.objects.filter(manual__governs=True).select_related("manual").prefetch_related("versions")
    rows = [
        {
            "chapter": chapter,
            "in_force": next((v for v in chapter.versions.all() if v.effective and today in v.effective), None),
            "drafts": [v for v in chapter.versions.all() if v.state in (*DRAFTS, State.ADOPTED)],
            "review": review_of(chapter, today),
            "is_free": not any(v.state in DRAFTS for v in chapter.versions.all()),
        }
        for chapter in chapters
    ]
    page = {"rows": rows, "may_draft": may(request.user, PolicyPerm.DRAFT)}
    return render(request, "policy_rules/office_overview.html", page)


@office_page(PolicyPerm.DRAFT, methods=("GET", "HEAD", "POST"))
def begin(request: OfficeRequest, code: str) -> HttpResponse:
    """Begin a draft of a chapter."""
    chapter = get_object_or_404(Chapter.objects.select_related("manual"), manual__governs=True, code=code)
    row = lifecycle.PROCESS.table()["begin_drafting"]
    form = StepForm(sent_to(request), move=row, version=ChapterVersion(chapter=chapter))
    if request.method == "POST" and form.carry_out(lifecycle.begin, chapter=chapter, by=request.user):
        return said(request, form.outcome)
    page = {"form": form, "move": row, "chapter": chapter, "reasons": form.refusals, "authority": _authority(row)}
    return render(request, "policy_rules/office_step.html", page, status=form.status)


@office_page()
def version(request: OfficeRequest, code: str, version: str) -> HttpResponse:
    """Show a version: its stage, the steps that come next, its sections, and what happened to it."""
    row = draft_of(code, version)
    changed = list(row.draft_sections.exclude(reason=""))
    page = {
        "version": row,
        "chapter": row.chapter,
        "steps": _steps(request, row),
        "changed": changed,
        "unchanged": row.draft_sections.filter(reason=""),
        "rule_changes": changes_of(row) if row.is_draft else [],
        "may_edit": drafts.may_edit(request.user, row),
        "history": _history(row),
    }
    return render(request, "policy_rules/office_version.html", page)


@office_page(methods=("GET", "HEAD", "POST"))
def step(request: OfficeRequest, code: str, version: str, move: str) -> HttpResponse:
    """Show what a move asks for and every reason against it, and make it."""
    row = draft_of(code, version)
    table = lifecycle.PROCESS.table()
    if move not in table or not table[move].leaves(row.state):
        raise Http404
    if table[move].permission not in permissions_on(request.user, row):
        raise PermissionDenied(str(table[move].label))
    form = StepForm(sent_to(request), move=table[move], version=row)
    if request.method == "POST" and form.carry_out(
        lambda **stated: lifecycle.perform(move, row, by=request.user, **stated)
    ):
        return said(request, form.outcome)
    page = {
        "form": form,
        "move": table[move],
        "version": row,
        "chapter": row.chapter,
        "reasons": form.refusals or lifecycle.PROCESS.refusals(row, move, by=request.user),
        "authority": _authority(table[move]),
    }
    return render(request, "policy_rules/office_step.html", page, status=form.status)


@office_page(methods=("GET", "HEAD", "POST"))
def section(request: OfficeRequest, code: str, version: str, section: str) -> HttpResponse:
    """Show what a section of a draft is to say; change it where it can be changed."""
    row = draft_of(code, version)
    draft = get_object_or_404(row.draft_sections, code=section)
    if request.method == "POST" and not drafts.may_edit(request.user, row):
        raise PermissionDenied(_("A draft is not changed at this stage."))
    form = WordingForm(sent_to(request), initial=WordingForm.initial_of(draft))
    if request.method == "POST" and form.carry_out(drafts.change_section, version=row, code=section, by=request.user):
        return said(request, row)
    return _section_page(request, draft, form, form=form)


@office_page(PolicyPerm.DRAFT, methods=("POST",))
def translate_section(request: OfficeRequest, code: str, version: str, section: str, language: str) -> HttpResponse:
    """Say in another language what a section of a draft says."""
    row = draft_of(code, version)
    draft = get_object_or_404(row.draft_sections, code=section)
    if language not in translating.translated_into(row.chapter.manual):
        raise Http404
    form = TranslationForm(request.POST)
    stated = {"version": row, "code": section, "language": language, "by": request.user}
    if form.carry_out(translating.translate_section, **stated):
        return said(request, row)
    return _section_page(request, draft, form, translated={language: form}, wrong=form)


@office_page(PolicyPerm.DRAFT, methods=("GET", "HEAD", "POST"))
def add_section(request: OfficeRequest, code: str, version: str) -> HttpResponse:
    """Add a section to a draft."""
    row = draft_of(code, version)
    form = NewSectionForm(sent_to(request), sections=row.draft_sections.all())
    if request.method == "POST" and form.carry_out(drafts.add_section, version=row, by=request.user):
        return said(request, row)
    return _draft_page(request, row, form, "policy_rules/office_section_add.html", {"form": form})


@office_page(PolicyPerm.DRAFT, methods=("POST",))
def retire_section(request: OfficeRequest, code: str, version: str, section: str) -> HttpResponse:
    """End a section with this version."""
    row = draft_of(code, version)
    draft = get_object_or_404(row.draft_sections, code=section)
    form = RetireForm(request.POST)
    if form.carry_out(drafts.retire_section, version=row, code=section, by=request.user):
        return said(request, row)
    return _section_page(request, draft, form, retire=form, wrong=form)


def _section_page(
    request: OfficeRequest,
    draft: DraftSection,
    sent: ActForm,
    *,
    translated: Mapping[str, ActForm] | None = None,
    **forms: ActForm,
) -> HttpResponse:
    """Show a drafted section with its translations and the form that ends it; what was sent stands in its place."""
    found = []
    for language in translating.translated_into(draft.version.chapter.manual):
        row = translating.known_translation(draft, language)
        form = (translated or {}).get(language) or TranslationForm(initial=TranslationForm.initial_of(row))
        found.append({"row": row, "name": labels.LANGUAGES[language], "form": form})
    page: dict[str, Any] = {
        "draft": draft,
        "wrong": None,
        "form": WordingForm(initial=WordingForm.initial_of(draft)),
        "retire": RetireForm(),
        "translations": found,
        "may_edit": drafts.may_edit(request.user, draft.version),
        "may_translate": translating.may_translate(request.user, draft.version),
    }
    return _draft_page(request, draft.version, sent, "policy_rules/office_section.html", page | forms)


def _draft_page(
    request: OfficeRequest, row: ChapterVersion, form: Any, template: str, page: dict[str, Any]
) -> HttpResponse:
    shown = page | {"version": row, "chapter": row.chapter, "reasons": form.refusals}
    return render(request, template, shown, status=form.status)


def draft_of(code: str, name: str) -> ChapterVersion:
    """Return a version of a chapter of the governing manual, or answer that there is none."""
    rows = ChapterVersion.objects.select_related("chapter__manual")
    return get_object_or_404(rows, chapter__manual__governs=True, chapter__code=code, version=name)


def sent_to(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, None where a page is only asked for."""
    return request.POST if request.method == "POST" else None


def said(request: OfficeRequest, row: ChapterVersion, place: str = "policy_office:version") -> HttpResponse:
    """Say what was recorded and under which number of the chapter's log, and lead to a page of the version."""
    entry = Entry.objects.about(row.chapter.reference).filter(actor=request.user.reference).last()
    if entry is not None:
        told = _("%(act)s. This is entry %(number)s in the log of this chapter.")
        messages.success(request, told % {"act": entry.known_action.sentence, "number": entry.n})
    return redirect(place, code=row.chapter.code, version=row.version)


def _steps(request: OfficeRequest, row: ChapterVersion) -> list[dict[str, Any]]:
    """Return the moves that the person may make at this stage, each with the reasons against it now."""
    table = lifecycle.PROCESS.table()
    return [
        {
            "name": name,
            "label": table[name].label,
            "url": reverse("policy_office:step", args=[row.chapter.code, row.version, name]),
            "main": name not in BACKWARD,
            "refusals": refusals,
        }
        for name, refusals in lifecycle.PROCESS.open_moves(row, by=request.user).items()
    ]


def _authority(row: Move) -> Any:
    try:
        return authority_for("policy_move", row.name, on=timezone.localdate())
    except NoAuthority:
        return None


def _history(row: ChapterVersion) -> list[dict[str, Any]]:
    entries = Entry.objects.about(row.chapter.reference).filter(object_references__contains=[row.reference])
    newest = list(entries.order_by("-id")[:ENTRIES_SHOWN])
    people = User.objects.names_of(entry.actor for entry in newest)
    return [
        {
            "when": entry.occurred_at,
            "title": entry.known_action.sentence,
            "text": " ".join(filter(None, (people.get(entry.actor, ""), entry.facts.get("section", "")))),
            "state": "done",
        }
        for entry in newest
    ]
