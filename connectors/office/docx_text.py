"""The paragraphs and tables of WordprocessingML, wherever a program put them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from connectors.markdown import Run, literal, marked, marked_cell
from connectors.office.docx_inline import SKIPPED, STRAY, UNREAD, Around, Findings, Inline, Mark, Stretch, first_choice, opening
from connectors.office.docx_markup import W
from connectors.office.docx_styles import PLAIN, Lists, Look, Style, Styles, outline_level, root_of, value_of
from connectors.office.package import BrokenFile, Package, Relation, main_part

P, TBL, TR, TC = W + "p", W + "tbl", W + "tr", W + "tc"
_STYLE, _OUTLINE, _NUMBERING = W + "pStyle", W + "outlineLvl", W + "numPr"
_HIDDEN = Look(hidden=True)


# ---------------------------------------------------------------- paragraphs


@dataclass(eq=False)
class Para:
    """A paragraph as read. *boxes* are its text boxes, *notes* the footnotes and comments that it points to."""

    element: etree._Element
    text: str
    style: Style
    level: int
    marker: str
    """What it begins with as a list item: ``- ``, ``  1. ``; "" for one that is none."""
    marks: tuple[Mark, ...] = ()
    boxes: tuple[etree._Element, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    stretches: tuple[Stretch, ...] = ()

    def line(self) -> str:
        """The text as Markdown; a list item begins with its marker."""
        return self.marker + self.markdown() if self.marker and self.text.strip() else self.markdown()

    def plain_line(self) -> str:
        """The text as it stands there, without bold, italic and links; a list item begins with its marker."""
        return self.marker + self.text if self.marker and self.text.strip() else self.text

    def cell(self) -> str:
        """The text as Markdown in a cell of ``| a | b |``."""
        return self.marker.lstrip() + marked_cell(self.runs(0, len(self.text)))

    def markdown(self, begin: int = 0, end: int | None = None) -> str:
        """The Markdown of the characters from *begin* to *end*."""
        end = len(self.text) if end is None else end
        return marked(self.runs(begin, end)) if self.stretches else literal(self.text[begin:end])

    def runs(self, begin: int, end: int) -> list[Run]:
        """The characters from *begin* to *end*. A look that all of them have is the paragraph's own and tells nothing."""
        runs: list[Run] = []
        at = begin
        for one in self.stretches:
            start, stop = max(one.start, at), min(one.end, end)
            if start < stop:
                runs += [Run(self.text[at:start]), Run(self.text[start:stop], one.bold, one.italic, one.link)]
                at = stop
        runs.append(Run(self.text[at:end]))
        return _without_common(runs) if self.stretches else runs


def _without_common(runs: list[Run]) -> list[Run]:
    words = [run for run in runs if run.text.strip()]
    bold, italic = all(run.bold for run in words), all(run.italic for run in words)
    return [Run(run.text, run.bold and not bold, run.italic and not italic, run.link) for run in runs]


@dataclass(eq=False)
class Grid:
    """A table among the paragraphs."""

    element: etree._Element


class Reader:
    """Reads paragraphs of one part. It carries bookmarks that begin between two paragraphs over to the next one.

    *links* are the relations of the part by id; *findings* collects what somebody should know.
    """

    def __init__(
        self,
        styles: Styles,
        lists: Lists | None = None,
        links: Mapping[str, Relation] | None = None,
        findings: Findings | None = None,
    ) -> None:
        self.has_guidance = styles.has_guidance
        self._styles = styles.paragraphs
        self._lists = lists or Lists()
        self._around = Around(styles.looks, links or {}, findings or Findings())
        self._plain = styles.paragraphs.get("", Style())
        self._waiting: dict[str, tuple[str, int]] = {}

    def blocks(self, container: etree._Element) -> Iterator[Para | Grid]:
        """The paragraphs and tables of *container* in order, those inside controls and tracked changes included."""
        for child in container:
            tag = child.tag
            if tag == P or tag in STRAY:
                yield self.paragraph(child)
            elif tag == TBL:
                yield Grid(child)
            elif tag == W + "bookmarkStart":
                self._waiting.update(opening(child, 0))
            elif tag == W + "bookmarkEnd":
                self._waiting.pop(child.get(W + "id", ""), None)
            elif tag in UNREAD:
                self._around.name_unread(child)
            elif tag not in SKIPPED and isinstance(tag, str):
                yield from self.blocks(first_choice(child))

    def paragraph(self, element: etree._Element) -> Para:
        """One paragraph, or text that a program left between two of them."""
        style, level, marker = self._place(element.find(W + "pPr"))
        line = Inline(self._around, _HIDDEN if style.hidden else PLAIN, dict(self._waiting))
        self._waiting.clear()
        if element.tag == P:
            line.take(element)
        else:
            line.take_one(element)
        return Para(
            element,
            "".join(line.pieces),
            style,
            level,
            marker,
            line.close(),
            tuple(line.boxes),
            tuple(line.notes),
            tuple(line.stretches),
        )

    def _place(self, properties: etree._Element | None) -> tuple[Style, int, str]:
        style, level, list_id, inner = self._plain, -1, "", -1
        for child in () if properties is None else properties:
            if child.tag == _STYLE:
                style = self._styles.get(value_of(child), style)
            elif child.tag == _OUTLINE:
                level = outline_level(child)
            elif child.tag == _NUMBERING:
                list_id, depth = value_of(child.find(W + "numId")), value_of(child.find(W + "ilvl"))
                inner = int(depth) if depth.isascii() and depth.isdigit() else -1
        level = style.level if level < 0 else level
        list_id, inner = list_id or style.list[0], style.list[1] if inner < 0 else inner
        return style, level, "" if level or list_id == "0" else self._lists.marker(list_id, inner, style.depth)

    def lines(self, container: etree._Element, form: Form | None = None) -> list[str]:
        """The text of *container* line by line as Markdown, tables as ``| a | b |``, without empty lines."""
        return [line for line, _ in self.annotated(container, form or MARKDOWN)]

    def annotated(self, container: etree._Element, form: Form) -> Iterator[tuple[str, Para | None]]:
        """The lines of *container*, each with its paragraph; those of tables and text boxes without one."""
        for block in self.blocks(container):
            if isinstance(block, Grid):
                yield from ((line, None) for line in self.piped(block, form))
                continue
            if block.text.strip():
                yield form.line(block), block
            for box in block.boxes:
                yield from ((line, None) for line in self.lines(box, form))

    def piped(self, grid: Grid, form: Form | None = None) -> list[str]:
        """The rows of a table that no shape describes, as ``| a | b |``; empty ones are left out."""
        cell_form = (form or MARKDOWN).in_cells()
        cells = (
            [" ".join(" ".join(self.lines(cell, cell_form)).split()) for cell in cells_of(row)] for row in rows_of(grid.element)
        )
        return [f"| {' | '.join(row)} |" for row in cells if any(row)]


@dataclass(frozen=True)
class Form:
    """How a paragraph is written down: on a line of its own, and in a cell of ``| a | b |``."""

    line: Callable[[Para], str]
    cell: Callable[[Para], str]

    def in_cells(self) -> Form:
        """The form inside of a table."""
        return Form(self.cell, self.cell)


MARKDOWN = Form(Para.line, Para.cell)
AS_TYPED = Form(Para.plain_line, Para.plain_line)


# ---------------------------------------------------------------- tables and parts


def rows_of(table: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table, not those of tables inside it."""
    return _inside(table, TR)


def cells_of(row: etree._Element) -> Iterator[etree._Element]:
    """The cells of a row."""
    return _inside(row, TC)


def _inside(element: etree._Element, wanted: str) -> Iterator[etree._Element]:
    for child in element:
        if child.tag == wanted:
            yield child
        elif isinstance(child.tag, str) and child.tag not in SKIPPED:
            yield from _inside(first_choice(child), wanted)


def body_of(package: Package) -> tuple[str, etree._Element]:
    """The name of the document's part and its ``w:body``. Raises BrokenFile when there is none."""
    name = main_part(package)
    data = package.part(name)
    body = None if data is None else root_of(data).find(W + "body")
    if body is None:
        raise BrokenFile("This is no Word document: it has no text part; save it again as .docx.")
    return name, body
