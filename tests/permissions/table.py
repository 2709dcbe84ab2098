"""Reads the rows."""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "rows"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_LINE = re.compile(r"(?P<method>[A-Z]+)(?:\s+(?P<scene>\w+))?\s*:\s*(?P<outcomes>.+)", re.DOTALL)
_OUTCOME = re.compile(r"(?P<visitors>[\w:\[\],-]+)=(?P<outcome>sign-in|confirm|\d{3})")


class RowError(Exception):
    """A row cannot be read; the message names the file and the line."""


@dataclass(frozen=True)
class Row:
    """What each visitor gets for one method at one address, in one scene."""

    address: str
    method: str
    scene: str
    outcomes: dict[str, str]
    place: str

    def __str__(self) -> str:
        return " ".join(filter(None, (self.method, self.address, self.scene)))

    def expected(self, visitors: list[str], related: list[str]) -> dict[str, str]:
        """Return the outcome of each visitor. Raises RowError for a visitor left out, or named who does not exist."""
        groups = {"anyone", "others"} & self.outcomes.keys()
        expected = {name: self.outcomes.get(name, "") for name in [*visitors, *related]}
        for name in visitors:
            for group in groups:
                if not expected[name] and (group == "anyone" or name != "anonymous"):
                    expected[name] = self.outcomes[group]
        if missing := [name for name, outcome in expected.items() if not outcome]:
            raise RowError(f"{self.place}: say what {', '.join(missing)} gets for {self}.")
        if unknown := self.outcomes.keys() - expected.keys() - groups:
            raise RowError(f"{self.place}: {', '.join(sorted(unknown))} does not visit {self}.")
        return expected


def rows() -> list[Row]:
    """Return the rows of all files. Raises RowError for a line that cannot be read, or one said twice."""
    found: dict[tuple[str, str, str], Row] = {}
    for file in sorted(FOLDER.glob("*.txt")):
        for row in _read(file):
            key = (row.address, row.method, row.scene)
            if key in found:
                raise RowError(f"{row.place}: {row} stands already at {found[key].place}.")
            found[key] = row
    return list(found.values())


def _read(file: Path) -> list[Row]:
    lines: list[tuple[str, str, str]] = []
    address = ""
    for number, text in enumerate(file.read_text().splitlines(), start=1):
        line = text.split("#")[0].rstrip()
        if not line:
            continue
        if line == line.lstrip():
            address = line
        elif line.split()[0].rstrip(":") in METHODS:
            lines.append((f"{file.name}:{number}", address, line.strip()))
        elif lines:
            place, of, begun = lines.pop()
            lines.append((place, of, f"{begun} {line.strip()}"))
    return [_row(address, text, place) for place, address, text in lines]


def _row(address: str, text: str, place: str) -> Row:
    line = _LINE.fullmatch(text)
    if line is None:
        raise RowError(f"{place}: expected 'METHOD scene: visitor=outcome …', not {text!r}.")
    outcomes: dict[str, str] = {}
    for word in line["outcomes"].split():
        outcome = _OUTCOME.fullmatch(word)
        if outcome is None:
            raise RowError(f"{place}: expected 'visitor=outcome', not {word!r}.")
        for visitor in outcome["visitors"].split(","):
            if visitor in outcomes:
                raise RowError(f"{place}: {visitor} is named twice.")
            outcomes[visitor] = outcome["outcome"]
    return Row(address, line["method"], line["scene"] or "", outcomes, place)
