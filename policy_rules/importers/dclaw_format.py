"""The XML of the Code of the District of Columbia, read into the common form: an index and one file for each section.

The index holds the headings, each within another, and names the files in the order of the code. The edition is called
by the newest day that a history names, which is also taken as its first day: the files state no other.
"""

from __future__ import annotations

import datetime
import hashlib
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from policy_rules.importers.document import ManualDocument
from policy_rules.importers.nodes import Located
from policy_rules.importers.problems import ImportRefused, Problem
from policy_rules.importers.yaml_format import SCHEMA_VERSIONS, document_of

LIBRARY = "{https://code.dccouncil.us/schemas/dc-library}"
INCLUDE = "{http://www.w3.org/2001/XInclude}include"
FORBIDDEN = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
"""What could make a reader fetch other files or grow without end; these files have no use for it."""
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DATE = re.compile(r"\b([A-Z][a-z]{2,8})\.? +(\d{1,2}), +(\d{4})\b")
HISTORY = "History"
ADOPTER = "Council of the District of Columbia"


def read_law(path: Path) -> ManualDocument:
    """Return the title of the code whose index is at the path, a file or the folder that holds `index.xml`.

    Raises `ImportRefused` where the index cannot be read. What is wrong with the files that it names is kept in the
    document, to be told by `checks.check` with all the rest.
    """
    index = path / "index.xml" if path.is_dir() else path
    reading = _Reading(index)
    plain = reading.manual()
    if not plain:
        raise ImportRefused(reading.problems)
    document = document_of(plain, index.name, reading.problems)
    return replace(document, source_digest=reading.digest.hexdigest())


@dataclass
class _Reading:
    """One title as it is read: the headings met so far, and what is wrong."""

    index: Path
    problems: list[Problem] = field(default_factory=list)
    containers: list[dict[str, Any]] = field(default_factory=list)
    chapters: list[dict[str, Any]] = field(default_factory=list)
    newest: datetime.date = datetime.date.min
    digest: Any = field(default_factory=hashlib.sha256)

    def manual(self) -> dict[str, Any]:
        root = self.parse(self.index)
        if root is None:
            return {}
        if root.tag != f"{LIBRARY}container":
            self.problems.append(Problem(self.index.name, 1, "", "expected a container of the code"))
            return {}
        self.container(root, "", None)
        edition = self.newest.isoformat()
        version = {"version": edition, "status": "in_force", "adopted": self.newest, "effective_from": self.newest}
        for chapter in self.chapters:
            chapter["versions"] = [version | {"adopted_by": ADOPTER}]
        title = " ".join(filter(None, (root.get("containing-doc"), *(_child(root, tag) for tag in ("prefix", "num")))))
        return {
            "schema_version": SCHEMA_VERSIONS[-1],
            "manual": {
                "id": f"DC-CODE-{_child(root, 'num')}",
                "title": f"{title}. {_child(root, 'heading')}",
                "jurisdiction": "District of Columbia",
                "language": "en",
            },
            "containers": self.containers,
            "chapters": self.chapters,
        }

    def container(self, element: ET.Element, parent: str, chapter: dict[str, Any] | None) -> None:
        """Take a heading and all that it holds; those directly below the title are the chapters."""
        number, heading = _child(element, "num"), _child(element, "heading")
        code = f"{parent}.{number}" if parent else number
        stated = {"id": code, "prefix": _child(element, "prefix"), "number": number, "heading": heading}
        self.containers.append({key: value for key, value in (stated | {"parent": parent}).items() if value})
        if parent and chapter is None:
            chapter = {"code": code, "number": number, "title": heading, "sections": []}
            self.chapters.append(chapter)
        before = len(chapter["sections"]) if chapter else 0
        for child in element:
            if child.tag == f"{LIBRARY}container":
                self.container(child, code, chapter)
            elif child.tag == INCLUDE and chapter is None:
                self.problems.append(Problem(self.index.name, 0, code, "holds a section outside every chapter"))
            elif child.tag == INCLUDE and chapter is not None:
                self.section(child.get("href", ""), code, chapter)
        if chapter is not None:
            own = [row for row in chapter["sections"][before:] if row.value["container"] == code]
            inside = [row for row in chapter["sections"][before:] if row.value["container"] != code]
            chapter["sections"][before:] = [*sorted(own, key=lambda row: natural(row.value["number"])), *inside]

    def section(self, href: str, container: str, chapter: dict[str, Any]) -> None:
        file = self.index.parent / href
        if not file.resolve().is_relative_to(self.index.parent.resolve()):
            self.problems.append(Problem(self.index.name, 0, container, f"names a file outside its folder: {href}"))
            return
        if (root := self.parse(file)) is None:
            return
        number, heading = _child(root, "num"), _child(root, "heading")
        missing = [name for name, value in (("num", number), ("heading", heading)) if not value]
        for name in missing:
            self.problems.append(Problem(file.name, 1, name, "is missing; a section has a number and a heading"))
        if missing:
            return
        paragraphs = list(_paragraphs(root, 0))
        opening = [_words(text) for text in root.findall(f"{LIBRARY}text")]
        reason = [f"{_words(item)}." for item in root.findall(f"{LIBRARY}reason")]
        parts = [*reason, *opening, *(" ".join(filter(None, _spoken(part))) for part in paragraphs)]
        stated: dict[str, Any] = {
            "id": number,
            "number": number,
            "title": heading,
            "kind": "administrative",
            "allegable": False,
            "text": "\n".join(filter(None, parts)) or heading,
            "container": container,
            "paragraphs": paragraphs,
            "annotations": list(self.annotations(root)),
        }
        chapter["sections"].append(Located(stated, file.name, 1))

    def annotations(self, root: ET.Element) -> Iterator[dict[str, Any]]:
        for group in root.findall(f"{LIBRARY}annotations"):
            for element in group:
                is_note = element.tag == f"{LIBRARY}text"
                stated = {"kind": element.get("type", ""), "text": _words(element), "document": element.get("doc", "")}
                day = _date(stated["text"])
                if day and stated["kind"] == HISTORY:
                    self.newest = max(self.newest, day)
                told = stated | {"date": day, "is_note": is_note}
                yield {key: value for key, value in told.items() if value}

    def parse(self, file: Path) -> ET.Element | None:
        try:
            content = file.read_bytes()
        except OSError as error:
            self.problems.append(Problem(str(file), 0, "", f"cannot be read: {error.strerror}"))
            return None
        self.digest.update(content)
        if FORBIDDEN.search(content):
            self.problems.append(Problem(file.name, 0, "", "declares entities, which are not taken"))
            return None
        try:
            return ET.fromstring(content)  # noqa: S314 nothing is declared or fetched: see FORBIDDEN
        except ET.ParseError as error:
            self.problems.append(Problem(file.name, error.position[0], "", f"is not XML: {error}"))
            return None


def natural(number: str) -> tuple[tuple[int, int, str], ...]:
    """Return what sorts numbers of sections as people read them: 5-9, 5-10, 5-10a, 5-101.01."""
    parts = re.findall(r"\d+|[A-Za-z]+", number)
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part.lower()) for part in parts)


def _paragraphs(element: ET.Element, depth: int) -> Iterator[dict[str, Any]]:
    """Yield the labelled parts of a section in order, each before those within it."""
    for child in element.findall(f"{LIBRARY}para"):
        words = " ".join(_words(text) for text in child.findall(f"{LIBRARY}text"))
        stated = {"label": _child(child, "num"), "text": words, "depth": depth, "heading": _child(child, "heading")}
        yield {key: value for key, value in stated.items() if value}
        yield from _paragraphs(child, depth + 1)


def _spoken(part: dict[str, Any]) -> tuple[str, str, str]:
    return part["label"], part.get("heading", ""), part.get("text", "")


def _child(element: ET.Element, name: str) -> str:
    found = element.find(f"{LIBRARY}{name}")
    return "" if found is None else _words(found)


def _words(element: ET.Element) -> str:
    """Return the words of an element and of all within it; the cells of a table with bars between them."""
    rows = element.iter(f"{LIBRARY}tr")
    for row in rows:
        for cell in list(row)[:-1]:
            cell.tail = " | "
        row.tail = " / "
    return " ".join("".join(element.itertext()).split())


def _date(text: str) -> datetime.date | None:
    """Return the first day that the text names, as the code writes days: Mar. 6, 2007."""
    for month, day, year in DATE.findall(text):
        name = month[:3].lower()
        if name in MONTHS:
            try:
                return datetime.date(int(year), MONTHS.index(name) + 1, int(day))
            except ValueError:
                continue
    return None
