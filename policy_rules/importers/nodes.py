"""A YAML file as a tree in which every value knows its line and its place, read without building any object."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from policy_rules.importers.problems import ImportRefused, Problem

MAXIMUM_BYTES = 50_000_000
NAMES = ("id", "code", "version")
FIRST_DAY, LAST_DAY = datetime.date(1700, 1, 1), datetime.date(2999, 12, 31)
"""Days outside these are slips of the pen."""
_loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KINDS = {"text": str, "a whole number": int, "true or false": bool, "a day such as 2024-01-31": datetime.date}


class Node:
    """A value of the file. What it should have been and is not goes to `problems`, and a stand-in is returned."""

    def __init__(self, value: Any, *, file: str, line: int, path: str, problems: list[Problem]) -> None:
        self.value = value
        """A scalar, a list of nodes, or a dict of names to nodes."""
        self.file = file
        self.line = line
        self.path = path
        self.problems = problems

    def problem(self, message: str, key: str = "") -> None:
        """Note that something is wrong here, or at the value named by `key`."""
        node = self.value[key] if key and isinstance(self.value, dict) and key in self.value else self
        path = f"{self.path}.{key}" if key and self.path else key or self.path
        self.problems.append(Problem(self.file, node.line, path, message))

    def has(self, key: str) -> bool:
        """Say whether this mapping holds the key."""
        return isinstance(self.value, dict) and key in self.value

    def only(self, *known: str) -> None:
        """Note every key of this mapping that is not one of those known, so that no misspelt key is lost in silence."""
        for key in self.keys():
            if key not in known:
                self.problem(f"unknown key; known here are {', '.join(sorted(known))}", key)

    def keys(self) -> list[str]:
        """Return the names in this mapping, or note that it is none."""
        if isinstance(self.value, dict):
            return list(self.value)
        self.problem(f"expected names with values, found {describe(self.value)}")
        return []

    def get(self, key: str) -> Node:
        """Return the value under a key; where there is none, an empty node at this line."""
        if self.has(key):
            return cast("Node", self.value[key])
        path = f"{self.path}.{key}" if self.path else key
        return Node(None, file=self.file, line=self.line, path=path, problems=self.problems)

    def text(self, key: str, default: str | None = None) -> str:
        """Return the text under a key; without a default it must be there."""
        return cast("str", self._scalar(key, "text", default, stand_in=""))

    def integer(self, key: str, default: int | None = None) -> int:
        """Return the whole number under a key; without a default it must be there."""
        return cast("int", self._scalar(key, "a whole number", default, stand_in=0))

    def boolean(self, key: str, *, default: bool | None = None) -> bool:
        """Return true or false under a key; without a default it must be there."""
        return cast("bool", self._scalar(key, "true or false", default, stand_in=False))

    def date(self, key: str) -> datetime.date | None:
        """Return the day under a key, or None where it is absent or null."""
        if self.get(key).value is None:
            return None
        day = cast("datetime.date | None", self._scalar(key, "a day such as 2024-01-31", None, stand_in=None))
        if day and not FIRST_DAY <= day <= LAST_DAY:
            self.problem(f"a day from {FIRST_DAY} to {LAST_DAY} is expected, not {day}", key)
            return None
        return day

    def _scalar(self, key: str, wanted: str, default: Any, *, stand_in: Any) -> Any:
        node = self.get(key)
        if node.value is None:
            if default is None:
                self.problem(f"is missing; {wanted} is expected", key)
                return stand_in
            return default
        if type(node.value) is not _KINDS[wanted] or node.value == "":
            quotes = ' (write numbers that are names in quotes, like "1.0")' if wanted == "text" else ""
            node.problem(f"expected {wanted}, found {describe(node.value)}{quotes}")
            return stand_in
        return node.value

    def items(self, key: str) -> list[Node]:
        """Return the members of the list under a key; an absent list has none."""
        node = self.get(key)
        if node.value is None:
            return []
        if not isinstance(node.value, list):
            node.problem(f"expected a list, found {describe(node.value)}")
            return []
        return node.value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the members of a list of texts under a key; an absent list has none."""
        return tuple(item.value for item in self.items(key) if item.is_text())

    def mapping(self, key: str) -> Iterator[tuple[str, Node]]:
        """Yield the names and values of the mapping under a key; an absent mapping has none."""
        node = self.get(key)
        if node.value is not None:
            for name in node.keys():  # noqa: SIM118 - a method that notes a problem, not a dict's
                yield name, node.value[name]

    def integers(self, key: str) -> dict[str, int]:
        """Return the mapping of names to whole numbers under a key; an absent mapping is empty."""
        node = self.get(key)
        return {name: node.integer(name) for name, _value in self.mapping(key)}

    def is_text(self) -> bool:
        """Say whether this is text, and note it where it is not."""
        if type(self.value) is str and self.value:
            return True
        self.problem(f"expected text, found {describe(self.value)}")
        return False

    def plain(self) -> Any:
        """Return the value without its places, as JSON can hold it: days become text."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value.isoformat() if isinstance(self.value, datetime.date) else self.value


@dataclass(frozen=True)
class Located:
    """A plain value and where it was read, for what comes from a file of another format."""

    value: Any
    file: str
    line: int


def node_of(value: Any, file: str, path: str = "", problems: list[Problem] | None = None, line: int = 0) -> Node:
    """Return the tree of plain values; each is placed where the nearest `Located` around it was read."""
    problems = [] if problems is None else problems
    if isinstance(value, Located):
        return node_of(value.value, value.file, path, problems, value.line)
    if isinstance(value, Mapping):
        place = f"{path}." if path else ""
        value = {str(key): node_of(item, file, f"{place}{key}", problems, line) for key, item in value.items()}
    elif isinstance(value, list | tuple):
        value = [
            node_of(item, file, f"{path}[{_called(item, place)}]", problems, line) for place, item in enumerate(value)
        ]
    return Node(value, file=file, line=line, path=path, problems=problems)


def _called(item: Any, place: int) -> str:
    item = item.value if isinstance(item, Located) else item
    own = item if isinstance(item, Mapping) else {}
    return next((str(own[name]) for name in NAMES if name in own), str(place))


def describe(value: Any) -> str:
    """Say in a few words what a value is, for the sentence of a problem."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, dict):
        return "names with values"
    if isinstance(value, list):
        return "a list"
    return f"{'true' if value is True else 'false' if value is False else str(value)[:60]!r}"


def read_yaml(path: Path) -> Node:
    """Return the tree of a YAML file; raises `ImportRefused` where the file is absent, too large or no YAML."""
    file = path.name
    try:
        if path.stat().st_size > MAXIMUM_BYTES:
            raise ImportRefused([Problem(file, 0, "", f"the file is larger than {MAXIMUM_BYTES:,} bytes")])
        content = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ImportRefused([Problem(str(path), 0, "", f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        line = path.read_bytes().count(b"\n", 0, error.start) + 1
        raise ImportRefused([Problem(file, line, "", "is not UTF-8 text")]) from error
    problems: list[Problem] = []
    loader = _loader(content)
    try:
        root = loader.get_single_node()
        if root is None:
            raise ImportRefused([Problem(file, 1, "", "the file is empty")])
        return _Builder(loader, file, problems).build(root, "")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ImportRefused(
            [Problem(file, mark.line + 1 if mark else 0, "", f"is not YAML: {error.problem}")]
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise ImportRefused([Problem(file, 0, "", f"is not YAML: {error}")]) from error
    finally:
        loader.dispose()


def _can_be_kept(text: str) -> bool:
    """Say whether text has neither the null character, which the database does not keep, nor half a character."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


class _Builder:
    def __init__(self, loader: Any, file: str, problems: list[Problem]) -> None:
        self.loader = loader
        self.file = file
        self.problems = problems
        self.seen: set[int] = set()

    def build(self, raw: yaml.Node, path: str) -> Node:
        node = Node(None, file=self.file, line=raw.start_mark.line + 1, path=path, problems=self.problems)
        if id(raw) in self.seen:
            node.problem("repeats another part by an anchor; write it out")
            return node
        self.seen.add(id(raw))
        match raw:
            case yaml.MappingNode():
                node.value = self._mapping(raw, node)
            case yaml.SequenceNode():
                members = enumerate(raw.value)
                node.value = [self.build(item, f"{path}[{self._name(item, place)}]") for place, item in members]
            case yaml.ScalarNode():
                node.value = self._scalar(raw, node)
        return node

    def _mapping(self, raw: yaml.MappingNode, node: Node) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for key, value in raw.value:
            name = str(key.value)
            if not _can_be_kept(name):
                node.problem("holds a character that is no text")
                continue
            if name in found:
                node.problem(f"{name!r} stands here twice")
            found[name] = self.build(value, f"{node.path}.{name}" if node.path else name)
        return found

    def _name(self, raw: yaml.Node, place: int) -> str:
        """Return what a member of a list is called: its own code where it has one, else its place from 0."""
        if isinstance(raw, yaml.MappingNode):
            own = {str(key.value): value.value for key, value in raw.value if isinstance(value, yaml.ScalarNode)}
            return next((str(own[name]) for name in NAMES if name in own), str(place))
        return str(place)

    def _scalar(self, raw: yaml.ScalarNode, node: Node) -> Any:
        try:
            value = self.loader.construct_object(raw)
        except (yaml.YAMLError, ValueError) as error:
            node.problem(f"cannot be read: {getattr(error, 'problem', None) or error}")
            return None
        if isinstance(value, str) and not _can_be_kept(value):
            node.problem("holds a character that is no text")
            return None
        if isinstance(value, datetime.datetime) or not isinstance(value, str | int | bool | datetime.date | None):
            return str(raw.value)
        return value
