"""Writing a draft: what a section is to say, which are new, which are retired, and where each came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from moves.exceptions import Invalid, Refused
from moves.refusals import Refusal
from policy_rules.actions import acts
from policy_rules.canonical import digest
from policy_rules.importers.checks import CODE
from policy_rules.models import ChapterVersion, DraftSection, Kind, Lineage, Section
from policy_rules.permissions import Actor, permissions_on
from policy_rules.roles import PolicyPerm
from policy_rules.states import State

EDITABLE = (State.DRAFTING, State.COMMENT_DISPOSITION)
"""A draft is written while it is drafted, and once more in answer to the comments."""
AUTHORITY = "begin_drafting"
JOINED = (Lineage.How.SPLIT, Lineage.How.MERGED)


def may_edit(by: Actor, version: ChapterVersion, states: Sequence[State] = EDITABLE) -> bool:
    """Say whether the actor may change the draft now, or do what is done to it at other stages."""
    return version.state in states and PolicyPerm.DRAFT in permissions_on(by, version)


def change_section(
    version: ChapterVersion,
    code: str,
    *,
    by: Actor,
    reason: str,
    source: str = "",
    number: str,
    title: str,
    text: str,
    elements: Sequence[str] | None = None,
    on: date | None = None,
) -> DraftSection:
    """Say what a section is to say, and why. A code stays; its number, title, text and elements may change.

    `elements` are the texts of what must be proved, in order; an element keeps its code by its place. Raises Invalid
    for what cannot be taken, and Refused where the draft is not at a stage at which it is written.
    """
    with drafting(version, by, "change_section") as draft:
        row = draft.draft_sections.filter(code=code).first()
        if row is None:
            raise Invalid(_("There is no section %(code)s in this draft.") % {"code": code}, "code")
        row.number, row.title, row.text = _stated(number, title, text, reason)
        if row.is_retired:
            _unmerge(draft, code)
        if elements is not None:
            row.elements = _elements(row, elements)
        row.reason, row.source, row.is_retired = reason.strip(), source.strip(), False
        row.save()
        _record(draft, by, row, on)
        return row


def add_section(
    version: ChapterVersion,
    *,
    by: Actor,
    reason: str,
    source: str = "",
    code: str,
    after: str = "",
    how: str = Lineage.How.ADDED,
    came_from: Sequence[str] = (),
    number: str,
    title: str,
    kind: str,
    text: str,
    discipline_class: str = "",
    elements: Sequence[str] = (),
    links: Sequence[str] = (),
    on: date | None = None,
) -> DraftSection:
    """Add a section to a draft; one that was split from others or merged of them names these in `came_from`.

    A code is permanent and never used twice, also not that of a section that has ended. `links` are the exceptions of a
    duty or the duties of an exception; the other end is given the same link. Raises Invalid and Refused.
    """
    with drafting(version, by, "add_section") as draft:
        _new_code(draft, code)
        sources = [item for item in came_from if item]
        for item in sources:
            if not draft.draft_sections.filter(code=item).exists():
                raise Invalid(_("There is no section %(code)s in this draft.") % {"code": item}, "came_from")
        if (how in JOINED) != bool(sources):
            raise Invalid(_("Name the sections it was split from or merged of, and no others."), "came_from")
        if kind not in Kind.values:
            raise Invalid(_("Choose what the section does."), "kind")
        number, title, text = _stated(number, title, text, reason)
        before = draft.draft_sections.filter(code=after).first()
        order = (
            before.order + 1 if before else (draft.draft_sections.aggregate(top=models.Max("order"))["top"] or 0) + 1
        )
        draft.draft_sections.filter(order__gte=order).update(order=models.F("order") + 1)
        row = DraftSection(
            version=draft,
            code=code,
            order=order,
            number=number,
            title=title,
            kind=kind,
            allegable=kind in (Kind.DUTY, Kind.PROHIBITION),
            discipline_class=discipline_class,
            text=text,
            links=[item for item in links if item],
            reason=reason.strip(),
            source=source.strip(),
            how=how,
            came_from=sources,
        )
        row.elements = _elements(row, elements)
        row.save()
        _link_back(draft, row)
        _record(draft, by, row, on)
        return row


def retire_section(
    version: ChapterVersion, code: str, *, by: Actor, reason: str, source: str = "", into: Sequence[str] = ()
) -> DraftSection:
    """End a section with this version: its code is never used again, and links to it are taken out of the draft.

    `into` names the sections of the draft that take up its text; the merger is part of their lineage.
    """
    with drafting(version, by, "retire_section") as draft:
        row = draft.draft_sections.filter(code=code).first()
        if row is None:
            raise Invalid(_("There is no section %(code)s in this draft.") % {"code": code}, "code")
        if not reason.strip():
            raise Invalid(_("Say why the section ends."), "reason")
        if _is_known(draft, code):
            row.is_retired, row.reason, row.source = True, reason.strip(), source.strip()
            row.how, row.came_from = "", []
            row.save()
            _merge(draft, row, into)
        elif any(into):
            raise Invalid(_("This section is new in the draft; it has no text that goes on elsewhere."), "into")
        else:
            row.delete()
        for other in draft.draft_sections.filter(links__contains=[code]):
            other.links = [item for item in other.links if item != code]
            other.reason = other.reason or reason.strip()
            other.save(update_fields=["links", "reason"])
        _record(draft, by, row)
        return row


def _merge(draft: ChapterVersion, gone: DraftSection, into: Sequence[str]) -> None:
    """Note that other sections take up the text of one that ends; what was noted of it before no longer holds."""
    _unmerge(draft, gone.code)
    for code in filter(None, into):
        row = draft.draft_sections.filter(code=code, is_retired=False).first()
        if row is None:
            raise Invalid(_("There is no section %(code)s in this draft.") % {"code": code}, "into")
        if row.how == Lineage.How.SPLIT:
            raise Invalid(_("%(code)s was split from others in this draft.") % {"code": code}, "into")
        own = [row.code] if _is_known(draft, row.code) else []
        row.how, row.reason = Lineage.How.MERGED, row.reason or gone.reason
        row.came_from = sorted({*own, *row.came_from, gone.code})
        row.save(update_fields=["how", "reason", "came_from"])


def _unmerge(draft: ChapterVersion, code: str) -> None:
    """Take a section out of the lineage of those, known before the draft, that were to take up its text."""
    for row in draft.draft_sections.filter(came_from__contains=[code]).exclude(code=code):
        left = [item for item in row.came_from if item != code]
        if row.code in left:
            row.how, row.came_from = (row.how, left) if left != [row.code] else ("", [])
            row.save(update_fields=["how", "came_from"])


def _is_known(draft: ChapterVersion, code: str) -> bool:
    return Section.objects.filter(manual=draft.chapter.manual, code=code).exists()


@contextmanager
def drafting(
    version: ChapterVersion, by: Actor, name: str, states: Sequence[State] = EDITABLE
) -> Iterator[ChapterVersion]:
    """Open an act on a draft: lock, permission and stage first; the revision rises with it."""
    refused: Refused | None = None
    with transaction.atomic():
        draft = (
            ChapterVersion.objects.select_for_update(of=["self"]).select_related("chapter__manual").get(pk=version.pk)
        )
        if PolicyPerm.DRAFT not in permissions_on(by, draft):
            refused = Refused([Refusal("not_permitted", _("You may not draft policy."))])
        elif draft.state not in states:
            refused = Refused([Refusal("wrong_state", _("A draft is not changed at this stage."))])
        else:
            yield draft
            draft.revision += 1
            draft.save(update_fields=["revision"])
    if refused is not None:
        acts.refuse(version, by, name, refused.codes)
        raise refused


def _stated(number: str, title: str, text: str, reason: str) -> tuple[str, str, str]:
    for field, value, sentence in (
        ("number", number, _("Give the section a number.")),
        ("title", title, _("Give the section a title.")),
        ("text", text, _("Write what the section says.")),
        ("reason", reason, _("Say why it is to change.")),
    ):
        if not value.strip():
            raise Invalid(sentence, field)
    return number.strip(), title.strip(), text.strip()


def _new_code(draft: ChapterVersion, code: str) -> None:
    if not CODE.fullmatch(code):
        raise Invalid(_("A code is made of at most 40 letters, digits, dots and hyphens."), "code")
    if _is_known(draft, code) or draft.draft_sections.filter(code=code).exists():
        raise Invalid(_("A section has or had this code, and a code is never used again."), "code")


def _elements(row: DraftSection, texts: Sequence[str]) -> list[list[str]]:
    """Give each text the code of the element at its place, and new ones the next letters."""
    known = [code for code, _text in row.elements]
    wanted = [text.strip() for text in texts if text.strip()]
    letters = iter(f"{row.code}-{chr(ord('a') + place)}" for place in range(26))
    free = (code for code in letters if code not in known)
    return [[known[place] if place < len(known) else next(free), text] for place, text in enumerate(wanted)]


def _link_back(draft: ChapterVersion, row: DraftSection) -> None:
    for code in row.links:
        other = draft.draft_sections.filter(code=code).first()
        if other is None:
            raise Invalid(_("There is no section %(code)s in this draft.") % {"code": code}, "links")
        if row.code not in other.links:
            other.links.append(row.code)
            other.reason = other.reason or row.reason
            other.save(update_fields=["links", "reason"])


def _record(draft: ChapterVersion, by: Actor, row: DraftSection, on: date | None = None) -> None:
    day, wrong = acts.day_of(on)
    if wrong:
        raise Refused(wrong)
    stated = row.stated.canonical(manual=draft.chapter.manual.code, section=row.code, version=draft.version)
    facts: dict[str, Any] = {"section": row.code, "draft_sha256": digest(stated)}
    if row.is_retired or row.pk is None:
        facts = {"section": row.code, "retired": True}
    acts.record(
        "policy.draft_changed",
        version=draft,
        by=by,
        perm=PolicyPerm.DRAFT,
        section=acts.authority(AUTHORITY, day),
        on=day,
        facts=facts,
        detail={"reason": row.reason, "source": row.source},
    )
