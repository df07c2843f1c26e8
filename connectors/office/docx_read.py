"""What people wrote in a document: section by section, and nothing readable dropped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from connectors.office.docx_inline import Findings
from connectors.office.docx_layout import Box, Layout, Piece, Span, lay_out
from connectors.office.docx_markup import W, digest, guidance, same
from connectors.office.docx_styles import Lists, Styles, root_of, styles_of
from connectors.office.docx_tables import Sheet, sheet
from connectors.office.docx_text import MARKDOWN, Grid, Para, Reader, body_of, cells_of, rows_of
from connectors.office.docx_tracked import author_of_all, is_tracked, pending_in
from connectors.office.package import Package, Properties, Relation, open_package, properties, relations
from connectors.workspace import Document, LeftOver, Part, Pending, Row
from templates.shapes import DocumentShape

_PAGE_NUMBER = re.compile(r"\d*\s*/\s*\d*")
_TOP = "top of the document"
_MARGINS = {
    "footnotes": "footnote", "endnotes": "endnote", "comments": "comment", "header": "header", "footer": "footer",
}  # fmt: skip


def read(data: bytes, shape: DocumentShape | None) -> tuple[Properties, Document]:
    """The properties and the text of a .docx file; *shape* is None for one that nobody provisioned.

    Raises BrokenFile when it cannot be read.
    """
    package = open_package(data)
    name, body = body_of(package)
    related = relations(package, name)
    about = properties(package)
    readers = _Readers(styles_of(package, related), Lists(package, related), Findings())
    reading = _Reading(readers.of(related), shape or DocumentShape(()), about.title, is_tracked(body))
    layout = lay_out(reading.reader.blocks(body), reading.shape)
    reading.read_top(layout)
    parts = tuple(reading.part(span) for span in layout.spans)
    for kind, part, root in _margins(package, related):
        reading.read_margin(kind, root, readers.of(relations(package, part)), layout)
    notes = (*layout.notes, *reading.notes, *_told(readers.findings))
    return about, Document(parts, tuple(reading.left_overs), tuple(reading.template_text), notes)


def own_lines(shape: DocumentShape) -> frozenset[str]:
    """The guidance that a document of *shape* holds, as `same` compares it."""
    lines = [shape.intro, *(line for section in shape.sections for line in guidance(section))]
    return frozenset(same(line) for line in lines if line.strip())


def is_guidance(reader: Reader, para: Para, text: str, own: frozenset[str]) -> bool:
    """Whether *text* is guidance that nobody changed. Its style counts, too, unless the file lost our styles."""
    return (para.style.guidance or not reader.has_guidance) and same(text) in own


@dataclass(frozen=True)
class _Readers:
    """Readers for the parts of one file: styles, lists and what they find are shared, links are each part's own."""

    styles: Styles
    lists: Lists
    findings: Findings

    def of(self, related: Iterable[Relation]) -> Reader:
        return Reader(self.styles, self.lists, {one.id: one for one in related}, self.findings)


def _told(findings: Findings) -> Iterator[str]:
    if findings.hidden:
        beginnings = ", ".join(f"“{text}”" for text in findings.hidden)
        yield f"Hidden text is read like any other: {beginnings}."
    for name in findings.unread:
        yield f"The document holds {name}, whose text is not read; copy what matters into the document."


def _margins(package: Package, related: Iterable[Relation]) -> Iterator[tuple[str, str, etree._Element]]:
    """Everything people can write outside of the text itself: kind, part and root."""
    for relation in related:
        kind = _MARGINS.get(relation.type, "")
        data = package.part(relation.target) if kind and not relation.external else None
        if data is not None:
            yield kind, relation.target, root_of(data)


@dataclass
class _Reading:
    reader: Reader
    shape: DocumentShape
    title: str
    tracked: bool
    left_overs: list[LeftOver] = field(default_factory=list)
    template_text: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._own = own_lines(self.shape)
        self._seen: set[tuple[str, ...]] = set()

    # ------------------------------------------------------------ sections

    def part(self, span: Span) -> Part:
        """One section; its guidance and table header go to the template's text."""
        section = self.shape.section(span.key)
        paragraphs: list[str] = []
        rows: list[Row] = []
        pending = [*self._pending(span.head.element)]
        for item in span.items:
            if isinstance(item, Piece):
                lines = self._line(item)
                pending += self._pending(item.para.element, len(paragraphs) if lines else -1)
                paragraphs += lines
            elif isinstance(item, Box):
                pending += self._pending(item.element)
                paragraphs += self.reader.lines(item.element)
            else:
                pending += [one for row in rows_of(item.element) for one in self._pending(row)]
                table = sheet(self.reader, item, section, first=not rows) if section is not None else None
                paragraphs += self.reader.piped(item) if table is None else []
                rows += self._rows(table) if table is not None else ()
        place = section.title if section else span.heading
        authors = ((one.paragraph, author_of_all(one)) for one in pending if one.paragraph >= 0)
        whole = tuple((number, name) for number, name in authors if name)
        return Part(span.key, span.heading, tuple(paragraphs), tuple(rows), place, whole, tuple(pending))

    def _pending(self, element: etree._Element, number: int = -1) -> tuple[Pending, ...]:
        """What waits for a decision there; asked only of a document in which changes were tracked at all."""
        found = pending_in(element, number) if self.tracked else None
        return () if found is None else (found,)

    def _line(self, piece: Piece) -> list[str]:
        if is_guidance(self.reader, piece.para, piece.text, self._own):
            self.template_text.append(piece.text)
            return []
        line = piece.line()
        return [line] if line else []

    def _rows(self, table: Sheet) -> tuple[Row, ...]:
        self.template_text += [title for title in table.head if title.strip()]
        self.notes += table.notes
        return table.rows()

    # ------------------------------------------------------------ above the first heading

    def read_top(self, layout: Layout) -> None:
        """Title, facts and introduction are ours as long as nobody changed them."""
        for item in layout.preamble:
            if isinstance(item, Piece):
                self._top_line(item.para, item.line(), "")
            elif isinstance(item, Box):
                self._left_over("", self.reader.lines(item.element), _TOP)
            else:
                self._facts(item)

    def _facts(self, grid: Grid) -> None:
        for row in rows_of(grid.element):
            label = ""
            for cell in cells_of(row):
                for line, para in self.reader.annotated(cell, MARKDOWN):
                    label = self._top_line(para, line, label)

    def _top_line(self, para: Para | None, line: str, label: str) -> str:
        """Sort one line and return the label that stands before the next one."""
        if not line:
            return label
        if para is not None and self._is_ours(para):
            self.template_text.append(para.text)
            return para.text.strip()
        self._left_over(label, [line], _TOP)
        return label

    def _is_ours(self, para: Para) -> bool:
        marked = any(mark.name.startswith("tlo") and mark.name.endswith(digest(para.text)) for mark in para.marks)
        titled = para.style.name.lower() == "title" and same(para.text) == same(self.title)
        return marked or titled or is_guidance(self.reader, para, para.text, self._own)

    def _left_over(self, heading: str, lines: list[str], place: str) -> None:
        if lines:
            self.left_overs.append(LeftOver(heading, "\n".join(lines), place))

    # ------------------------------------------------------------ notes, comments, headers, footers

    def read_margin(self, kind: str, root: etree._Element, reader: Reader, layout: Layout) -> None:
        """One part with notes, comments, a header or a footer."""
        if kind in ("header", "footer"):
            self._header(kind, reader.lines(root))
            return
        for number, note in enumerate(_people_notes(root, kind), start=1):
            author = note.get(W + "author", "").strip()
            place = f"{kind} {number}" if kind != "comment" else f"comment by {author}" if author else "comment"
            heading = layout.headings.get((kind, note.get(W + "id", "")), "")
            self._left_over(heading, [line.strip() for line in reader.lines(note)], place)

    def _header(self, kind: str, lines: list[str]) -> None:
        """What a first page, even pages or another section repeat of a header or footer counts once."""
        if (kind, *lines) in self._seen:
            return
        self._seen.add((kind, *lines))
        numbers = [line for line in lines if kind == "footer" and _PAGE_NUMBER.fullmatch(line.strip())]
        self.template_text += numbers
        self._left_over("", [line for line in lines if line not in numbers], kind)


def _people_notes(root: etree._Element, kind: str) -> Iterator[etree._Element]:
    """Notes without the separators that Office programs keep among them."""
    for note in root.iter(W + kind):
        if note.get(W + "type", "normal") == "normal":
            yield note
