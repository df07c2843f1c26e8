"""The body of a Google Doc as paragraphs and tables, with the places that edits need. Pure.

What is read: text, chips (people, dates, drop-downs, links) as the words that people see, lists, tables, headers, footers,
footnotes, comments, and suggestions. Whether a check-list's box is ticked, the API does not tell.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from connectors.markdown import Run, marked

Json = Mapping[str, Any]
_NUMBERED = re.compile("DECIMAL|ALPHA|ROMAN")
_PAGE = re.compile(r"\d*\s*/\s*\d*")
_UNSTORED = re.compile("[\x00-\x08\x0c-\x1f\ue000-\uf8ff\ufffd\ud800-\udfff\ufffe\uffff]")
_WITHOUT_WORDS = {
    "inlineObjectElement": "a picture or drawing",
    "equation": "an equation",
}


@dataclass(frozen=True, eq=False)
class Para:
    """A paragraph: its runs, the level of a heading (0 for none), and its place in its tab, counted as Docs does."""

    runs: tuple[Run, ...]
    level: int
    marker: str
    heading_id: str
    start: int
    end: int
    tab: str
    known_as: str = ""
    """What the heading said when it was first read."""

    @cached_property
    def text(self) -> str:
        """The words alone."""
        return "".join(run.text for run in self.runs)

    @cached_property
    def markdown(self) -> str:
        """The words with their looks."""
        return marked(_plain_heading(self.runs) if self.level else self.runs)

    @property
    def line(self) -> str:
        """The paragraph as a section holds it; "" for an empty one."""
        if not self.text.strip():
            return ""
        return ("## " if self.level else self.marker) + self.markdown


@dataclass(frozen=True, eq=False)
class Cell:
    """A cell of a table: where its text begins and what stands in it."""

    start: int
    content: tuple[Para | Grid, ...]

    @cached_property
    def text(self) -> str:
        """The words, one line a paragraph."""
        return "\n".join(text for block in self.content for text in words_of(block))


@dataclass(frozen=True, eq=False)
class Grid:
    """A table: its place, and its rows with the place behind each."""

    start: int
    end: int
    rows: tuple[tuple[Cell, ...], ...]
    ends: tuple[int, ...]
    tab: str


Block = Para | Grid


@dataclass(frozen=True)
class Tab:
    """A tab of a document."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Aside:
    """What stands outside of the body: a comment, a footnote, a header."""

    heading: str
    text: str
    place: str


@dataclass(frozen=True)
class Body:
    """A document as `documents.get` shows it."""

    revision: str
    tabs: tuple[Tab, ...]
    asides: tuple[Aside, ...]
    notes: tuple[str, ...]
    headings: Mapping[str, str] = field(default_factory=dict)
    """Headings by id: what each says now."""

    @cached_property
    def version(self) -> str:
        """Equal for documents that read the same."""
        tabs = [(tab.title if number else "", [*canonical(tab.blocks)]) for number, tab in enumerate(self.tabs)]
        return hashed(tabs, [(one.heading, one.text, one.place) for one in self.asides])


def body_of(document: Json, seen: Mapping[str, str] | None = None) -> Body:
    """What an answer of `documents.get` with tabs holds. *seen* is what headings said when they were first read."""
    reading = _Reading(seen or {})
    tabs = tuple(_tabs(document.get("tabs") or (), reading))
    asides = (*reading.asides, *_comments(document.get("comments") or ()))
    if reading.suggestions:
        count = len(reading.suggestions)
        reading.notes.append(
            f"{count} {'suggestion is' if count == 1 else 'suggestions are'} still open; suggested text is read as if it "
            "were accepted, and what would be deleted is read, too."
        )
    return Body(str(document.get("revisionId") or ""), tabs, asides, tuple(dict.fromkeys(reading.notes)), reading.headings)


def canonical(blocks: Sequence[Block]) -> Iterator[object]:
    """What counts when two bodies are compared: words, looks, levels and marks; not empty lines, not where they stand."""
    for block in blocks:
        if isinstance(block, Grid):
            rows = [[squeezed(cell.text) for cell in row] for row in block.rows]
            yield [row for row in rows if any(row)]
        elif line := squeezed(block.markdown):
            yield ("#" * block.level or block.marker), line


def hashed(*content: object) -> str:
    """The version that stands for *content*."""
    return hashlib.sha256(repr(content).encode("utf-8", "surrogatepass")).hexdigest()


def squeezed(text: str) -> str:
    """*text* without the signs that Docs does not store, and without spaces around it."""
    return _UNSTORED.sub("", text).strip()


# ---------------------------------------------------------------- reading


@dataclass
class _Reading:
    seen: Mapping[str, str]
    headings: dict[str, str] = field(default_factory=dict)
    asides: list[Aside] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    suggestions: set[str] = field(default_factory=set)
    lists: Json = field(default_factory=dict)
    tab: str = ""

    # ------------------------------------------------------------ blocks

    def blocks(self, content: Sequence[Json]) -> tuple[Block, ...]:
        """Paragraphs and tables, in order."""
        return tuple(self._block(one) for one in content if "paragraph" in one or "table" in one)

    def _block(self, element: Json) -> Block:
        if "table" in element:
            return self._grid(element)
        paragraph = element["paragraph"]
        style = paragraph.get("paragraphStyle") or {}
        found = re.fullmatch(r"HEADING_(\d)", str(style.get("namedStyleType") or ""))
        id_ = str(style.get("headingId") or "")
        runs = tuple(run for one in paragraph.get("elements") or () for run in self._runs(one))
        runs = _without_end(runs)
        text = "".join(run.text for run in runs).strip()
        if id_ and found and text:
            self.headings[id_] = text
        return Para(
            runs,
            int(found[1]) if found else 0,
            self._marker(paragraph.get("bullet")),
            id_,
            int(element.get("startIndex") or 0),
            int(element.get("endIndex") or 0),
            self.tab,
            self.seen.get(id_, "") if id_ else "",
        )

    def _marker(self, bullet: Json | None) -> str:
        """A list item's mark as Markdown has it, two more spaces a level."""
        if bullet is None:
            return ""
        level = int(bullet.get("nestingLevel") or 0)
        levels = ((self.lists.get(str(bullet.get("listId"))) or {}).get("listProperties") or {}).get("nestingLevels") or ()
        glyph = str(levels[level].get("glyphType") or "") if level < len(levels) else ""
        return "  " * level + ("1. " if _NUMBERED.search(glyph) else "- ")

    def _grid(self, element: Json) -> Grid:
        rows, ends = [], []
        for row in element["table"].get("tableRows") or ():
            cells = row.get("tableCells") or ()
            rows.append(tuple(Cell(_first_index(one), self.blocks(one.get("content") or ())) for one in cells))
            ends.append(int(row.get("endIndex") or 0))
        start, end = int(element.get("startIndex") or 0), int(element.get("endIndex") or 0)
        return Grid(start, end, tuple(rows), tuple(ends), self.tab)

    # ------------------------------------------------------------ inside a paragraph

    def _runs(self, element: Json) -> Iterator[Run]:
        kind = next((name for name in element if name not in ("startIndex", "endIndex")), "")
        inside = element.get(kind) or {}
        self.suggestions |= {*inside.get("suggestedInsertionIds", ()), *inside.get("suggestedDeletionIds", ())}
        style = inside.get("textStyle") or {}
        link = str((style.get("link") or {}).get("url") or "")
        if kind == "richLink":
            link = str((inside.get("richLinkProperties") or {}).get("uri") or "")
        text = self._words(kind, inside)
        if text:
            yield Run(text, bool(style.get("bold")), bool(style.get("italic")), link)

    def _words(self, kind: str, inside: Json) -> str:
        """What people see of one element."""
        about = inside.get(f"{kind}Properties") or {}
        if kind == "textRun":
            return str(inside.get("content") or "").replace("\x0b", "\n")
        if kind == "person":
            return str(about.get("name") or about.get("email") or "")
        if kind == "richLink":
            return str(about.get("title") or about.get("uri") or "")
        if kind == "dateElement":
            return str(about.get("displayText") or about.get("timestamp") or "")
        if kind == "dropdown":
            return str(about.get("displayValue") or "")
        if kind in _WITHOUT_WORDS:
            self.notes.append(f"The document holds {_WITHOUT_WORDS[kind]}, which is not read; write what matters as text.")
        return ""

    # ------------------------------------------------------------ around the body

    def around(self, tab: Json) -> None:
        """Headers, footers and footnotes."""
        for name, place in (("headers", "header"), ("footers", "footer"), ("footnotes", "footnote")):
            for part in (tab.get(name) or {}).values():
                words = "\n".join(text for one in self.blocks(part.get("content") or ()) for text in words_of(one))
                if words.strip() and not (place == "footer" and _PAGE.fullmatch(words.strip())):
                    self.asides.append(Aside("", words.strip(), place))


def _tabs(tabs: Sequence[Json], reading: _Reading) -> Iterator[Tab]:
    for tab in tabs:
        about, content = tab.get("tabProperties") or {}, tab.get("documentTab") or {}
        reading.tab, reading.lists = str(about.get("tabId") or ""), content.get("lists") or {}
        yield Tab(reading.tab, str(about.get("title") or ""), reading.blocks((content.get("body") or {}).get("content") or ()))
        reading.around(content)
        yield from _tabs(tab.get("childTabs") or (), reading)


def _comments(threads: Sequence[Json]) -> Iterator[Aside]:
    for thread in threads:
        quote = squeezed(str(thread.get("plainTextQuote") or ""))
        for post in (thread.get("headPost") or {}, *(thread.get("replies") or ())):
            text = str(post.get("content") or "").strip()
            author = str((post.get("author") or {}).get("displayName") or "")
            if text:
                yield Aside(quote, text, f"comment by {author}" if author else "comment")


def words_of(block: Block) -> Iterator[str]:
    """The words of a paragraph, or of each row of a table."""
    if isinstance(block, Para):
        if block.text.strip():
            yield block.text
        return
    for row in block.rows:
        words = [cell.text for cell in row]
        if any(word.strip() for word in words):
            yield " | ".join(words)


def _without_end(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """Without the sign that ends every paragraph."""
    if not runs or not runs[-1].text.endswith("\n"):
        return runs
    last = runs[-1]
    rest = Run(last.text[:-1], last.bold, last.italic, last.link)
    return (*runs[:-1], rest) if rest.text else runs[:-1]


def _plain_heading(runs: Sequence[Run]) -> Sequence[Run]:
    """A heading is bold as a whole, or not: that says nothing."""
    if all(run.bold for run in runs if run.text.strip()):
        return [Run(run.text, False, run.italic, run.link) for run in runs]
    return runs


def _first_index(cell: Json) -> int:
    content = cell.get("content") or ()
    return int(content[0].get("startIndex") or 0) if content else int(cell.get("startIndex") or 0) + 1
