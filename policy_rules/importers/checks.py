"""Whether a manual holds together: codes, dates, links both ways, authorities. Every problem at once, with its place.

A problem keeps the manual out. A doubt does not: it is told to whoever imports, because a person should look at it.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any

from audit.canonical import NotCanonicalError, canonical
from policy_rules.canonical import SectionText
from policy_rules.importers.document import (
    ChapterDocument,
    ChapterVersionDocument,
    LineageDocument,
    ManualDocument,
    RuleSetDocument,
    SectionDocument,
    TranslationDocument,
)
from policy_rules.importers.findings import Findings
from policy_rules.importers.limits import too_long
from policy_rules.importers.nodes import Node
from policy_rules.importers.problems import ImportRefused, Problem
from policy_rules.models import (
    Kind,
    Lineage,
)
from policy_rules.rule_data import Rules
from policy_rules.rule_reading import AUTHORITY_KINDS, cited_sections, parse_rules

RULES_BROKEN_BY_PEOPLE = frozenset({Kind.DUTY, Kind.PROHIBITION})
NEVER_ALLEGED = frozenset({Kind.EXCEPTION, Kind.DEFINITION})
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-]{0,39}")
END_OF_TIME = datetime.date.max


def check(manual: ManualDocument, translations: Sequence[TranslationDocument] = ()) -> list[Problem]:
    """Return what a person should look at; raises `ImportRefused` with every problem if there is one.

    What could not be read is told once, and not again where its absence shows. Where the chapters and sections cannot
    all be told apart, nothing is said of what names them.
    """
    unread = [*manual.where.problems, *(problem for stated in translations for problem in stated.where.problems)]
    found = Findings(unread)
    found.problems += too_long(manual, translations)
    for part in (_chapters, _containers, _sections):
        part(manual, found)
    if found.are_names_known:
        for part in (_links, _lineage, _training, _rules):
            part(manual, found)
        for translation in translations:
            _translation(manual, translation, found)
    if found.problems:
        raise ImportRefused(found.problems)
    return found.doubts


def _repeated(names: Iterator[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _chapters(manual: ManualDocument, found: Findings) -> None:
    _code(manual.where.get("manual"), "id", manual.code, found)
    for code in _repeated(chapter.code for chapter in manual.chapters):
        found.problem(manual.where, f"two chapters have the code {code}", "chapters")
    for chapter in manual.chapters:
        _code(chapter.where, "code", chapter.code, found)
        for version in chapter.versions:
            _code(version.where, "version", version.version, found)
        for name in _repeated(version.version for version in chapter.versions):
            found.problem(chapter.where, f"two versions are called {name}", "versions")
        for version in chapter.versions:
            _dates(version, found)
        for one, other in combinations(chapter.versions, 2):
            if one.overlaps(other):
                found.problem(
                    other.where, f"is in force on days on which version {one.version} is too", "effective_from"
                )


def _code(where: Node, key: str, code: str, found: Findings) -> None:
    if not CODE.fullmatch(code):
        found.problem(where, "a code is made of at most 40 letters, digits, dots and hyphens", key)


def _dates(version: ChapterVersionDocument, found: Findings) -> None:
    if version.is_draft:
        return
    first = version.effective_from or END_OF_TIME
    if version.adopted_on is None:
        found.problem(version.where, "an adopted version has the day of its adoption", "adopted")
    elif version.adopted_on > first:
        found.problem(version.where, "is in force before it was adopted", "effective_from")
    if version.effective_to and version.effective_to < first:
        found.problem(version.where, "the last day is before the first", "effective_to")


def _containers(manual: ManualDocument, found: Findings) -> None:
    known: set[str] = set()
    for container in manual.containers:
        _code(container.where, "id", container.code, found)
        if container.code in known:
            found.problem(container.where, f"two headings have the code {container.code}", "id")
        if container.parent and container.parent not in known:
            found.problem(container.where, f"stands under {container.parent}, which does not come before it", "parent")
        known.add(container.code)
    for _chapter, section in manual.sections().values():
        if section.container and section.container not in known:
            found.problem(section.where, f"stands under {section.container}, which does not exist", "container")


def _sections(manual: ManualDocument, found: Findings) -> None:
    for code in _repeated(section.code for chapter in manual.chapters for section in chapter.sections):
        found.problem(manual.where, f"two sections have the code {code}; codes are permanent and unique", "chapters")
    for chapter in manual.chapters:
        for section in chapter.sections:
            _code(section.where, "id", section.code, found)
            for name, text in section.texts.items():
                _text(manual, section, name, text, found)
        for version in chapter.versions:
            numbers = (s.texts[version.version].number for s in chapter.sections if version.version in s.texts)
            for number in _repeated(numbers):
                found.problem(chapter.where, f"two sections have the number {number} in version {version.version}")


def _text(manual: ManualDocument, section: SectionDocument, version: str, text: SectionText, found: Findings) -> None:
    where = section.where
    _has_a_canonical_form(text.wording(), where, found)
    if text.kind and text.kind not in Kind.values:
        found.problem(where, f"{text.kind!r} is no kind of section; known are {', '.join(Kind.values)}", "kind")
    if text.kind in NEVER_ALLEGED and text.allegable:
        found.problem(where, f"a section of kind {text.kind} is never alleged", "allegable")
    if text.kind in RULES_BROKEN_BY_PEOPLE and not text.allegable:
        found.problem(where, f"a {text.kind} can be alleged", "allegable")
    if text.discipline_class and text.discipline_class not in manual.discipline_classes:
        found.problem(where, f"there is no discipline class {text.discipline_class}", "discipline_class")
    if text.kind in RULES_BROKEN_BY_PEOPLE and not text.discipline_class:
        found.problem(where, "a rule that can be alleged has a discipline class", "discipline_class")
    if text.kind in RULES_BROKEN_BY_PEOPLE | {Kind.EXCEPTION} and not text.elements:
        found.problem(where, f"version {version} has no element; a {text.kind} has at least one to prove", "elements")
    _paragraphs(section, version, text, found)
    for code in _repeated(code for code, _text in text.elements):
        found.problem(where, f"version {version} has two elements {code}", "elements")
    for code, _wording in text.elements:
        if not code.startswith(f"{section.code}-"):
            found.problem(where, f"the code of element {code} begins with {section.code}-", "elements")


def _paragraphs(section: SectionDocument, version: str, text: SectionText, found: Findings) -> None:
    place = 0
    for paragraph in text.paragraphs:
        place = text.text.find(paragraph.text, place)
        if place < 0:
            message = f"version {version} does not hold the words of its paragraph {paragraph.label}"
            found.problem(section.where, message, "text")
            return


def _has_a_canonical_form(value: Mapping[str, Any], where: Node, found: Findings) -> None:
    try:
        canonical(value)
    except NotCanonicalError as error:
        found.problem(where, f"cannot be hashed: {error}")


def _links(manual: ManualDocument, found: Findings) -> None:
    """Hold the two ends of every link to each other, on every day on which both are in force."""
    sections = manual.sections()
    for chapter, section in sections.values():
        for version, text in chapter.texts(section):
            for key, kinds, answer in (
                ("exceptions", {Kind.EXCEPTION}, "applies_to"),
                ("applies_to", RULES_BROKEN_BY_PEOPLE, "exceptions"),
            ):
                named: tuple[str, ...] = getattr(text, key)
                if text.kind not in Kind.values:
                    continue
                if named and (text.kind == Kind.EXCEPTION) != (key == "applies_to"):
                    found.problem(section.where, f"a section of kind {text.kind} has no {key}", key)
                for code in _repeated(iter(named)):
                    found.problem(section.where, f"version {version.version} names {code} twice", key)
                for code in named:
                    if code not in sections:
                        found.problem(
                            section.where, f"version {version.version} names {code}, which does not exist", key
                        )
                    else:
                        _answered(section, version, key, sections[code], kinds, answer, found)


def _answered(
    section: SectionDocument,
    version: ChapterVersionDocument,
    key: str,
    named: tuple[ChapterDocument, SectionDocument],
    kinds: frozenset[Kind] | set[Kind],
    answer: str,
    found: Findings,
) -> None:
    chapter, other = named
    together = False
    for theirs, text in chapter.texts(other):
        if not version.overlaps(theirs):
            continue
        together = True
        if text.kind not in Kind.values:
            continue
        if text.kind not in kinds:
            found.problem(
                section.where, f"version {version.version} names {other.code}, a section of kind {text.kind}", key
            )
        elif section.code not in getattr(text, answer):
            silent = f"whose version {theirs.version} does not name it in {answer}"
            found.problem(section.where, f"version {version.version} names {other.code}, {silent}", key)
    if not together:
        found.problem(section.where, f"version {version.version} names {other.code}, never in force with it", key)


def _lineage(manual: ManualDocument, found: Findings) -> None:
    chapters = {chapter.code: chapter for chapter in manual.chapters}
    told: set[tuple[str, str]] = set()
    for line in manual.lineage:
        if line.how not in Lineage.How.values:
            found.problem(line.where, f"{line.how!r} is not known; known are {', '.join(Lineage.How.values)}", "kind")
        if not line.earlier and not line.later:
            found.problem(line.where, "names no section")
        chapter = chapters.get(line.chapter)
        if chapter is None or chapter.version(line.in_version) is None:
            found.problem(line.where, f"there is no version {line.in_version} of chapter {line.chapter}")
            continue
        own = {section.code: section for section in chapter.sections}
        for code in {*line.earlier, *line.later}:
            if code not in own:
                found.problem(line.where, f"there is no section {code} in chapter {line.chapter}")
            elif line.how == Lineage.How.RENUMBERED:
                _renumbered(chapter, own[code], line, found)
            told.add((code, line.in_version))
    for chapter in manual.chapters:
        _untold(chapter, told, found)


def _untold(chapter: ChapterDocument, told: set[tuple[str, str]], found: Findings) -> None:
    for before, after in pairwise(chapter.adopted()):
        for section in chapter.sections:
            if (before in section.texts) != (after in section.texts) and (section.code, after) not in told:
                change = "is new in" if after in section.texts else "is gone from"
                found.doubt(section.where, f"{change} version {after} and no lineage says where it came from or went")


def _renumbered(chapter: ChapterDocument, section: SectionDocument, line: LineageDocument, found: Findings) -> None:
    adopted = chapter.adopted()
    before = adopted[adopted.index(line.in_version) - 1] if line.in_version in adopted[1:] else ""
    real = [section.texts[name].number if name in section.texts else "" for name in (before, line.in_version)]
    if real != [line.from_number, line.to_number]:
        found.problem(line.where, f"{section.code} went from {real[0] or 'nothing'} to {real[1] or 'nothing'}")


def _training(manual: ManualDocument, found: Findings) -> None:
    sections = manual.sections()
    codes = {chapter.code for chapter in manual.chapters}
    for node in manual.where.items("training_modules"):
        if node.text("chapter") not in codes:
            found.problem(node, f"there is no chapter {node.text('chapter')}", "chapter")
        for code in node.texts("covers"):
            if code not in sections:
                found.problem(node, f"covers {code}, which does not exist", "covers")


def _rules(manual: ManualDocument, found: Findings) -> None:
    for one, other in pairwise(manual.rule_sets):
        if (one.effective_to or END_OF_TIME) >= other.effective_from:
            found.problem(other.where, "applies on days on which the set before it does too", "effective_from")
    sections = manual.sections()
    for rules in manual.rule_sets:
        if rules.effective_to and rules.effective_to < rules.effective_from:
            found.problem(rules.where, "the last day is before the first", "effective_to")
        for kind, name, code in cited_sections(rules.data):
            if code not in sections:
                found.problem(_authority(manual, kind, name), f"cites {code or 'nothing'}, which does not exist")
            elif not _in_force_throughout(rules, *sections[code]):
                message = f"cites {code}, which is not in force on every day from {rules.effective_from}"
                found.doubt(_authority(manual, kind, name), message)
        _has_a_canonical_form(rules.data, rules.where, found)
        parsed, faults = parse_rules(rules.data)
        for path, message in faults:
            found.problem(_at(manual.where, path), message)
        if parsed is not None:
            _agrees_with_the_text(manual, rules, parsed, found)


def _authority(manual: ManualDocument, kind: str, name: str) -> Node:
    """Return the place in the file where an authority or rule is stated."""
    if kind == "rule":
        return manual.where.get("rules").get(name) if name != "profiles" else manual.where.get(name)
    group = next(group for group, known in AUTHORITY_KINDS.items() if known == kind)
    return manual.where.get("authorities").get(group).get(name)


def _at(root: Node, path: str) -> Node:
    for name in path.split("."):
        root = root.get(name)
    return root


def _in_force_throughout(rules: RuleSetDocument, chapter: ChapterDocument, section: SectionDocument) -> bool:
    day = rules.effective_from
    for version, _text in chapter.texts(section):
        if version.in_force_during(day, day):
            if version.effective_to is None:
                return True
            day = version.effective_to + datetime.timedelta(days=1)
    return rules.effective_to is not None and day > rules.effective_to


def _agrees_with_the_text(manual: ManualDocument, rules: RuleSetDocument, parsed: Rules, found: Findings) -> None:
    """Doubt a time limit that the section it cites, as in force with it, states with another figure."""
    sections = manual.sections()
    for clock in parsed.clocks.values():
        if clock.section not in sections:
            continue
        chapter, section = sections[clock.section]
        for version, text in chapter.texts(section):
            together = version.in_force_during(rules.effective_from, rules.effective_to)
            if together and text.deadlines and clock.duration not in text.deadlines.values():
                figures = ", ".join(f"{key} {value}" for key, value in text.deadlines.items())
                theirs = f"{section.code}@{version.version} states {figures}"
                message = f"{clock.duration} {clock.unit} from {rules.effective_from}; {theirs}"
                found.doubt(_authority(manual, "clock", clock.code), message)


def _translation(manual: ManualDocument, translation: TranslationDocument, found: Findings) -> None:
    where = translation.where
    if translation.manual != manual.code:
        found.problem(where, f"translates {translation.manual}, and this manual is {manual.code}", "translation")
        return
    if translation.language == manual.language:
        found.problem(where, f"is in {manual.language}, the manual's own language", "translation")
    sections = manual.sections()
    for code in translation.chapters:
        if code not in {chapter.code for chapter in manual.chapters}:
            found.problem(where, f"translates the title of chapter {code}, which does not exist", "translation")
    for pair in _repeated(f"{item.section}@{item.version}" for item in translation.sections):
        found.problem(where, f"{pair} is translated twice", "sections")
    for item in translation.sections:
        texts = sections[item.section][1].texts if item.section in sections else {}
        if item.version not in texts:
            found.problem(item.where, f"there is no {item.section} in version {item.version}", "translation_of")
            continue
        own = [code for code, _text in texts[item.version].elements]
        if sorted(own) != sorted(item.elements):
            found.problem(
                item.where, f"translates other elements than those of the section: {', '.join(own)}", "elements"
            )
