"""Targeted edits of a document as requests of `documents.batchUpdate`. Pure.

Everything is computed from one body and sent with its revision id: when somebody typed meanwhile, Docs refuses the whole
batch. Requests come from the end of the document backwards, so that none moves the place of another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from connectors.google.body import Block, Body, Grid, Para
from connectors.google.document import Layout, Span, Table, lay_out, new_cells
from connectors.office.docx_markup import clean, guidance, same
from connectors.office.package import EditRefused
from connectors.workspace import (
    AppendRows,
    AppendToSection,
    Bullet,
    CellValue,
    Change,
    FillSection,
    Line,
    NewRow,
    Paragraph,
    ReplaceCells,
    ReviseLines,
    Rows,
    SetCells,
    Subheading,
    text_of,
)
from connectors.workspace import Block as Given
from templates.shapes import ColumnType, DocumentShape, Section

Request = dict[str, Any]
_LOOKS = "bold,italic,underline,strikethrough,foregroundColor,link,fontSize"


@dataclass(frozen=True)
class Step:
    """Requests that touch nothing in front of *at*, and the *words* that they write."""

    at: int
    requests: tuple[Request, ...]
    words: tuple[str, ...]


def steps_for(body: Body, shape: DocumentShape, changes: Sequence[Change]) -> list[Step]:
    """What makes *changes*, the end of the document first; [] when nothing has to be written.

    Raises EditRefused when one of them cannot be made: then none is.
    """
    if not body.tabs:
        raise EditRefused("The document has no tab left.")
    tab = body.tabs[0]
    layout = lay_out(tab.blocks, shape)
    adding: dict[str, list[Given]] = {}
    steps: list[Step] = []
    for change in changes:
        match change:
            case SetCells(cells):
                steps += _set_cells(layout, shape, cells)
            case AppendRows(rows, section):
                adding.setdefault(section, []).append(Rows(rows))
            case AppendToSection(section, blocks):
                adding.setdefault(section, []).extend(blocks)
            case FillSection(section, blocks):
                if section not in adding and not _has_text(_span(layout, section), shape):
                    adding[section] = list(blocks)
            case ReplaceCells():
                raise EditRefused("This is a document, and its cells are filled, never replaced.")
            case ReviseLines(section, out, above):
                steps += _revise(_span(layout, section), out, above)
    for section, given in adding.items():
        steps += _append(_span(layout, section), shape.section(section), given)
    return sorted(steps, key=lambda step: step.at, reverse=True)


def _span(layout: Layout, key: str) -> Span:
    span = layout.span(key)
    if span is None:
        raise EditRefused(f"The section {key!r} is not in this document any more.")
    return span


def _has_text(span: Span, shape: DocumentShape) -> bool:
    """Whether anybody wrote in it; guidance and empty rows are nobody's words."""
    section = shape.section(span.key)
    table = span.table(section)
    own = {same(line) for one in shape.sections for line in guidance(one)}
    paras = (block for block in span.inside if isinstance(block, Para))
    others = (block for block in span.inside if isinstance(block, Grid) and (table is None or block is not table.grid))
    words = [
        *(para.text for para in paras if same(para.text) not in own),
        *(cell.text for grid in others for row in grid.rows for cell in row),
        *(cell.text for _, cells in (table.lines if table else ()) for cell in cells.values()),
    ]
    return any(word.strip() for word in words)


def _append(span: Span, section: Section | None, given: Sequence[Given]) -> Iterator[Step]:
    lines = [block for block in given if not isinstance(block, Rows) and block.text.strip()]
    rows = [row for block in given if isinstance(block, Rows) for row in block.rows]
    if lines:
        yield _add_lines(span, lines)
    if rows:
        table = span.table(section)
        if table is None:
            raise EditRefused(f"The table of the section {span.key!r} is not in this document any more.")
        yield from _add_rows(table, rows)


# ---------------------------------------------------------------- lines


def _revise(span: Span, out: Sequence[str], above: Mapping[str, Sequence[Line]]) -> Iterator[Step]:
    """Lines taken out, and others put right above lines that stay."""
    standing = [block for block in span.inside if isinstance(block, Para) and block.line]
    for below, lines in above.items():
        para = _standing(span, standing, below)
        texts = [_stored(line) for line in lines]
        insert = {
            "insertText": {"location": {"index": para.start, "tabId": para.tab}, "text": "".join(f"{one}\n" for one in texts)}
        }
        yield Step(para.start, (insert, *_styled(lines, texts, para.start, para.tab)), tuple(texts))
    for line in out:
        para = _standing(span, standing, line)
        standing.remove(para)
        # The end of a paragraph that stands before a table, or at the end of all, cannot be taken away.
        behind = next((block for block in span.inside if block.start >= para.end), None)
        end = para.end if isinstance(behind, Para) else para.end - 1
        yield Step(para.start, ({"deleteContentRange": {"range": _range(para.start, end, para.tab)}},), ())


def _standing(span: Span, standing: Sequence[Para], line: str) -> Para:
    """The paragraph that reads as *line*. Raises EditRefused when none does, or when more stands in it than can be read."""
    para = next((one for one in standing if one.line == line), None)
    if para is None:
        raise EditRefused(f"The line “{line}” does not stand in “{span.head.text.strip()}” any more.")
    if para.end - para.start - 1 != _length(para.text):
        raise EditRefused(f"In the line “{line}” stands more than words: it is not changed.")
    return para


def _add_lines(span: Span, lines: Sequence[Line]) -> Step:
    """Lines behind what stands in the section: in its first empty paragraph, else in new ones."""
    last, empty = _end_of(span)
    texts = [_stored(line) for line in lines]
    joined = "\n".join(texts)
    if empty is not None:
        at, text, begin, tab = empty.start, joined, empty.start, empty.tab
    elif isinstance(last, Grid):
        at, text, begin, tab = last.end, f"{joined}\n", last.end, last.tab
    else:
        at, text, begin, tab = last.end - 1, f"\n{joined}", last.end, last.tab
    insert = {"insertText": {"location": {"index": at, "tabId": tab}, "text": text}}
    return Step(at, (insert, *_styled(lines, texts, begin, tab)), tuple(texts))


def _end_of(span: Span) -> tuple[Block, Para | None]:
    """The last thing in the section that is not empty, and the first empty paragraph behind it."""
    last: Block = span.head
    empty: Para | None = None
    for block in span.inside:
        if isinstance(block, Para) and not block.text.strip() and block.end - block.start <= 1:
            empty = empty or block
        elif isinstance(block, Grid) or block.text.strip():
            last, empty = block, None
    return last, empty


def _stored(line: Line) -> str:
    """Text as one paragraph: a line break inside it is Docs' own sign for that."""
    text = clean(line.text).replace("\n", "\x0b")
    return text.lstrip("\t") if isinstance(line, Bullet) else text


def _styled(lines: Sequence[Line], texts: Sequence[str], begin: int, tab: str) -> Iterator[Request]:
    """The new paragraphs look like body text, headings and list items, whatever they were put behind."""
    places = []
    for text in texts:
        places.append((begin, begin + _length(text)))
        begin += _length(text) + 1
    whole = _range(places[0][0], places[-1][1], tab)
    yield {
        "updateParagraphStyle": {
            "range": whole,
            "paragraphStyle": {"namedStyleType": "NORMAL_TEXT"},
            "fields": "namedStyleType",
        }
    }
    yield {"deleteParagraphBullets": {"range": whole}}
    yield {"updateTextStyle": {"range": whole, "textStyle": {}, "fields": _LOOKS}}
    for line, text, (start, _) in zip(lines, texts, places, strict=True):
        if isinstance(line, Paragraph) and line.link and (before := text.partition(line.link.words))[1]:
            at = start + _length(before[0])
            there = _range(at, at + _length(line.link.words), tab)
            yield {"updateTextStyle": {"range": there, "textStyle": {"link": {"url": line.link.target}}, "fields": "link"}}
    for kind, group in groupby(zip(lines, places, strict=True), key=lambda pair: type(pair[0])):
        some = [place for _, place in group]
        there = _range(some[0][0], some[-1][1], tab)
        if kind is Subheading:
            style = {"namedStyleType": "HEADING_2"}
            yield {"updateParagraphStyle": {"range": there, "paragraphStyle": style, "fields": "namedStyleType"}}
        elif kind is Bullet:
            yield {"createParagraphBullets": {"range": there, "bulletPreset": "BULLET_DISC_CIRCLE_SQUARE"}}


def _range(start: int, end: int, tab: str) -> Request:
    return {"startIndex": start, "endIndex": end, "tabId": tab}


def _length(text: str) -> int:
    """How many places *text* takes: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


# ---------------------------------------------------------------- tables


def _add_rows(table: Table, rows: Sequence[NewRow]) -> Iterator[Step]:
    """Rows below the last filled one: into prepared rows as far as there are any, then into new ones."""
    lines = list(table.lines)
    keys = {table.key_of(cells) for _, cells in lines} - {""}
    todo = [row for row in rows if not row.key or row.key not in keys]
    filled = [number for number, cells in lines if any(cell.text.strip() for cell in cells.values())]
    last = filled[-1] if filled else table.first - 1
    free = [(number, cells) for number, cells in lines if number > last]
    for row, (_, cells) in zip(todo, free, strict=False):
        for key, word in _words(table, row).items():
            if word and key in cells:
                yield _write(cells[key].start, word, table.grid.tab)
    if rest := todo[len(free) :]:
        yield _new_rows(table, rest)


def _words(table: Table, row: NewRow) -> dict[str, str]:
    texts = [clean(text).replace("\n", "\x0b") for text in new_cells(table.section, row)]
    return dict(zip((column.key for column in table.section.columns), texts, strict=True))


def _write(at: int, word: str, tab: str) -> Step:
    return Step(at, ({"insertText": {"location": {"index": at, "tabId": tab}, "text": word}},), (word,))


def _new_rows(table: Table, rows: Sequence[NewRow]) -> Step:
    """New rows below the last one. Each is put right below it, the last first, and filled from its end."""
    grid = table.grid
    number, at = len(grid.rows) - 1, grid.ends[-1]
    requests: list[Request] = []
    words: list[str] = []
    for row in reversed(rows):
        place = {"tableStartLocation": {"index": grid.start, "tabId": grid.tab}, "rowIndex": number, "columnIndex": 0}
        requests.append({"insertTableRow": {"tableCellLocation": place, "insertBelow": True}})
        texts = _words(table, row)
        for column in reversed(range(len(table.keys))):
            if word := texts.get(table.keys[column], ""):
                there = {"index": at + 2 + 2 * column, "tabId": grid.tab}
                requests.append({"insertText": {"location": there, "text": word}})
                words.append(word)
    return Step(at, tuple(requests), tuple(words))


def _set_cells(layout: Layout, shape: DocumentShape, wanted: Mapping[str, Mapping[str, CellValue]]) -> Iterator[Step]:
    """Cells that are still empty, in rows that are known by their keys."""
    tables = [table for span in layout.spans if (table := span.table(shape.section(span.key))) is not None]
    found = {table.name_of(number, cells): (table, cells) for table in tables for number, cells in table.lines}
    if missing := sorted(set(wanted) - found.keys()):
        raise EditRefused(f"There is no row with the key {missing[0]!r} any more.")
    for key, values in wanted.items():
        table, cells = found[key]
        types = {column.key: column.type for column in table.section.columns}
        for column, value in values.items():
            word = clean(text_of(value)).replace("\n", "\x0b")
            if column in cells and types.get(column) is not ColumnType.KEY and word and not cells[column].text.strip():
                yield _write(cells[column].start, word, table.grid.tab)
