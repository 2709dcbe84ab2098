"""The project's own YAML format of a policy manual (docs/reference/policy-yaml.md), read into the common form."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from policy_rules.canonical import Annotation, Paragraph, SectionText, digest
from policy_rules.importers.document import (
    ChapterDocument,
    ChapterVersionDocument,
    ContainerDocument,
    LineageDocument,
    ManualDocument,
    RuleSetDocument,
    SectionDocument,
    SectionTranslationDocument,
    TranslationDocument,
)
from policy_rules.importers.nodes import Node, node_of, read_yaml
from policy_rules.importers.problems import Problem
from policy_rules.rule_reading import cited_sections

SCHEMA_VERSIONS = (1, 2, 3, 4)
ANNEXES = ("id_rule", "kinds", "element_rules", "discipline_classes", "lifecycle", "training_modules")
RULE_PARTS = ("rules", "authorities", "profiles")
BESIDE_RULES = ("element_rules", "discipline_classes")
"""Parts of the manual that belong to its rules too."""
STATES = {"draft_for_comment", "adopted", "in_force", "superseded", "rescinded"}
DETAILS = ("hours_min", "hours_max")


def read_manual(path: Path) -> ManualDocument:
    """Return the manual in a YAML file; raises `ImportRefused` where the file is no YAML.

    What is wrong with the form of a value is kept in the document, to be told by `checks.check` with all the rest.
    """
    return replace(_manual(read_yaml(path)), source_digest=digest(path.read_bytes()))


def document_of(plain: Mapping[str, Any], file: str, problems: Sequence[Problem] = ()) -> ManualDocument:
    """Return the manual that plain values state in this format, with the problems found on the way to them."""
    return _manual(node_of(plain, file, problems=list(problems)))


def read_translation(path: Path) -> TranslationDocument:
    """Return the translation in a YAML file; raises `ImportRefused` where the file is no YAML."""
    return _translation(read_yaml(path))


def _manual(root: Node) -> ManualDocument:
    root.only(
        "schema_version", "schema_note", "manual", "kinds", "element_rules", "discipline_classes", "lifecycle",
        "chapters", "training_modules", "lineage", "authorities", "rules", "profiles", "rule_sets", "containers",
    )  # fmt: skip
    if (schema := root.integer("schema_version")) not in SCHEMA_VERSIONS:
        root.problem(f"schema version {schema} is not known; known are {SCHEMA_VERSIONS}", "schema_version")
    head = root.get("manual")
    head.only("id", "title", "agency", "jurisdiction", "language", "license", "id_rule")
    annexes = {key: root.get(key).plain() for key in ANNEXES if root.has(key)}
    annexes |= {key: head.text(key) for key in ("license", "id_rule") if head.has(key)}
    document = ManualDocument(
        code=head.text("id"),
        title=head.text("title"),
        agency=head.text("agency", ""),
        jurisdiction=head.text("jurisdiction", ""),
        language=head.text("language"),
        chapters=tuple(_chapter(node, order) for order, node in enumerate(root.items("chapters"))),
        lineage=tuple(_lineage(node) for node in root.items("lineage")),
        annexes=annexes,
        discipline_classes=frozenset(name for name, _node in root.mapping("discipline_classes")),
        containers=tuple(_container(node) for node in root.items("containers")),
        where=root,
    )
    if not document.chapters:
        root.problem("a manual has at least one chapter", "chapters")
    if not any(root.has(part) for part in RULE_PARTS):
        return document
    return replace(document, rule_sets=tuple(_rule_sets(root, document)))


def _chapter(node: Node, order: int) -> ChapterDocument:
    node.only("code", "number", "title", "versions", "earlier_rule", "reviews", "review", "training", "sections")
    versions = tuple(
        sorted(
            (_chapter_version(item) for item in node.items("versions")),
            key=lambda version: version.effective_from or datetime.date.min,
        )
    )
    adopted = [version.version for version in versions if not version.is_draft]
    if not adopted:
        node.problem("has no adopted version; a chapter that is only a draft is not imported", "versions")
    return ChapterDocument(
        code=node.text("code"),
        number=node.text("number"),
        title=node.text("title"),
        order=order,
        versions=versions,
        sections=tuple(_section(item, place, adopted) for place, item in enumerate(node.items("sections"))),
        earlier_rule=node.text("earlier_rule", ""),
        annexes={key: node.get(key).plain() for key in ("reviews", "review", "training") if node.has(key)},
        where=node,
    )


def _container(node: Node) -> ContainerDocument:
    node.only("id", "prefix", "number", "heading", "parent")
    return ContainerDocument(
        code=node.text("id"),
        prefix=node.text("prefix", ""),
        number=node.text("number"),
        heading=node.text("heading"),
        parent=node.text("parent", ""),
        where=node,
    )


def _chapter_version(node: Node) -> ChapterVersionDocument:
    node.only(
        "version", "status", "published", "docket", "adopted", "effective_from", "effective_to", "adopted_by",
        "change_note",
    )  # fmt: skip
    status = node.text("status")
    if status and status not in STATES:
        node.problem(f"is not a known status; known are {', '.join(sorted(STATES))}", "status")
    version = ChapterVersionDocument(
        version=node.text("version"),
        effective_from=node.date("effective_from"),
        effective_to=node.date("effective_to"),
        published_on=node.date("published"),
        adopted_on=node.date("adopted"),
        adopted_by=node.text("adopted_by", ""),
        docket=node.text("docket", ""),
        change_note=node.text("change_note", ""),
        where=node,
    )
    if version.is_draft != (status == "draft_for_comment"):
        node.problem("an adopted version has effective_from, a draft for comment has none", "effective_from")
    if status in {"superseded", "rescinded"} and version.effective_to is None:
        node.problem(f"a {status} version has a last day", "effective_to")
    return version


def _section(node: Node, order: int, adopted: list[str]) -> SectionDocument:
    stated = (
        "number", "title", "kind", "allegable", "discipline_class", "standard_of_proof", "text", "elements",
        "exceptions", "applies_to", "deadlines", "evidence_hints", "paragraphs", "annotations", *DETAILS,
    )  # fmt: skip
    node.only("id", "container", "since", "until", "history", *stated)
    held = _held(node, adopted)
    earlier: dict[str, Node] = {}
    for entry in node.items("history"):
        entry.only("versions", *stated)
        for version in entry.texts("versions"):
            if version not in held:
                entry.problem(f"version {version} does not hold this section; {', '.join(held)} do", "versions")
            if version in earlier:
                entry.problem(f"version {version} stands in another entry of this history too", "versions")
            earlier[version] = entry
    current = _section_text(node, node)
    texts = {version: _section_text(earlier[version], node) if version in earlier else current for version in held}
    container = node.text("container", "")
    return SectionDocument(code=node.text("id"), order=order, texts=texts, where=node, container=container)


def _held(node: Node, adopted: list[str]) -> list[str]:
    """Return the adopted versions of the chapter that hold a section, from `since` to `until`."""
    since, until = node.text("since", ""), node.text("until", "")
    if not adopted:
        return []
    for key, version in (("since", since), ("until", until)):
        if version and version not in adopted:
            node.problem(f"the chapter has no adopted version {version}; it has {', '.join(adopted)}", key)
            return adopted
    first = adopted.index(since) if since else 0
    last = adopted.index(until) if until else len(adopted) - 1
    if first > last:
        node.problem(f"version {until} is earlier than {since}", "until")
    return adopted[first : last + 1]


def _section_text(entry: Node, section: Node) -> SectionText:
    """Read a text: what the entry of the history states, and what the section states where the entry is silent."""

    def of(key: str) -> Node:
        return entry if entry.has(key) else section

    return SectionText(
        number=of("number").text("number"),
        title=of("title").text("title"),
        kind=of("kind").text("kind"),
        allegable=of("allegable").boolean("allegable"),
        text=of("text").text("text").strip(),
        discipline_class=of("discipline_class").text("discipline_class", ""),
        standard_of_proof=of("standard_of_proof").text("standard_of_proof", ""),
        elements=_elements(of("elements")),
        exceptions=of("exceptions").texts("exceptions"),
        applies_to=of("applies_to").texts("applies_to"),
        deadlines=of("deadlines").integers("deadlines"),
        details={key: of(key).integer(key) for key in DETAILS if of(key).get(key).value is not None},
        evidence_hints=of("evidence_hints").texts("evidence_hints"),
        paragraphs=tuple(_paragraph(item) for item in of("paragraphs").items("paragraphs")),
        annotations=tuple(_annotation(item) for item in of("annotations").items("annotations")),
    )


def _paragraph(node: Node) -> Paragraph:
    node.only("label", "text", "depth", "heading")
    label, text, heading = node.text("label"), node.text("text", ""), node.text("heading", "")
    return Paragraph(label=label, text=text, depth=node.integer("depth", 0), heading=heading)


def _annotation(node: Node) -> Annotation:
    node.only("kind", "text", "document", "date", "is_note")
    return Annotation(
        kind=node.text("kind"),
        text=node.text("text"),
        document=node.text("document", ""),
        date=node.date("date"),
        is_note=node.boolean("is_note", default=False),
    )


def _elements(node: Node) -> tuple[tuple[str, str], ...]:
    elements = []
    for item in node.items("elements"):
        item.only("id", "text")
        elements.append((item.text("id"), item.text("text").strip()))
    return tuple(elements)


def _lineage(node: Node) -> LineageDocument:
    node.only("kind", "chapter", "in_version", "section", "from", "to", "from_number", "to_number", "note")
    how = node.text("kind")
    one = (node.text("section"),) if node.has("section") else ()
    return LineageDocument(
        chapter=node.text("chapter"),
        in_version=node.text("in_version"),
        how=how,
        earlier=node.texts("from") or (() if how == "added" else one),
        later=node.texts("to") or (() if how == "removed" else one),
        from_number=node.text("from_number", ""),
        to_number=node.text("to_number", ""),
        note=node.text("note", ""),
        where=node,
    )


def _rule_sets(root: Node, document: ManualDocument) -> list[RuleSetDocument]:
    """Return the dated rule sets: the rules as stated, less what each set of `rule_sets` says was different then."""
    stated = {part: root.get(part).plain() for part in RULE_PARTS if root.has(part)}
    for part in BESIDE_RULES:
        if root.has(part):
            stated[part] = root.get(part).plain()
    dated = root.items("rule_sets")
    if not dated:
        return [RuleSetDocument(_first_day(document, stated), None, stated, where=root.get("rules"))]
    sets = []
    for node in dated:
        node.only("effective_from", "effective_to", "note", "instead", "without")
        data = copy.deepcopy(stated)
        for path, value in node.mapping("instead"):
            _put(data, path, value.plain(), node)
        for path in node.texts("without"):
            _put(data, path, _ABSENT, node)
        first = node.date("effective_from")
        if first is None:
            node.problem("is missing; the first day on which these rules apply is expected", "effective_from")
            continue
        sets.append(RuleSetDocument(first, node.date("effective_to"), data, where=node))
    return sorted(sets, key=lambda rules: rules.effective_from)


_ABSENT = object()


def _put(data: dict[str, Any], path: str, value: Any, node: Node) -> None:
    """Set or remove the value at a dotted path, which must be there."""
    *parents, last = path.split(".")
    place: Any = data
    for name in parents:
        place = place.get(name) if isinstance(place, dict) else None
    if not isinstance(place, dict) or last not in place:
        node.problem(f"{path}: there is no such rule to differ from")
    elif value is _ABSENT:
        del place[last]
    else:
        place[last] = value


def _first_day(document: ManualDocument, data: Mapping[str, Any]) -> datetime.date:
    """Return the first day on which every move, clock and rule cites a section in force, where the file names none.

    An act whose section came later is refused until then; it does not hold back the rules.
    """
    sections = document.sections()
    days = [datetime.date.min]
    for kind, _name, code in cited_sections(data):
        if kind in {"move", "clock", "rule"} and code in sections:
            chapter, section = sections[code]
            days += [version.effective_from for version, _text in chapter.texts(section) if version.effective_from][:1]
    return max(days)


def _translation(root: Node) -> TranslationDocument:
    root.only("schema_version", "translation", "kinds", "findings", "sections")
    head = root.get("translation")
    head.only("manual", "language", "title", "rule", "prevails", "human_checked", "chapters")
    return TranslationDocument(
        manual=head.text("manual"),
        language=head.text("language"),
        title=head.text("title"),
        rule=head.text("rule", ""),
        prevails=head.text("prevails"),
        human_checked=head.boolean("human_checked", default=False),
        chapters={item.text("code"): item.text("title") for item in head.items("chapters")},
        terms={key: root.get(key).plain() for key in ("kinds", "findings") if root.has(key)},
        sections=tuple(_section_translation(item) for item in root.items("sections")),
        where=root,
    )


def _section_translation(node: Node) -> SectionTranslationDocument:
    node.only("id", "translation_of", "title", "text", "elements")
    return SectionTranslationDocument(
        section=node.text("id"),
        version=node.text("translation_of"),
        title=node.text("title"),
        text=node.text("text").strip(),
        elements=dict(_elements(node)),
        where=node,
    )
