"""Writing in a document by hand, as Word and LibreOffice Writer leave it behind."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from lxml import etree

from addon.demo.habits_docx import (
    NAMESPACE,
    W14,
    W,
    as_libreoffice,
    bullet_list,
    end_of,
    heading_styles,
    pieces,
    proof_mark,
    text_of,
)
from addon.demo.handwriting import Hand, HandwritingError, Parts, Program

DOCUMENT, SETTINGS = "word/document.xml", "word/settings.xml"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_TYPOS_EVERY, _PAGE_BREAK_EVERY = 5, 14
"""One word in so many is one that Word's spelling check stumbles over; one run in so many begins a page."""


@dataclass(frozen=True)
class Type:
    """Type paragraphs under the heading that reads *heading*.

    *above* leaves the prepared empty paragraph below what was typed. *tracked* types with changes being tracked.
    """

    heading: str
    lines: tuple[str, ...]
    bullets: bool = False
    above: bool = False
    tracked: bool = False


@dataclass(frozen=True)
class OwnHeading:
    """A heading of one's own at the end of the document, with paragraphs under it."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class PasteTable:
    """A table that somebody pasted under a heading."""

    heading: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class FillRow:
    """Type into the first empty row of the table under *heading*: column title and text."""

    heading: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SetCell:
    """Type into the cell below *column* of the row that shows *row*."""

    heading: str
    row: str
    column: str
    text: str


@dataclass(frozen=True)
class Strike:
    """Delete the paragraph under *heading* in which *words* stand."""

    heading: str
    words: str


Stroke = Type | OwnHeading | PasteTable | FillRow | SetCell | Strike


def write(parts: Parts, hand: Hand, at: datetime, strokes: Sequence[object], chance: Random) -> None:
    """Make *strokes* in the document and save its XML as the hand's program does. Raises HandwritingError."""
    page = _Page(parts, hand, at, chance)
    for stroke in strokes:
        page.make(stroke)
    page.finish()


class _Page:
    """An open document."""

    def __init__(self, parts: Parts, hand: Hand, at: datetime, chance: Random) -> None:
        self.parts, self.hand, self.at, self.chance = parts, hand, at, chance
        self.root = parts.xml(DOCUMENT)
        body = self.root.find(f"{W}body")
        if body is None:
            raise HandwritingError("the document has no body")
        self.body = body
        self.headings = heading_styles(parts)
        self.word = hand.program is Program.MICROSOFT
        self.session = f"00{chance.randrange(16**6):06X}"
        self.changes = 900 + chance.randrange(90)

    def make(self, stroke: object) -> None:
        match stroke:
            case Type():
                self._type(stroke)
            case OwnHeading(title, lines):
                self._own_heading(title, lines)
            case PasteTable(heading, rows):
                self._insert_at_end(self.span(heading), [self._table(rows), self._paragraph("")])
            case FillRow(heading, cells):
                self._fill_row(heading, cells)
            case SetCell(heading, row, column, text):
                grid = _Grid(self._table_under(heading))
                self._type_in_cell(grid.cell(grid.row_with(row), column), text)
            case Strike(heading, words):
                self._strike(heading, words)
            case _:
                raise HandwritingError(f"{stroke!r} cannot be made in a document")

    # ------------------------------------------------------------ finding, as a person sees it

    def span(self, heading: str) -> list[etree._Element]:
        """The heading that reads *heading* and everything down to the next one."""
        blocks = list(self.body)
        starts = [number for number, block in enumerate(blocks) if self._is_heading(block)]
        for start in starts:
            if text_of(blocks[start]).strip().casefold() == heading.casefold():
                end = next((one for one in starts if one > start), end_of(blocks))
                return blocks[start:end]
        raise HandwritingError(f"there is no heading {heading!r} in this document")

    def _is_heading(self, block: etree._Element) -> bool:
        style = block.find(f"{W}pPr/{W}pStyle")
        return block.tag == f"{W}p" and style is not None and style.get(f"{W}val") in self.headings

    def _table_under(self, heading: str) -> etree._Element:
        table = next((block for block in self.span(heading) if block.tag == f"{W}tbl"), None)
        if table is None:
            raise HandwritingError(f"there is no table under {heading!r}")
        return table

    # ------------------------------------------------------------ strokes

    def _type(self, stroke: Type) -> None:
        span = self.span(stroke.heading)
        new = [self._paragraph(line, bullet=stroke.bullets, tracked=stroke.tracked) for line in stroke.lines]
        empty = next((block for block in span[1:] if block.tag == f"{W}p" and not text_of(block).strip()), None)
        if empty is None:
            self._insert_at_end(span, new)
            return
        for one in new:
            empty.addprevious(one)
        if not stroke.above:
            self.body.remove(empty)

    def _insert_at_end(self, span: list[etree._Element], new: list[etree._Element]) -> None:
        below = span[-1]
        for one in new:
            below.addnext(one)
            below = one

    def _own_heading(self, title: str, lines: tuple[str, ...]) -> None:
        last = self.body[end_of(list(self.body)) - 1]
        own = [self._paragraph(title, style="Heading1"), *(self._paragraph(line) for line in lines)]
        self._insert_at_end([last], own)

    def _fill_row(self, heading: str, cells: tuple[tuple[str, str], ...]) -> None:
        grid = _Grid(self._table_under(heading))
        row = grid.empty_row()
        for column, text in cells:
            self._type_in_cell(grid.cell(row, column), text)

    def _type_in_cell(self, cell: etree._Element, text: str) -> None:
        paragraph = cell.find(f"{W}p")
        if paragraph is None:
            paragraph = etree.SubElement(cell, f"{W}p")
        for run in list(paragraph.iterchildren(f"{W}r", f"{W}proofErr")):
            paragraph.remove(run)
        paragraph.extend(self._runs(text))

    def _strike(self, heading: str, words: str) -> None:
        found = next((block for block in self.span(heading)[1:] if block.tag == f"{W}p" and words in text_of(block)), None)
        if found is None:
            raise HandwritingError(f"no paragraph under {heading!r} says {words!r}")
        self.body.remove(found)

    # ------------------------------------------------------------ what the program writes

    def _paragraph(self, text: str, *, style: str = "", bullet: bool = False, tracked: bool = False) -> etree._Element:
        paragraph = etree.Element(f"{W}p", nsmap={"w": NAMESPACE})
        if self.word:
            paragraph.set(f"{W14}paraId", f"{self.chance.randrange(1, 0x7FFFFFFF):08X}")
            paragraph.set(f"{W14}textId", "77777777")
            for name in ("rsidR", "rsidRDefault", "rsidP"):
                paragraph.set(W + name, self.session)
        paragraph.append(self._paragraph_properties(style, bullet, tracked))
        runs = self._runs(text)
        if tracked and self.word:
            inserted = etree.SubElement(paragraph, f"{W}ins", self._change())
            inserted.extend(one for one in runs if one.tag == f"{W}r")
        else:
            paragraph.extend(runs)
        if not len(paragraph[0]):
            paragraph.remove(paragraph[0])
        return paragraph

    def _paragraph_properties(self, style: str, bullet: bool, tracked: bool) -> etree._Element:
        properties = etree.Element(f"{W}pPr")
        style = style or ("ListParagraph" if bullet and self.word else "" if self.word else "Normal")
        if style:
            etree.SubElement(properties, f"{W}pStyle").set(f"{W}val", style)
        if bullet:
            numbering = etree.SubElement(properties, f"{W}numPr")
            etree.SubElement(numbering, f"{W}ilvl").set(f"{W}val", "0")
            etree.SubElement(numbering, f"{W}numId").set(f"{W}val", bullet_list(self.parts))
        if not self.word:
            etree.SubElement(properties, f"{W}bidi").set(f"{W}val", "0")
            etree.SubElement(properties, f"{W}jc").set(f"{W}val", "left")
            etree.SubElement(properties, f"{W}rPr")
        elif tracked:
            etree.SubElement(etree.SubElement(properties, f"{W}rPr"), f"{W}ins", self._change())
        return properties

    def _change(self) -> dict[str, str]:
        self.changes += 1
        return {W + "id": str(self.changes), W + "author": self.hand.name, W + "date": f"{self.at:%Y-%m-%dT%H:%M:00Z}"}

    def _runs(self, text: str) -> list[etree._Element]:
        if not text:
            return []
        if not self.word:
            return [self._run(text, with_properties=True)]
        runs: list[etree._Element] = []
        for number, piece in enumerate(pieces(text, self.chance)):
            odd = piece.strip().isalpha() and self.chance.randrange(_TYPOS_EVERY) == 0
            if odd:
                runs.append(proof_mark("spellStart"))
            run = self._run(piece)
            if number and self.chance.randrange(3) == 0:
                run.set(f"{W}rsidR", f"00{self.chance.randrange(16**6):06X}")
            if self.chance.randrange(_PAGE_BREAK_EVERY) == 0:
                run.insert(0, etree.Element(f"{W}lastRenderedPageBreak"))
            runs.append(run)
            if odd:
                runs.append(proof_mark("spellEnd"))
        return runs

    def _run(self, text: str, *, with_properties: bool = False) -> etree._Element:
        run = etree.Element(f"{W}r")
        if with_properties:
            etree.SubElement(run, f"{W}rPr")
        written = etree.SubElement(run, f"{W}t")
        written.text = text
        if text != text.strip() or with_properties:
            written.set(_SPACE, "preserve")
        return run

    def _table(self, rows: tuple[tuple[str, ...], ...]) -> etree._Element:
        table = etree.Element(f"{W}tbl", nsmap={"w": NAMESPACE})
        properties = etree.SubElement(table, f"{W}tblPr")
        etree.SubElement(properties, f"{W}tblStyle").set(f"{W}val", "TableGrid")
        width = etree.SubElement(properties, f"{W}tblW")
        width.set(f"{W}w", "0")
        width.set(f"{W}type", "auto")
        grid = etree.SubElement(table, f"{W}tblGrid")
        for _ in rows[0]:
            etree.SubElement(grid, f"{W}gridCol").set(f"{W}w", str(9000 // len(rows[0])))
        for texts in rows:
            row = etree.SubElement(table, f"{W}tr")
            for text in texts:
                cell = etree.SubElement(row, f"{W}tc")
                size = etree.SubElement(etree.SubElement(cell, f"{W}tcPr"), f"{W}tcW")
                size.set(f"{W}w", str(9000 // len(rows[0])))
                size.set(f"{W}type", "dxa")
                cell.append(self._paragraph(text))
        return table

    # ------------------------------------------------------------ saving

    def finish(self) -> None:
        """What the program does to the whole document when it saves."""
        if self.word:
            self._remember_session()
        else:
            as_libreoffice(self.root)
        self.parts.put(DOCUMENT, self.root)

    def _remember_session(self) -> None:
        """Word lists every editing session in the settings."""
        settings = self.parts.xml(SETTINGS)
        sessions = settings.find(f"{W}rsids")
        if sessions is not None:
            etree.SubElement(sessions, f"{W}rsid").set(f"{W}val", self.session)
            self.parts.put(SETTINGS, settings)


class _Grid:
    """A table of a document, by the titles in its first row."""

    def __init__(self, table: etree._Element) -> None:
        self.table = table
        self.rows = list(table.iterchildren(f"{W}tr"))
        self.titles = [text_of(cell).strip().casefold() for cell in self.rows[0].iterchildren(f"{W}tc")]

    def cell(self, row: etree._Element, title: str) -> etree._Element:
        """The cell of *row* below *title*."""
        if title.casefold() not in self.titles:
            raise HandwritingError(f"there is no column {title!r}; there are: {', '.join(self.titles)}")
        return list(row.iterchildren(f"{W}tc"))[self.titles.index(title.casefold())]

    def row_with(self, text: str) -> etree._Element:
        """The row in which a cell reads *text*."""
        for row in self.rows[1:]:
            if any(text_of(cell).strip() == text.strip() for cell in row.iterchildren(f"{W}tc")):
                return row
        raise HandwritingError(f"no row reads {text!r}")

    def empty_row(self) -> etree._Element:
        """The first row without text; a new one, as Tab in the last cell makes it, when all are filled."""
        for row in self.rows[1:]:
            if not text_of(row).strip():
                return row
        new = copy.deepcopy(self.rows[-1])
        for paragraph in new.iter(f"{W}p"):
            for child in list(paragraph):
                if child.tag != f"{W}pPr":
                    paragraph.remove(child)
        self.rows[-1].addnext(new)
        return new
