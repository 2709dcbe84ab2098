"""A manual in the register as plain values in the project's own format (docs/reference/policy-yaml.md).

The same values are written as YAML or JSON, and are what an adoption adds to: publishing takes the whole manual as it
will stand. Each part comes in one order, so that the same register gives the same values.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db.models import Prefetch

from policy_rules.canonical import Annotation, Paragraph, SectionText
from policy_rules.drafted_rules import dated_sets, stated_with
from policy_rules.importers.yaml_format import ANNEXES, BESIDE_RULES, DETAILS, RULE_PARTS, SCHEMA_VERSIONS
from policy_rules.models import (
    Chapter,
    ChapterVersion,
    Container,
    DraftSection,
    Lineage,
    Manual,
    Section,
    SectionVersion,
)
from policy_rules.states import State

STATUS = {
    State.ADOPTED: "adopted",
    State.IN_FORCE: "in_force",
    State.UNDER_REVIEW: "in_force",
    State.SUPERSEDED: "superseded",
    State.RESCINDED: "rescinded",
}


@dataclass(frozen=True)
class Adoption:
    """A draft as it will stand once it is adopted: its days, who adopts it, and what it says."""

    version: ChapterVersion
    adopted_on: datetime.date
    adopted_by: str
    effective_from: datetime.date
    docket: str = ""
    change_note: str = ""


def plain_of(manual: Manual, adopting: Adoption | None = None) -> dict[str, Any]:
    """Return everything that the register holds of a manual, with a draft as adopted where one is given."""
    plain: dict[str, Any] = {"schema_version": SCHEMA_VERSIONS[-1], "manual": _head(manual)}
    plain |= {key: manual.annexes[key] for key in ANNEXES if key in manual.annexes and key != "id_rule"}
    versions = ChapterVersion.objects.filter(chapter__manual=manual).select_related("chapter")
    texts = _texts(manual, adopting)
    if containers := [_container(row) for row in manual.containers.select_related("parent")]:
        plain["containers"] = containers
    under = dict(manual.sections.exclude(container=None).values_list("code", "container__code"))
    plain["chapters"] = [
        _chapter(
            chapter,
            [row for row in versions if row.chapter_id == chapter.pk],
            texts.get(chapter.pk, {}),
            under,
            adopting,
        )
        for chapter in manual.chapters.all()
    ]
    lineage = [*_lineage(manual), *(_new_lineage(adopting) if adopting else ())]
    if lineage:
        plain["lineage"] = lineage
    if adopting is None:
        return plain | _rules(dated_sets(manual))
    sets = stated_with(adopting.version, adopting.effective_from)
    newest = sets[-1]["data"] if sets else {}
    return plain | _rules(sets) | {part: newest[part] for part in BESIDE_RULES if part in newest}


def _container(row: Container) -> dict[str, Any]:
    stated = {"id": row.code, "prefix": row.prefix, "number": row.number, "heading": row.heading}
    stated["parent"] = row.parent.code if row.parent else ""
    return {key: value for key, value in stated.items() if value}


def _head(manual: Manual) -> dict[str, Any]:
    head = {"id": manual.code, "title": manual.title, "agency": manual.agency, "jurisdiction": manual.jurisdiction}
    head |= {
        "language": manual.language,
        "license": manual.annexes.get("license", ""),
        "id_rule": manual.annexes.get("id_rule", ""),
    }
    return {key: value for key, value in head.items() if value}


Texts = dict[str, dict[str, SectionText]]
"""What each section of a chapter says, by its code and then by version, in the order of the manual and of time."""


def _texts(manual: Manual, adopting: Adoption | None) -> dict[int, Texts]:
    """Return the texts of every chapter, by the key of the chapter."""
    rows = (
        SectionVersion.objects.filter(section__manual=manual)
        .select_related("section")
        .prefetch_related("elements", "links__section", "paragraphs", "annotations")
        .order_by("section__chapter__order", "section__order", "section__code", "effective")
    )
    found: dict[int, Texts] = {}
    for row in rows.iterator(chunk_size=2_000):
        found.setdefault(row.section.chapter_id, {}).setdefault(row.section.code, {})[row.version] = _with_parts(row)
    if adopting is not None:
        own = found.setdefault(adopting.version.chapter_id, {})
        order = {code: place for place, code in enumerate(own)}
        for draft in adopting.version.draft_sections.all():
            if not draft.is_retired:
                own.setdefault(draft.code, {})[adopting.version.version] = draft.stated
            order[draft.code] = draft.order
        found[adopting.version.chapter_id] = {code: own[code] for code in sorted(own, key=lambda code: order[code])}
    return found


def _with_parts(row: SectionVersion) -> SectionText:
    """Return what a row says, with its paragraphs and annotations."""
    return replace(
        row.stated,
        paragraphs=tuple(Paragraph(part.label, part.text, part.depth, part.heading) for part in row.paragraphs.all()),
        annotations=tuple(
            Annotation(note.kind, note.text, note.document, note.date, note.is_note) for note in row.annotations.all()
        ),
    )


def _chapter(
    chapter: Chapter,
    versions: Iterable[ChapterVersion],
    texts: Texts,
    under: Mapping[str, str],
    adopting: Adoption | None,
) -> dict[str, Any]:
    stated = {"code": chapter.code, "number": chapter.number, "title": chapter.title}
    told = [_version(row, adopting) for row in versions if _is_told(row, adopting)]
    told.sort(key=lambda row: row.get("effective_from") or datetime.date.min)
    adopted = [row["version"] for row in told if "effective_from" in row]
    if chapter.earlier_rule:
        stated["earlier_rule"] = chapter.earlier_rule
    sections = [
        _section(code, of, adopted) | ({"container": under[code]} if code in under else {})
        for code, of in texts.items()
    ]
    return stated | {"versions": told} | in_order(chapter.annexes) | {"sections": sections}


def _is_told(row: ChapterVersion, adopting: Adoption | None) -> bool:
    """Drafts at work here are left out; the one that is adopted and those that a file once told of are not."""
    return not row.is_draft or row.state == State.SUPERSEDED or (adopting is not None and row.pk == adopting.version.pk)


def _version(row: ChapterVersion, adopting: Adoption | None) -> dict[str, Any]:
    told: dict[str, Any] = {"version": row.version}
    if adopting is not None and row.chapter_id == adopting.version.chapter_id:
        if row.pk == adopting.version.pk:
            told |= {
                "status": "adopted",
                "published": row.published_on,
                "docket": row.docket,
                "adopted": adopting.adopted_on,
                "adopted_by": adopting.adopted_by,
                "effective_from": adopting.effective_from,
                "change_note": adopting.change_note,
            }
            return {key: value for key, value in told.items() if value}
        if not row.is_draft and row.effective_to is None:
            day_before = adopting.effective_from - datetime.timedelta(days=1)
            return _days(row, told) | {"effective_to": day_before}
    return _days(row, told)


def _days(row: ChapterVersion, told: dict[str, Any]) -> dict[str, Any]:
    told |= {
        "status": "draft_for_comment" if row.is_draft else STATUS[State(row.state)],
        "published": row.published_on,
        "docket": row.docket,
        "adopted": row.adopted_on,
        "adopted_by": row.adopted_by,
        "effective_from": row.effective_from,
        "effective_to": row.effective_to,
        "change_note": row.change_note,
    }
    return {key: value for key, value in told.items() if value}


def _section(code: str, texts: Mapping[str, SectionText], adopted: list[str]) -> dict[str, Any]:
    held = [name for name in adopted if name in texts]
    current = _text(texts[held[-1]])
    stated = {"id": code} | {key: value for key, value in current.items() if value not in ("", (), [], {}, None)}
    stated["text"] = stated.get("text", "")
    if held[0] != adopted[0]:
        stated["since"] = held[0]
    if held[-1] != adopted[-1]:
        stated["until"] = held[-1]
    history = []
    for name in held[:-1]:
        earlier = _text(texts[name])
        differs = {key: _or_nothing(value) for key, value in earlier.items() if value != current[key]}
        if differs:
            history.append({"versions": [name], **differs})
    return stated | ({"history": history} if history else {})


def _or_nothing(value: Any) -> Any:
    """Return an empty text as null, which the format takes for nothing."""
    return None if value == "" else value


def _text(text: SectionText) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "number": text.number,
        "title": text.title,
        "kind": text.kind,
        "allegable": text.allegable,
        "discipline_class": text.discipline_class,
        "standard_of_proof": text.standard_of_proof,
        "text": text.text,
        "elements": [{"id": code, "text": words} for code, words in text.elements],
        "exceptions": list(text.exceptions),
        "applies_to": list(text.applies_to),
        "deadlines": in_order(text.deadlines),
        "evidence_hints": list(text.evidence_hints),
        "paragraphs": [_told(part) for part in text.paragraphs],
        "annotations": [_told(note) for note in text.annotations],
    }
    return stated | {name: text.details.get(name) for name in DETAILS}


def _told(part: Paragraph | Annotation) -> dict[str, Any]:
    return {key: value for key, value in asdict(part).items() if value}


def _lineage(manual: Manual) -> Iterable[dict[str, Any]]:
    rows = Lineage.objects.filter(chapter_version__chapter__manual=manual).select_related("chapter_version__chapter")
    by_code = Section.objects.order_by("code")
    sides = (Prefetch(side, by_code.all()) for side in ("earlier", "later"))
    for row in rows.prefetch_related(*sides).order_by("order", "pk"):
        version = row.chapter_version
        earlier, later = ([section.code for section in side.all()] for side in (row.earlier, row.later))
        line = {"kind": row.how, "chapter": version.chapter.code, "in_version": version.version}
        line |= _sides(row.how, earlier, later)
        extra = {"from_number": row.from_number, "to_number": row.to_number, "note": row.note}
        yield line | {key: value for key, value in extra.items() if value}


def _sides(how: str, earlier: list[str], later: list[str]) -> dict[str, Any]:
    """Return the ends of a line of descent; one section by itself is named once."""
    alone = {Lineage.How.ADDED: ([], later), Lineage.How.REMOVED: (earlier, [])}.get(Lineage.How(how), (later, earlier))
    own = earlier or later
    if len(own) == 1 and (earlier, later) == alone:
        return {"section": own[0]}
    return {name: codes for name, codes in (("from", earlier), ("to", later)) if codes}


def _new_lineage(adopting: Adoption) -> Iterable[dict[str, Any]]:
    """Return what the draft says of descent: sections added, retired, renumbered, split and merged."""
    version = adopting.version
    base = {"chapter": version.chapter.code, "in_version": version.version}
    joined: dict[tuple[str, tuple[str, ...]], list[DraftSection]] = {}
    before = _numbers(version.chapter)
    for draft in version.draft_sections.all():
        note = {"note": draft.reason} if draft.reason else {}
        if draft.is_retired:
            if not any(draft.code in row.came_from for row in version.draft_sections.all()):
                yield {"kind": Lineage.How.REMOVED.value, **base, "section": draft.code, **note}
        elif draft.came_from:
            joined.setdefault((draft.how, tuple(sorted(draft.came_from))), []).append(draft)
        elif draft.code not in before:
            yield {"kind": Lineage.How.ADDED.value, **base, "section": draft.code, **note}
        elif before[draft.code] != draft.number:
            numbers = {"from_number": before[draft.code], "to_number": draft.number}
            yield {"kind": Lineage.How.RENUMBERED.value, **base, "section": draft.code, **numbers, **note}
    for (how, earlier), later in joined.items():
        note = {"note": " ".join(dict.fromkeys(draft.reason for draft in later if draft.reason))}
        yield {"kind": how, **base, "from": list(earlier), "to": [draft.code for draft in later], **note}


def _numbers(chapter: Chapter) -> dict[str, str]:
    """Return the number of each section in the newest adopted version of a chapter."""
    newest = chapter.versions.filter(effective__isnull=False).order_by("effective").last()
    return dict(newest.sections.values_list("section__code", "number")) if newest else {}


def _rules(sets: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the newest rules as stated, and under `rule_sets` what was different before."""
    if not sets:
        return {}
    newest = sets[-1]["data"]
    plain: dict[str, Any] = {part: in_order(newest[part]) for part in RULE_PARTS if part in newest}
    dated: list[dict[str, Any]] = []
    for row in sets:
        instead: dict[str, Any] = {}
        without: list[str] = []
        _differences(row["data"], newest, "", instead, without)
        stated = {
            "effective_from": row["effective_from"],
            "effective_to": row["effective_to"],
            "instead": instead,
            "without": without,
        }
        dated.append({key: value for key, value in stated.items() if value})
    return plain | {"rule_sets": dated}


def _differences(old: Any, new: Any, path: str, instead: dict[str, Any], without: list[str]) -> None:
    if old == new:
        return
    both = isinstance(old, dict) and isinstance(new, dict)
    if not path or (both and set(old) <= set(new) and not any("." in name for name in new)):
        for name in sorted(new):
            place = f"{path}.{name}" if path else name
            if name in old:
                _differences(old[name], new[name], place, instead, without)
            else:
                without.append(place)
    else:
        instead[path] = in_order(old)


def in_order(value: Any) -> Any:
    """Return JSON values with the names of every mapping in order; the database keeps no order of its own."""
    if isinstance(value, Mapping):
        return {name: in_order(value[name]) for name in sorted(value)}
    return [in_order(item) for item in value] if isinstance(value, list) else value
