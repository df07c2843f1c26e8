"""One codec for both roads: what is uploaded was built by the Office codec; sheets come back through it, too.

A new file is one upload that Google converts on arrival. Section headings of a document carry Word's own heading style,
because a style of ours would arrive as plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from connectors.google.body import hashed
from connectors.google.document import own_texts, version_of_new
from connectors.google.layout import DOCUMENT, DOCX, OWN, SHEET, XLSX, joined
from connectors.office import docx, xlsx
from connectors.office.docx_master import DOCUMENT as MAIN_PART
from connectors.office.package import open_package, repack
from connectors.office.xlsx_master import digest
from connectors.workspace import Cell, NewItem, Row, Table, TableContent
from templates.shapes import TableShape

_SECTION_STYLE = re.compile(r'<w:pStyle w:val="TL_[^"]*"/>')
_HEADING = '<w:pStyle w:val="Heading1"/>'


@dataclass(frozen=True)
class Upload:
    """A file to be: what it becomes, what is sent, the version that reading gives, and digests of our own words."""

    mime: str
    media_type: str
    data: bytes
    version: str
    own: tuple[str, ...]


def upload_of(item: NewItem) -> Upload:
    """What makes *item*, with its whole content, in one call. Raises ValueError for content that does not fit its shape."""
    content = item.content
    if isinstance(content, TableContent):
        data = xlsx.build(content, key=item.key, kind=item.kind, title=item.title)
        texts = (item.title, *(text for fact in content.facts for text in fact))
        return Upload(SHEET, XLSX, data, sheet_version(data), tuple(digest(text) for text in dict.fromkeys(texts) if text))
    data = docx.build(content, key=item.key, kind=item.kind, title=item.title)
    version = version_of_new(content, item.title)
    return Upload(DOCUMENT, DOCX, with_built_in_headings(data), version, tuple(own_texts(content, item.title)))


def with_built_in_headings(data: bytes) -> bytes:
    """A document of the Office codec whose sections begin with Word's own first heading style."""
    text = (open_package(data).part(MAIN_PART) or b"").decode("utf-8")
    return repack(data, {MAIN_PART: _SECTION_STYLE.sub(_HEADING, text).encode("utf-8")})


def own_of(properties: Mapping[str, str]) -> tuple[str, ...]:
    """The digests of our own words that a file carries."""
    return tuple(joined(OWN, properties).split())


# ---------------------------------------------------------------- sheets


def sheet_version(data: bytes) -> str:
    """Equal for workbooks that read the same. Raises BrokenFile."""
    _, table = xlsx.read(data, None)
    rows = [(row.key, [(key, _shown(cell)) for key, cell in row.cells.items()]) for row in table.rows]
    around = sorted(
        [
            *(f"{one.heading}: {one.text.strip()}" for one in table.left_overs),
            *(f": {text.strip()}" for text in table.template_text),
        ]
    )
    return hashed(rows, sorted(table.columns.items()), around)


def _shown(cell: Cell) -> object:
    number = None if cell.number is None else f"{cell.number:.10g}"
    return (number or cell.text, cell.percent, cell.formula)


def read_sheet(data: bytes, shape: TableShape | None, own: Iterable[str]) -> Table:
    """The table in an exported workbook; our own words at its top are known by their digests. Raises BrokenFile."""
    _, table = xlsx.read(data, shape)
    known = frozenset(own)
    ours = [one for one in table.left_overs if digest(one.text) in known]
    left = tuple(one for one in table.left_overs if digest(one.text) not in known)
    rows = tuple(_without_blanks(row) for row in table.rows)
    return replace(
        table,
        rows=tuple(row for row in rows if row.key or row.cells),
        left_overs=left,
        template_text=(*table.template_text, *(one.text for one in ours)),
    )


def _without_blanks(row: Row) -> Row:
    """Sheets exports a cell that was emptied as one that holds nothing."""
    return replace(row, cells={key: cell for key, cell in row.cells.items() if cell.text or cell.formula})
