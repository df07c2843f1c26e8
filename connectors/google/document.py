"""Google Docs section by section. Pure.

A section is known by its heading's id, as far as it was seen before, then by the heading's text or a former one, by the
guidance under it, and last by its place between the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from connectors.google.body import Block, Body, Cell, Grid, Para, hashed, squeezed
from connectors.markdown import literal, marked_cell, parsed
from connectors.office.docx_markup import clean, digest, guidance, same
from connectors.office.docx_tables import column_keys, columns_by_title, free_key, typed_cell
from connectors.workspace import Bullet, Document, DocumentContent, LeftOver, NewRow, Part, Row, Rows, Subheading, text_of
from templates.shapes import ColumnType, DocumentShape, Section

TOP = "top of the document"
_HIGHEST = 3
"""Headings down to this level may begin a part of their own."""


# ---------------------------------------------------------------- what a new document reads like


def own_texts(content: DocumentContent, title: str) -> Iterator[str]:
    """Digests of what this program itself writes above the first section, beside the shape's own words."""
    for text in dict.fromkeys((title, *(text for fact in content.facts for text in fact))):
        if text.strip():
            yield digest(clean(text))


def version_of_new(content: DocumentContent, title: str) -> str:
    """The version that reading a document of *content* gives before anybody typed in it."""
    return hashed([("", [line for line in _new_lines(content, title) if line])], [])


def _new_lines(content: DocumentContent, title: str) -> Iterator[object]:
    yield _new("", title)
    if content.facts:
        cells = [squeezed(clean(text)) for fact in content.facts for text in fact]
        cells += [""] * (-len(cells) % 4)
        yield [cells[at : at + 4] for at in range(0, len(cells), 4)]
    yield _new("", content.shape.intro)
    for section in content.shape.sections:
        yield _new("#", section.title)
        yield from (_new("", line) for line in guidance(section))
        given = content.sections.get(section.key, ())
        for block in given:
            if not isinstance(block, Rows):
                yield _new("- " if isinstance(block, Bullet) else "##" if isinstance(block, Subheading) else "", block.text)
        if section.columns:
            yield _new_table(section, [row for block in given if isinstance(block, Rows) for row in block.rows])


def _new(mark: str, text: str) -> object:
    words = squeezed(literal(clean(text)))
    return (mark, words) if words else None


def _new_table(section: Section, rows: Sequence[NewRow]) -> object:
    filled = [[squeezed(clean(word)) for word in new_cells(section, row)] for row in rows]
    return [row for row in ([squeezed(column.title) for column in section.columns], *filled) if any(row)]


def new_cells(section: Section, row: NewRow) -> list[str]:
    """The words of a new row, column by column."""
    return [row.key if column.type is ColumnType.KEY else text_of(row.cells.get(column.key)) for column in section.columns]


# ---------------------------------------------------------------- taken apart


@dataclass(frozen=True, eq=False)
class Table:
    """The table of a section: the key of each of its columns, its rows below the header, and what was renamed."""

    grid: Grid
    section: Section
    keys: tuple[str, ...]
    head: tuple[str, ...]
    first: int
    """The number of the first row below the header."""
    notes: tuple[str, ...]

    @property
    def lines(self) -> Iterator[tuple[int, dict[str, Cell]]]:
        """The number of each row below the header, with its cells by column key."""
        for number, row in enumerate(self.grid.rows[self.first :], start=self.first):
            cells: dict[str, Cell] = {}
            for at, cell in enumerate(row):
                cells[free_key(self.keys[at] if at < len(self.keys) else f"?column {at + 1}", list(cells))] = cell
            yield number, cells

    def key_of(self, cells: dict[str, Cell]) -> str:
        """The key of a row, "" when the table has no key column or the cell is blank."""
        own = next((column.key for column in self.section.columns if column.type is ColumnType.KEY), "")
        return cells[own].text.strip() if own in cells else ""

    def name_of(self, number: int, cells: dict[str, Cell]) -> str:
        """How an edit names a row: by its key, else by its place."""
        return self.key_of(cells) or f"row {number - self.first + 1} of {self.section.title}"

    def rows(self) -> Iterator[Row]:
        """Its rows, without the wholly empty ones; the place counts those, too."""
        types = {column.key: column.type for column in self.section.columns}
        for number, cells in self.lines:
            texts = {key: cell.text for key, cell in cells.items()}
            if any(text.strip() for text in texts.values()):
                known = {
                    key: typed_cell(text, types.get(key, ColumnType.TEXT))
                    for key, text in texts.items()
                    if text.strip() and types.get(key) is not ColumnType.KEY
                }
                yield Row(self.key_of(cells), known, f"row {number - self.first + 1} of {self.section.title}")


@dataclass(frozen=True, eq=False)
class Span:
    """A heading and what stands under it. *key* is "" for a heading that the shape does not know."""

    key: str
    head: Para
    inside: tuple[Block, ...]

    def table(self, section: Section | None) -> Table | None:
        """The section's own table, or None."""
        if section is None or not section.columns:
            return None
        grids = [block for block in self.inside if isinstance(block, Grid) and block.rows]
        tables = (table_of(grid, section, first=number == 0) for number, grid in enumerate(grids))
        return next((table for table in tables if table is not None), None)


@dataclass(frozen=True)
class Layout:
    """A body taken apart: what stands above the first heading, and the sections in order."""

    top: tuple[Block, ...]
    spans: tuple[Span, ...]
    notes: tuple[str, ...]

    def span(self, key: str) -> Span | None:
        """The first span of that section."""
        return next((span for span in self.spans if span.key == key), None)


def lay_out(blocks: Sequence[Block], shape: DocumentShape) -> Layout:
    """*blocks* section by section. Nothing is dropped: each block is at the top or in one span."""
    notes: list[str] = []
    starts = _starts(blocks, shape, notes)
    top: list[Block] = []
    spans: list[tuple[str, Para, list[Block]]] = []
    for block in blocks:
        if isinstance(block, Para) and _begins(block, starts, spans):
            spans.append((starts.get(block, ""), block, []))
        else:
            (spans[-1][2] if spans else top).append(block)
    found = tuple(Span(key, head, tuple(inside)) for key, head, inside in spans)
    notes += _missing(found, shape)
    return Layout(tuple(top), found, tuple(notes))


def _begins(para: Para, starts: dict[Para, str], spans: Sequence[tuple[str, Para, list[Block]]]) -> bool:
    if para in starts:
        return True
    unknown = not spans or not spans[-1][0]
    return 1 <= para.level <= _HIGHEST and bool(para.text.strip()) and (para.level == 1 or unknown)


def _missing(spans: Sequence[Span], shape: DocumentShape) -> Iterator[str]:
    found = {span.key for span in spans}
    if shape.sections and not found & {section.key for section in shape.sections}:
        yield "The document has none of the template’s headings; its text is kept under the headings that it has."
        return
    above = ""
    for section in shape.sections:
        if section.key in found:
            above = section.title
        elif above:
            yield f"The heading “{section.title}” is gone; text that stood under it is read as part of “{above}”."
        else:
            yield f"The heading “{section.title}” is gone; text that stood under it is read as text at the top."


# ---------------------------------------------------------------- which heading is which section


def _starts(blocks: Sequence[Block], shape: DocumentShape, notes: list[str]) -> dict[Para, str]:
    """Where sections begin, surest signs first; a weaker sign counts only for a section that no stronger one found."""
    paras = [block for block in blocks if isinstance(block, Para) and block.text.strip()]
    titles = {same(title): section.key for section in shape.sections for title in section.former_titles}
    titles |= {same(section.title): section.key for section in shape.sections}
    starts: dict[Para, str] = {}
    for para in paras:
        if para.level == 1 and (key := titles.get(same(para.known_as)) or titles.get(same(para.text))):
            starts[para] = key
    for para in paras:
        key = titles.get(same(para.text), "")
        if key and para not in starts and key not in starts.values() and not para.marker:
            starts[para] = key
    _by_guidance(blocks, shape, starts, notes)
    _by_order(paras, shape, starts, notes)
    return starts


def _by_guidance(blocks: Sequence[Block], shape: DocumentShape, starts: dict[Para, str], notes: list[str]) -> None:
    """A heading of another name above the guidance of a missing section."""
    prompts = {same(line): section for section in shape.sections for line in guidance(section)[:1]}
    head: Para | None = None
    for block in blocks:
        if not isinstance(block, Para) or not block.text.strip():
            continue
        section = prompts.get(same(block.text))
        if section is not None and head is not None and head not in starts and section.key not in starts.values():
            starts[head] = section.key
            notes.append(f"The heading “{head.text.strip()}” is read as “{section.title}”, whose guidance stands under it.")
        head = block if block.level == 1 else head if not block.text.strip() else None


def _by_order(paras: Sequence[Para], shape: DocumentShape, starts: dict[Para, str], notes: list[str]) -> None:
    """Unknown headings between two known ones are the sections missing there, when there are as many of them."""
    order = [section.key for section in shape.sections]
    for unknown, missing in list(_gaps(paras, order, starts)):
        if len(unknown) != len(missing):
            continue
        for para, key in zip(unknown, missing, strict=True):
            starts[para] = key
            section = shape.section(key)
            title = section.title if section else key
            notes.append(f"The heading “{para.text.strip()}” is read as “{title}”, by its position.")


def _gaps(paras: Sequence[Para], order: Sequence[str], starts: dict[Para, str]) -> Iterator[tuple[list[Para], list[str]]]:
    found, unknown, before = set(starts.values()), list[Para](), -1
    for para in paras:
        if para in starts:
            after = order.index(starts[para])
            yield unknown, [key for key in order[before + 1 : after] if key not in found]
            unknown, before = [], after
        elif para.level == 1:
            unknown.append(para)
    yield unknown, [key for key in order[before + 1 :] if key not in found]


# ---------------------------------------------------------------- tables


def table_of(grid: Grid, section: Section, *, first: bool) -> Table | None:
    """*grid* as the table of *section*, or None when its columns are others.

    Titles decide. The *first* table of a section may also have other titles if it has as many columns.
    """
    top = [cell.text for cell in grid.rows[0]]
    known = columns_by_title(top, section.columns)
    if 2 * len(known) < len(section.columns) and not (first and len(top) == len(section.columns)):
        return None
    keys, notes = column_keys(top, known, section) if known else ([column.key for column in section.columns], [])
    return Table(grid, section, tuple(keys), tuple(top) if known else (), 1 if known else 0, tuple(notes))


def piped(grid: Grid) -> Iterator[str]:
    """The rows of a table that is nobody's, as lines."""
    for row in grid.rows:
        words = [cell.text for cell in row]
        if any(word.strip() for word in words):
            yield f"| {' | '.join(marked_cell(parsed(literal(word))) for word in words)} |"


# ---------------------------------------------------------------- reading


def document_of(body: Body, shape: DocumentShape | None, own: Iterable[str] = ()) -> Document:
    """The document that *body* shows. *own* are digests of what this program wrote at its top."""
    reading = _Sorting(shape or DocumentShape(()), frozenset(own))
    first, *others = body.tabs or (None,)
    layout = lay_out(first.blocks if first else (), reading.shape)
    above = [line for block in layout.top for line in reading.above(block)]
    parts = [reading.part(span) for span in layout.spans]
    for tab in others:
        if tab is not None:
            lines = [line for block in tab.blocks for line in reading.lines(block)]
            parts.append(Part("", tab.title, tuple(lines), place=f"tab {tab.title}"))
    left = [LeftOver("", "\n".join(above), TOP)] if above else []
    left += [LeftOver(one.heading, one.text, one.place) for one in body.asides]
    notes = (*layout.notes, *reading.notes, *body.notes)
    return Document(tuple(parts), tuple(left), tuple(reading.template), notes)


class _Sorting:
    """Sorts words into people's own and the template's."""

    def __init__(self, shape: DocumentShape, own: frozenset[str]) -> None:
        self.shape, self._digests = shape, own
        lines = (shape.intro, *(line for section in shape.sections for line in guidance(section)))
        self._own = frozenset(same(line) for line in lines if line.strip())
        self.template: list[str] = []
        self.notes: list[str] = []

    def part(self, span: Span) -> Part:
        """One section; its guidance and table header go to the template's text."""
        section = self.shape.section(span.key)
        table = span.table(section)
        lines = [line for block in span.inside if table is None or block is not table.grid for line in self.lines(block)]
        rows: tuple[Row, ...] = ()
        if table is not None:
            self.template += [title for title in table.head if title.strip()]
            self.notes += table.notes
            rows = tuple(table.rows())
        heading = span.head.text.strip()
        return Part(span.key, heading, tuple(lines), rows, section.title if section else heading)

    def lines(self, block: Block) -> Iterator[str]:
        """The paragraphs that *block* makes; guidance that nobody changed is the template's."""
        if isinstance(block, Grid):
            yield from piped(block)
        elif same(block.text) in self._own:
            self.template.append(block.text)
        elif block.line:
            yield block.line

    def above(self, block: Block) -> Iterator[str]:
        """The same for what stands above the first heading, where title and facts are ours until somebody changes them."""
        if isinstance(block, Grid):
            for row in block.rows:
                for cell in row:
                    yield from self._top(cell.text, literal(cell.text))
        elif same(block.text) in self._own:
            self.template.append(block.text)
        else:
            yield from self._top(block.text, block.line)

    def _top(self, words: str, line: str) -> Iterator[str]:
        if digest(words) in self._digests:
            self.template.append(words)
        elif words.strip():
            yield line
