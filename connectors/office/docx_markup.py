"""The WordprocessingML that this program writes: paragraphs, list items, tables, and the names of its styles and anchors."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from xml.sax.saxutils import escape

from connectors.workspace import Block, Bullet, Line, NewRow, Paragraph, Rows, Subheading, runs_of, text_of
from templates.shapes import Column, ColumnType, DocumentShape, Section

NS: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W: Final = f"{{{NS}}}"

GUIDANCE: Final = "TL Guidance"
CELL: Final = "TL Cell"
KEY_CELL: Final = "TL Key"
TABLE_HEAD: Final = "TL Table Head"
LABEL: Final = "TL Label"
VALUE: Final = "TL Value"
INTRO: Final = "TL Intro"
BULLET: Final = "List Bullet"
SUBHEADING: Final = "Heading 2"

TEXT_WIDTH: Final = 9638
"""Twips between the margins: A4 less 2 cm on each side."""
INK: Final = "1F2933"
ACCENT: Final = "1F5673"
GREY: Final = "6B7280"
LINE: Final = "CBD3DA"
FILL: Final = "EAF0F4"

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile(r"([\n\t])")


# ---------------------------------------------------------------- names


def anchor(key: str) -> str:
    """The name of a section's bookmark and of its style: Word allows letters, digits and ``_``, at most 40 of them."""
    return "TL_" + re.sub(r"\W", "_", key)[:37]


def style_id(name: str) -> str:
    """The id that Office programs give a style of that *name*."""
    return name.replace(" ", "")


def same(text: str) -> str:
    """*text* as headings and prompts are compared: without regard to case and spaces."""
    return " ".join(text.split()).casefold()


def digest(text: str) -> str:
    """What the bookmark over a paragraph of ours says of its text, so that a reader notices when people changed it."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "replace")).hexdigest()[:8]


def guidance(section: Section) -> tuple[str, ...]:
    """The guidance paragraphs under a section's heading: its prompt, then the words that its columns offer."""
    offers = [f"{column.title}: {' · '.join(column.choices)}" for column in section.columns if column.choices]
    return tuple(clean(line) for line in (section.prompt, "    ".join(offers)) if line.strip())


def clean(text: str) -> str:
    """*text* as XML can hold it: what it cannot becomes a visible U+FFFD."""
    return _ILLEGAL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


# ---------------------------------------------------------------- paragraphs


def run(text: str) -> str:
    """A run of *text*; line breaks and tabs are what Office programs use for them."""
    if not text:
        return ""
    marks = {"\n": "<w:br/>", "\t": "<w:tab/>"}
    pieces = (
        marks.get(piece) or f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in _BREAKS.split(clean(text)) if piece
    )
    return f"<w:r>{''.join(pieces)}</w:r>"


def _linked(text: str, target: str) -> str:
    """A run of *text*, inside a link when there is a *target*: a field, for that stands in the document's part alone."""
    if not target:
        return run(text)
    look = f'<w:rPr><w:color w:val="{ACCENT}"/><w:u w:val="single"/></w:rPr>'
    sign = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    instruction = f'<w:r><w:instrText xml:space="preserve"> HYPERLINK "{escape(clean(target))}" </w:instrText></w:r>'
    words = run(text).replace("<w:r>", f"<w:r>{look}")
    return f"{sign.format('begin')}{instruction}{sign.format('separate')}{words}{sign.format('end')}"


def paragraph(content: str, style: str = "") -> str:
    """A paragraph around runs; *style* is a style's id, "" for the body style."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{content}</w:p>"


def bookmarked(content: str, name: str, number: int) -> str:
    """Runs inside a bookmark. *number* is unique in its document."""
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{content}<w:bookmarkEnd w:id="{number}"/>'


def ours(text: str, style: str, number: int) -> str:
    """A paragraph whose bookmark tells that its text is ours, for as long as nobody changes it."""
    return paragraph(bookmarked(run(text), f"TLo{number}_{digest(clean(text))}", number), style)


def blocks(
    content: Iterable[Block], bullet_style: str = style_id(BULLET), subheading_style: str = style_id(SUBHEADING)
) -> list[str]:
    """The paragraphs of *content*, without its rows. Without a style a list item begins with a hyphen, a heading is a line."""
    return [_line(block, bullet_style, subheading_style) for block in content if not isinstance(block, Rows)]


def _line(line: Line, bullet_style: str, subheading_style: str) -> str:
    match line:
        case Paragraph():
            return paragraph("".join(_linked(one.text, one.link) for one in runs_of(line)))
        case Subheading(text):
            return paragraph(run(text), subheading_style)
        case Bullet(text):
            return paragraph(run(text), bullet_style) if bullet_style else paragraph(run(f"- {text}"))


# ---------------------------------------------------------------- tables


_ROOM = '<w:cantSplit/><w:trHeight w:val="340" w:hRule="atLeast"/>'


def section_table(section: Section, rows: Sequence[NewRow]) -> str:
    """The table of a section: a header row that repeats on each page, *rows*, and empty rows to type in."""
    widths = column_widths(section.columns)
    head = [paragraph(run(column.title), style_id(TABLE_HEAD)) for column in section.columns]
    lines = [_row(head, widths, "<w:cantSplit/><w:tblHeader/>", f'<w:shd w:val="clear" w:color="auto" w:fill="{FILL}"/>')]
    lines += [_row(_cells(section.columns, row), widths, _ROOM) for row in rows]
    lines += [_row(_cells(section.columns, NewRow("", {})), widths, _ROOM)] * section.empty_rows
    return _table(
        lines, widths, _rules(("top", "bottom", "insideH", "insideV")), f'<w:tblCaption w:val="{_attribute(section.title)}"/>'
    )


def facts_table(facts: Sequence[tuple[str, str]], first: int) -> str:
    """Labels and values, two pairs beside each other. *first* is the first free bookmark number; two a fact are used."""
    widths = (1500, TEXT_WIDTH // 2 - 1500) * 2
    cells = []
    for number, (label, value) in enumerate(facts):
        cells += [ours(label, style_id(LABEL), first + 2 * number), ours(value, style_id(VALUE), first + 2 * number + 1)]
    cells += [paragraph("", style_id(VALUE))] * (-len(cells) % 4)
    lines = [_row(cells[at : at + 4], widths, _ROOM) for at in range(0, len(cells), 4)]
    return _table(lines, widths, _rules(("top", "bottom")), "")


def column_widths(columns: Sequence[Column]) -> tuple[int, ...]:
    """Twips: keys, dates and choices as narrow as they allow, the others share the rest by `Column.width`."""
    narrow = [_narrow_width(column) for column in columns]
    rest = TEXT_WIDTH - sum(narrow)
    total = sum(column.width for column, width in zip(columns, narrow, strict=True) if not width)
    if total == 0 or rest < 800 * narrow.count(0):
        return tuple(TEXT_WIDTH // len(columns) for _ in columns)
    return tuple(width or rest * column.width // total for column, width in zip(columns, narrow, strict=True))


def _narrow_width(column: Column) -> int:
    """Twips that a column of short, known words needs on one line; 0 for a column of free text."""
    if column.type is ColumnType.KEY:
        return 100 * min(max(column.width, 6), 14) + 160
    if column.type is ColumnType.DATE:
        return 1300
    if column.choices:
        return 115 * max(len(word) for word in (column.title, *column.choices)) + 200
    return 0


def _cells(columns: Sequence[Column], row: NewRow) -> list[str]:
    return [
        paragraph(run(row.key), style_id(KEY_CELL))
        if column.type is ColumnType.KEY
        else paragraph(run(text_of(row.cells.get(column.key))), style_id(CELL))
        for column in columns
    ]


def _row(cells: Sequence[str], widths: Sequence[int], properties: str, cell_properties: str = "") -> str:
    inner = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{cell_properties}</w:tcPr>{cell}</w:tc>'
        for cell, width in zip(cells, widths, strict=True)
    )
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inner}</w:tr>"


def _table(rows: Sequence[str], widths: Sequence[int], borders: str, caption: str) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    margins = "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in (("top", 40), ("left", 80), ("bottom", 40), ("right", 80))
    )
    properties = (
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar>{margins}</w:tblCellMar><w:tblLook w:val="0020" w:firstRow="1"/>{caption}'
    )
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _rules(sides: Sequence[str]) -> str:
    return "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{LINE}"/>' for side in sides)


def _attribute(text: str) -> str:
    return escape(clean(text), {'"': "&quot;", "\n": " ", "\t": " "})


# ---------------------------------------------------------------- the body of a document


def body(shape: DocumentShape, title: str, facts: Sequence[tuple[str, str]], content: Mapping[str, tuple[Block, ...]]) -> str:
    """Everything between the tags of ``w:body`` but the page set-up."""
    lines = [ours(title, "Title", 1)]
    if facts:
        lines.append(facts_table(facts, 2))
    if shape.intro.strip():
        lines.append(paragraph(run(shape.intro), style_id(INTRO)))
    elif facts:
        lines.append(paragraph(""))
    number = 2 + 2 * len(facts)
    for at, section in enumerate(shape.sections):
        lines += _section(section, content.get(section.key, ()), number + at)
    return "".join(lines)


def _section(section: Section, content: tuple[Block, ...], number: int) -> list[str]:
    name = anchor(section.key)
    lines = [paragraph(bookmarked(run(section.title), name, number), name)]
    lines += [paragraph(run(line), style_id(GUIDANCE)) for line in guidance(section)]
    lines += blocks(content)
    rows = [row for block in content if isinstance(block, Rows) for row in block.rows]
    if rows and not section.columns:
        raise ValueError(f"Rows were given for the section {section.key!r}, whose template has no table columns.")
    if section.columns:
        lines.append(section_table(section, rows))
    if section.columns or not content:
        lines.append(paragraph(""))
    return lines
