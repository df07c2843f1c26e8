"""Notion's Markdown as blocks with the place in the text that each of them takes. Pure.

Children are indented by tabs. Containers (callouts, toggles, columns, synced blocks) are tags around lines; what stands in
them is read as if it stood beside them, so that no word is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from connectors.markdown import literal
from connectors.notion.inline import NameOf, nobody, plain, read, without_colour

REMEMBERED = 256
"""Bodies that are kept as blocks."""
_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_TODO = re.compile(r"[-*]\s+\[([ xX])\]\s?(.*)")
_BULLET = re.compile(r"[-*+]\s+(.*)")
_NUMBER = re.compile(r"\d+[.)]\s+(.*)")
_QUOTE = re.compile(r">\s?(.*)")
_FENCE = re.compile(r"(`{3,}|~{3,})")
_CONTAINERS = (
    "callout|columns|column|synced_block|synced_block_reference|details|meeting-notes|summary|notes|transcript|tab|tabs"
)
_OPEN = re.compile(rf"<(?P<tag>{_CONTAINERS})(?:\s[^>]*)?>")
_CLOSE = re.compile(rf"</(?:{_CONTAINERS})>")
_NOTHING = re.compile(r"<(?:empty-block|table_of_contents|breadcrumb)(?:\s[^>]*)?/?>(?:</table_of_contents>)?|---+|\*\*\*+")
_UNKNOWN = re.compile(r"<unknown(?:\s[^>]*)?/?>")
_ROW = re.compile(r"<tr\b[^>]*>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<t[dh]\b[^>]*?(?:/>|>(.*?)</t[dh]>)", re.DOTALL)


@dataclass(frozen=True)
class TableRow:
    """A row of a table: its cells as words and as our Markdown, and where it stands in the text."""

    words: tuple[str, ...]
    marked: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True)
class Block:
    """One block. *line* is it in our Markdown; *words* are its words; *start* and *end* its place in the text.

    *kind* is ``heading``, ``text``, ``quote``, ``item``, ``table`` or ``unknown``.
    """

    kind: str
    line: str
    words: str
    start: int
    end: int
    level: int = 0
    rows: tuple[TableRow, ...] = ()


def blocks(markdown: str, name_of: NameOf = nobody) -> tuple[Block, ...]:
    """The blocks of *markdown* in order; what holds no text is left out."""
    return tuple(_Parsing(markdown, name_of).all()) if "mention-user" in markdown else _nameless(markdown)


@lru_cache(REMEMBERED)
def _nameless(markdown: str) -> tuple[Block, ...]:
    """The blocks of what names no user: a page is looked at, compared and laid out, and read once for all of that."""
    return tuple(_Parsing(markdown, nobody).all())


def raw_cells(row: str) -> list[str]:
    """The cells of a row's text as they stand there."""
    return [(cell or "").strip() for cell in _CELL.findall(row)]


@dataclass(frozen=True)
class _Line:
    text: str
    tabs: int
    start: int
    end: int


class _Parsing:
    def __init__(self, markdown: str, name_of: NameOf) -> None:
        self._markdown, self._name_of = markdown, name_of
        self._lines = list(_lines_of(markdown))
        self._at = 0
        self._containers = 0

    def all(self) -> Iterator[Block]:
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            yield from self._block(line)

    def _block(self, line: _Line) -> Iterator[Block]:
        if not line.text or _NOTHING.fullmatch(line.text):
            return
        if fence := _FENCE.match(line.text):
            yield from self._until(fence[1], line)
        elif line.text.startswith("$$"):
            yield from self._until("$$", line)
        elif line.text.startswith("<table") and not line.text.startswith("<table_of"):
            yield self._table(line)
        elif _CLOSE.fullmatch(line.text):
            self._containers = max(0, self._containers - 1)
        elif opened := _OPEN.match(line.text):
            yield from self._container(line, opened)
        elif unknown := _UNKNOWN.match(line.text):
            yield Block("unknown", plain(unknown[0], self._name_of), plain(unknown[0], self._name_of), line.start, line.end)
        else:
            yield self._plain(line, line.text)

    def _container(self, line: _Line, opened: re.Match[str]) -> Iterator[Block]:
        """A tag around lines, or around text on its own line."""
        inside = line.text[opened.end() :]
        closed = f"</{opened['tag']}>"
        if inside.endswith(closed):
            inside = inside.removesuffix(closed)
        else:
            self._containers += 1
        if inside.strip():
            yield self._plain(line, inside.strip())

    def _plain(self, line: _Line, text: str) -> Block:
        depth = max(0, line.tabs - self._containers)
        if found := _HEADING.match(text):
            return self._made("heading", "", found[2], line, len(found[1]))
        if found := _TODO.match(text):
            return self._made("item", f"{'  ' * depth}- [{found[1].lower()}] ", found[2], line)
        if found := _BULLET.match(text):
            return self._made("item", f"{'  ' * depth}- ", found[1], line)
        if found := _NUMBER.match(text):
            return self._made("item", f"{'  ' * depth}1. ", found[1], line)
        if found := _QUOTE.match(text):
            return self._made("quote", "", found[1], line)
        return self._made("text", "", text, line)

    def _made(self, kind: str, mark: str, text: str, line: _Line, level: int = 0) -> Block:
        bare = without_colour(text)
        words = plain(bare, self._name_of)
        return Block(kind, mark + read(bare, self._name_of), words, line.start, line.end, level)

    def _until(self, sign: str, line: _Line) -> Iterator[Block]:
        """Code or a formula: as it stands, up to the line that ends it."""
        first = line.text.removeprefix(sign) if sign == "$$" else ""
        if first.endswith("$$"):
            inside, end = [first.removesuffix("$$")], line.end
        else:
            inside, end = ([first] if first else []), line.end
            while self._at < len(self._lines):
                following = self._lines[self._at]
                self._at += 1
                end = following.end
                if following.text.startswith(sign) and not following.text.strip(sign[0]):
                    break
                inside.append(self._markdown[following.start : following.end].removeprefix("\t" * line.tabs))
        text = "\n".join(inside).strip("\n")
        if text.strip():
            yield Block("text", "\n".join(map(literal, text.split("\n"))), text, line.start, end)

    def _table(self, line: _Line) -> Block:
        """Everything up to the end of the table, on however many lines."""
        end = self._markdown.find("</table>", line.start)
        end = len(self._markdown) if end < 0 else end + len("</table>")
        while self._at < len(self._lines) and self._lines[self._at].start < end:
            self._at += 1
        rows = tuple(self._row(found) for found in _ROW.finditer(self._markdown, line.start, end))
        words = "\n".join("\t".join(row.words) for row in rows)
        return Block("table", "", words, line.start, end, rows=rows)

    def _row(self, found: re.Match[str]) -> TableRow:
        cells = raw_cells(found[1])
        words = tuple(plain(cell, self._name_of) for cell in cells)
        return TableRow(words, tuple(read(cell, self._name_of) for cell in cells), found.start(), found.end())


def _lines_of(markdown: str) -> Iterator[_Line]:
    at = 0
    for whole in markdown.split("\n"):
        bare = whole.lstrip("\t")
        tabs = len(whole) - len(bare)
        yield _Line(bare.strip(" \r"), tabs, at, at + len(whole))
        at += len(whole) + 1
