"""Mapping files: what another system's files, columns, dates and codes mean, written in TOML.

`docs/how-to/import-complaints.md` describes the format; the folder `mappings` holds the ones that come with the
program. A mapping file is checked whole before any data is read, and a key nobody knows is an error: ignored in
silence, a misspelt key would lose a column.
"""

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from pathlib import Path
from types import UnionType
from typing import Any, Final, TypeVar

from casework.importers.fields import (
    CodeField,
    DateField,
    Field,
    FindingField,
    FindingMeaning,
    NumberField,
    TextField,
    fold,
)

SHIPPED: Final = Path(__file__).parent / "mappings"

ENCODINGS: Final = ("utf-8", "windows-1252", "iso-8859-1")
"""Encodings in which the byte of a line feed means nothing else, so that reading can begin at any line."""

F = TypeVar("F", bound=Field)

COMPLAINTS: Final = "complaints"
ALLEGATIONS: Final = "allegations"


class MappingError(ValueError):
    """A mapping file that cannot be used. The message names the file, the table and the key."""


@dataclass(frozen=True, slots=True)
class FileLayout:
    """One kind of file: how it is written, what its rows hold, and which columns name the complaint of a row.

    `duplicates` are the columns in which two equal rows are one; none by default, for equal rows are usually real
    (two officers of the same description, say).
    """

    name: str
    holds: frozenset[str]
    reference: tuple[str, ...]
    encoding: str
    delimiter: str
    duplicates: tuple[str, ...]
    columns: frozenset[str]
    """Every column that the mapping reads from this file."""


@dataclass(frozen=True, slots=True)
class ComplaintFields:
    received_on: DateField
    closed_on: DateField | None
    channel: CodeField | None
    district: CodeField | None
    summary: TextField | None


@dataclass(frozen=True, slots=True)
class AllegationFields:
    category: CodeField | None
    finding: FindingField | None
    text: TextField | None


@dataclass(frozen=True, slots=True)
class SourceMapping:
    """A checked mapping file.

    With `closed_by_findings` a complaint is closed when it has findings and each of them is final; without, when the
    cell of its closing date is not empty.
    """

    name: str
    title: str
    files: tuple[FileLayout, ...]
    closed_by_findings: bool
    complaint: ComplaintFields
    allegation: AllegationFields
    complainant: Mapping[str, CodeField | NumberField]
    officer: Mapping[str, CodeField | NumberField]

    @property
    def finding_codes(self) -> frozenset[str]:
        """Every canonical finding code the mapping leads to."""
        finding = self.allegation.finding
        meanings = (meaning for entry in finding.meanings.values() for meaning in entry) if finding else ()
        return frozenset(meaning.code for meaning in meanings if meaning.code)

    def understanding(self, names: Mapping[str, Iterable[str]]) -> "SourceMapping":
        """Return the mapping that also knows the findings by these names; what the file itself says comes first.

        `names` are those of the rules in force, by the code of the finding: what other agencies call each of them.
        """
        finding = self.allegation.finding
        if finding is None:
            return self
        known = {fold(name): (FindingMeaning(code),) for code, given in names.items() for name in given}
        meanings = replace(finding, meanings={**known, **finding.meanings})
        return replace(self, allegation=replace(self.allegation, finding=meanings))

    @property
    def channel_codes(self) -> frozenset[str]:
        """Every canonical channel the mapping leads to; empty where it lists none."""
        channel = self.complaint.channel
        return frozenset(channel.codes.values()) if channel and channel.codes else frozenset()


def shipped() -> list[str]:
    """Return the names of the mappings that come with the program."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def find(name: str) -> Path:
    """Return the path of a mapping that comes with the program, or the path that was given."""
    return SHIPPED / f"{name}.toml" if name in shipped() else Path(name)


def load(path: Path) -> SourceMapping:
    """Read and check the mapping file at `path`; raise MappingError where it cannot be used."""
    try:
        with path.open("rb") as file:
            data = tomllib.load(file)
    except OSError as error:
        names = ", ".join(shipped())
        raise MappingError(
            f"{path}: the mapping file cannot be read ({error.strerror}). Give the path of a TOML file, or the name "
            f"of a mapping that comes with the program: {names}."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(f"{path}: not a TOML file: {error}.") from error
    return _mapping(_Table(path, "", data))


_REQUIRED: Final = object()


class _Table:
    """A table of the mapping file that knows where it stands and which of its keys were asked for."""

    def __init__(self, path: Path, name: str, data: dict[str, Any]) -> None:
        self.path = path
        self.name = name
        self.data = data
        self.known: set[str] = set()

    def error(self, key: str, what: str) -> MappingError:
        place = f"[{self.name}]" if self.name else "top level"
        return MappingError(f"{self.path}: {place}, key '{key}': {what}")

    def get(self, key: str, kind: type | UnionType, called: str, default: Any = _REQUIRED) -> Any:
        self.known.add(key)
        if key not in self.data:
            if default is _REQUIRED:
                raise self.error(key, f"is missing; it must be {called}.")
            return default
        value = self.data[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.error(key, f"must be {called}, not {value!r}.")
        return value

    def text(self, key: str, default: Any = _REQUIRED) -> Any:
        return self.get(key, str, "a string", default)

    def day(self, key: str, default: date) -> date:
        value = self.get(key, date, "a date such as 2018-05-01, without quotes", default)
        if isinstance(value, datetime):
            raise self.error(key, "must be a date without a time, such as 2018-05-01.")
        return value

    def choice(self, key: str, among: Iterable[str], default: Any = _REQUIRED) -> str:
        value = self.text(key, default)
        if value not in among:
            raise self.error(key, f"must be one of {_listed(among)}, not '{value}'.{_did_you_mean(value, among)}")
        return value

    def texts(self, key: str, default: Any = _REQUIRED) -> tuple[str, ...]:
        """Return a list of strings; one string alone counts as a list of one."""
        called = "a string or a list of strings"
        value = self.get(key, str | list, called, default)
        found = (value,) if isinstance(value, str) else tuple(value)
        if not all(isinstance(item, str) for item in found):
            raise self.error(key, f"must be {called}, not {value!r}.")
        return found

    def table(self, key: str) -> "_Table":
        return _Table(self.path, self._below(key), self.get(key, dict, "a table"))

    def table_or_empty(self, key: str) -> "_Table":
        return _Table(self.path, self._below(key), self.get(key, dict, "a table", {}))

    def tables(self, key: str, default: Any = _REQUIRED) -> "list[_Table]":
        called = f"a list of tables, each headed [[{self._below(key)}]]"
        values = self.get(key, list, called, default)
        if not all(isinstance(value, dict) for value in values):
            raise self.error(key, f"must be {called}.")
        return [_Table(self.path, f"{self._below(key)} {number}", value) for number, value in enumerate(values, 1)]

    def _below(self, key: str) -> str:
        return f"{self.name}.{key}" if self.name else key

    def finish(self) -> None:
        """Refuse the keys that nobody asked for."""
        for key in self.data:
            if key not in self.known:
                close = _did_you_mean(key, self.known)
                raise self.error(key, f"is not known here; known are {_listed(self.known)}.{close}")


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in sorted(words))


def _did_you_mean(word: str, among: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(among), n=1)
    return f" Did you mean '{close[0]}'?" if close else ""


@dataclass(frozen=True)
class _Context:
    """What every field of one mapping file shares."""

    absent: frozenset[str]
    broken: frozenset[str]
    codes: Mapping[str, Mapping[str, str]]
    meanings: Mapping[str, tuple[FindingMeaning, ...]]

    def base(self, table: _Table) -> dict[str, Any]:
        absent = frozenset(fold(text) for text in table.texts("absent", ()))
        return {"column": table.text("column"), "absent": self.absent | absent, "broken": self.broken}

    def text(self, table: _Table) -> TextField:
        return TextField(**self.base(table))

    def day(self, table: _Table) -> DateField:
        formats = table.texts("formats")
        for pattern in formats:
            _check_format(table, pattern)
        return DateField(
            **self.base(table),
            formats=formats,
            earliest=table.day("earliest", date.min),
            latest=table.day("latest", date.max),
        )

    def code(self, table: _Table) -> CodeField:
        name = table.text("codes", None)
        if name is not None and name not in self.codes:
            known = f"known are {_listed(self.codes)}" if self.codes else "the file has no table [codes]"
            raise table.error("codes", f"there is no code list '{name}'; {known}.{_did_you_mean(name, self.codes)}")
        return CodeField(**self.base(table), codes=None if name is None else self.codes[name])

    def number(self, table: _Table) -> NumberField:
        limits = {key: table.get(key, int, "a whole number") for key in ("minimum", "maximum")}
        return NumberField(**self.base(table), **limits)

    def finding(self, table: _Table) -> FindingField:
        return FindingField(**self.base(table), meanings=self.meanings)


def _check_format(table: _Table, pattern: str) -> None:
    example = date(2018, 5, 31)
    try:
        read_back = datetime.strptime(example.strftime(pattern), pattern).date()  # noqa: DTZ007 -- a day, no instant
    except ValueError as error:
        raise table.error("formats", f"'{pattern}' is not a date format: {error}.") from error
    if read_back != example:
        raise table.error("formats", f"'{pattern}' does not hold a whole date; it needs a year, a month and a day.")


def _mapping(root: _Table) -> SourceMapping:
    source = root.table("source")
    name = source.text("name")
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name):
        raise source.error("name", "must be small letters, digits, '-' and '_'; statistics ask for it by this name.")
    title = source.text("title")
    source.finish()

    values = root.table_or_empty("values")
    context = _Context(
        absent=frozenset(map(fold, values.texts("absent", ()))),
        broken=frozenset(map(fold, values.texts("broken", ()))),
        codes=_codes(root.table_or_empty("codes")),
        meanings=_findings(root),
    )
    values.finish()

    complaint = _complaint(root.table("complaint"), context)
    allegation = _allegation(root.table("allegation"), context)
    complainant = _person(
        root.table_or_empty("complainant"), {"age": context.number, "race": context.code, "sex": context.code}
    )
    officer = _person(
        root.table_or_empty("officer"),
        {"identifier": context.code, "race": context.code, "sex": context.code, "unit": context.code},
    )

    state = root.table("state")
    closed_by_findings = state.choice("closed_by", ("closing_date", "findings")) == "findings"
    if closed_by_findings and allegation.finding is None:
        raise state.error("closed_by", "'findings' needs the field [allegation.finding].")
    if not closed_by_findings and complaint.closed_on is None:
        raise state.error("closed_by", "'closing_date' needs the field [complaint.closed_on].")
    state.finish()

    read_from = {
        COMPLAINTS: _columns(_values(complaint)),
        ALLEGATIONS: _columns([*_values(allegation), *complainant.values(), *officer.values()]),
    }
    files = _files(root, read_from)
    root.finish()
    return SourceMapping(name, title, files, closed_by_findings, complaint, allegation, complainant, officer)


def _codes(table: _Table) -> dict[str, dict[str, str]]:
    """Return each code list as folded spelling -> canonical code.

    A list is either an array of codes, or a table from each code to the other spellings that mean it.
    """
    lists: dict[str, dict[str, str]] = {}
    for name, given in table.data.items():
        if isinstance(given, list):
            entries = _Table(table.path, f"codes.{name}", {code: [] for code in table.texts(name)})
        else:
            entries = _Table(table.path, f"codes.{name}", table.get(name, dict, "a list of codes, or a table of them"))
        lists[name] = {}
        for code in entries.data:
            for spelling in (code, *entries.texts(code)):
                other = lists[name].setdefault(fold(spelling), code)
                if other != code:
                    raise entries.error(code, f"the spelling '{spelling}' already means '{other}'.")
    return lists


def _findings(root: _Table) -> dict[str, tuple[FindingMeaning, ...]]:
    found: dict[str, tuple[FindingMeaning, ...]] = {}
    for table in root.tables("findings", []):
        spellings = table.texts("source")
        meaning = FindingMeaning(
            code=table.text("code", None),
            open=table.get("open", bool, "true or false", False),
            since=table.day("since", date.min),
            until=table.day("until", date.max),
        )
        table.finish()
        if meaning.since >= meaning.until:
            raise table.error("until", "must be later than 'since'.")
        if meaning.open and meaning.code:
            raise table.error("open", f"a finding that is still to be made cannot already be '{meaning.code}'.")
        for spelling in spellings:
            earlier = found.get(fold(spelling), ())
            if any(meaning.since < other.until and other.since < meaning.until for other in earlier):
                raise table.error("source", f"'{spelling}' would mean two things on one day.")
            found[fold(spelling)] = (*earlier, meaning)
    return found


def _field(table: _Table, name: str, build: Callable[[_Table], F]) -> F | None:
    if name not in table.data:
        table.known.add(name)
        return None
    entry = table.table(name)
    field = build(entry)
    entry.finish()
    return field


def _complaint(table: _Table, context: _Context) -> ComplaintFields:
    received_on = _field(table, "received_on", context.day)
    if received_on is None:
        raise table.error("received_on", "is missing; a complaint cannot be entered without its date of receipt.")
    fields = ComplaintFields(
        received_on=received_on,
        closed_on=_field(table, "closed_on", context.day),
        channel=_field(table, "channel", context.code),
        district=_field(table, "district", context.code),
        summary=_field(table, "summary", context.text),
    )
    table.finish()
    return fields


def _allegation(table: _Table, context: _Context) -> AllegationFields:
    fields = AllegationFields(
        category=_field(table, "category", context.code),
        finding=_field(table, "finding", context.finding),
        text=_field(table, "text", context.text),
    )
    if not any(_values(fields)):
        raise table.error("category", "is missing; an allegation needs a category, a finding or a text.")
    table.finish()
    return fields


def _person(
    table: _Table, kinds: Mapping[str, Callable[[_Table], CodeField | NumberField]]
) -> dict[str, CodeField | NumberField]:
    fields = {name: field for name, build in kinds.items() if (field := _field(table, name, build))}
    table.finish()
    return fields


def _values(of: ComplaintFields | AllegationFields) -> list[Field | None]:
    return [getattr(of, field.name) for field in fields(of)]


def _columns(fields: Iterable[Field | None]) -> frozenset[str]:
    return frozenset(field.column for field in fields if field)


def _files(root: _Table, read_from: Mapping[str, frozenset[str]]) -> tuple[FileLayout, ...]:
    layouts: list[FileLayout] = []
    for table in root.tables("files"):
        holds = table.texts("holds")
        for kind in holds:
            if kind not in read_from:
                raise table.error("holds", f"must be one or both of {_listed(read_from)}, not '{kind}'.")
            if any(kind in layout.holds for layout in layouts):
                raise table.error("holds", f"an earlier file already holds the {kind}.")
        layouts.append(_layout(table, frozenset(holds), read_from))
    for kind in read_from:
        if not any(kind in layout.holds for layout in layouts):
            raise root.error("files", f"no file holds the {kind}.")
    return tuple(layouts)


def _layout(table: _Table, holds: frozenset[str], read_from: Mapping[str, frozenset[str]]) -> FileLayout:
    delimiter = table.text("delimiter", ",")
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise table.error("delimiter", f"must be one character, not {delimiter!r}.")
    reference = table.texts("reference")
    if not reference:
        raise table.error("reference", "must name at least one column.")
    duplicates = table.texts("duplicates", ())
    layout = FileLayout(
        name=table.text("name"),
        holds=holds,
        reference=reference,
        encoding=table.choice("encoding", ENCODINGS, "utf-8"),
        delimiter=delimiter,
        duplicates=duplicates,
        columns=frozenset(reference).union(duplicates, *(read_from[kind] for kind in holds)),
    )
    table.finish()
    return layout
