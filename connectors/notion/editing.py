"""Targeted edits of a body: each is a search and a replacement that fits exactly one place. Pure.

Notion's Markdown has no positions and no versions. The text that is searched for is the anchor and the condition: when
somebody changed it meanwhile, it is not found, and nothing is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from connectors.notion.blocks import Block as Standing
from connectors.notion.blocks import raw_cells
from connectors.notion.document import Grid, Layout, Span, lay_out, line_of, lines_of, new_row, row_markdown
from connectors.notion.inline import NameOf, nobody, written
from connectors.workspace import (
    AppendRows,
    AppendToSection,
    Block,
    CellValue,
    Change,
    FillSection,
    Line,
    NewRow,
    ReplaceCells,
    ReviseLines,
    Rows,
    SetCells,
    text_of,
)
from templates.shapes import DocumentShape, Section

_NO_WORDS = re.compile(r"(?<!\\)(?:<(?!br\b)|!\[)")
"""Tags and pictures: what stands in them is more than the words that are read."""


class EditRefused(Exception):
    """An edit that cannot be made, with the reason."""


@dataclass(frozen=True)
class Replacement:
    """*old* stands exactly once in the body; *new* takes its place."""

    old: str
    new: str


def replacements(markdown: str, shape: DocumentShape, changes: Sequence[Change], name_of: NameOf = nobody) -> list[Replacement]:
    """What to replace, one after the other, so that *changes* are made; [] when nothing has to be written.

    *name_of* tells whom mentions name, as when the page was read. Raises EditRefused when one of them cannot be made: then
    none is.
    """
    done: list[Replacement] = []
    for change in changes:
        for start, end, text in _edits(lay_out(markdown, shape, name_of), shape, change):
            step = _anchored(markdown, start, end, text)
            markdown = markdown.replace(step.old, step.new, 1)
            done.append(step)
    return done


def _anchored(markdown: str, start: int, end: int, text: str) -> Replacement:
    """The stretch from *start* to *end* and as many lines above it as make it the only one of its kind."""
    begin = start
    while begin > 0 and (begin == end or markdown.count(markdown[begin:end]) != 1 or not markdown[begin:end].strip()):
        begin = markdown.rfind("\n", 0, begin - 1) + 1 if begin else 0
    old = markdown[begin:end]
    return Replacement(old, markdown[begin:start] + text)


def _edits(layout: Layout, shape: DocumentShape, change: Change) -> Iterator[tuple[int, int, str]]:
    """Places and texts of one change. Those of one change never overlap, and come last first."""
    match change:
        case SetCells(cells):
            yield from _cells(layout, shape, cells)
        case AppendRows(rows, section):
            yield from _append(layout, shape, section, (Rows(rows),))
        case AppendToSection(section, blocks):
            yield from _append(layout, shape, section, blocks)
        case ReplaceCells():
            raise EditRefused("This is a document, and its cells are filled, never replaced.")
        case ReviseLines(section):
            yield from _revise(_span(layout, section), layout.markdown, change)
        case FillSection(section, blocks):
            span = _span(layout, section)
            if not _has_text(span, shape.section(section), shape):
                yield from _append(layout, shape, section, blocks)


def _span(layout: Layout, section: str) -> Span:
    span = layout.span(section)
    if span is None:
        raise EditRefused(f"The section {section!r} is not in this page any more.")
    return span


def _has_text(span: Span, section: Section | None, shape: DocumentShape) -> bool:
    """Whether anybody wrote in it; guidance and empty rows are nobody's words."""
    grid = span.grid(section)
    own = {" ".join(one.prompt.split()).casefold() for one in shape.sections}
    words = (
        block.words
        for block in span.inside
        if (grid is None or block is not grid.block)
        and not (block.kind == "quote" and " ".join(block.words.split()).casefold() in own)
    )
    cells = (word for row in (grid.rows if grid else ()) for word in row.words)
    return any(text.strip() for text in (*words, *cells))


def _append(layout: Layout, shape: DocumentShape, key: str, blocks: Sequence[Block]) -> Iterator[tuple[int, int, str]]:
    """Lines at the end of the section, rows below the last filled one of its table."""
    span, section = _span(layout, key), shape.section(key)
    lines = [line_of(block) for block in blocks if not isinstance(block, Rows)]
    rows = [row for block in blocks if isinstance(block, Rows) for row in block.rows]
    end = span.heading.start + len(layout.markdown[span.heading.start : span.end].rstrip())
    if lines:
        yield end, end, "".join(f"\n{line}" for line in lines)
    if rows:
        grid = span.grid(section)
        if grid is None or section is None:
            raise EditRefused(f"The table of the section {key!r} is not in this page any more.")
        yield from _add_rows(grid, section, rows)


def _add_rows(grid: Grid, section: Section, rows: Sequence[NewRow]) -> Iterator[tuple[int, int, str]]:
    filled = [row for row in grid.rows if any(word.strip() for word in row.words)]
    above = filled[-1] if filled else grid.head
    at = above.end if above else grid.block.rows[-1].end
    yield at, at, "".join(f"\n{new_row(row, grid.keys, section.columns)}" for row in rows)


def _revise(span: Span, markdown: str, change: ReviseLines) -> Iterator[tuple[int, int, str]]:
    """Lines taken out, and others put right above lines that stay; each is anchored on the line itself."""
    standing = [(line, block) for block in span.inside for line in lines_of(block)]
    above = {_take(standing, below, span).start: new for below, new in change.above.items()}
    lines = list(standing)
    out = set()
    for line in change.out:
        block = _take(lines, line, span)
        lines.remove((line, block))
        _require_bare(block, markdown, span)
        out.add(block.start)
    for block in sorted({id(block): block for _, block in standing}.values(), key=lambda one: -one.start):
        new = _indented(above.get(block.start, ()), block, markdown)
        kept = [] if block.start in out else [markdown[block.start : block.end]]
        if new:
            yield block.start, block.end, "\n".join([*new, *kept])
        elif not kept:
            start = markdown.rfind("\n", 0, block.start - 1) + 1
            yield start, block.end, markdown[start : block.start - 1]


def _take(standing: Sequence[tuple[str, Standing]], line: str, span: Span) -> Standing:
    """The first block that reads as *line*."""
    found = next((block for text, block in standing if text == line), None)
    if found is None:
        raise EditRefused(f"The line “{line}” does not stand in “{span.heading.words}” any more.")
    if found.kind == "table":
        raise EditRefused(f"The line “{line}” stands in a table of “{span.heading.words}”.")
    return found


def _require_bare(block: Standing, markdown: str, span: Span) -> None:
    """Nothing hangs on the line: no tag around it, no picture in it, no line below that belongs to it."""
    line, below = markdown[block.start : block.end], markdown[block.end + 1 :].partition("\n")[0]
    if _NO_WORDS.search(line) or (below.strip() and _tabs(below) > _tabs(line)):
        raise EditRefused(f"More than the line “{block.words}” stands in its place of “{span.heading.words}”.")


def _indented(new: Sequence[Line], block: Standing, markdown: str) -> list[str]:
    return ["\t" * _tabs(markdown[block.start : block.end]) + line_of(line) for line in new]


def _tabs(line: str) -> int:
    return len(line) - len(line.lstrip("\t"))


def _cells(
    layout: Layout, shape: DocumentShape, wanted: Mapping[str, Mapping[str, CellValue]]
) -> Iterator[tuple[int, int, str]]:
    """Whole rows anew, in which what was empty is filled."""
    found: dict[str, tuple[Grid, int]] = {}
    for span in layout.spans:
        section = shape.section(span.key)
        grid = span.grid(section)
        for number, row in enumerate(grid.rows if grid and section else ()):
            assert grid is not None
            assert section is not None
            name = grid.key_of(row, section.columns) or f"row {number + 1} of {section.title}"
            found.setdefault(name, (grid, number))
    if missing := sorted(set(wanted) - found.keys()):
        raise EditRefused(f"There is no row with the key {missing[0]!r} any more.")
    for key in sorted(wanted, key=lambda one: -found[one][0].rows[found[one][1]].start):
        grid, number = found[key]
        row, values = grid.rows[number], wanted[key]
        cells = [
            written(text_of(values.get(column))) if not word.strip() else as_it_is
            for column, word, as_it_is in zip(
                grid.keys, row.words, raw_cells(layout.markdown[row.start : row.end]), strict=False
            )
        ]
        if any(not word.strip() and text_of(values.get(column)) for column, word in zip(grid.keys, row.words, strict=False)):
            yield row.start, row.end, row_markdown(cells)
