"""A letter as plain text: for mail, for braille displays, and for whoever prefers it."""

from __future__ import annotations

import textwrap
from html.parser import HTMLParser

WIDTH = 72
"""Characters to a line, which mail programs leave as they are."""

BLOCKS = frozenset({"article", "div", "section", "header", "h1", "h2", "h3", "p", "ul", "ol", "li", "blockquote"})
INLINE = frozenset({"a", "b", "br", "span", "time"})
SILENT = frozenset({"svg"})
RULES = {"h1": "=", "h2": "-"}


class UnknownElement(ValueError):
    """A letter uses an element that this module has no text for."""


def plain_text(markup: str) -> str:
    """Return the words of a letter's markup, wrapped, with headings underlined, lists marked and quotations indented.

    Raises `UnknownElement` rather than lose a word.
    """
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._words = ""
        self._open: list[str] = []
        self._mark = ""
        self._counts: list[int] = []
        self._silent = 0
        self._in_list = False

    def text(self) -> str:
        self._flush()
        return "\n".join(self._lines).strip("\n") + "\n"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._silent or tag in SILENT:
            self._silent += 1
        elif tag == "br":
            self._words += "\n"
        elif tag in BLOCKS:
            self._flush()
            self._open.append(tag)
            if tag in {"ul", "ol"}:
                self._counts.append(0)
            elif tag == "li":
                self._counts[-1] += 1
                self._mark = "- " if self._open[-2] == "ul" else f"{self._counts[-1]}. "
        elif tag not in INLINE:
            raise UnknownElement(f"Plain text has no form for <{tag}>.")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._silent:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            self._silent -= 1
        elif tag in BLOCKS:
            self._flush()
            self._open.pop()
            if tag in {"ul", "ol"}:
                self._counts.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._words += data

    def _flush(self) -> None:
        """Write what was gathered as one block, as the elements now open ask for."""
        lines = [" ".join(line.split()) for line in self._words.split("\n")]
        self._words = ""
        if not any(lines):
            return
        indent = "    " * self._open.count("blockquote")
        in_list = bool(self._counts)
        if self._lines and not (in_list and self._in_list):
            self._lines.append("")
        self._in_list = in_list
        start = indent + self._mark if in_list else indent
        rest = " " * len(start)
        for line in lines:
            self._lines += textwrap.wrap(
                line,
                WIDTH,
                initial_indent=start,
                subsequent_indent=rest,
                break_long_words=False,
                break_on_hyphens=False,
            )
            start = rest
        self._mark = " " * len(self._mark)
        if self._open and (rule := RULES.get(self._open[-1])):
            self._lines.append(indent + rule * min(max(len(line) for line in lines), WIDTH - len(indent)))
