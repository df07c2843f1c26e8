"""Documents as bodies of pages: written as Notion's Markdown, read back section by section. Pure.

Notion's Markdown has no ids, so a section is known by its heading's text, by a former one, by the guidance under it, and
last by its place between the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from connectors.markdown import marked_cell, parsed
from connectors.notion.blocks import Block, TableRow, blocks
from connectors.notion.inline import NameOf, nobody, written, written_block, written_runs
from connectors.office.xlsx_typed import day_in, number_in
from connectors.workspace import (
    Block as Given,
)
from connectors.workspace import (
    Bullet,
    Cell,
    Document,
    DocumentContent,
    LeftOver,
    NewRow,
    Paragraph,
    Part,
    Row,
    Rows,
    Subheading,
    runs_of,
    text_of,
)
from templates.shapes import Column, ColumnType, DocumentShape, Section, SectionBody

TOP = "top of the page"
_SECTION_LEVELS = (1, 2)
"""Headings of these levels begin a part; smaller ones stand inside it."""


# ---------------------------------------------------------------- writing


def markdown_of(content: DocumentContent) -> str:
    """The body of a new page."""
    lines = [quoted(content.shape.intro)] if content.shape.intro else []
    for section in content.shape.sections:
        lines.append(f"## {written(section.title)}")
        if section.prompt:
            lines.append(quoted(section.prompt))
        given = content.sections.get(section.key, ())
        lines += [line_of(block) for block in given if not isinstance(block, Rows)]
        if section.body is SectionBody.TABLE:
            lines.append(_table(section, [row for block in given if isinstance(block, Rows) for row in block.rows]))
    return "\n".join(lines)


def quoted(text: str) -> str:
    """Guidance: a quotation, so that it looks like none of anybody's words."""
    return f"> {written(' '.join(text.split()))}"


def line_of(block: Given) -> str:
    """One line of ours."""
    if isinstance(block, Rows):
        raise TypeError("rows stand in a table, not on a line")
    if isinstance(block, Paragraph) and block.link:
        return written_runs(runs_of(block))
    text = written_block(block.text)
    mark = "- " if isinstance(block, Bullet) else "### " if isinstance(block, Subheading) else ""
    return mark + text


def _table(section: Section, rows: Sequence[NewRow]) -> str:
    head = row_markdown([written(column.title) for column in section.columns])
    keys = [column.key for column in section.columns]
    filled = [new_row(row, keys, section.columns) for row in rows]
    empty = [row_markdown([""] * len(keys))] * section.empty_rows
    return "\n".join(['<table header-row="true">', head, *filled, *empty, "</table>"])


def new_row(row: NewRow, keys: Sequence[str], columns: Iterable[Column]) -> str:
    """A row of a table whose columns have these *keys*."""
    types = {column.key: column.type for column in columns}
    own = {key for key, type_ in types.items() if type_ is ColumnType.KEY}
    return row_markdown([written(row.key if key in own else _shown(row.cells.get(key), types.get(key))) for key in keys])


def _shown(value: object, type_: ColumnType | None) -> str:
    if type_ is ColumnType.PERCENT and isinstance(value, float | int):
        return f"{text_of(round(float(value) * 100, 10))} %"
    return text_of(value)  # type: ignore[arg-type]


def row_markdown(cells: Iterable[str]) -> str:
    """A row; *cells* are Notion's Markdown already."""
    return "\n".join(["<tr>", *(f"<td>{cell}</td>" for cell in cells), "</tr>"])


# ---------------------------------------------------------------- reading


@dataclass(frozen=True)
class Grid:
    """The table of a section: the key of each of its columns, its rows below the header, and what was renamed."""

    block: Block
    keys: tuple[str, ...]
    head: TableRow | None
    rows: tuple[TableRow, ...]
    notes: tuple[str, ...] = ()

    def key_of(self, row: TableRow, columns: Iterable[Column]) -> str:
        """The row's own key, "" when the table has no key column or the cell is blank."""
        own = next((column.key for column in columns if column.type is ColumnType.KEY), "")
        return next((word.strip() for key, word in zip(self.keys, row.words, strict=False) if key == own), "")


@dataclass(frozen=True)
class Span:
    """One section as it stands: *key* is "" under a heading that the shape does not know; *end* is where the next begins."""

    key: str
    heading: Block
    inside: tuple[Block, ...]
    end: int

    def grid(self, section: Section | None) -> Grid | None:
        """The section's own table, or None."""
        if section is None or not section.columns:
            return None
        tables = [block for block in self.inside if block.kind == "table" and block.rows]
        fitting = (grid for number, block in enumerate(tables) if (grid := _grid(block, section, first=number == 0)))
        return next(fitting, None)


@dataclass(frozen=True)
class Layout:
    """A body taken apart: what stands above the first heading, and the sections in order."""

    markdown: str
    top: tuple[Block, ...]
    spans: tuple[Span, ...]
    notes: tuple[str, ...] = ()

    def span(self, key: str) -> Span | None:
        """The first span of that section."""
        return next((span for span in self.spans if span.key == key), None)


def version_of(markdown: str, *more: object) -> str:
    """Equal for bodies that read the same, and the same *more* around them."""
    content = [(one.kind, one.level, one.line, [row.marked for row in one.rows]) for one in blocks(markdown)]
    return hashlib.sha256(repr((content, more)).encode()).hexdigest()


def lay_out(markdown: str, shape: DocumentShape | None, name_of: NameOf = nobody) -> Layout:
    """*markdown* section by section; *shape* is None for a page that nobody provisioned."""
    shape = shape or DocumentShape(())
    found = blocks(markdown, name_of)
    keys = {id(block): key for block, key in _by_title(found, shape)}
    starts = [at for at, b in enumerate(found) if b.kind == "heading" and (b.level in _SECTION_LEVELS or id(b) in keys)]
    ends = [*starts[1:], len(found)]
    groups = [(found[start], found[start + 1 : end]) for start, end in zip(starts, ends, strict=True)]
    named, notes = _named([keys.get(id(heading), "") for heading, _ in groups], groups, shape)
    spans = tuple(
        Span(key, heading, inside, found[end].start if end < len(found) else len(markdown))
        for key, (heading, inside), end in zip(named, groups, ends, strict=True)
    )
    return Layout(markdown, found[: starts[0]] if starts else found, spans, tuple(notes))


def document_of(layout: Layout, shape: DocumentShape | None, beside: Iterable[LeftOver] = ()) -> Document:
    """The document that *layout* shows. *beside* is what stands around the body, such as properties that people added."""
    shape = shape or DocumentShape(())
    own = {_same(line) for line in (shape.intro, *(section.prompt for section in shape.sections)) if line.strip()}
    template: list[str] = []
    notes = list(layout.notes)
    parts = [_part(span, shape.section(span.key), own, template, notes) for span in layout.spans]
    above = [line for block in layout.top for line in _lines(block, own, template)]
    left = (LeftOver("", "\n".join(above), TOP),) if above else ()
    return Document(tuple(parts), (*left, *beside), tuple(template), tuple(notes))


def _part(span: Span, section: Section | None, own: set[str], template: list[str], notes: list[str]) -> Part:
    grid = span.grid(section)
    place = section.title if section else span.heading.words
    paragraphs = [
        line for block in span.inside if grid is None or block is not grid.block for line in _lines(block, own, template)
    ]
    rows: tuple[Row, ...] = ()
    if grid is not None and section is not None:
        template += [word for word in (grid.head.words if grid.head else ()) if word.strip()]
        notes += grid.notes
        rows = tuple(_rows(grid, section))
    return Part(span.key, span.heading.words, tuple(paragraphs), rows, place)


def _lines(block: Block, own: set[str], template: list[str]) -> Iterator[str]:
    """The paragraphs that *block* makes; guidance that nobody changed is the template's."""
    if block.kind == "quote" and _same(block.words) in own:
        template.append(block.words)
    else:
        yield from lines_of(block)


def lines_of(block: Block) -> Iterator[str]:
    """*block* as paragraphs of a part."""
    if block.kind == "heading":
        yield f"## {block.line}"
    elif block.kind == "table":
        for row in block.rows:
            if any(cell.strip() for cell in row.words):
                yield f"| {' | '.join(marked_cell(parsed(cell)) for cell in row.marked)} |"
    elif block.line.strip():
        yield block.line


def _rows(grid: Grid, section: Section) -> Iterator[Row]:
    types = {column.key: column.type for column in section.columns}
    for number, row in enumerate(grid.rows, start=1):
        texts = dict(zip(grid.keys, row.words, strict=False))
        texts |= {f"?column {at + 1}": word for at, word in enumerate(row.words) if at >= len(grid.keys)}
        if any(text.strip() for text in texts.values()):
            cells = {key: typed(text, types.get(key)) for key, text in texts.items() if text.strip()}
            cells = {key: cell for key, cell in cells.items() if types.get(key) is not ColumnType.KEY}
            yield Row(grid.key_of(row, section.columns), cells, f"row {number} of {section.title}")


def typed(text: str, type_: ColumnType | None) -> Cell:
    """The cell in which somebody typed *text*."""
    if type_ in (ColumnType.AMOUNT, ColumnType.PERCENT, ColumnType.PROGRESS):
        number = number_in(text)
        return Cell(text, number=number[0] if number else None, percent=bool(number and number[1]))
    return Cell(text, day=day_in(text) if type_ is ColumnType.DATE else None)


# ---------------------------------------------------------------- which heading is which section


def _by_title(found: Sequence[Block], shape: DocumentShape) -> Iterator[tuple[Block, str]]:
    """Headings that are called as a section is or was."""
    names = {_same(title): section.key for section in shape.sections for title in section.former_titles}
    names |= {_same(section.title): section.key for section in shape.sections}
    yield from (
        (block, names[_same(block.words)]) for block in found if block.kind == "heading" and _same(block.words) in names
    )


def _named(
    keys: list[str], groups: Sequence[tuple[Block, tuple[Block, ...]]], shape: DocumentShape
) -> tuple[list[str], list[str]]:
    """The section of each heading; one of another name is known by the guidance under it, or by its place."""
    keys, notes = list(keys), []
    for section in (one for one in shape.sections if one.key not in keys):
        at = _by_guidance(keys, groups, section)
        if at is None:
            at = _by_place(keys, shape, section)
        if at is not None:
            keys[at] = section.key
            notes.append(f"The heading “{groups[at][0].words}” is read as “{section.title}”, which stood there.")
    return keys, notes


def _by_guidance(keys: Sequence[str], groups: Sequence[tuple[Block, tuple[Block, ...]]], section: Section) -> int | None:
    wanted = _same(section.prompt)
    fitting = (
        at
        for at, (_, inside) in enumerate(groups)
        if not keys[at] and wanted and any(block.kind == "quote" and _same(block.words) == wanted for block in inside)
    )
    return next(fitting, None)


def _by_place(keys: Sequence[str], shape: DocumentShape, section: Section) -> int | None:
    """The one unknown heading between the neighbours of the one missing section."""
    order = [one.key for one in shape.sections]
    at = order.index(section.key)
    before = max((keys.index(key) for key in order[:at] if key in keys), default=-1)
    behind = min((keys.index(key) for key in order[at + 1 :] if key in keys), default=len(keys))
    missing = [key for key in order if key not in keys and _between(order, key, keys, before, behind)]
    unknown = [number for number in range(before + 1, behind) if not keys[number]]
    return unknown[0] if len(unknown) == 1 and missing == [section.key] else None


def _between(order: Sequence[str], key: str, keys: Sequence[str], before: int, behind: int) -> bool:
    at = order.index(key)
    low = max((keys.index(one) for one in order[:at] if one in keys), default=-1)
    high = min((keys.index(one) for one in order[at + 1 :] if one in keys), default=len(keys))
    return (low, high) == (before, behind)


# ---------------------------------------------------------------- which column is which


def _grid(block: Block, section: Section, *, first: bool) -> Grid | None:
    """*block* as the table of *section*; None when its columns are others.

    Titles decide. The *first* table of a section may also have other titles if it has as many columns.
    """
    head, *below = block.rows
    known = _columns_by_title(head.words, section.columns)
    if 2 * len(known) < len(section.columns) and not (first and len(head.words) == len(section.columns)):
        return None
    if not known:
        return Grid(block, tuple(column.key for column in section.columns), None, block.rows)
    keys: list[str] = []
    notes: list[str] = []
    for at, title in enumerate(head.words):
        expected = section.columns[at] if len(head.words) == len(section.columns) else None
        if at in known:
            keys.append(known[at])
        elif expected is not None and expected.key not in known.values():
            keys.append(expected.key)
            notes.append(f"In “{section.title}” the column “{title}” is read as “{expected.title}”, by its position.")
        else:
            keys.append(f"?{' '.join(title.split()) or f'column {at + 1}'}")
            notes.append(f"In “{section.title}” the column “{keys[-1][1:]}” is not part of the template; its text is kept.")
    return Grid(block, tuple(keys), head, tuple(below), tuple(notes))


def _columns_by_title(titles: Sequence[str], columns: Sequence[Column]) -> dict[int, str]:
    known: dict[int, str] = {}
    for names in ({_same(c.title): c.key for c in columns}, {_same(t): c.key for c in columns for t in c.former_titles}):
        for at, title in enumerate(titles):
            key = names.get(_same(title), "")
            if key and at not in known and key not in known.values():
                known[at] = key
    return known


def _same(text: str) -> str:
    """Text as it is compared: without case and extra blanks."""
    return " ".join(text.split()).casefold()
