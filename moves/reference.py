"""The reference page of a table of moves, written from the table: a list of rows and a state diagram in Mermaid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from moves.table import Move


def _cell(values: Iterable[object]) -> str:
    return ", ".join(f"`{value}`" for value in values) or "–"


def table(rows: Mapping[str, Move], authorities: Mapping[str, str]) -> str:
    """Return the moves as Markdown, in the order of the table; `authorities` gives each its section."""
    parts = []
    for row in rows.values():
        lines = [
            f"### `{row.name}`",
            "",
            row.meaning,
            "",
            f"* From: {_cell(row.sources)}. To: {_cell(row.targets) if row.targets else 'the same state'}.",
            f"* Empowered by: {authorities.get(row.name, '–')}. Permission: `{row.permission}`."
            + (" Needs a second person." if row.second_person else ""),
            f"* Guards: {_cell(guard.code for guard in row.guards)}.",
            f"* States: {_cell(f'{item.name}' + ('' if item.required else ' (optional)') for item in row.states)}.",
        ]
        if row.starts or row.stops or row.resumes:
            lines.append(f"* Clocks: starts {_cell(row.starts)}; stops {_stops(row)}; resumes {_cell(row.resumes)}.")
        if row.drafts or row.tells or row.gives:
            told = f"Told: {_cell(row.tells)}. Put on the case: {_cell(row.gives)}."
            lines.append(f"* Letters drafted: {_cell(row.drafts)}. {told}")
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


MANY = 8


def _stops(row: Move) -> str:
    return "all" if len(row.stops) > MANY else _cell(row.stops)


def diagram(rows: Mapping[str, Move], initial: str) -> str:
    """Return a Mermaid state diagram of the moves that change the state."""
    lines = ["```mermaid", "stateDiagram-v2"]
    for row in rows.values():
        for source in row.sources:
            for target in row.targets:
                start = "[*]" if source == initial else source
                lines.append(f"    {start} --> {target}: {row.name}")
    ended = {target for row in rows.values() for target in row.targets} - {
        source for row in rows.values() for source in row.sources if row.targets
    }
    lines += [f"    {state} --> [*]" for state in sorted(ended)]
    return "\n".join([*lines, "```"]) + "\n"
