"""Documents on their way out: Markdown, plain text, Word."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import docx
from docx.text.paragraph import Paragraph as WordParagraph

from connectors.google.emulator.calls import not_implemented
from connectors.google.emulator.docs.body import (
    CELL,
    PLAIN,
    ROW,
    SECTION,
    TABLE,
    TABLE_END,
    Document,
    Paragraph,
    Tab,
    Unit,
    plain,
    shown,
)
from connectors.google.emulator.drive.resources import DOCX


@dataclass
class Line:
    """A paragraph on its way out, without its line end."""

    mark: Paragraph
    units: list[Unit]
    preset: str = ""


@dataclass
class Table:
    """A table on its way out: rows of cells of lines."""

    rows: list[list[list[Line]]]


def export_document(document: Document, mime: str, title: str) -> bytes:
    """*document* as *mime*, without what is suggested only."""
    blocks = [block for tab in document.tabs for block in _blocks(tab)]
    if mime == "text/plain":
        return ("\ufeff" + "\r\n".join(_plain(blocks))).encode()
    if mime in ("text/markdown", "text/x-markdown"):
        return ("\n".join(_markdown(blocks)).strip("\n") + "\n").encode()
    if mime == DOCX:
        return _word(blocks, title)
    raise not_implemented(f"export as {mime}")


def _blocks(tab: Tab) -> list[Line | Table]:
    units = [unit for unit in tab.units if not unit.added and unit.text != SECTION]
    found, _ = _read(units, 0, tab)
    while len(found) > 1 and isinstance(found[-1], Line) and not found[-1].units:
        found.pop()
    return found


def _read(units: list[Unit], at: int, tab: Tab) -> tuple[list[Line | Table], int]:
    """The blocks from *at* up to a sign that ends a cell, and where that stands."""
    found: list[Line | Table] = []
    line: list[Unit] = []
    while at < len(units) and units[at].text not in (ROW, CELL, TABLE_END):
        unit = units[at]
        at += 1
        if unit.text == TABLE:
            table, at = _read_table(units, at, tab)
            found.append(table)
        elif unit.ends:
            mark = unit.mark if isinstance(unit.mark, Paragraph) else PLAIN
            found.append(Line(mark, line, tab.lists.get(mark.list, "")))
            line = []
        else:
            line.append(unit)
    return found, at


def _read_table(units: list[Unit], at: int, tab: Tab) -> tuple[Table, int]:
    rows: list[list[list[Line]]] = []
    while units[at].text != TABLE_END:
        if units[at].text == ROW:
            rows.append([])
            at += 1
            continue
        cell, at = _read(units, at + 1, tab)
        rows[-1].append([each for each in cell if isinstance(each, Line)])
    return Table(rows), at + 1


# ---------------------------------------------------------------- text


def _plain(blocks: list[Line | Table]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Table):
            for row in block.rows:
                yield "\t".join(" ".join(plain(line.units) for line in cell) for cell in row)
            continue
        bullet = "   " * block.mark.level + "* " if block.preset else ""
        yield bullet + plain(block.units).replace("\x0b", "\r\n")


def _markdown(blocks: list[Line | Table]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Table):
            rows = [[" ".join(_inline(line.units) for line in cell).replace("|", "\\|") for cell in row] for row in block.rows]
            for number, row in enumerate(rows):
                yield "| " + " | ".join(row) + " |"
                if number == 0:
                    yield "|" + " :---- |" * len(row)
        else:
            yield _prefix(block) + _inline(block.units)
        if not (isinstance(block, Line) and block.preset):
            yield ""


def _prefix(line: Line) -> str:
    if line.mark.style.startswith("HEADING_"):
        return "#" * int(line.mark.style[-1]) + " "
    if line.mark.style == "TITLE":
        return "# "
    if not line.preset:
        return ""
    sign = "1. " if line.preset.startswith("NUMBERED") else "- [ ] " if line.preset == "BULLET_CHECKBOX" else "* "
    return "  " * line.mark.level + sign


def _inline(units: list[Unit]) -> str:
    text = ""
    for style, group in groupby(units, key=lambda unit: unit.style or {}):
        piece = "".join(shown(unit) for unit in group).replace("\x0b", "  \n")
        core = piece.strip(" ")
        for sign, wanted in (("~~", style.get("strikethrough")), ("*", style.get("italic")), ("**", style.get("bold"))):
            core = f"{sign}{core}{sign}" if wanted and core else core
        url = (style.get("link") or {}).get("url")
        core = f"[{core}]({url})" if url and core else core
        lead, trail = len(piece) - len(piece.lstrip(" ")), len(piece) - len(piece.rstrip(" "))
        text += " " * lead + core + (" " * trail if piece.strip(" ") else "")
    return text


# ---------------------------------------------------------------- Word


def _word(blocks: list[Line | Table], title: str) -> bytes:
    document = docx.Document()
    document.core_properties.title = title
    for block in blocks:
        if isinstance(block, Line):
            _word_line(document.add_paragraph(), block, document)
            continue
        table = document.add_table(len(block.rows), max((len(row) for row in block.rows), default=1))
        table.style = "Table Grid"
        for row, cells in zip(table.rows, block.rows, strict=True):
            for cell, lines in zip(row.cells, cells, strict=False):
                for number, line in enumerate(lines):
                    _word_line(cell.paragraphs[0] if number == 0 else cell.add_paragraph(), line, document)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _word_line(paragraph: WordParagraph, line: Line, document: Any) -> None:
    style = line.mark.style
    if style.startswith("HEADING_"):
        paragraph.style = document.styles[f"Heading {style[-1]}"]
    elif style in ("TITLE", "SUBTITLE"):
        paragraph.style = document.styles[style.capitalize()]
    elif line.preset:
        name = "List Number" if line.preset.startswith("NUMBERED") else "List Bullet"
        level = f" {min(line.mark.level, 2) + 1}" if line.mark.level else ""
        paragraph.style = document.styles[name + level]
    for look, group in groupby(line.units, key=lambda unit: unit.style or {}):
        run = paragraph.add_run("".join(shown(unit) for unit in group).replace("\x0b", "\n"))
        run.bold, run.italic = look.get("bold"), look.get("italic")
        run.font.strike = look.get("strikethrough")
