"""The entries of the log: the list, and each by itself with its text, its proof, its neighbours and what it cites."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import RoleCode
from audit import merkle, proofs, receipts
from audit.log import newest_checkpoint
from audit.models import Checkpoint, Detail, Entry
from casework.actions import log as acts
from casework.exceptions import CaseNotFound, NotPermitted
from casework.models import Case
from casework.permissions import access_case, readable_entries
from casework.reporting.unusual_access import OPENINGS
from casework.roles import ROLE_LABELS
from casework.vocabulary import Perm
from casework.web.entrance import WorkRequest, sent, work_page
from casework.web.events import DAMAGED, events, section_link
from casework.web.explorer.frame import answer
from casework.web.explorer.search import REFUSED, EntryFilter, page_of
from casework.web.forms import text_field
from moves.forms import ActForm
from policy_rules.canonical import digest
from policy_rules.models import Citation

YES_OR_NO = {True: _lazy("Yes"), False: _lazy("No")}


@work_page()
def entry_list(request: WorkRequest) -> HttpResponse:
    """List the entries that fit, the newest first."""
    form = EntryFilter(request.GET, auto_id="filter_%s")
    shown = page_of(form.narrow(readable_entries(request.user)), request.GET)
    query = request.GET.copy()
    for cursor in ("before", "after"):
        query.pop(cursor, None)
    page = {
        "filter": form,
        "page": shown,
        "rows": with_reasons(shown.entries) if form.asks_for_openings else rows_of(shown.entries),
        "query": query.urlencode(),
    }
    return answer(request, "explorer/entry_list.html", page)


def rows_of(entries: list[Entry]) -> list[dict[str, Any]]:
    """Return entries as rows of a table."""
    return [{**line, **_about(line["entry"]), **_mark(line["entry"])} for line in events(entries)]


def with_reasons(entries: list[Entry]) -> list[dict[str, Any]]:
    """Return openings of sealed data as rows, each with the reason that was given for it."""
    details = {detail.entry_id: detail.data for detail in Detail.objects.filter(entry__in=entries)}
    return [{**row, "reason": details.get(row["entry"].pk, {}).get("reason", "")} for row in rows_of(entries)]


def _about(entry: Entry) -> dict[str, str]:
    kind, _colon, name = entry.subject.partition(":")
    url = f"{reverse('audit:entries')}?case={name}" if kind == "case" else ""
    return {"about": name if kind == "case" else entry.subject, "about_url": url}


def _mark(entry: Entry) -> dict[str, Any]:
    if entry.action in REFUSED:
        return {"mark": _("Refused"), "mark_kind": "bad"}
    if entry.action in OPENINGS:
        return {"mark": _("Opened"), "mark_kind": "warn"}
    return {"mark": ""}


class DetailForm(ActForm):
    """Why somebody needs to read what is kept behind an entry."""

    reason = text_field(_lazy("Why do you need it?"), max_length=2_000)


@work_page()
def entry(request: WorkRequest, pk: int) -> HttpResponse:
    """Show one entry: what was recorded, how to check it, and what it rests on."""
    return _show(request, _readable(request, pk), DetailForm())


@work_page(methods=("POST",))
def open_detail(request: WorkRequest, pk: int) -> HttpResponse:
    """Open what is kept behind an entry; the opening and its reason become an entry."""
    found = _readable(request, pk)
    form = DetailForm(sent(request))
    if form.carry_out(acts.open_detail, entry=found, by=request.user):
        return _show(request, found, DetailForm(), form.outcome)
    return _show(request, found, form)


@work_page()
def receipt_file(request: WorkRequest, pk: int) -> HttpResponse:
    """Hand out the receipt of a sealed entry, without what lies behind it."""
    found = _readable(request, pk)
    try:
        made = receipts.receipt(found)
    except receipts.NotSealedYet as pending:
        raise Http404 from pending
    name = f'attachment; filename="entry-{made["index"]}.json"'
    return HttpResponse(receipts.as_json(made), content_type="application/json", headers={"Content-Disposition": name})


def _readable(request: WorkRequest, pk: int) -> Entry:
    found = readable_entries(request.user).with_positions().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _show(request: WorkRequest, found: Entry, form: DetailForm, detail: Detail | None = None) -> HttpResponse:
    try:
        facts = found.facts
    except DAMAGED:
        facts = {}
    readable = readable_entries(request.user)
    page = {
        **rows_of([found])[0],
        "form": form,
        "reasons": [refusal.sentence for refusal in form.refusals],
        "role": ROLE_LABELS.get(found.actor_role, found.actor_role),
        "utc": f"{found.occurred_at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC",
        "facts": list(_flat(facts)),
        "case_url": _case_url(request, found),
        "before": readable.filter(subject=found.subject, n=found.n - 1).first(),
        "after": readable.filter(subject=found.subject, n=found.n + 1).first(),
        "digest": found.leaf_hash.hex(),
        "proof": _proof(found),
        "beside": _beside(readable, found),
        "cited": _cited(found),
        "detail": _opened(detail) if detail else None,
        "sealed": _sealed(found),
        "may_open": RoleCode.AUDITOR in request.user.role_codes(),
    }
    return answer(request, "explorer/entry_detail.html", page, status=form.status)


def _flat(facts: Mapping[str, Any], under: str = "") -> Any:
    """Yield each fact with its name; what lies inside another bears both names."""
    for name, value in facts.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{under}{name}.")
        else:
            yield {"label": f"{under}{name}", "value": YES_OR_NO[value] if isinstance(value, bool) else value}


def _case_url(request: WorkRequest, found: Entry) -> str:
    kind, _colon, number = found.subject.partition(":")
    if kind != "case":
        return ""
    try:
        case: Case = access_case(request.user, number, Perm.VIEW)
    except (CaseNotFound, NotPermitted):
        return ""
    return reverse("staff:case", kwargs={"number": case.number})


def _proof(found: Entry) -> dict[str, Any] | None:
    """Return the path from the entry to the root of the newest checkpoint, checked now; None for a pending entry."""
    position, newest = found.position, newest_checkpoint()
    if position is None or newest is None:
        return None
    try:
        return _checked(found, position, newest)
    except (merkle.ProofError, proofs.DamagedLogError) as wrong:
        return {"checkpoint": newest, "steps": [], "wrong": str(wrong)}


def _checked(found: Entry, position: int, newest: Checkpoint) -> dict[str, Any]:
    hashes = proofs.inclusion_proof(position, newest.size)
    root = bytes(newest.root)
    merkle.verify_inclusion(leaf=found.leaf_hash, position=position, size=newest.size, proof=hashes, root=root)
    parts = merkle.inclusion_parts(position, newest.size)
    steps = [
        {"side": _("left") if start < position else _("right"), "hash": value.hex()}
        for (start, _end), value in zip(parts, hashes, strict=True)
    ]
    return {"checkpoint": newest, "steps": steps, "wrong": ""}


def _beside(readable: Any, found: Entry) -> list[Entry]:
    """Return the entries just before and after this one in the whole log, as far as the person may read them."""
    if found.position is None:
        return []
    places = (found.position - 1, found.position + 1)
    return list(readable.with_positions().filter(placement__position__in=places).order_by("placement__position"))


def _cited(found: Entry) -> list[dict[str, Any]]:
    """Return each text that the entry cites, with whether it is still the one whose digest was sealed."""
    try:
        sealed = {row["section"]: row["sha256"] for row in found.data["basis"]}
    except DAMAGED:
        sealed = {}
    rows = Citation.objects.filter(entry=found).select_related(
        "section_version__section__manual", "section_version__section__chapter", "section_version__chapter_version"
    )
    cited = []
    for text in (row.section_version for row in rows.order_by("pk")):
        place = {"code": text.section.code, "version": text.version}
        cited.append(
            {
                **section_link(text),
                "reference": text.reference,
                "url": reverse("policies:section_version", kwargs=place),
                "history": reverse("audit:section", kwargs={"code": text.section.code}),
                "text": text.text,
                "digest": sealed.get(text.reference, ""),
                "agrees": digest(text.canonical()) == sealed.get(text.reference),
            }
        )
    return cited


def _sealed(found: Entry) -> str:
    """Return what became of the details behind an entry: "none", "kept" or "erased"."""
    try:
        commitment = found.commitment
    except DAMAGED:
        return "none"
    if not commitment:
        return "none"
    return "kept" if Detail.objects.filter(entry=found).exists() else "erased"


def _opened(detail: Detail) -> list[dict[str, Any]]:
    return [{**row, "label": row["label"].replace("_", " ")} for row in _flat(detail.data)]
