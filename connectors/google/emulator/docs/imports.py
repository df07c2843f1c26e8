"""Documents that were uploaded: Markdown, Word, HTML and plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import lxml.html
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from connectors.google.emulator.calls import Media
from connectors.google.emulator.docs import word
from connectors.google.emulator.docs.blocks import BULLETS, CHECKS, NUMBERS, Block, Grid, Para
from connectors.google.emulator.docs.body import (
    CELL,
    FIRST_TAB,
    PLAIN,
    ROW,
    SECTION,
    TABLE,
    TABLE_END,
    Document,
    Paragraph,
    Tab,
    Unit,
    cleaned,
    units_of,
)
from connectors.google.emulator.errors import GoogleError, Json
from connectors.google.emulator.store import World


def imported(media: Media, world: World) -> Document:
    """A document of *media*, which is read when somebody looks."""
    return Document(world.new_id, source=media)


def read_into(document: Document, media: Media) -> None:
    """Fill *document*. Raises 400 if *media* cannot be read."""
    kind = media.type
    if "markdown" in kind:
        blocks = list(_markdown(media.content.decode("utf-8-sig", "replace")))
    elif kind == "text/html":
        blocks = list(_html(media.content))
    elif kind == "text/plain":
        blocks = [Para(runs=[(line, {})]) for line in media.content.decode("utf-8-sig", "replace").splitlines()]
    else:
        blocks = list(word.blocks_of(media.content))
    document.held = [_tab(document, blocks)]


def _tab(document: Document, blocks: list[Block]) -> Tab:
    tab = Tab(FIRST_TAB, "Tab 1", [Unit(SECTION)])
    lists: dict[int, str] = {}
    for block in blocks:
        if isinstance(block, Para):
            tab.units.extend(_units(document, tab, block, lists))
            continue
        tab.units.append(Unit(TABLE))
        width = max((len(row) for row in block.rows), default=0)
        for row in block.rows:
            tab.units.append(Unit(ROW))
            for cell in [*row, *([[Para()]] * (width - len(row)))]:
                tab.units.append(Unit(CELL))
                for para in cell or [Para()]:
                    tab.units.extend(_units(document, tab, para, lists))
        tab.units.append(Unit(TABLE_END))
    if not tab.units[-1].ends:
        tab.units.append(Unit("\n", None, PLAIN))
    return tab


def _units(document: Document, tab: Tab, para: Para, lists: dict[int, str]) -> list[Unit]:
    ident = ""
    if para.preset:
        ident = lists.setdefault(para.list, document.new_id(16, "kix."))
        tab.lists[ident] = para.preset
    mark = Paragraph(para.style, document.heading_id(para.style), None, ident, para.level)
    found: list[Unit] = []
    for text, style in para.runs:
        found.extend(units_of(cleaned(text).replace("\n", "\x0b"), style or None))
    return [*found, Unit("\n", None, mark)]


# ---------------------------------------------------------------- Markdown


def _markdown(text: str) -> Iterator[Block]:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    numbers = iter(range(1, 1_000_000))
    for node in SyntaxTreeNode(parser.parse(text)).children:
        yield from _node(node, numbers)


def _node(node: SyntaxTreeNode, numbers: Iterator[int]) -> Iterator[Block]:
    if node.type == "heading":
        yield Para(f"HEADING_{min(int(node.tag[1:]), 6)}", _inline(node))
    elif node.type == "paragraph":
        yield Para(runs=_inline(node))
    elif node.type in ("bullet_list", "ordered_list"):
        yield from _items(node, 0, next(numbers))
    elif node.type == "table":
        rows = [row for part in node.children for row in part.children]
        yield Grid([[[Para(runs=_inline(cell, bold=cell.type == "th"))] for cell in row.children] for row in rows])
    elif node.type in ("fence", "code_block"):
        mono: Json = {"weightedFontFamily": {"fontFamily": "Roboto Mono", "weight": 400}}
        for line in node.content.rstrip("\n").split("\n"):
            yield Para(runs=[(line, mono)])
    elif node.type == "blockquote":
        for child in node.children:
            yield from _node(child, numbers)
    elif node.type == "hr":
        yield Para()
    else:
        raise GoogleError(400, f"Bad Request: the Markdown has {node.type}, which cannot be converted.", "badRequest")


def _items(node: SyntaxTreeNode, level: int, number: int) -> Iterator[Para]:
    preset = NUMBERS if node.type == "ordered_list" else BULLETS
    for item in node.children:
        for child in item.children:
            if child.type in ("bullet_list", "ordered_list"):
                yield from _items(child, level + 1, number)
            else:
                runs = _inline(child)
                checked = re.match(r"\[[ xX]\] ", runs[0][0]) if runs else None
                if checked:
                    runs[0] = (runs[0][0][4:], runs[0][1])
                yield Para(runs=runs, preset=CHECKS if checked else preset, level=level, list=number)


def _inline(node: SyntaxTreeNode, bold: bool = False) -> list[tuple[str, Json]]:
    style: Json = {"bold": True} if bold else {}
    return [run for child in node.children for run in _spans(child, style)]


def _spans(node: SyntaxTreeNode, style: Json) -> list[tuple[str, Json]]:
    if node.type == "inline":
        return [run for child in node.children for run in _spans(child, style)]
    if node.type == "text":
        return [(node.content, style)]
    if node.type == "softbreak":
        return [(" ", style)]
    if node.type == "hardbreak":
        return [("\x0b", style)]
    if node.type == "code_inline":
        return [(node.content, style | {"weightedFontFamily": {"fontFamily": "Roboto Mono", "weight": 400}})]
    more: Json = {"strong": {"bold": True}, "em": {"italic": True}, "s": {"strikethrough": True}}.get(node.type, {})
    if node.type == "link":
        more = {"link": {"url": str(node.attrs.get("href", ""))}}
    return [run for child in node.children for run in _spans(child, style | more)]


# ---------------------------------------------------------------- HTML


def _html(content: bytes) -> Iterator[Block]:
    tree = lxml.html.document_fromstring(content.decode("utf-8", "replace") or "<p></p>")
    body = tree.find("body")
    yield from _elements(body if body is not None else tree, iter(range(1, 1_000_000)))


def _elements(parent: Any, numbers: Iterator[int]) -> Iterator[Block]:
    if (parent.text or "").strip():
        yield Para(runs=[(parent.text.strip(), {})])
    for element in parent:
        tag = element.tag if isinstance(element.tag, str) else ""
        if re.fullmatch("h[1-6]", tag):
            yield Para(f"HEADING_{tag[1]}", _tagged(element, {}))
        elif tag in ("ul", "ol"):
            preset, number = NUMBERS if tag == "ol" else BULLETS, next(numbers)
            for item in element.iter("li"):
                depth = (
                    sum(1 for each in item.iterancestors("ul", "ol")) - 1 - sum(1 for each in element.iterancestors("ul", "ol"))
                )
                yield Para(runs=_tagged(item, {}), preset=preset, level=depth, list=number)
        elif tag == "table":
            yield Grid(
                [[[Para(runs=_tagged(cell, {}))] for cell in row.iterchildren("td", "th")] for row in element.iter("tr")]
            )
        elif tag in ("div", "section", "article", "blockquote"):
            yield from _elements(element, numbers)
        elif tag and tag not in ("script", "style"):
            yield Para(runs=_tagged(element, {}))
        if (element.tail or "").strip():
            yield Para(runs=[(element.tail.strip(), {})])


def _tagged(element: Any, style: Json) -> list[tuple[str, Json]]:
    runs = [(re.sub(r"\s+", " ", element.text), style)] if element.text else []
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag in ("ul", "ol"):
            continue
        more: Json = {"b": {"bold": True}, "strong": {"bold": True}, "i": {"italic": True}, "em": {"italic": True}}.get(tag, {})
        if tag == "a" and child.get("href"):
            more = {"link": {"url": child.get("href")}}
        runs.extend([("\x0b", style)] if tag == "br" else _tagged(child, style | more))
        if child.tail:
            runs.append((re.sub(r"\s+", " ", child.tail), style))
    return runs
