"""Markdown with numbered headings, read into the common form.

The file begins with what a manual states of itself, between two lines of three hyphens, in YAML: `id`, `title`,
`language`, `version`, `effective_from`, and perhaps `adopted`, `adopted_by`, `agency`, `jurisdiction`. A numbered
heading with others below it holds them; one without is a section. Those of the first level are chapters. Parts of a
text that begin with a label such as (a) or 1. are its paragraphs.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from policy_rules.canonical import digest
from policy_rules.importers.document import ManualDocument
from policy_rules.importers.nodes import MAXIMUM_BYTES, Located
from policy_rules.importers.problems import ImportRefused, Problem
from policy_rules.importers.yaml_format import SCHEMA_VERSIONS, document_of

FENCE = "---"
HEADING = re.compile(r"(?P<marks>#{1,6})\s+(?P<words>.*?)\s*#*")
NUMBERED = re.compile(
    r"(?:§\s*|Section\s+|Chapter\s+)?(?P<number>\d+[A-Za-z]?(?:[.\-]\d+[A-Za-z]?)*)[.:]?\s+(?P<title>\S.*)"
)
LABELLED = re.compile(r"(?P<indent>\s*)(?P<label>\([A-Za-z0-9]{1,5}\)|[A-Za-z0-9]{1,4}[.)])\s+(?P<text>\S.*)")
KNOWN = ("id", "title", "agency", "jurisdiction", "language", "version", "adopted", "adopted_by", "effective_from")
NEEDED = ("id", "title", "language", "version", "effective_from")
STAND_INS = {"id": "X", "title": "X", "language": "en", "version": "1.0", "effective_from": datetime.date(2000, 1, 1)}
"""What is read on with where the head lacks it; a file that lacks any of these is refused for that."""
SPACES_OF_A_LEVEL = 2


@dataclass
class _Heading:
    """A numbered heading: its place, what it holds, and its text if it is a section."""

    number: str
    title: str
    level: int
    line: int
    lines: list[tuple[int, str]] = field(default_factory=list)
    inside: list[_Heading] = field(default_factory=list)


def read_markdown(path: Path) -> ManualDocument:
    """Return the manual in a Markdown file; raises `ImportRefused` where it has no head or no numbered heading.

    What else is wrong is kept in the document, to be told by `checks.check` with all the rest.
    """
    problems: list[Problem] = []
    content = _content(path)
    head, body, first = _head(path, content, problems)
    roots = _headings(path, body, first, problems)
    if not roots:
        problems.append(Problem(path.name, first, "", "has no numbered heading, such as: # 1 Use of force"))
    if not (head and roots):
        raise ImportRefused(problems)
    plain = _plain(path, STAND_INS | {name: value for name, value in head.items() if value}, roots)
    return replace(document_of(plain, path.name, problems), source_digest=digest(content.encode()))


def _content(path: Path) -> str:
    try:
        if path.stat().st_size > MAXIMUM_BYTES:
            raise ImportRefused([Problem(path.name, 0, "", f"the file is larger than {MAXIMUM_BYTES:,} bytes")])
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ImportRefused([Problem(str(path), 0, "", f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise ImportRefused([Problem(path.name, 0, "", "is not UTF-8 text")]) from error


def _head(path: Path, content: str, problems: list[Problem]) -> tuple[dict[str, Any], list[str], int]:
    """Return what the file states of the manual, the lines of the text, and the line on which they begin."""
    lines = content.splitlines()
    if not lines or lines[0].strip() != FENCE or FENCE not in [line.strip() for line in lines[1:]]:
        problems.append(Problem(path.name, 1, "", f"begins with {', '.join(NEEDED)} between two lines of {FENCE}"))
        return {}, [], 1
    end = next(place for place, line in enumerate(lines[1:], start=1) if line.strip() == FENCE)
    try:
        stated = yaml.safe_load("\n".join(lines[1:end])) or {}
    except yaml.YAMLError as error:
        problems.append(Problem(path.name, 2, "", f"is not YAML: {getattr(error, 'problem', None) or error}"))
        return {}, [], end + 2
    if not isinstance(stated, dict):
        problems.append(Problem(path.name, 2, "", "expected names with values"))
        return {}, [], end + 2
    problems.extend(Problem(path.name, 2, name, "is missing") for name in NEEDED if not stated.get(name))
    problems.extend(
        Problem(path.name, 2, str(name), f"unknown key; known here are {', '.join(KNOWN)}")
        for name in stated
        if name not in KNOWN
    )
    return stated, lines[end + 1 :], end + 2


def _headings(path: Path, lines: list[str], first: int, problems: list[Problem]) -> list[_Heading]:
    """Return the headings of the first level, each with those within it."""
    roots: list[_Heading] = []
    open_: list[_Heading] = []
    for place, line in enumerate(lines, start=first):
        heading = HEADING.fullmatch(line)
        if heading is None:
            if open_:
                open_[-1].lines.append((place, line))
            elif line.strip():
                problems.append(Problem(path.name, place, "", "stands before the first numbered heading"))
            continue
        numbered = NUMBERED.fullmatch(heading["words"])
        if numbered is None:
            problems.append(Problem(path.name, place, heading["words"][:40], "this heading has no number"))
            continue
        found = _Heading(numbered["number"], numbered["title"], len(heading["marks"]), place)
        while open_ and open_[-1].level >= found.level:
            open_.pop()
        (open_[-1].inside if open_ else roots).append(found)
        open_.append(found)
    return roots


def _plain(path: Path, head: dict[str, Any], roots: list[_Heading]) -> dict[str, Any]:
    manual = {key: head[key] for key in ("id", "title", "agency", "jurisdiction", "language") if head.get(key)}
    version = {
        "version": str(head["version"]),
        "status": "in_force",
        "adopted": head.get("adopted", head["effective_from"]),
        "adopted_by": head.get("adopted_by"),
        "effective_from": head["effective_from"],
    }
    containers: list[Any] = []
    chapters = []
    for root in roots:
        sections = list(_sections(path, root, "", containers))
        chapter = {"code": root.number, "number": root.number, "title": root.title, "versions": [version]}
        chapters.append(Located(chapter | {"sections": sections}, path.name, root.line))
    plain = {"schema_version": SCHEMA_VERSIONS[-1], "manual": Located(manual, path.name, 2), "chapters": chapters}
    return plain | ({"containers": containers} if containers else {})


def _sections(path: Path, heading: _Heading, parent: str, containers: list[Any]) -> Iterator[Located]:
    """Yield the sections below a heading; the heading itself holds them, and any words of its own are a section too."""
    if not heading.inside:
        yield _section(path, heading, parent)
        return
    stated = {"id": heading.number, "number": heading.number, "heading": heading.title}
    containers.append(Located(stated | ({"parent": parent} if parent else {}), path.name, heading.line))
    if any(line.strip() for _place, line in heading.lines):
        opening = replace(heading, number=f"{heading.number}.0", inside=[])
        yield _section(path, opening, heading.number)
    for inside in heading.inside:
        yield from _sections(path, inside, heading.number, containers)


def _section(path: Path, heading: _Heading, container: str) -> Located:
    blocks = list(_blocks(line for _place, line in heading.lines))
    paragraphs = [part for _words, part in blocks if part]
    stated: dict[str, Any] = {
        "id": heading.number,
        "number": heading.number,
        "title": heading.title,
        "kind": "administrative",
        "allegable": False,
        "text": "\n".join(words for words, _part in blocks) or heading.title,
    }
    if container:
        stated["container"] = container
    if paragraphs:
        stated["paragraphs"] = paragraphs
    return Located(stated, path.name, heading.line)


def _blocks(lines: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the blocks of a text with the words of each, and the labelled paragraph that it is, if it is one."""
    block: list[str] = []
    for line in [*lines, ""]:
        starts = LABELLED.fullmatch(line)
        if block and (not line.strip() or starts):
            yield _block(block)
            block = []
        if line.strip():
            block.append(line)


def _block(lines: list[str]) -> tuple[str, dict[str, Any]]:
    words = " ".join(" ".join(lines).split())
    labelled = LABELLED.fullmatch(lines[0])
    if labelled is None:
        return words, {}
    label = labelled["label"]
    depth = len(labelled["indent"].expandtabs(SPACES_OF_A_LEVEL)) // SPACES_OF_A_LEVEL
    return words, {"label": label, "text": words.removeprefix(label).strip(), "depth": depth}
